"""Relationships after a whole run: right enough, by kind, and kept from researchers."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage.relationship_quality import relationships_against_truth
from outcome_linkage.release.query import query

pytestmark = pytest.mark.slow
BAR = 0.98


def test_what_is_said_of_relationships_is_nearly_always_true(run_once: Home, region: Path) -> None:
    """98 of 100 for each kind. So few people hold hardly a planted error: the figures that count are those of
    `benchmarks/linkage/relationships.py` on 20,000."""
    found = {a.kind: a for a in relationships_against_truth(run_once, region / "truth")}
    assert all(a.claimed for a in found.values())
    precision = {kind: a.precision for kind, a in found.items() if a.precision is not None}
    assert {kind: share for kind, share in precision.items() if share < BAR} == {}
    assert (found["mother"].recall or 0) > 0.8 and (found["household"].recall or 0) > 0.7


def test_parents_and_homes_bring_children_adversity(run_once: Home) -> None:
    """Each of the three kinds of record is there, and each row of a child says whose it was."""
    whose = query(run_once, "select distinct whose_record from adversity_event")["whose_record"]
    assert {"child", "parent"} <= set(whose)


def test_who_belongs_to_whom_is_not_published(run_once: Home) -> None:
    """Neither the relationships nor the parent from whom a row came."""
    with duckdb.connect(str(run_once.published), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        columns = {
            name for (name,) in connection.execute("select column_name from duckdb_columns()").fetchall()
        }
    assert not {table for table in tables if "relationship" in table}
    assert not columns & {"record_person_id", "related_person_id"}
