"""The inputs of an evaluation as SQL over the marts, with places for the study and its level of linkage."""

from __future__ import annotations

VIEWS = {
    "in_person": """
-- one row per person; at the broad level those that are probably one person are counted as one
select {who} as person_id, min(p.birth_month) as birth_month, any_value(p.sex order by p.person_id) as sex,
    any_value(p.ethnicity5 order by p.person_id) as ethnicity5,
    any_value(p.la_code order by p.person_id) as la_code,
    any_value(p.lsoa21 order by p.person_id) as lsoa21,
    any_value(p.imd_quintile order by p.person_id) as imd_quintile, min(p.death_date) as death_date
from person as p
group by {who}
""",
    "in_event": """
-- one row per person, concept and recorded event of the tables that the study uses
with recorded as (
    select person_id, event_id, source_event_id, adversity_domain as concept, source, supplier, event_date,
        end_date, whose_record, 'yes' as counts, dates_adversity as is_adversity,
        counts_in_ace_score and ace_set in ({ace_sets}) as in_score, cast(null as double) as value,
        cast(null as double) as denominator, cast(null as varchar) as organisation_id
    from adversity_event
    where evidence_level <> 'proxy'
    union all
    select person_id, event_id, source_event_id, outcome, source, supplier, event_date,
        cast(null as date), 'child', 'yes', false, false, null, null, null
    from outcome_event
    union all
    select person_id, event_id, source_event_id, concept, source, supplier, event_date,
        end_date, whose_record, counts, false, false, value, denominator, organisation_id
    from measure_event
    union all
    -- records that could be one but for a blank: they earn nobody a zero
    select person_id, md5(concat_ws('|', person_id, outcome, supplier, source_event_id)), source_event_id,
        outcome, source_table, supplier, event_date, cast(null as date), 'child', 'unknown', false, false,
        null, null, null
    from int_outcome_record
    where counts = 'unknown'
)
select {who} as person_id, recorded.* exclude (person_id)
from recorded
{event_person}
where recorded.source in ({sources}) and recorded.concept in ({concepts}){strict_event}
""",
    "in_use": """
-- one row per person and use of a service that the study pays for
select {who} as person_id,
    md5(concat_ws('|', u.person_id, u.resource, u.supplier, u.source_event_id)) as event_id,
    u.source_event_id, u.resource, u.source, u.event_date, u.end_date
from int_resource_use as u
{use_person}
where u.resource in ({resources}) and u.source in ({sources}){strict_use}
""",
    "in_organisation": """
-- one row per person and time with an organisation: on the roll of a school, on a ward
select {who} as person_id, b.organisation_kind as kind, b.organisation_id, b.event_date as valid_from,
    coalesce(b.end_date, date '2999-12-31') as valid_to
from measure_event as b
{organisation_person}
where b.belongs and b.organisation_id is not null and b.source in ({sources}){strict_stay}
""",
    "in_coverage": """
select {who} as person_id, c.source_table as source, c.supplier, c.interval_from, c.interval_to, c.covered,
    c.reason, c.ended_by
from person_coverage as c
{coverage_person}
where c.source_table in ({sources})
""",
    "in_source": """
select t.table_name as source, t.supplier, t.register,
    (select max(d.covers_to) from catalogue.deliveries as d
     where d.supplier = t.supplier and d.table_name = t.table_name) as covers_to,
    s.sdc_profile
from catalogue.supplier_tables as t
left join catalogue.suppliers as s on s.supplier = t.supplier
where t.table_name in ({sources})
""",
    "in_match": """
-- one row per measure that matches records of another table, which the study reads, to the event of day 0
select measure, source_table as source, linked_table as linked_source
from reference.measure_links
where of_measure = {index} and source_table in ({sources}) and linked_table in ({sources})
""",
    "in_link": """
-- one row per person and supplier: could the person be found there, were they, may they be seen
with known as (
    select person_id, supplier from registry.person_linkable
    union
    select person_id, supplier from person_link
    union
    select person_id, supplier from int_withheld
),
levels as (
    select person_id, supplier, link_weight, link_level from person_link
)
select {who} as person_id, k.supplier,
    bool_or((coalesce(l.linkable, false) or n.person_id is not null){strict_link}) as linkable,
    min(coalesce(l.linkable_from, date '1900-01-01')) as linkable_from,
    bool_or(n.person_id is not null{strict_link}) as linked,
    bool_or(w.person_id is not null) as withheld, min(w.withheld_from) as withheld_from,
    min(n.link_weight) as link_weight
from known as k
{link_person}
left join registry.person_linkable as l on l.person_id = k.person_id and l.supplier = k.supplier
left join levels as n on n.person_id = k.person_id and n.supplier = k.supplier
left join int_withheld as w on w.person_id = k.person_id and w.supplier = k.supplier
group by all
""",
    "in_area": """
select {who} as person_id, a.area_from, a.area_to
from int_area_interval as a
{area_person}
where a.area_basis = 'residence'
""",
    "in_residence": """
select r.person_id, r.lsoa21, r.la_code, r.imd_quintile, r.valid_from, r.valid_to
from int_residence as r
""",
    "in_parent": """
select distinct {who} as person_id
from person_relationship as r
{relationship_person}
where r.kind in ('mother', 'father', 'parent', 'step_parent', 'carer')
""",
    "in_assessed": """
select distinct {who} as person_id, a.event_date
from stg_local_authority__cin_assessments as a
{assessed_person}
where 'cin_assessments' in ({sources})
""",
    "in_domain": """
select adversity_domain as domain, source_table as source, read_from,
    bool_or(counts_in_ace_score = 'yes' and ace_set in ({ace_sets})) as in_score
from reference.adversity_crosswalk
where used = 'yes' and source_table in ({sources})
group by adversity_domain, source_table, read_from
""",
}
"""By input. `{who}` is the person at the level of linkage; `{…_person}` joins them; `{strict_…}` leaves out
links that are not strict.
"""
