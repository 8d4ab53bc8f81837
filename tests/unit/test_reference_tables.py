"""The reference tables agree with the standards, the contracts and each other."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from outcome_linkage.linkage.passes import LEVELS
from schemas.catalogue import CONTRACTS
from schemas.codes import codes
from schemas.relationships import SINCE_BIRTH

REFERENCE = Path(__file__).parents[2] / "reference"
STANDARDS = REFERENCE.parents[1] / "shared" / "standards"
DERIVED = {"diagnosis": "diag_01"}
NOT_OF_ONE_COLUMN = {
    ("ecds_attendances", "police_record"),
    ("ecds_attendances", "diagnoses"),
    ("service_contacts", "attended"),
    ("service_episodes", "referred_date"),
    ("service_episodes", "accepted_date"),
    ("service_episodes", "started_date"),
    ("measure_scores", "score"),
    ("police_crimes", "weapon_flag"),
    ("police_crimes", "knife_flag"),
    ("police_crimes", "firearm_flag"),
}
"""What a code of a measure says of a column that is not a code list: see the SQL of each."""
CONDITIONS = {
    "none",
    "victim",
    "victim_of_family",
    "victim_in_community",
    "child_at_scene",
    "start_of_care",
    "emergency_admission",
    "offender",
    "at_home",
}


def table(name: str, folder: Path = REFERENCE) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
def test_no_row_of_the_standard_crosswalk_is_lost() -> None:
    standard = table("adversity_crosswalk", STANDARDS)
    kept = ("adversity_domain", "ace_set", "about", "basis", "evidence_level", "counts_in_ace_score")
    ours = table("adversity_crosswalk")
    assert {int(row["standard_row"]) for row in ours} == set(range(1, len(standard) + 1))
    for row in ours:
        original = standard[int(row["standard_row"]) - 1]
        assert {name: row[name] for name in kept} == {name: original[name] for name in kept}
        assert row["note"] == original["condition"]


def test_a_row_of_the_crosswalk_is_in_use_or_says_why_not() -> None:
    for row in table("adversity_crosswalk"):
        assert (row["used"] == "yes") == (row["why_not"] == ""), row["standard_row"]
        assert row["read_from"] in ("child", "parent", "household")
        assert row["used"] == "no" or row["evidence_level"] != "proxy"
        assert row["condition"] in CONDITIONS


def test_rows_in_use_name_columns_of_contracts_and_codes_of_their_lists() -> None:
    for row in table("adversity_crosswalk"):
        if row["used"] == "yes":
            column = CONTRACTS[row["source_table"]].columns[
                DERIVED.get(row["source_column"], row["source_column"])
            ]
            if column.code_list:
                assert row["code"] in codes(column.code_list), row


def test_no_code_is_mapped_to_a_domain_twice() -> None:
    keys = [
        (r["adversity_domain"], r["source_table"], r["source_column"], r["code"], r["condition"])
        for r in table("adversity_crosswalk")
        if r["used"] == "yes"
    ]
    assert len(keys) == len(set(keys))


def test_outcomes_are_declared_once_and_their_codes_exist() -> None:
    concepts = {row["measure"]: row["source_table"] for row in table("measures")}
    assert len(concepts) == len(table("measures"))
    for row in table("measure_codes"):
        assert concepts[row["measure"]] == row["source_table"]
        assert row["condition"] in CONDITIONS | {"committed", "recorded", "suspect", "planned_admission"}
        if (row["source_table"], row["source_column"]) in NOT_OF_ONE_COLUMN or row["code"].startswith("("):
            continue
        column = CONTRACTS[row["source_table"]].columns[
            DERIVED.get(row["source_column"], row["source_column"])
        ]
        assert column.code_list is None or row["code"] in codes(column.code_list), row
    domains = {row["adversity_domain"] for row in table("adversity_crosswalk")}
    assert {row["measure"] for row in table("measures") if row["mart"] == "adversity_event"} == domains
    for row in table("outcome_both_roles"):
        assert row["outcome"] in concepts
        assert row["adversity_domain"] in domains


@pytest.mark.parametrize("code_list", ["ssda903.sex", "cin.sex", "school.sex", "hes.sex", "police.sex"])
def test_every_code_of_sex_is_harmonised(code_list: str) -> None:
    mapped = {row["code"]: row["sex"] for row in table("sex") if row["code_list"] == code_list}
    assert sorted(mapped) == codes(code_list)
    assert set(mapped.values()) <= set(codes("person.sex"))


def test_every_relationship_is_judged() -> None:
    judged = [row["relationship_to_victim"] for row in table("police_relationship")]
    assert sorted(judged) == codes("police.relationship_to_victim")


def test_every_kind_of_relationship_is_judged() -> None:
    judged = table("relationship_kinds")
    kinds = [row["kind"] for row in judged]
    assert sorted(kinds) == codes("relationship.kind")
    assert {row["kind"] for row in judged if row["since_birth"] == "yes"} == set(SINCE_BIRTH)
    assert {row["seen_from_the_other"] for row in judged} - {""} <= set(kinds)
    assert all(row["reads_as_parent"] == "yes" for row in judged if row["is_parent"] == "yes")


def test_every_level_of_a_link_has_its_place() -> None:
    ranks = {row["level"]: int(row["rank"]) for row in table("link_levels")}
    assert sorted(ranks, key=lambda level: -ranks[level]) == list(LEVELS)


def test_the_other_tables_name_contracts() -> None:
    named = [row["table_name"] for row in table("childrens_tables")]
    for row in table("coverage_requirements"):
        named += [row["source_table"], row["required_table"]]
    assert set(named) <= set(CONTRACTS)
