"""Expectations of the marts: each fails on its fault, bounds follow accepted nights, the gate closes."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assets.resources import SQL
from outcome_linkage.beside import Beside
from outcome_linkage.home import Home
from outcome_linkage.models.sql_file import load_models
from outcome_linkage.release.expectations.expect import Expect
from outcome_linkage.release.expectations.frames import PARTS, parts, permitted, row_frame
from outcome_linkage.release.expectations.gate import gate_of_expectations
from outcome_linkage.release.expectations.judge import Batch, Judged, judge
from outcome_linkage.release.expectations.kept import Kept, all_kept, keep, kept_folder
from outcome_linkage.release.expectations.measures import Figure, Sets, against, measure
from outcome_linkage.release.expectations.report import (
    Made,
    closes,
    make_report,
    report_folder,
    state_of_marts,
)
from outcome_linkage.release.expectations.suites import ADVERSITY_OUTCOME, PERSON, SUITES
from tests.tiny_marts import ADA, BEN, CAT, DAN, FAULTS, tiny_marts

ROW_EXPECTATIONS = [(suite, expected) for suite in SUITES for expected in suite.rows]
GREAT = pytest.mark.slow  # importing Great Expectations takes ten seconds


@pytest.fixture
def marts() -> duckdb.DuckDBPyConnection:
    """Marts that meet every expectation."""
    return tiny_marts()


def _fault(table: str, expected: Expect) -> str:
    """The fault that an expectation is for."""
    (fault,) = [sql for words, sql in FAULTS[table].items() if expected.says.startswith(words)]
    return fault


def test_every_mart_has_a_suite_of_columns_that_it_has() -> None:
    """A new mart needs expectations before it can be published; a renamed column needs new ones."""
    marts = {name: model for name, model in load_models(SQL).items() if model.folder == "marts"}
    assert {suite.table for suite in SUITES} == set(marts)
    for suite in SUITES:
        watched = {*suite.nulls, *(share.column for share in suite.shares)}
        assert watched <= set(marts[suite.table].columns), suite.table
        says = [expected.says for expected in suite.rows]
        assert len(set(says)) == len(says)


def test_each_expectation_has_a_fault_of_its_own() -> None:
    """No fault is left over, none is missing."""
    assert sum(map(len, FAULTS.values())) == len(ROW_EXPECTATIONS)
    for suite, expected in ROW_EXPECTATIONS:
        assert _fault(suite.table, expected)


@GREAT
def test_each_expectation_fails_on_its_fault_and_on_nothing_else(marts: duckdb.DuckDBPyConnection) -> None:
    """Good marts meet all; the same marts with one fault in every row break the expectation for it."""
    sets = permitted(marts, SUITES)
    good = judge([Batch(s.table, row_frame(marts, s, PARTS), s.rows) for s in SUITES], sets)
    assert [f"{e.table}: {e.says}" for e in good if e.state != "passed"] == []
    assert len(good) == len(ROW_EXPECTATIONS)
    broken = []
    for suite, expected in ROW_EXPECTATIONS:
        marts.execute("begin transaction")
        marts.execute(f"update {suite.table} set {_fault(suite.table, expected)}")
        broken.append(Batch(suite.table, row_frame(marts, suite, PARTS), [expected]))
        marts.execute("rollback")
    found = judge(broken, sets)
    assert [f"{e.table}: {e.says}" for e in found if e.state != "failed" or not e.failing] == []


@GREAT
def test_a_judge_beside_judges_the_same(marts: duckdb.DuckDBPyConnection) -> None:
    """What a process of its own finds is what is found here."""
    marts.execute("update person set imd_quintile = 10")
    sets = permitted(marts, SUITES)
    batches = [Batch(PERSON.table, row_frame(marts, PERSON, PARTS), PERSON.rows)]
    with Beside() as beside:
        found = beside.begin(judge, batches, sets).result()
    assert found == judge(batches, sets)
    assert {e.state for e in found} == {"passed", "failed"}


@GREAT
def test_nothing_is_sent_anywhere(
    marts: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    """Judging opens no connection."""
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, to: asked.append(to))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *to, **how: asked.append(to) or [])
    assert not make_report(marts, home).unchanged
    assert asked == []


@GREAT
def test_a_report_holds_names_and_counts_and_no_value(marts: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Neither the JSON nor the page holds what the rows hold, also where rows break what is expected."""
    secret = "zzz-a-value-of-the-data"
    marts.execute(f"update person set sex = '{secret}', birth_year = 1777, broad_person_id = '{secret}'")
    marts.execute(f"update adversity_event set supplier = '{secret}', event_date = date '2177-07-17'")
    report = make_report(marts, home).report
    assert len(report.failed) >= 6
    files = sorted(report_folder(home).iterdir())
    assert [path.name for path in files] == ["0001.html", "0001.json"]
    for text in [*(path.read_text(encoding="utf-8") for path in files), *closes(report)]:
        assert secret not in text and "1777" not in text and "2177" not in text
        assert not any(person in text for person in (ADA, BEN, CAT, DAN))
        assert not re.search(r"\d{4}-\d{2}-\d{2}", text)
    assert secret not in (kept_folder(home) / "0001.json").read_text(encoding="utf-8")


