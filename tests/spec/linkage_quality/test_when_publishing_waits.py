"""When publishing waits.

Links that are not good enough must not reach researchers. Two checks close the release gate; what was
published before stays. A person may answer for a run, by name and until a day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.checks import Check, judge
from outcome_linkage.linkage_quality.damage import damage_version
from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.gate import gate, last_accepted, waivers_file
from outcome_linkage.linkage_quality.kept import Kept, keep
from outcome_linkage.linkage_quality.measure import last_run
from tests.tiny_linkage import linked, record

TODAY = date(2026, 3, 2)


def recall(n: int, of: int, by: str = "sex", group: str = "female", measure: str = "recall") -> Figure:
    return Figure(measure, ALL, by, group, n, of)


def failed(now: list[Figure], before: list[Figure] | None = None, comparable: bool = True) -> list[str]:
    """The names of the checks that fail."""
    return [check.name for check in judge(now, before, comparable=comparable) if not check.passed]


def the(name: str, checks: list[Check]) -> Check:
    return next(check for check in checks if check.name == name)


def test_precision_below_the_bar_fails() -> None:
    """970 right of 1,000 is 95.8 to 97.9 %: all of it is below 99 %."""
    assert failed([Figure("precision", ALL, ALL, ALL, 970, 1000)]) == ["precision_at_least_99_percent"]


def test_a_handful_of_links_cannot_fail() -> None:
    """At 99 % one sample in ten has 9 right of 10, and 985 of 1,000 is no rarity: nothing is proved."""
    assert not failed([Figure("precision", ALL, ALL, ALL, 9, 10)])
    assert not failed([Figure("precision", ALL, ALL, ALL, 985, 1000)])


def test_no_judged_link_is_no_failure() -> None:
    """Suppliers without a strong id in common say nothing."""
    assert not failed([Figure("precision", ALL, ALL, ALL, 0, 0)])


def test_recall_of_one_group_that_falls_closes_the_gate() -> None:
    """From 950 to 900 of 1,000: the fall is 2.7 to 7.3 points, all of it more than 2."""
    checks = judge([recall(900, 1000)], [recall(950, 1000)])
    check = the("no_group_lost_recall", checks)
    assert not check.passed and check.gates
    assert check.findings[0].startswith("recall, sex female: 95.0%")


def test_recall_that_falls_by_chance_does_not() -> None:
    """From 19 to 17 of 20 is ten points, and nothing; from 950 to 925 of 1,000 may be less than two."""
    assert not failed([recall(17, 20)], [recall(19, 20)])
    assert not failed([recall(925, 1000)], [recall(950, 1000)])


def test_a_new_group_has_nothing_to_fall_from() -> None:
    assert not failed([recall(500, 1000)], [recall(950, 1000, group="male")])


def test_planted_records_of_other_kinds_are_not_compared() -> None:
    """When the kinds of damage change, so does the share that is found."""
    now, before = recall(800, 1000, measure="planted_found"), recall(950, 1000, measure="planted_found")
    assert failed([now], [before]) == ["no_group_lost_recall"]
    assert not failed([now], [before], comparable=False)


def test_one_value_of_many_people_is_taken_for_a_placeholder() -> None:
    """60 of 1,000 records with one date of birth; a house number so common is none."""
    dob = Figure("commonest", "tok_dob", "supplier", "bristol", 60, 1000)
    house = Figure("commonest", "tok_house_number", "supplier", "bristol", 60, 1000)
    assert failed([dob]) == ["no_placeholder_token"]
    assert not failed([house])
    assert not failed([dob._replace(n=2, of=20)])


def test_records_of_two_people_come_from_two_systems() -> None:
    """12 of 1,000 are beyond what mistakes explain; a few are not."""
    mixed = Figure("two_people", ALL, "supplier", "bristol", 12, 1000)
    assert failed([mixed]) == ["records_are_of_one_person"]
    assert the("records_are_of_one_person", judge([mixed], None)).gates
    assert not failed([mixed._replace(n=6)])


def test_suppliers_without_a_common_value_used_another_key() -> None:
    """Neither names nor birthdays nor sectors: not even strangers of one region differ so."""
    tokens = ("tok_forename", "tok_surname", "tok_dob", "tok_postcode_sector")
    apart = [Figure("overlap", t, "supplier_in_supplier", "bristol in health", 0, 400) for t in tokens]
    assert failed(apart) == ["vocabularies_overlap"]
    assert not failed([*apart[1:], apart[0]._replace(n=300)])


def test_contradictions_are_a_warning() -> None:
    """They do not close the gate: some are errors in the records."""
    figures = [
        Figure("contradiction", "sex", ALL, ALL, 80, 1000),
        Figure("contradiction", ALL, ALL, ALL, 80, 1000),
    ]
    check = the("links_contradict_nothing", judge(figures, None))
    assert not check.passed and not check.gates
    assert check.findings == ("recorded as male and as female: 8.0% (6.5% to 9.8%), 80 of 1,000",)


def test_traps_that_are_linked_are_a_warning() -> None:
    """14 of 20 twins linked by mistake must be seen, though what is published may wait for nobody."""
    twins = Figure("trap_linked", "twin", ALL, ALL, 14, 20)
    check = the("traps_stay_apart", judge([twins], None))
    assert not check.passed and not check.gates and check.findings[0].startswith("twin: 70.0%")
    assert not failed([twins._replace(n=1)])
    assert not failed([twins._replace(n=0, of=0)])


@pytest.fixture
def measured(home: Home) -> Kept:
    """A home of which linkage run 1 was measured, and failed."""
    linked(home, [record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")])
    run = last_run(home)
    assert run is not None
    kept = Kept(
        number=run.number,
        run_id=run.run_id,
        model_version=run.model_version,
        as_of="2026-02-28",
        fingerprint="",
        damage_version=damage_version(),
        closes=("precision is 97.0%",),
        figures=(),
    )
    keep(home, kept)
    return kept


def waive(home: Home, text: str) -> Path:
    path = waivers_file(home)
    path.write_text(text, encoding="utf-8")
    return path


WAIVER = "- {run: 1, who: A. Lead, why: agreed with all suppliers, until: 2026-03-02}"


def test_a_home_without_links_is_open(home: Home) -> None:
    assert gate(home, TODAY).open


@pytest.mark.slow
def test_a_run_that_was_not_measured_is_closed(home: Home) -> None:
    """Nothing is known of it."""
    linked(home, [record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")])
    verdict = gate(home, TODAY)
    assert not verdict.open and verdict.reasons == ("linkage run 1 has not been measured",)


@pytest.mark.slow
def test_a_failed_run_is_closed_and_says_why(home: Home, measured: Kept) -> None:
    verdict = gate(home, TODAY)
    assert not verdict.open
    assert "precision is 97.0%" in verdict.words and "stays as it was" in verdict.words


@pytest.mark.slow
def test_a_waiver_opens_the_gate_until_its_last_day(home: Home, measured: Kept) -> None:
    """For its run only; who and why are said wherever the verdict is."""
    waive(home, WAIVER)
    verdict = gate(home, TODAY)
    assert verdict.open and "A. Lead" in verdict.words and "precision is 97.0%" in verdict.words
    assert not gate(home, TODAY + timedelta(days=1)).open
    waive(home, WAIVER.replace("run: 1", "run: 2"))
    assert not gate(home, TODAY).open


@pytest.mark.slow
def test_a_waiver_without_a_name_or_a_reason_is_refused(home: Home, measured: Kept) -> None:
    """The message says what is expected, and repeats nothing of the file."""
    waive(home, "- {run: 1, who: x, until: 2026-03-02}")
    with pytest.raises(OutcomeLinkageError, match=r"who \(3 letters or more\), why") as error:
        gate(home, TODAY)
    assert "who: x" not in str(error.value)


@pytest.mark.slow
def test_a_run_is_compared_with_the_last_one_that_passed(home: Home, measured: Kept) -> None:
    """A loss is not accepted by happening twice; it is by somebody answering for it."""
    good = replace(measured, number=2, closes=())
    for kept in (good, replace(measured, number=3), replace(measured, number=4)):
        keep(home, kept)
    assert last_accepted(home, 5) == good
    waive(home, WAIVER.replace("run: 1", "run: 4"))
    accepted = last_accepted(home, 5)
    assert accepted is not None and accepted.number == 4
    waive(home, "")
    assert last_accepted(home, 2) is None


@pytest.mark.slow
def test_true_counts_are_kept_for_the_linker_alone(home: Home, measured: Kept) -> None:
    path = home.restricted / "linkage_quality" / "0001.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
