"""Runs rules over laid-out tables: counts, and the rows at fault. One rule that crashes stops no other."""

from __future__ import annotations

from contextlib import closing

import polars as pl

from outcome_linkage.delivery.rules.bench import Bench, Inputs, failing_query
from outcome_linkage.delivery.rules.result import Finding
from outcome_linkage.delivery.rules.rule import Rule, RuleBook
from outcome_linkage.errors import safe_words

FAILURES = "rule_failures.parquet"
FAILURE = pl.Schema(
    {
        "rule": pl.String,
        "table": pl.String,
        "_file": pl.String,
        "_row": pl.Int64,
        "record_key": pl.String,
        "column": pl.String,
    }
)
"""One row per rule and row at fault; `_row` counts from 1 in the delivered file."""


def run_rules(inputs: Inputs, book: RuleBook) -> tuple[list[Finding], pl.DataFrame]:
    """A finding for each rule on a table of the delivery, in the order of the book, and the rows at fault."""
    with closing(Bench(inputs, book)) as bench:
        found = [_run(bench, rule) for rule in book.rules if rule.table in _concerned(inputs)]
    failures = pl.concat([pl.DataFrame(schema=FAILURE), *(rows for _, rows in found)])
    return [finding for finding, _ in found], failures.sort("rule", "table", "_row")


def _concerned(inputs: Inputs) -> set[str]:
    """Tables of the delivery, and those that belong to it but are absent."""
    return {*inputs.delivered, *inputs.absent}


def _run(bench: Bench, rule: Rule) -> tuple[Finding, pl.DataFrame]:
    finding = Finding(
        rule=rule.id, table=rule.table, column=rule.column, severity=rule.severity, says=rule.says
    )
    nothing = pl.DataFrame(schema=FAILURE)
    sql = failing_query(rule.source, rule.among, rule.broken)
    try:
        if why := bench.why_not(sql):
            return finding.model_copy(update={"ended": "skipped", "why": why}), nothing
        bench.prepare(sql)
        checked, failing = _count(bench, sql)
        failures = _rows_at_fault(bench, sql, rule) if failing else nothing
    except Exception as error:  # whatever it is, the other rules must run
        return finding.model_copy(update={"ended": "crashed", "why": safe_words(error)}), nothing
    people = failures["record_key"].drop_nulls().n_unique()
    return finding.model_copy(update={"checked": checked, "failing": failing, "people": people}), failures


def _count(bench: Bench, sql: str) -> tuple[int, int]:
    """How many rows the rule looks at, and how many of them are at fault."""
    counts = f"select count(*), count(*) filter (where at_fault) from ({sql})"
    checked, failing = bench.connection.execute(counts).fetchall()[0]
    return checked, failing


def _rows_at_fault(bench: Bench, sql: str, rule: Rule) -> pl.DataFrame:
    rows = bench.connection.sql(f"select _file, _row, record_key from ({sql}) where at_fault").pl()
    named = {"rule": rule.id, "table": rule.table, "column": rule.column}
    return rows.with_columns(pl.lit(value).alias(name) for name, value in named.items()).select(
        pl.col(name).cast(kind) for name, kind in FAILURE.items()
    )