@GREAT
def test_the_page_needs_no_network_and_tells_faults_first(
    marts: duckdb.DuckDBPyConnection, home: Home
) -> None:
    marts.execute("update person set imd_quintile = 10")
    page = make_report(marts, home).page.read_text(encoding="utf-8")
    assert "Not fit to publish" in page and "4 of 4 rows break it" in page.lower()
    assert page.index("imd_quintile lies between 1 and 5") < page.index("<h2>person</h2>")
    assert not re.search(r"""(?:src|href)\s*=|<(?:script|link|img|iframe)\b|https?://|url\s*\(""", page, re.I)


@GREAT
def test_a_mart_that_lost_half_of_its_rows_closes_the_gate(
    marts: duckdb.DuckDBPyConnection, home: Home
) -> None:
    """The first night sets the bounds; a loss closes the gate until somebody answers for it."""
    first = make_report(marts, home)
    assert first.report.failed == [] and first.report.compared_with == ()
    assert gate_of_expectations(home, state_of_marts(marts), date(2026, 4, 1)).open
    marts.execute(f"delete from person_link where person_id <> '{BEN}'")
    marts.execute(f"delete from person where person_id <> '{BEN}'")
    marts.execute("update _models set fingerprint = 'new'")
    assert not gate_of_expectations(home, state_of_marts(marts), date(2026, 4, 1)).open
    second = make_report(marts, home).report
    assert second.compared_with == (1,)
    assert any(e.table == "person" and e.says.startswith("rows are at least 2") for e in second.failed)
    verdict = gate_of_expectations(home, second.fingerprint, date(2026, 4, 1))
    assert not verdict.open and "half of the last accepted night" in verdict.words
    (kept_folder(home) / "waivers.yaml").write_text(
        "- {run: 2, who: A. Lead, why: two suppliers withdrew, until: 2026-04-30}", encoding="utf-8"
    )
    assert gate_of_expectations(home, second.fingerprint, date(2026, 4, 1)).open
    assert not gate_of_expectations(home, second.fingerprint, date(2026, 5, 1)).open


def test_marts_that_were_judged_are_not_judged_again(marts: duckdb.DuckDBPyConnection, home: Home) -> None:
    """While marts, suites and lists are what they were, the judge is not called; when one changes it is."""
    calls: list[int] = []

    def night() -> Made:
        return make_report(marts, home, lambda batches, sets: calls.append(len(batches)) or [])

    assert [night().unchanged, night().unchanged] == [False, True] and len(calls) == 1
    marts.execute("insert into catalogue.main.suppliers values ('another')")
    assert not night().unchanged
    marts.execute("update _models set fingerprint = 'new' where name = 'person'")
    assert not night().unchanged and night().unchanged
    assert [kept.number for kept in all_kept(home)] == [1, 2, 3] and len(calls) == 3


