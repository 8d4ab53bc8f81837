"""`ev_codebook`: what each column of a run's tables means, where it comes from and how it is made, in words.

It holds no value of a person and no count of people: examples are of the invented people of the study, and
values are counted of categories only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import duckdb
import polars as pl

from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.engine.examples import alone
from outcome_linkage.evaluation.engine.given import from_given
from outcome_linkage.evaluation.engine.keys import KEYED
from outcome_linkage.evaluation.engine.meaning import meaning_of
from outcome_linkage.evaluation.engine.plan import Run, after_plan, make_people
from outcome_linkage.evaluation.engine.profile import names_of
from outcome_linkage.evaluation.engine.step import take
from outcome_linkage.evaluation.engine.values import STATUSES
from outcome_linkage.evaluation.library import versions_of
from outcome_linkage.evaluation.origin import Origin, origins, stem_of
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.warehouse import connect

TEXT = (
    *("table_name", "column_name", "label", "description", "type", "unit", "allowed_values", "missing_codes"),
    *("source_fields", "concept_version", "days", "formula"),
)
CODEBOOK = "ev_codebook"
COLUMNS: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(TEXT, pl.String),
    "n_distinct": pl.Int64,
    "example": pl.String,
    "sdc_profile": pl.String,
}
"""Columns and types of `ev_codebook`, without those that every table has."""
LETTERS = {1: "n", 2: "c", 3: "p", 4: "m", 5: "a", 6: "w", 7: "l"}
"""Extended missing values of Stata by status: why there is no value."""
MISSING = ", ".join(f"{code} {word} (.{LETTERS[code]})" for code, word in STATUSES.items() if code)
FEW_VALUES = 50
"""More values than this are not counted: they may be of people, not of a category; our own rule."""
_ALLOWED = {
    "sex": "male, female, unknown",
    "role": "index, exposure, adversity, covariate, outcome, resource",
    "whose_record": "child, parent, household",
    "flag": "ok, imbalanced, disjoint",
    "phase": "pre, post",
    "price": "base, low, high",
    "scale": "rd, rr, irr, rmst_diff, mean_diff, mean_diff_gbp",
}


def put_codebook(connection: duckdb.DuckDBPyConnection, study: Evaluation, tables: Iterable[str]) -> None:
    """Make `ev_codebook` of these working tables, itself left out."""
    examples, known = _examples(study), origins(study, versions_of(connection))
    rows = [
        row
        for table in tables
        if table != CODEBOOK
        for row in _rows(connection, study, table, known, examples.get(table, {}))
    ]
    owners = pl.lit(names_of(connection, study)).alias("sdc_profile")
    put(connection, CODEBOOK, pl.DataFrame(rows, schema=COLUMNS).with_columns(owners))


def _rows(
    connection: duckdb.DuckDBPyConnection,
    study: Evaluation,
    table: str,
    known: Mapping[str, Origin],
    examples: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    types = {name: kind for name, kind, *_ in connection.execute(f"describe temp.{table}").fetchall()}
    counts = _counts(connection, table, types)
    for name, kind in types.items():
        says, _, unit = meaning_of(name).partition(" Unit: ")
        origin, status = known.get(name, known.get(stem_of(name), Origin())), status_of(name, types)
        yield {
            "table_name": table,
            "column_name": name,
            "label": _label(name, says, origin),
            "description": says,
            "type": kind.lower(),
            "unit": unit.rstrip(".") or None,
            "allowed_values": _allowed(study, name, kind),
            "missing_codes": f"null; {status}: {MISSING}" if status else None,
            "source_fields": origin.source,
            "concept_version": origin.version,
            "days": origin.days,
            "formula": origin.formula if name == origin.column else None,
            "n_distinct": counts.get(name),
            "example": examples.get(name),
        }


def _label(name: str, says: str, origin: Origin) -> str:
    if origin.label is None:
        return says.split(";")[0].rstrip(".")
    ending = "" if name == origin.column else name.rpartition("_")[2]
    return f"{ENDINGS[ending]}: {origin.label}" if ending in ENDINGS else origin.label


ENDINGS = {
    "st": "Status",
    "pt": "Days at risk",
    "t": "Days to it or the end",
    "d": "How its time ended",
    "w": "Whether, whose time may end sooner",
    "e": "Days before the risk",
    "n": "Episodes",
    "fd": "Day of the first",
    "fb": "Age band of the first",
    "u": "Undiscounted",
}
"""What a column is of what it is about, by the ending of its name; told first, as Stata cuts labels."""


def status_of(name: str, columns: Collection[str]) -> str | None:
    """Which of these columns says why `name` has no value; None where none does."""
    ways = ("k_st",) if name.startswith("k_") else (f"{name}_st", f"{stem_of(name)}_st")
    return next((one for one in ways if one in columns and one != name), None)


def _allowed(study: Evaluation, name: str, kind: str) -> str | None:
    if name.endswith("_st"):
        return ", ".join(f"{code} {word}" for code, word in STATUSES.items())
    if name == "arm":
        return ", ".join(arm.id for arm in study.arms) or None
    if kind == "BOOLEAN":
        return "true, false"
    binary = {f"o_{one.id}" for one in study.outcomes if one.kind in ("binary", "time_to_event")}
    binary |= {f"x_{one.id}" for one in study.covariates if one.kind == "binary"}
    return "0, 1" if name in binary else _ALLOWED.get(name)


def _counts(connection: duckdb.DuckDBPyConnection, table: str, types: Mapping[str, str]) -> dict[str, int]:
    """Values of categories: of text that names nobody."""
    names = [name for name, kind in types.items() if kind == "VARCHAR" and name not in KEYED]
    if not names:
        return {}
    counted = ", ".join(f"count(distinct {name})" for name in names)
    (row,) = connection.execute(f"select {counted} from temp.{table}").fetchall()
    return {name: n for name, n in zip(names, row, strict=True) if n <= FEW_VALUES}


def _examples(study: Evaluation) -> dict[str, dict[str, str]]:
    """A value of each column as the invented people of the study have it; none without examples."""
    if not study.examples or study.index is None:
        return {}
    tables = ("ev_cohort", "ev_person", "ev_event", "ev_period", "ev_person_source")
    with connect() as invented:
        people = {f"example {n}": example.given for n, example in enumerate(study.examples)}
        study = alone(study)
        from_given(invented, study, people)
        make_people(invented, study)
        take(invented, after_plan(Run(study)))
        there = {name for (name,) in invented.execute("select table_name from duckdb_tables()").fetchall()}
        return {table: _first(invented, table) for table in tables if table in there}


def _first(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The least value of each column, as text; keys are left out, which are made when tables are stored."""
    names = [name for name in connection.sql(f"select * from {table} limit 0").columns if name not in KEYED]
    least = ", ".join(f"cast(min({name}) as varchar)" for name in names)
    (row,) = connection.execute(f"select {least} from {table}").fetchall()
    return {name: value for name, value in zip(names, row, strict=True) if value is not None}
