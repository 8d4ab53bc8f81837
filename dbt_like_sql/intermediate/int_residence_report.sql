-- One row per residence as reported: a registration as delivered, or an address that came with the identifiers of other
-- suppliers. Its precedence among the person's residences, or the rule that leaves it out, and every repair by its
-- rule (reference.repairs, SP-RES). The delivered row itself stays as it is in staging.
-- An address is asked for days before the person's first registration only, and only if it has an area and a first
-- day: another is not in this table. A later first day goes before an earlier one.
-- grain: person_id, report
-- columns:
--   person_id: Stable id of the person. | not null
--   report: Number of the row among the person's, by precedence: on each day the highest that counts holds. | not null
--   basis: registration, or link_tokens for an address that came with identifiers. | not null
--   lsoa21: Small area (LSOA 2021); null where only the authority is known.
--   la_code: Local authority of an address; null for a registration.
--   valid_from: First day, as reported. | not null
--   valid_to: Last day, as reported; null while the person still lives there.
--   counts: Whether the row may hold on a day. | not null
--   used_to: Last day on which it may hold; 2999-12-31 without an end; null for a row left out.
--   repairs: Rules that changed the row or left it out; null for none.
--   supplier: Supplier of the row; the first by name where several report an address. | not null
--   _period: Month of the delivery; null for an address.
--   _delivery: Number of the delivery within its period; null for an address.
--   _row: Row in the delivered file, counted from 1; null for an address.
with registrations as (
    select person_id, lsoa21, valid_from, valid_to, _supplier, _period, _delivery, _row
    from stg_health__residence
),

addresses as (
    select person_id, la_code, valid_from, valid_to, min(supplier) as supplier
    from registry.person_area
    where valid_from is not null and la_code is not null
    group by person_id, la_code, valid_from, valid_to
),

first_registrations as (
    select person_id, min(valid_from) as registered_from
    from registrations
    where valid_to is null or valid_to >= valid_from
    group by person_id
),

reports as (
    select
        person_id,
        'registration' as basis,
        lsoa21,
        cast(null as varchar) as la_code,
        valid_from,
        valid_to,
        coalesce(valid_to, date '2999-12-31') as last_day,
        _supplier as supplier,
        _period,
        _delivery,
        _row
    from registrations
    union all
    select
        addresses.person_id,
        'link_tokens',
        null,
        addresses.la_code,
        addresses.valid_from,
        addresses.valid_to,
        least(coalesce(addresses.valid_to, date '2999-12-31'), first_registrations.registered_from - 1),
        addresses.supplier,
        null,
        null,
        null
    from addresses
    left join first_registrations on first_registrations.person_id = addresses.person_id
    where coalesce(first_registrations.registered_from > addresses.valid_from, true)
),

judged as (
    select
        *,
        case
            when valid_to < valid_from then 'SP-RES-01'
            when
                row_number() over (
                    partition by person_id, basis, lsoa21, la_code, valid_from, valid_to
                    order by _period desc, _delivery desc, supplier, _row desc
                ) > 1
                then 'SP-RES-02'
        end as left_out_by
    from reports
),

in_order as (
    select
        *,
        row_number() over of_person as report,
        lead(valid_from) over of_person as next_from,
        lead(basis) over of_person as next_basis
    from judged
    window of_person as (
        partition by person_id
        order by
            left_out_by is null,
            basis = 'registration',
            valid_from,
            _period,
            _delivery,
            last_day desc,
            supplier,
            _row,
            la_code,
            valid_to
    )
),

repaired as (
    select
        *,
        coalesce(
            left_out_by,
            concat_ws(
                ' ',
                case when last_day < coalesce(valid_to, date '2999-12-31') then 'SP-RES-03' end,
                case
                    when next_basis <> basis then null
                    when next_from = valid_from then 'SP-RES-04'
                    when next_from = last_day then 'SP-RES-05'
                    when next_from < last_day then 'SP-RES-06'
                end
            )
        ) as rules
    from in_order
)

select
    person_id,
    report,
    basis,
    lsoa21,
    la_code,
    valid_from,
    valid_to,
    left_out_by is null as counts,
    case when left_out_by is null then last_day end as used_to,
    string_split(nullif(rules, ''), ' ') as repairs,
    supplier,
    _period,
    _delivery,
    _row
from repaired
