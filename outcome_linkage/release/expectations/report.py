"""The report on the marts as they stand: judged once, written as a page and as JSON, kept for comparison.

`<home>/expectations/<number>.html` and `.json`, mode 0640: names of expectations, counts and whole per cents,
never a value. While marts, suites and lists are what they were, the report stands and Great Expectations is
not started. True figures are written last (`kept`): a state without them is judged again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from outcome_linkage.files import replacing
from outcome_linkage.home import Home
from outcome_linkage.models.engine import digest, records
from outcome_linkage.release.expectations.expect import Suite
from outcome_linkage.release.expectations.frames import (
    LARGEST,
    PARTS,
    figure_frame,
    parts,
    permitted,
    row_frame,
)
from outcome_linkage.release.expectations.judge import Batch, Judged, judge
from outcome_linkage.release.expectations.kept import Kept, accepted, all_kept, keep
from outcome_linkage.release.expectations.measures import Figure, Sets, against, measure
from outcome_linkage.release.expectations.page import html
from outcome_linkage.release.expectations.suites import SUITES, SUITES_VERSION
from outcome_linkage.release.expectations.told import Looked, Report, words

Judge = Callable[[Sequence[Batch], Sets], Sequence[Judged]]


@dataclass(frozen=True)
class Made:
    """A report and where its page lies; `unchanged` if it was there already."""

    report: Report
    page: Path
    unchanged: bool


def report_folder(home: Home) -> Path:
    """Where the reports lie, for every analyst of the installation."""
    return home.root / "expectations"


def fingerprint(connection: duckdb.DuckDBPyConnection, sets: Sets, suites: Sequence[Suite] = SUITES) -> str:
    """What a report rests on: the marts, the suites, the lists, and the judge."""
    built = records(connection)
    marts = (f"{suite.table}={built[suite.table].fingerprint}" for suite in suites)
    lists = (f"{named!r}={values!r}" for named, values in sets.items())
    return digest(
        SUITES_VERSION, str(LARGEST), version("great-expectations"), *map(repr, suites), *lists, *marts
    )


def state_of_marts(connection: duckdb.DuckDBPyConnection) -> str:
    """The fingerprint of the marts as they stand."""
    return fingerprint(connection, permitted(connection, SUITES))


def make_report(connection: duckdb.DuckDBPyConnection, home: Home, judged_by: Judge = judge) -> Made:
    """Judge the marts of the warehouse `connection`, unless they were judged as they are.

    `judged_by` judges as `judge` does, perhaps in a process of its own.
    """
    sets = permitted(connection, SUITES)
    state = fingerprint(connection, sets)
    known = all_kept(home)
    last = known[-1] if known else None
    if last and last.fingerprint == state and (report := read_report(home, last.number)):
        return Made(report, _page(home, last.number), unchanged=True)
    number = 1 + (last.number if last else 0) - (last is not None and last.fingerprint == state)
    figures = {suite.table: tuple(measure(connection, suite, sets)) for suite in SUITES}
    report = _judged(connection, number, state, sets, figures, accepted(home, number), judged_by)
    _write(report, _page(home, number))
    keep(home, Kept(number, state, closes(report), figures))
    return Made(report, _page(home, number), unchanged=False)


def closes(report: Report) -> tuple[str, ...]:
    """The critical expectations that failed, in words."""
    return tuple(f"{e.table}: {e.says} ({words(e)})" for e in report.failed if e.critical)


def last_report(home: Home) -> Report | None:
    """The report of the last judged state; None before the first."""
    known = all_kept(home)
    return read_report(home, known[-1].number) if known else None


def read_report(home: Home, number: int) -> Report | None:
    """The report of a number; None when it, or its page, is gone."""
    page = _page(home, number)
    path = page.with_suffix(".json")
    if not (page.exists() and path.exists()):
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return Report(
        **{
            **content,
            "compared_with": tuple(content["compared_with"]),
            "tables": tuple(Looked(**looked) for looked in content["tables"]),
            "expectations": tuple(Judged(**judged) for judged in content["expectations"]),
        }
    )


def _judged(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    state: str,
    sets: Sets,
    figures: Mapping[str, Sequence[Figure]],
    nights: Sequence[Kept],
    judged_by: Judge,
) -> Report:
    rows = {table: int(found[0].value) for table, found in figures.items()}
    of_people = parts(rows)
    batches, looked = [], []
    for suite in SUITES:
        frame = row_frame(connection, suite, of_people)
        looked.append(Looked(suite.table, rows[suite.table], frame.height))
        before = [{f.name: f for f in night.figures.get(suite.table, ())} for night in nights]
        expected = against(figures[suite.table], before)
        batches.append(Batch(suite.table, frame, suite.rows))
        batches.append(Batch(suite.table, figure_frame(figures[suite.table]), expected))
    return Report(
        number=number,
        fingerprint=state,
        people_share=of_people / PARTS,
        compared_with=tuple(night.number for night in nights),
        tables=tuple(looked),
        expectations=tuple(judged_by(batches, sets)),
    )


def _page(home: Home, number: int) -> Path:
    return report_folder(home) / f"{number:04d}.html"


def _write(report: Report, page: Path) -> None:
    for path, text in (
        (page.with_suffix(".json"), json.dumps(asdict(report), indent=1)),
        (page, html(report)),
    ):
        with replacing(path) as beside:
            beside.touch(mode=0o640)
            beside.write_text(text, encoding="utf-8")
