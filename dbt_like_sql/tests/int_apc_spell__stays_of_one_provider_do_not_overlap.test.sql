-- Nobody is in hospital twice at one provider; a stay may begin on the day on which another ends, and is not negative.
with stays as (
    select
        spell_id,
        event_date,
        end_date,
        lead(event_date) over of_provider as next_from
    from int_apc_spell
    window of_provider as (
        partition by person_id, supplier, provider order by event_date, end_date nulls last, spell_id
    )
)

select spell_id from stays where end_date < event_date or coalesce(end_date, date '9999-12-31') > next_from
