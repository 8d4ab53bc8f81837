"""When accuracy is measured again.

To know precision and recall takes linking once more, which costs about as much as a full linkage. A night
that looks only at what is new rests on the last full measurement while little has changed; what went in, what
was done and whose id changed are always its own.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage_quality.due import MOST_RUNS_BETWEEN, rests_on
from outcome_linkage.linkage_quality.figures import ALL
from outcome_linkage.linkage_quality.gate import gate, last_accepted, waivers_file
from outcome_linkage.linkage_quality.kept import keep, read_kept
from outcome_linkage.linkage_quality.measure import Extract, is_by_linking_again, last_run
from outcome_linkage.linkage_quality.pack import QUALITY_VERSION, Made, make_pack
from tests.tiny_linkage import NOBODY, Record, linked, strangers, tokens_of

pytestmark = pytest.mark.slow

TODAY = date(2026, 3, 2)
KNOWN = [
    {**person, "nhs_number": "9434765919" if n == 0 else None}
    for n, person in enumerate(strangers("bristol", 150))
]
TOWN = [
    *KNOWN,
    *({**person, "supplier": "health"} for person in KNOWN),
    *strangers("health", 100, first=20_000),
]


def newcomers(many: int) -> list[Record]:
    """People who were not there before."""
    return strangers("health", many, first=30_000)


def night(home: Home, records: list[Record], run: str, *, full: bool = False) -> Made:
    """Link and measure."""
    linked(home, records, run, full=full)
    return make_pack(home, Extract(tokens_of(records, home.restricted / "again.parquet"), NOBODY, TODAY))


@pytest.fixture
def measured(home: Home) -> Home:
    """A home of 400 records of which run 1 is measured."""
    made = night(home, TOWN, "run 1")
    assert made.pack.measured_run == 1 and not read_kept(home, 1).closes  # type: ignore[union-attr]
    return home


def rests(home: Home) -> bool:
    """Whether the last run rests on an earlier measurement."""
    run = last_run(home)
    assert run is not None
    return rests_on(home, run, QUALITY_VERSION) is not None


def test_a_night_with_little_new_rests_on_the_last_measurement(measured: Home) -> None:
    """One record of 401 is new: precision is that of run 1, the count of records that of run 2."""
    made = night(measured, [*TOWN, *newcomers(1)], "run 2")
    first, second = read_kept(measured, 1), read_kept(measured, 2)
    assert first is not None and second is not None
    assert (made.pack.run, made.pack.measured_run, second.measured_on) == (2, 1, 1)
    of_first = {f.name: f for f in first.figures}
    of_second = {f.name: f for f in second.figures}
    assert set(of_first) <= set(of_second)
    again = {name: figure for name, figure in of_first.items() if is_by_linking_again(figure)}
    assert again == {name: of_second[name] for name in again}
    assert again["recall", ALL, ALL, ALL][4:] == (1, 1)
    assert of_second["links", ALL, "stage", "none"].of == 401
    assert of_second["moved", ALL, ALL, ALL].of == 400
    page = made.page.read_text(encoding="utf-8")
    assert "Accuracy was measured on run 1." in page
    assert json.loads(made.page.with_suffix(".json").read_text(encoding="utf-8"))["measured_run"] == 1


def test_a_night_that_rests_on_another_is_made_once_too(measured: Home) -> None:
    """And adds no point to the trend: it knows nothing new of accuracy."""
    records = [*TOWN, *newcomers(1)]
    made = night(measured, records, "run 2")
    extract = Extract(f"select * from read_parquet('{measured.restricted / 'again.parquet'}')", NOBODY, TODAY)
    assert make_pack(measured, extract).unchanged
    assert {point["run"] for point in made.pack.trend} <= {1}


def test_more_than_one_percent_new_is_measured(measured: Home) -> None:
    """5 of 405 records."""
    assert night(measured, [*TOWN, *newcomers(5)], "run 2").pack.measured_run == 2


def test_changes_add_up_over_the_nights(measured: Home) -> None:
    """Three records a night: the first rests, the second does not."""
    assert night(measured, [*TOWN, *newcomers(3)], "run 2").pack.measured_run == 1
    assert night(measured, [*TOWN, *newcomers(6)], "run 3").pack.measured_run == 3


def test_records_that_are_gone_are_changes_too(measured: Home) -> None:
    """Six of 400 in two nights."""
    linked(measured, TOWN[:-3], "run 2")
    assert rests(measured)
    linked(measured, TOWN[:-6], "run 3")
    assert not rests(measured)


def test_withdrawn_records_are_changes_too(measured: Home) -> None:
    """Five of 400 records are left out."""
    keys = ", ".join(f"('bristol', '{r['record_key']}', 'supplier', date '2026-01-01')" for r in TOWN[:5])
    tokens = tokens_of(TOWN, measured.restricted / "tokens.parquet")
    link(measured, tokens, NOBODY, "run 2", opt_outs_sql=f"select * from (values {keys})")
    assert not rests(measured)


def test_a_full_run_is_measured(measured: Home) -> None:
    """As the weekly one is, though nothing is new."""
    assert night(measured, TOWN, "run 2", full=True).pack.measured_run == 2


@pytest.mark.parametrize("later", [MOST_RUNS_BETWEEN, MOST_RUNS_BETWEEN + 1])
def test_a_measurement_grows_old(measured: Home, later: int) -> None:
    """Seven later runs may rest on it; the eighth is measured."""
    linked(measured, [*TOWN, *newcomers(1)], "run 2")
    with duckdb.connect(str(measured.registry)) as registry:
        registry.execute("update linkage_runs set run_number = ? where run_number = 2", [1 + later])
    assert rests(measured) == (later == MOST_RUNS_BETWEEN)


def test_what_was_measured_otherwise_does_not_count(measured: Home) -> None:
    """By another version of the measures, another model, or in another registry."""
    linked(measured, [*TOWN, *newcomers(1)], "run 2")
    assert rests(measured)
    first = read_kept(measured, 1)
    assert first is not None
    for other in (
        replace(first, quality_version="0"),
        replace(first, model_version="another"),
        replace(first, damage_version="another"),
        replace(first, run_id="of another registry"),
    ):
        keep(measured, other)
        assert not rests(measured)


def test_a_measurement_that_closes_the_gate_is_not_rested_on(measured: Home) -> None:
    """Whatever was mended must show the next night."""
    first = read_kept(measured, 1)
    assert first is not None
    keep(measured, replace(first, closes=("precision is 97.0%",)))
    assert night(measured, [*TOWN, *newcomers(1)], "run 2").pack.measured_run == 2


def test_the_gate_asks_the_measurement_that_a_night_rests_on(measured: Home) -> None:
    """Open with it, closed with it, closed without it; a waiver for the measured run holds for the night."""
    night(measured, [*TOWN, *newcomers(1)], "run 2")
    assert gate(measured, TODAY).open
    first = read_kept(measured, 1)
    assert first is not None
    keep(measured, replace(first, closes=("precision is 97.0%",)))
    assert gate(measured, TODAY).reasons == ("precision is 97.0%",)
    waivers_file(measured).write_text(
        f"- {{run: 1, who: A. Lead, why: agreed with all suppliers, until: {TODAY}}}", encoding="utf-8"
    )
    assert gate(measured, TODAY).open and not gate(measured, TODAY + timedelta(days=1)).open
    (measured.restricted / "linkage_quality" / "0001.json").unlink()
    verdict = gate(measured, TODAY)
    assert not verdict.open and "is gone" in verdict.words


def test_a_run_is_compared_with_a_measurement(measured: Home) -> None:
    """Not with a night that rested on one."""
    night(measured, [*TOWN, *newcomers(1)], "run 2")
    accepted = last_accepted(measured, 3)
    assert accepted is not None and accepted.number == 1


def test_a_night_that_was_not_measured_is_closed(measured: Home) -> None:
    """Even if it might rest on run 1: its own inputs have not been looked at."""
    linked(measured, [*TOWN, *newcomers(1)], "run 2")
    assert gate(measured, TODAY).reasons == ("linkage run 2 has not been measured",)
