"""What an evaluation reads of the warehouse, as views of one shape, whatever they are made from.

`from_warehouse` makes them of the marts, under the study's level of linkage; `given` makes them of invented
people. No step reads anything else of a person.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from outcome_linkage.evaluation.engine.step import in_list, value
from outcome_linkage.evaluation.engine.views import VIEWS
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
    "in_source": {
        "source": "varchar",
        "supplier": "varchar",
        "register": "boolean",
        "covers_to": "date",
        "sdc_profile": "varchar",
    },
    "in_match": {"measure": "varchar", "source": "varchar", "linked_source": "varchar"},
    "in_link": {
        "person_id": "varchar",
        "supplier": "varchar",
        "linkable": "boolean",
        "linkable_from": "date",
        "linked": "boolean",
        "withheld": "boolean",
        "withheld_from": "date",
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
    "measure_event",
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
    "catalogue.suppliers",
    "catalogue.deliveries",
    "reference.adversity_crosswalk",
    "reference.measures",
    "reference.measure_links",
)
"""Sources that the inputs are made from."""

_NEGLECT = "classic (CDC set); emotional neglect in ALSPAC set"
ACE_SETS = {
    "classic": ("classic", _NEGLECT),
    "ALSPAC classic": ("classic", _NEGLECT, "ALSPAC classic"),
    "ALSPAC additional": ("ALSPAC additional",),
    "extended": ("extended",),
}
"""Sets of the crosswalk by that of a study; what never counts there does not, whatever is asked."""
_JOIN = "inner join person as p on p.person_id = {alias}.person_id"
_STRICT = (
    " and not exists (select 1 from person_link as s where s.person_id = {alias}.person_id "
    "and s.supplier = {alias}.supplier and s.link_level <> 'strict')"
)
_ALIASES = {
    "event_person": "recorded",
    "use_person": "u",
    "organisation_person": "b",
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
    "in_organisation": "b",
    "in_coverage": "c",
    "in_link": "k",
    "in_area": "a",
    "in_assessed": "a",
}


def models_of(study: Evaluation) -> tuple[str, ...]:
    """Models that the inputs of a study are made from."""
    return (*MODELS, *((USES,) if study.costs else ()))


def sets_of(study: Evaluation) -> tuple[str, ...]:
    """The sets of the crosswalk whose domains a score of the study may count."""
    return ACE_SETS[study.adversity.ace_set] if study.adversity else ()


def from_warehouse(connection: duckdb.DuckDBPyConnection, study: Evaluation, concepts: set[str]) -> None:
    """Make the views. `connection` has the marts, and catalogue, reference and registry attached."""
    broad, strict = study.linkage_level == "broad", study.linkage_level == "strict"
    joins = {name: _JOIN.format(alias=alias) if broad else "" for name, alias in _ALIASES.items()}
    index = study.index.event.concept if study.index and study.index.event else None
    concepts = concepts | _matched_to(connection, index)
    for name, sql in VIEWS.items():
        if name == "in_use" and study.costs is None:
            continue
        who = "p.broad_person_id" if broad else f"{_OWN.get(name, 'r')}.person_id"
        text = sql.format(
            who=who,
            sources=in_list(study.sources.use),
            concepts=in_list(concepts),
            index=value(index),
            resources=in_list(item.resource for item in study.costs.items) if study.costs else "",
            strict_event=_STRICT.format(alias="recorded") if strict else "",
            strict_stay=_STRICT.format(alias="b") if strict else "",
            ace_sets=in_list(sets_of(study)),
            strict_use=_STRICT.format(alias="u") if strict else "",
            strict_link=" and coalesce(n.link_level, 'strict') = 'strict'" if strict else "",
            **joins,
        )
        connection.execute(f"create or replace temp view {name} as {text}")


def _matched_to(connection: duckdb.DuckDBPyConnection, index: str | None) -> set[str]:
    """Measures that tell whether a record of another table is matched to the event of day 0."""
    sql = "select measure from reference.measure_links where of_measure = ?"
    return {name for (name,) in connection.execute(sql, [index]).fetchall()}
