"""What must hold of the tables that stand in a study's schema, whoever made them and whenever.

Told are names, verdicts and counts in released form; nothing of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import polars as pl

from outcome_linkage.evaluation.answers.answer import GATE
from outcome_linkage.evaluation.engine.attrition import DoesNotAddUp, check_attrition
from outcome_linkage.evaluation.engine.store import schema_of
from outcome_linkage.evaluation.spec.evaluation import Evaluation

_SHOWN = """
select count(*) filter (where est is not null), count(*) filter (where unblinded and est is not null)
from ev_estimates where role <> 'negative_control'
"""


@dataclass(frozen=True)
class Held:
    """Whether something holds; `warns` where it does not and that keeps nothing back."""

    passed: bool
    warns: bool = False
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class TableCheck:
    """One thing that must hold of a table; `found` sees the tables of the schema by plain name."""

    name: str
    table: str
    description: str
    found: Callable[[duckdb.DuckDBPyConnection], Held]


def adds_up(connection: duckdb.DuckDBPyConnection) -> Held:
    """In = lost + stayed at each step, and the last step holds the people of `ev_person`."""
    try:
        check_attrition(connection)
    except DoesNotAddUp as error:
        return Held(False, facts={"why": str(error)})
    return Held(True)


def diagnostics_pass(connection: duckdb.DuckDBPyConnection) -> Held:
    """Every diagnostic passes or is waived; one that only warns keeps nothing back."""
    rows = _diagnostics(connection)
    fails = rows.filter(~pl.col("passed").fill_null(True) & pl.col("waived").is_null())
    shown = [f"| {' | '.join(line)} |" for line in (_DIAGNOSTIC, _RULE, *_told(rows))]
    return Held(fails.is_empty(), (fails["action"] != "block").all(), {"diagnostics": "\n".join(shown)})


def blinded_until_open(connection: duckdb.DuckDBPyConnection) -> Held:
    """No figure of an outcome by arm while the gate is shut; the gate says why it is."""
    is_open, why = connection.execute(
        "select passed, reason from ev_diagnostics where diagnostic = ?", [GATE]
    ).fetchone() or (False, "there is no gate")
    figures, unblinded = connection.execute(_SHOWN).fetchone() or (0, 0)
    words = "shown." if is_open else f"hidden: {why}"
    return Held(bool(figures == unblinded if is_open else figures == 0), facts={"outcomes by arm": words})


def prices_are_verified(connection: duckdb.DuckDBPyConnection) -> Held:
    """No placeholder and no unverified price: with one, nothing made with costs may be released."""
    sql = "select distinct unit_cost_id from ev_costs where blocks_release order by 1"
    names = [str(name) for (name,) in connection.execute(sql).fetchall()]
    return Held(not names, warns=True, facts={"not verified": ", ".join(names) or "none"})


def measures_are_verified(connection: duckdb.DuckDBPyConnection) -> Held:
    """No unverified measure: with one, nothing may be released until the data owner has confirmed it."""
    sql = "select measure from ev_measures where blocks_release order by 1"
    names = [str(name) for (name,) in connection.execute(sql).fetchall()]
    return Held(not names, warns=True, facts={"not verified": ", ".join(names) or "none"})


CHECKS = (
    TableCheck("adds_up", "ev_attrition", "Nobody comes or goes that no step accounts for.", adds_up),
    TableCheck(
        "diagnostics", "ev_diagnostics", "Diagnostics pass, or are waived with a reason.", diagnostics_pass
    ),
    TableCheck(
        "blinded", "ev_estimates", "Outcomes are hidden by arm until the gate is open.", blinded_until_open
    ),
    TableCheck(
        "measures",
        "ev_measures",
        "Every measure is verified; else nothing may be released.",
        measures_are_verified,
    ),
    TableCheck(
        "prices", "ev_costs", "Every price is verified; else nothing may be released.", prices_are_verified
    ),
)


def held(connection: duckdb.DuckDBPyConnection, study: Evaluation, check: TableCheck) -> Held:
    """Whether a check holds of the tables of a study as they stand."""
    with _at(connection, study) as at:
        return check.found(at)


@contextmanager
def _at(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same database, with the study's tables by plain name."""
    with connection.cursor() as at:
        at.execute(f"set schema = '{schema_of(study)}'")
        yield at


_DIAGNOSTIC = ("diagnostic", "of", "bound", "verdict")
_RULE = ("---", "---", "---:", "---")


def _diagnostics(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    rows = connection.sql("select * from ev_diagnostics").pl()
    return rows.filter(pl.col("diagnostic") != GATE).sort("diagnostic", "item")


def _told(rows: pl.DataFrame) -> list[tuple[str, ...]]:
    """Each diagnostic without its value, which could tell how many few people are: the report has it."""
    return [
        (
            row["diagnostic"],
            row["item"] or "",
            "" if row["bound"] is None else f"{row['bound']:g}",
            _verdict(row),
        )
        for row in rows.iter_rows(named=True)
    ]


def _verdict(row: Mapping[str, object]) -> str:
    if row["passed"] is None:
        return str(row["reason"] or "not asked")
    if row["passed"]:
        return "passes"
    if row["waived"]:
        return f"fails, waived: {row['waived']}"
    return "fails: outcomes stay hidden" if row["action"] == "block" else "fails: a warning"
