-- One row per stay in hospital and code recorded in it: diagnoses in any place, source and destination.
-- A diagnosis padded with X (W19X) is read without it.
-- grain: spell_id, source_column, code
-- columns:
--   spell_id: Names the spell. | not null
--   source_column: diagnosis, admisorc or disdest. | not null
--   code: The code. | not null
with episodes as (
    select spell_id, admission_source, discharge_destination, diagnoses
    from int_apc_episode
    where spell_id is not null
),

diagnoses as (
    select spell_id, rtrim(code, 'X') as code
    from (select spell_id, unnest(diagnoses) as code from episodes)
    where code is not null
),

codes as (
    select spell_id, 'diagnosis' as source_column, code from diagnoses
    union
    select spell_id, 'admisorc' as source_column, admission_source as code
    from episodes
    where admission_source is not null
    union
    select spell_id, 'disdest' as source_column, discharge_destination as code
    from episodes
    where discharge_destination is not null
)

select * from codes
