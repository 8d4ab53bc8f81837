"""Precision and recall of relationships, on a home and a truth small enough to count by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage.relationship_quality import KindAgreement, relationships_against_truth

pytestmark = pytest.mark.slow

# True persons: 1 a child, 2 its mother, 3 its sibling, 4 a stranger. Each record is linked to nothing else.
PERSON = {"a": 1, "b": 2, "c": 3, "d": 4, "again": 1}
DAYS = (date(2020, 1, 1), date(2020, 1, 10))
Claim = tuple[str, str, str, date, date | None]


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """The truth of four people."""
    folder = tmp_path / "truth"
    folder.mkdir()
    records = {"supplier": "icb", "record_key": list(PERSON), "person": list(PERSON.values())}
    related = [(1, 2, "mother"), (3, 2, "mother"), (1, 3, "sibling"), (3, 1, "sibling")]
    stays = [(person, 7, DAYS[0], DAYS[1]) for person in (1, 2)] + [(4, 8, *DAYS)]
    incidents = [(1, person, DAYS[0]) for person in (1, 4)]
    tables = {
        "records": pl.DataFrame(records),
        "relationships": pl.DataFrame(related, schema=["person", "related", "kind"], orient="row"),
        "residence": pl.DataFrame(
            stays, schema=["person", "dwelling", "valid_from", "valid_to"], orient="row"
        ),
        "incidents": pl.DataFrame(incidents, schema=["incident", "person", "date"], orient="row"),
    }
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
    return folder


def agreement(home: Home, truth: Path, kind: str, *claims: Claim) -> KindAgreement:
    """What is found of one kind when the warehouse holds these; the id of a person is that of its record."""
    with duckdb.connect(str(home.registry)) as connection:
        connection.execute("create table record_person (supplier text, record_key text, person_id text)")
        connection.executemany("insert into record_person values ('icb', ?, ?)", [[k, k] for k in PERSON])
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            "create table person_relationship "
            "(person_id text, related_person_id text, kind text, valid_from date, valid_to date)"
        )
        connection.executemany("insert into person_relationship values (?, ?, ?, ?, ?)", [*map(list, claims)])
    return next(a for a in relationships_against_truth(home, truth) if a.kind == kind)


def test_a_wrong_mother_costs_precision_and_a_missing_one_recall(home: Home, truth: Path) -> None:
    found = agreement(
        home, truth, "mother", ("a", "b", "mother", DAYS[0], None), ("c", "d", "mother", DAYS[0], None)
    )
    assert (found.precision, found.recall) == (0.5, 0.5)


def test_a_person_in_two_pieces_is_no_sibling_of_itself(home: Home, truth: Path) -> None:
    found = agreement(
        home,
        truth,
        "sibling",
        ("a", "c", "sibling", DAYS[0], None),
        ("again", "c", "sibling", DAYS[0], None),
        ("a", "again", "sibling", DAYS[0], None),
    )
    assert (found.claimed, found.right) == (3, 2)
    assert found.recall == 0.5


def test_a_household_is_judged_by_days(home: Home, truth: Path) -> None:
    """Ten true days each way round; the last five are said once. Without an end a claim runs to the last."""
    found = agreement(home, truth, "household", ("a", "b", "household_member", date(2020, 1, 6), None))
    assert (found.claimed, found.right, found.truth) == (5, 5, 20)
    assert found.recall == 0.25


def test_a_day_that_is_said_and_not_true_costs_precision(home: Home, truth: Path) -> None:
    early = date(2019, 12, 22)
    found = agreement(home, truth, "household", ("a", "b", "household_member", early, DAYS[1]))
    assert found.precision == 0.5


def test_an_incident_has_its_day(home: Home, truth: Path) -> None:
    found = agreement(
        home,
        truth,
        "same incident",
        ("a", "d", "named_together", DAYS[0], DAYS[0]),
        ("a", "d", "named_together", DAYS[1], DAYS[1]),
    )
    assert (found.precision, found.recall) == (0.5, 0.5)


def test_where_nothing_is_said_there_is_no_precision(home: Home, truth: Path) -> None:
    found = agreement(home, truth, "carer", ("a", "b", "mother", DAYS[0], None))
    assert found.precision is found.recall is None
