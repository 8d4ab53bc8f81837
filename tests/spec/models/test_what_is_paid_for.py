"""Which uses of services can be paid for, and what one of each is."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import pytest

from outcome_linkage.evaluation.resources import RESOURCES
from tests.spec.models.region import REPOSITORY, Region, day

pytestmark = pytest.mark.slow
LISTED = r"\('(\w+)', '(\w+)', '(use|day|night)'\)"
SQL = REPOSITORY / "dbt_like_sql" / "intermediate" / "int_resource_use.sql"


def uses(region: Region, name: str) -> list[Any]:
    return region.of("int_resource_use", name, "resource, event_date, end_date")


def test_every_resource_is_counted_in_its_table() -> None:
    """A resource that a study may name is told of, from the table that it says; no other is."""
    sql, library = SQL.read_text("utf-8"), pl.read_csv(REPOSITORY / "reference" / "measures.csv")
    source_of = dict(library.select("measure", "source_table").iter_rows())
    listed, _, united = sql.partition("uses as")
    found = {resource: source_of[measure] for measure, resource, _ in re.findall(LISTED, listed)}
    found |= dict(re.findall(r"person_id, '(\w+)', '?(\w+)'?,", united))
    assert found == {
        name: "source_table" if name == "suspensions" else one.source for name, one in RESOURCES.items()
    }


def test_a_stay_is_one_and_its_nights_are_days(region: Region) -> None:
    """Two nights from the 10th to the 12th; a day case has none."""
    region.person("ann")
    plain = {"admimeth": "11", "epistat": "3", "epitype": "1", "diag_01": "J45"}
    for first, last in (("2018-03-10", "2018-03-12"), ("2018-05-01", "2018-05-01")):
        ends = {"epiend": last, "disdate": last}
        region.row("apc_episodes", "ann", admidate=first, epistart=first, **ends, **plain)
    assert uses(region, "ann") == [
        ("apc_bed_days", day("2018-03-10"), day("2018-03-11")),
        ("apc_episodes", day("2018-03-10"), None),
        ("apc_episodes", day("2018-05-01"), None),
    ]


def test_who_did_not_come_was_not_seen(region: Region) -> None:
    """Only attended appointments are paid for; 3 is a no-show."""
    region.person("ben")
    for number, attended in enumerate(("5", "3", "6")):
        region.row(
            "op_appointments", "ben", attendkey=str(number), apptdate=f"2018-03-1{number}", attended=attended
        )
    assert [when for _, when, _ in uses(region, "ben")] == [day("2018-03-10"), day("2018-03-12")]


def test_a_plan_that_is_told_of_each_year_is_one(region: Region) -> None:
    """The census after its end says when it ended."""
    region.person("cat")
    for period, ended in (("2019-04", None), ("2020-04", "2019-09-30")):
        plan = {"plan_start_date": "2018-10-01", "plan_end_date": ended, "referral_date": "2018-09-01"}
        region.row("cin_protection_plans", "cat", period=period, **plan)
    assert uses(region, "cat") == [("protection_plan_days", day("2018-10-01"), day("2019-09-30"))]


def test_an_enquiry_that_is_told_of_twice_is_one(region: Region) -> None:
    """A use counts once for each person."""
    region.person("dan")
    for number in ("1", "2"):
        enquiry = {"s47_start_date": "2018-10-01", "referral_date": f"2018-09-0{number}"}
        region.row("cin_section47", "dan", **enquiry)
    assert uses(region, "dan") == [("cin_section47", day("2018-10-01"), None)]
