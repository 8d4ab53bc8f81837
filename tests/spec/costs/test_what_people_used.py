"""What people of a study used, priced: by person, period and arm. A cost of 0 is earned, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from outcome_linkage.evaluation.costs.make import make_costs
from outcome_linkage.evaluation.costs.prices import IndexRow, PriceList, UnitCost
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from tests.invented_study import STUDY, Invented, on, outcome, study

pytestmark = pytest.mark.slow
SOURCES = (*STUDY["sources"]["use"], "apc_episodes")
NOT_HEALTH = ("police_incidents", "mhsds_referrals", "school_exclusions")
ITEMS = [
    {"resource": "ecds_attendances", "unit_cost": "nhs.ed_attendance", "sector": "nhs"},
    {"resource": "apc_bed_days", "unit_cost": "nhs.bed_day", "sector": "nhs"},
    {"resource": "suspensions", "unit_cost": "education.suspension", "sector": "education"},
]
COSTS = {"price_year": "2024-25", "perspectives": ["nhs", "societal"], "items": ITEMS}
LONG = {
    "sources": {"use": list(SOURCES)},
    "followup": {"start_days": 61, "horizon_days": 790},
    "outcomes": [outcome(window=[61, 790]), {**STUDY["outcomes"][1], "window": [61, 790]}],
    "costs": COSTS,
}


def price(name: str, resource: str, unit: str, base: float, **facts: Any) -> UnitCost:
    row = {"currency": "GBP", "price_year": "2024-25", "sector": "nhs", "cost_type": "fiscal"}
    row |= {"cost_set": "invented", "source": "invented", "licence": "ours", "quality": "A"}
    return UnitCost.model_validate(
        {**row, "id": name, "resource": resource, "unit": unit, "low": base / 2, "base": base}
        | {"high": 2 * base, "status": "verified", **facts}
    )


PRICES = PriceList(
    {
        one.id: one
        for one in (
            price("nhs.ed_attendance", "ecds_attendances", "attendance", 200),
            price("nhs.bed_day", "apc_bed_days", "day", 500, price_year="2023-24"),
            price("education.suspension", "suspensions", "exclusion", 400, status="unverified"),
        )
    },
    {
        "nhscii": {
            year: IndexRow(index_id="nhscii", year=year, value=value, status="outturn", vintage="V1")
            for year, value in (("2023-24", 100), ("2024-25", 104))
        }
    },
)


def use(person: str, resource: str, first: int, last: int | None = None, n: int = 0) -> dict[str, Any]:
    """Something that a person used on a day, or from one day to another, from their day 0."""
    sources = {"apc_bed_days": "apc_episodes", "suspensions": "school_exclusions"}
    return {
        "person_id": person,
        "event_id": f"{person} {resource} {first} {n}",
        "source_event_id": f"{first} {n}",
        "resource": resource,
        "source": sources.get(resource, resource),
        "event_date": on(first),
        "end_date": None if last is None else on(last),
    }


class Costed(Invented):
    """Invented people and what they used."""

    estimates: Sequence[Estimate] = ()

    def used(self, *uses: dict[str, Any]) -> None:
        """More uses."""
        self.more.setdefault("in_use", []).extend(uses)

    def costs(self, **changes: Any) -> duckdb.DuckDBPyConnection:
        """The tables of the study with costs."""
        of: Evaluation = study(**{**LONG, **changes})
        connection = self.make(of)
        self.estimates = make_costs(connection, of, PRICES)
        return connection


@pytest.fixture
def invented() -> Costed:
    made = Costed()
    for name, day in (("ann", 20), ("ben", None)):
        made.person(name, *([("seen", day)] if day else []), linkable=SOURCES)
    return made


COLUMNS = "k_nhs, k_education, k_total, k_nhs_u, k_total_u, k_st"


def test_costs_of_a_person_by_sector(invented: Costed) -> None:
    """Two attendances on one day are two; five nights of 520 a year later are discounted."""
    invented.used(use("ann", "ecds_attendances", 100), use("ann", "ecds_attendances", 100, n=1))
    invented.used(use("ann", "apc_bed_days", 400, 404), use("ann", "suspensions", 500))
    made = invented.costs().execute(f"select {COLUMNS} from ev_person order by person_key").fetchall()
    nhs, school = 400 + 2600 / 1.035, 400 / 1.035
    assert made[0] == pytest.approx((nhs, school, nhs + school, 3000, 3400, 0))
    assert made[1] == (0, 0, 0, 0, 0, 0)


def test_days_that_are_shared_are_paid_once(invented: Costed) -> None:
    """Stays on days 100 to 109 and 105 to 114 are fifteen days; one that begins before the window counts from
    its first day, and one that goes on to its last; each side of an anniversary has its own factor.
    """
    invented.used(use("ann", "apc_bed_days", 100, 109), use("ann", "apc_bed_days", 105, 114))
    invented.used(use("ben", "apc_bed_days", 50, 62), use("ben", "apc_bed_days", 721))
    made = invented.costs()
    assert made.execute("select k_nhs_u / 520 from ev_person order by 1").fetchall() == [(15,), (72,)]
    found = made.execute("select k_nhs / 520 from ev_person where person_key = 'ben'").fetchone()
    assert found == pytest.approx((2 + 9 / 1.035 + 61 / 1.035**2,))


def test_a_cost_of_nothing_is_earned(invented: Costed) -> None:
    """Nobody knows what somebody used of whom the source cannot know; the other sector is known."""
    invented.person("cat", linkable=NOT_HEALTH)
    invented.person("dan", linkable=SOURCES, covered_to_day=200)
    invented.used(use("dan", "ecds_attendances", 100), use("dan", "ecds_attendances", 300))
    made = invented.costs().execute(
        "select k_nhs, k_education, k_total, k_st from ev_person where person_key > 'c' order by all"
    )
    assert made.fetchall() == [(200, 0, 200, 3), (None, 0, None, 1)]


@pytest.mark.parametrize("every", ["1 month", "1 quarter"])
def test_costs_of_periods_add_up_to_those_of_the_person(invented: Costed, every: str) -> None:
    """Days of one stay fall into the periods in which they were spent."""
    invented.used(use("ann", "ecds_attendances", 100), use("ann", "apc_bed_days", 350, 420))
    invented.used(use("ben", "apc_bed_days", 60, 500), use("ben", "suspensions", 790))
    made = invented.costs(panel={"every": every, "from_days": -90, "to_days": 790})
    differ = made.execute(
        "select p.k_nhs - sum(d.k_nhs), p.k_education - sum(d.k_education) from ev_person as p "
        "inner join ev_period as d on d.person_key = p.person_key "
        "group by p.person_key, p.k_nhs, p.k_education"
    ).fetchall()
    assert [abs(one) < 1e-6 for row in differ for one in row] == [True] * 4
    before = "select count(*), count(k_nhs), max(k_st), min(k_st) from ev_period where tstop <= 61"
    rows, known, highest, lowest = made.execute(before).fetchall()[0]
    assert (rows > 0, known, highest, lowest) == (True, 0, 2, 2)


def test_every_use_stands_among_the_events(invented: Costed) -> None:
    """With its price and what it costs, undiscounted; they add up."""
    invented.used(use("ann", "ecds_attendances", 100), use("ann", "apc_bed_days", 350, 420))
    made = invented.costs()
    rows = made.execute(
        "select person_key, item, source, day, unit_cost_id, cost_gbp from ev_event "
        "where role = 'resource' order by day"
    ).fetchall()
    assert rows == [
        ("ann", "ecds_attendances", "ecds_attendances", 100, "nhs.ed_attendance", 200),
        ("ann", "apc_bed_days", "apc_episodes", 350, "nhs.bed_day", pytest.approx(71 * 520)),
    ]
    total = made.execute("select sum(cost_gbp) - (select sum(k_total_u) from ev_person) from ev_event")
    assert total.fetchone() == pytest.approx((0,))


def test_what_is_not_verified_blocks_a_release(invented: Costed) -> None:
    """By arm and item; at every rate of discounting; per person who could be seen."""
    invented.person("cat", linkable=NOT_HEALTH)
    invented.used(use("ben", "ecds_attendances", 400), use("ben", "suspensions", 100))
    made = invented.costs()
    rows = made.execute(
        "select resource, n, n_users, units_pp, cost_pp, blocks_release, reason from ev_costs "
        "where arm = 'not_seen' and discount_rate = 0.035 order by resource"
    ).fetchall()
    assert rows == [
        ("apc_bed_days", 1, 0, 0, 0, False, None),
        ("ecds_attendances", 1, 1, 1, pytest.approx(200 / 1.035), False, None),
        ("suspensions", 2, 1, 0.5, 200, True, "price is unverified."),
    ]
    rates = made.execute("select distinct discount_rate from ev_costs order by 1").fetchall()
    assert rates == [(0,), (0.015,), (0.035,)]


def test_prices_are_told_before_anybody_is_there() -> None:
    """An arm that nobody is in has a row for each item, so that what blocks a release shows."""
    rows = Costed().costs().sql("select n, cost_pp, blocks_release from ev_costs").fetchall()
    assert len(rows) == 2 * 3 * 3 and {row[:2] for row in rows} == {(0, None)}
    assert sum(row[2] for row in rows) == 2 * 3
    alone = {"arms": [], "assignment": None, "design": {"type": "descriptive"}}
    found = Costed().costs(**alone).sql("select distinct arm from ev_costs").fetchall()
    assert found == [("all",)]


def test_costs_and_outcomes_stand_side_by_side(invented: Costed) -> None:
    """In natural units, without a summary."""
    invented.used(use("ann", "ecds_attendances", 100))
    rows = invented.costs().execute("select outcome, arm, n, n_known, total from ev_consequences").fetchall()
    assert ("k_nhs", "seen", 1, 1, 200.0) in rows and ("o_suspended", "not_seen", 1, 1, 0.0) in rows
    assert len(rows) == 2 * 5


def test_a_study_without_costs_is_left_as_it_is(invented: Costed, tmp_path: Path) -> None:
    """No column of costs, no table."""
    made = invented.costs(costs=None)
    assert not [name for name in made.sql("select * from ev_person").columns if name.startswith("k_")]
    assert on(0) == date(2021, 6, 1)
