"""What a contract asks of the values of a row: one flag a row for every check that its Pandera schema has.

Pandera's own check functions answer. Its report of failures is left out, which would hold the failing values
and takes longer than the checks: see docs/decisions/006-rows-judged-by-flags.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.errors import OutcomeLinkageError

REASON_OF_CHECK = {
    "not_nullable": "missing_value",
    "isin": "not_in_code_list",
    "code_list": "not_in_code_list",
    "str_matches": "wrong_pattern",
    "greater_than_or_equal_to": "out_of_range",
    "less_than_or_equal_to": "out_of_range",
}


class Broken(NamedTuple):
    """Whether each row breaks one check: the column at fault, the reason, and a flag a row, never null."""

    column: str
    reason: str
    rows: pl.Series


def broken_checks(typed: pl.DataFrame, contract: Contract, year: int | None) -> Iterator[Broken]:
    """Every check of the contract in collection `year`, in the order in which its reasons count.

    `typed` has the contract's columns in its types. Raises OutcomeLinkageError for a check without a reason.
    """
    schema = contract.schema(year)
    _refuse_unknown(schema)
    lazy = typed.lazy()
    for name, column in schema.columns.items():
        if not column.nullable:
            yield Broken(name, REASON_OF_CHECK["not_nullable"], _missing(typed[name]))
        for check in column.checks:
            passed = check(lazy, name).check_output.collect().to_series()
            yield Broken(name, REASON_OF_CHECK[check.name], ~passed)
    for rule in contract.row_rules:
        yield Broken(rule.column, rule.reason, typed.select(rule.broken().fill_null(False)).to_series())


def _missing(values: pl.Series) -> pl.Series:
    """To Pandera a number that is not a number is missing too."""
    return (
        values.is_null() | values.is_nan().fill_null(False) if values.dtype.is_float() else values.is_null()
    )


def _refuse_unknown(schema: Any) -> None:
    """A schema may ask nothing that this file would pass over."""
    named = {check.name for column in schema.columns.values() for check in column.checks}
    whole = {check.name for check in schema.checks}
    unique = {"unique"} if schema.unique or any(c.unique for c in schema.columns.values()) else set()
    unknown = sorted((named - REASON_OF_CHECK.keys()) | whole | unique)
    if unknown:
        raise OutcomeLinkageError(
            f"{schema.name}: expected the checks {', '.join(REASON_OF_CHECK)} of single columns; found "
            f"{', '.join(unknown)}. Give the new check a reason in delivery/asked.py."
        )