def test_a_report_that_was_deleted_is_made_again_under_its_number(
    marts: duckdb.DuckDBPyConnection, home: Home
) -> None:
    def nobody(batches: Sequence[Batch], sets: Sets) -> list[Judged]:
        return []

    page = make_report(marts, home, nobody).page
    page.unlink()
    again = make_report(marts, home, nobody)
    assert again.page == page and page.exists() and not again.unchanged


def _says(figures: list[Figure], *nights: list[Figure]) -> list[tuple[str, bool]]:
    before = [{figure.name: figure for figure in night} for night in nights]
    return [(expected.says, expected.critical) for expected in against(figures, before)]


def test_the_first_night_is_compared_with_nothing() -> None:
    """A share has no bounds yet; that there are no rows is told and stops nothing."""
    assert _says([Figure("rows", 100, 100), Figure("x is null", 0.5, 100)]) == [("there are rows", False)]


def test_rows_are_held_against_the_last_night() -> None:
    """Fewer or more than usual warns; less than half blocks."""
    rows = [Figure("rows", 1000, 1000)]
    assert _says(rows, [Figure("rows", 10, 10)], rows) == [
        ("rows lie between 800 and 1500, by the last accepted night", False),
        ("rows are at least 500, half of the last accepted night", True),
    ]


def test_a_share_is_held_against_the_least_and_most_of_accepted_nights() -> None:
    """Five points beyond what there was, and one by the square root of the rows: here one point."""

    def night(value: float) -> list[Figure]:
        return [Figure("x is null", value, 10_000, blocks=True)]

    assert _says(night(0.5), night(0.3), night(0.4)) == [
        ("share where x is null lies between 24% and 46%, by accepted nights", False),
        ("share where x is null lies between 0% and 81%, by accepted nights", True),
    ]


def test_a_share_of_few_rows_has_wide_bounds_or_none() -> None:
    """Of four rows a share may be anything."""
    few = [Figure("x is null", 0.5, 4)]
    assert _says(few, few) == []


def test_figures_name_declared_values_only(marts: duckdb.DuckDBPyConnection) -> None:
    """A value that nobody declared has no figure; shares of the others tell that it is there."""
    marts.execute(f"update person set sex = 'zzz' where person_id = '{ADA}'")
    figures = {f.name: f.value for f in measure(marts, PERSON, permitted(marts, SUITES))}
    assert figures["rows"] == 4 and figures["sex is female"] == 0.25 and figures["death_date is null"] == 0.75
    assert not any("zzz" in name for name in figures)


def test_yes_no_and_unknown_are_shares_of_each_outcome(marts: duckdb.DuckDBPyConnection) -> None:
    figures = {f.name: f.value for f in measure(marts, ADVERSITY_OUTCOME, permitted(marts, SUITES))}
    assert figures["outcome_365 is true where outcome is emergency_attendance"] == 1
    assert figures["outcome_365 is false where outcome is death"] == 1
    assert figures["outcome_730 is null"] == 1


def test_a_sample_is_of_people_and_always_the_same(marts: duckdb.DuckDBPyConnection) -> None:
    """All rows of a person or none, and as many people as keep the largest table small enough."""
    assert parts({"a": 10, "b": 500_000}) == PARTS and parts({"a": 2_000_000}) == PARTS // 4
    marts.execute("create or replace table person_link as select p.* from person_link as p, range(500)")
    marts.execute("update person_link set person_id = md5(person_id || n_records || rowid % 500)")
    link = next(suite for suite in SUITES if suite.table == "person_link")
    sampled = row_frame(marts, link, PARTS // 4)
    assert 0 < sampled.height < 1500
    assert sampled.height == row_frame(marts, link, PARTS // 4).height


def test_a_state_that_was_stopped_sets_no_bounds(home: Home) -> None:
    """Otherwise a loss would be accepted by happening twice."""
    from outcome_linkage.release.expectations.kept import accepted

    for number, why in ((1, ()), (2, ("person: rows",)), (3, ())):
        keep(home, Kept(number, str(number), why, {"person": (Figure("rows", 5, 5),)}))
    assert [kept.number for kept in accepted(home, 4)] == [1, 3]
    path: Path = kept_folder(home) / "0002.json"
    assert path.stat().st_mode & 0o777 == 0o600 and json.loads(path.read_text())["closes"]
