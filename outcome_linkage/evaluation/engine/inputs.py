"""What an evaluation reads of the warehouse, as views of one shape, whatever they are made from.

`from_warehouse` makes them of the marts, under the study's level of linkage; `given` makes them of invented
people. No step reads anything else of a person.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from outcome_linkage.evaluation.engine.step import in_list
from outcome_linkage.evaluation.spec.evaluation import Evaluation

INPUTS: Mapping[str, Mapping[str, str]] = {
    "in_person": {
        "person_id": "varchar",
        "birth_month": "date",
        "sex": "varchar",
        "ethnicity5": "varchar",
        "la_code": "varchar",
        "lsoa21": "varchar",
        "imd_quintile": "integer",
        "death_date": "date",
    },
    "in_event": {
        "person_id": "varchar",
        "event_id": "varchar",
        "source_event_id": "varchar",
        "concept": "varchar",
        "source": "varchar",
        "supplier": "varchar",
        "event_date": "date",
        "end_date": "date",
        "whose_record": "varchar",
        "counts": "varchar",
        "is_adversity": "boolean",
        "in_score": "boolean",
        "value": "double",
        "denominator": "double",
        "organisation_id": "varchar",
    },
    "in_organisation": {
        "person_id": "varchar",
        "kind": "varchar",
        "organisation_id": "varchar",
        "valid_from": "date",
        "valid_to": "date",
    },
    "in_use": {
        "person_id": "varchar",
        "event_id": "varchar",
        "source_event_id": "varchar",
        "resource": "varchar",
        "source": "varchar",
        "event_date": "date",
        "end_date": "date",
    },
    "in_coverage": {
        "person_id": "varchar",
        "source": "varchar",
        "supplier": "varchar",
        "interval_from": "date",
        "interval_to": "date",
        "covered": "boolean",
        "reason": "varchar",
        "ended_by": "varchar",
    },
    "in_source": {"source": "varchar", "supplier": "varchar", "register": "boolean", "covers_to": "date"},
    "in_link": {
        "person_id": "varchar",
        "supplier": "varchar",
        "linkable": "boolean",
        "linkable_from": "date",
        "linked": "boolean",
        "withheld": "boolean",
        "link_weight": "integer",
    },
    "in_area": {"person_id": "varchar", "area_from": "date", "area_to": "date"},
    "in_residence": {
        "person_id": "varchar",
        "lsoa21": "varchar",
        "la_code": "varchar",
        "imd_quintile": "integer",
        "valid_from": "date",
        "valid_to": "date",
    },
    "in_parent": {"person_id": "varchar"},
    "in_assessed": {"person_id": "varchar", "event_date": "date"},
    "in_domain": {"domain": "varchar", "source": "varchar", "read_from": "varchar", "in_score": "boolean"},
}
"""Columns and types of every input."""

MODELS = (
    "person",
    "person_link",
    "person_coverage",
    "person_relationship",
    "adversity_event",
    "outcome_event",
    "int_outcome_record",
    "int_area_interval",
    "int_residence",
    "int_withheld",
    "stg_local_authority__cin_assessments",
)
"""Models that the inputs are made from."""
USES = "int_resource_use"
"""Model that is read where a study has costs."""
SOURCES = (
    "registry.person_linkable",
    "catalogue.supplier_tables",
    "catalogue.deliveries",
    "reference.adversity_crosswalk",
)
"""Sources that the inputs are made from."""

_VIEWS = {
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
        counts_in_ace_score as in_score
    from adversity_event
    where evidence_level <> 'proxy'
    union all
    select person_id, event_id, source_event_id, outcome, source, supplier, event_date,
        cast(null as date), 'child', 'yes', false, false
    from outcome_event
    union all
    -- records that could be one but for a blank: they earn nobody a zero
    select person_id, md5(concat_ws('|', person_id, outcome, supplier, source_event_id)), source_event_id,
        outcome, source_table, supplier, event_date, cast(null as date), 'child', 'unknown', false, false
    from int_outcome_record
    where counts = 'unknown'
)
select {who} as person_id, recorded.* exclude (person_id), cast(null as double) as value,
    cast(null as double) as denominator, cast(null as varchar) as organisation_id
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
select cast(null as varchar) as person_id, cast(null as varchar) as kind,
    cast(null as varchar) as organisation_id, cast(null as date) as valid_from, cast(null as date) as valid_to
where false
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
     where d.supplier = t.supplier and d.table_name = t.table_name) as covers_to
from catalogue.supplier_tables as t
where t.table_name in ({sources})
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
    bool_or(w.person_id is not null) as withheld,
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
select distinct adversity_domain as domain, source_table as source, read_from,
    counts_in_ace_score = 'yes' as in_score
from reference.adversity_crosswalk
where used = 'yes' and source_table in ({sources})
""",
}
_JOIN = "inner join person as p on p.person_id = {alias}.person_id"
_STRICT = (
    " and not exists (select 1 from person_link as s where s.person_id = {alias}.person_id "
    "and s.supplier = {alias}.supplier and s.link_level <> 'strict')"
)
_ALIASES = {
    "event_person": "recorded",
    "use_person": "u",
    "coverage_person": "c",
    "link_person": "k",
    "area_person": "a",
    "relationship_person": "r",
    "assessed_person": "a",
}
_OWN = {
    "in_person": "p",
    "in_event": "recorded",
    "in_use": "u",
    "in_coverage": "c",
    "in_link": "k",
    "in_area": "a",
    "in_assessed": "a",
}


def models_of(study: Evaluation) -> tuple[str, ...]:
    """Models that the inputs of a study are made from."""
    return (*MODELS, *((USES,) if study.costs else ()))


def from_warehouse(connection: duckdb.DuckDBPyConnection, study: Evaluation, concepts: set[str]) -> None:
    """Make the views. `connection` has the marts, and catalogue, reference and registry attached."""
    broad, strict = study.linkage_level == "broad", study.linkage_level == "strict"
    joins = {name: _JOIN.format(alias=alias) if broad else "" for name, alias in _ALIASES.items()}
    for name, sql in _VIEWS.items():
        if name == "in_use" and study.costs is None:
            continue
        who = "p.broad_person_id" if broad else f"{_OWN.get(name, 'r')}.person_id"
        text = sql.format(
            who=who,
            sources=in_list(study.sources.use),
            concepts=in_list(concepts),
            resources=in_list(item.resource for item in study.costs.items) if study.costs else "",
            strict_event=_STRICT.format(alias="recorded") if strict else "",
            strict_use=_STRICT.format(alias="u") if strict else "",
            strict_link=" and coalesce(n.link_level, 'strict') = 'strict'" if strict else "",
            **joins,
        )
        connection.execute(f"create or replace temp view {name} as {text}")
