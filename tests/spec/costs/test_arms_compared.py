"""Costs and effects of two arms of a study, from the same draws, at each price and rate."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from outcome_linkage.evaluation.costs.make import cost_differences
from tests.invented_study import PLACES, STUDY, outcome, study
from tests.spec.costs.test_what_people_used import LONG, NOT_HEALTH, PRICES, SOURCES, Costed, use
from tests.spec.evaluation.test_tables_add_up import stored

pytestmark = pytest.mark.slow
NEGATIVE = {**STUDY["outcomes"][1], "id": "control", "role": "negative_control", "window": [61, 790]}
FEW_DRAWS = {"estimates": {"bootstrap_draws": 40, "seed": 3, "weights": "none"}}


def crowd(**facts: object) -> Costed:
    """Twenty in each arm: the seen stay two nights in the first year, the others are suspended in the second
    (three of four of them, and one of four of the seen).
    """
    made = Costed()
    for n in range(40):
        seen, name = n < 20, f"p{n:02}"
        suspended = n % 4 == 0 if seen else n % 4 > 0
        events = [("seen", 5)] if seen else []
        events += [("suspended", 400)] if suspended else []
        made.person(name, *events, linkable=SOURCES, **facts)
        made.used(*([use(name, "apc_bed_days", 100 + n, 101 + n)] if seen else []))
        made.used(*([use(name, "suspensions", 400)] if suspended else []))
    return made


def cea(made: duckdb.DuckDBPyConnection, outcome: str = "suspended", **wanted: object) -> pl.DataFrame:
    """Rows of an outcome from everybody's point of view."""
    kept = {"perspective": "societal", "price": "base", "discount_costs": 0.035, **wanted}
    found = made.sql("select * from ev_cea").pl().filter(pl.col("outcome") == outcome)
    return found.filter(*(pl.col(name) == value for name, value in kept.items()))


def test_cost_per_suspension_avoided() -> None:
    """Two nights of 520 more, half a suspension at 400 less, which is half a suspension avoided; both of the
    second year discounted.
    """
    assert PLACES["suspended"][1] == "suspension"
    rows = cea(crowd().costs(costs={**LONG["costs"], "icer": True}, **FEW_DRAWS))
    gained, spent = 0.5 / 1.035, 1040 - 200 / 1.035
    assert rows["threshold"].to_list() == [0, 1000, 5000, 20000]
    assert rows["d_effect"].to_list() == pytest.approx([gained] * 4)
    assert rows["d_cost"].to_list() == pytest.approx([spent] * 4)
    assert rows["icer"].to_list() == pytest.approx([spent / gained] * 4)
    assert rows["net_benefit"].to_list() == pytest.approx(
        [n * gained - spent for n in (0, 1000, 5000, 20000)]
    )
    assert rows["share_ne"].to_list() == [1.0] * 4


def test_prices_and_rates_have_rows_of_their_own() -> None:
    """Low prices halve the cost and leave the effect; without discounting nothing is made smaller."""
    made = crowd().costs(**FEW_DRAWS)
    low = cea(made, price="low", threshold=0)
    assert low["d_cost"].item() == pytest.approx((1040 - 200 / 1.035) / 2)
    plain = cea(made, discount_costs=0.0, threshold=0)
    assert (plain["d_cost"].item(), plain["d_effect"].item()) == pytest.approx((840, 0.5))
    nhs = cea(made, perspective="nhs", threshold=0)
    assert nhs["d_cost"].item() == pytest.approx(1040) and nhs["icer"].item() is None


def test_differences_of_costs_are_estimates_too() -> None:
    """One of each perspective, at the study's prices."""
    made = crowd()
    made.costs(**FEW_DRAWS)
    nhs, societal = made.estimates
    assert (nhs.outcome, nhs.role, nhs.scale) == ("k_nhs", "cost", "mean_diff_gbp")
    assert (societal.outcome, societal.n_a, societal.n_b) == ("k_societal", 20, 20)
    assert societal.est == pytest.approx(1040 - 200 / 1.035)
    assert societal.lo is not None and societal.hi is not None and societal.lo < societal.est < societal.hi


def test_those_who_stay_stand_for_those_who_leave() -> None:
    """Half of each arm is seen to day 300 only; all of one arm attend on day 350, of whom half are seen."""
    made = crowd()
    for n in range(0, 40, 2):
        given = made.people[f"p{n:02}"]
        person = given.person.model_copy(update={"covered_to_day": 300})
        made.people[f"p{n:02}"] = given.model_copy(update={"person": person})
    made.used(*(use(f"p{n:02}", "ecds_attendances", 350) for n in range(20)))
    found = made.costs(**FEW_DRAWS)
    assert cea(found, perspective="nhs", threshold=0)["d_cost"].item() == pytest.approx(1040 + 200)
    naive = found.execute("select avg(k_nhs) from ev_person where arm = 'seen'").fetchone()
    assert naive == pytest.approx((1040 + 100,))


def test_negative_controls_have_no_price_and_the_unlinkable_no_cost() -> None:
    """Whoever cannot be seen is left out, and a study of one arm compares nothing."""
    made = crowd()
    made.person("zoe", linkable=NOT_HEALTH)
    found = made.costs(outcomes=[outcome(window=[61, 790]), NEGATIVE], **FEW_DRAWS)
    assert cea(found, "control").is_empty()
    assert cea(found, threshold=0)["n_b"].item() == 20
    alone = {"arms": [], "assignment": None, "design": {"type": "descriptive"}}
    assert made.costs(**alone, **FEW_DRAWS).sql("select * from ev_cea").pl().is_empty()


def test_another_design_says_why_nothing_is_compared() -> None:
    """Where people change arms, costs stand in ev_period."""
    changing = {
        "assignment": {"strategy": "time_varying"},
        "followup": {"start_days": 1, "horizon_days": 790},
    }
    found = crowd().costs(**changing, **FEW_DRAWS).sql("select * from ev_cea").pl()
    assert found["d_cost"].null_count() == len(found) > 0
    assert "fixed on day 0" in found["reason"][0]


def test_a_second_run_gives_the_same_bytes(tmp_path: Path) -> None:
    """Of every table, whatever order people and their uses came in; no id that linkage gave is in one."""
    of = study(**{**LONG, **FEW_DRAWS})
    once, again = crowd(), crowd()
    again.people = dict(reversed(again.people.items()))
    again.more["in_use"].reverse()
    first = stored(of, once.costs(**FEW_DRAWS), tmp_path / "first")
    assert stored(of, again.costs(**FEW_DRAWS), tmp_path / "second") == first
    assert {"ev_costs", "ev_consequences", "ev_cea", "ev_codebook"} <= first.keys()
    assert not any(b"p01 apc_bed_days" in text for text in first.values())


def test_changes_of_a_study_have_costs_of_their_own() -> None:
    """Here nights are not paid for: what is left are suspensions, of which one arm has half as many."""
    of = study(**{**LONG, **FEW_DRAWS})
    assert of.costs is not None
    cheaper = of.model_copy(update={"costs": of.costs.model_copy(update={"items": of.costs.items[2:]})})
    made = crowd().make(cheaper)
    nhs, societal = cost_differences(made, PRICES, cheaper, "no_nights")
    assert (nhs.sensitivity_id, nhs.reason) == ("no_nights", "the study pays for nothing of this sector.")
    assert societal.est == pytest.approx(-200 / 1.035)
    assert cost_differences(made, PRICES, of.model_copy(update={"costs": None}), "free") == []
