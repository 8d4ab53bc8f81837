"""Which rows of a frame a contract accepts, and why not the others. Pure: nothing is read or written.

Pandera is the judge of values; what was kept is put before it again. A value is never repeated: a fault is
a row number, a column and a reason.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from outcome_linkage.delivery.cast import cast
from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.verdict import LedgerError
from outcome_linkage.errors import OutcomeLinkageError

FAULT = pl.Schema({"_row": pl.Int64, "record_key": pl.String, "column": pl.String, "reason": pl.String})
"""One row per fault; `record_key` is null where it is itself in doubt."""

_FOUND = pl.Schema({name: FAULT[name] for name in ("_row", "column", "reason")})
_REASON_OF_CHECK = {
    "not_nullable": "missing_value",
    "isin": "not_in_code_list",
    "code_list": "not_in_code_list",
    "str_matches": "wrong_pattern",
    "greater_than_or_equal_to": "out_of_range",
    "less_than_or_equal_to": "out_of_range",
}


def judge_rows(
    frame: pl.DataFrame, contract: Contract, year: int | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge each row by itself.

    `frame` holds `_row` and the delivered columns. Returns the kept rows, `_row` and the contract's columns
    in its types and order, and the faults of all others (`FAULT`), at most one for a row and column.
    """
    typed, faults = _cast(frame, contract)
    schema = contract.schema(year)
    found = pl.concat([faults, _pandera_faults(typed, schema), *_rule_faults(typed, contract)])
    order = pl.col("column").cast(pl.Enum(list(contract.columns)))
    found = found.unique(("_row", "column"), keep="first", maintain_order=True).sort("_row", order)
    good = ~pl.col("_row").is_in(found["_row"].implode())
    kept = typed.filter(good)
    if not _pandera_faults(kept, schema).is_empty():
        raise LedgerError(f"{contract.name}: a row that was kept fails its contract; report this fault")
    return kept, _with_record_key(found, typed, contract)


def repeated_rows(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The faults of rows that repeat others of the same table.

    Of exact copies the first is kept. Rows that share a primary key but differ are all at fault, as nothing
    says which is right.
    """
    names, key = list(contract.columns), list(contract.primary_key)
    suspects = frame.filter(pl.struct(identifying(contract)).is_duplicated())
    suspects = suspects.with_columns(pl.col("_row").min().over(names).alias("_first"))
    copies = suspects.filter(pl.col("_row") != pl.col("_first"))
    distinct = suspects.filter(pl.col("_row") == pl.col("_first"))
    conflicts = distinct.filter(pl.struct(key).is_duplicated()) if key else distinct.clear()
    return pl.concat(
        [_fault(copies, None, "duplicate_row"), _fault(conflicts, ", ".join(key), "conflicting_key")]
    ).sort("_row")


def identifying(contract: Contract) -> list[str]:
    """The columns that rows must share to be copies or in conflict: primary key, else person, else all."""
    person = ["record_key"] if contract.has_person else []
    return list(contract.primary_key) or person or list(contract.columns)


def _fault(rows: pl.DataFrame, column: str | None, reason: str) -> pl.DataFrame:
    key = pl.col("record_key") if "record_key" in rows.columns else pl.lit(None, pl.String)
    column_name = pl.lit(column, pl.String)
    return rows.select(
        "_row", key.alias("record_key"), column_name.alias("column"), pl.lit(reason).alias("reason")
    )


def _cast(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The contract's columns in its types, and a fault for each value that did not convert."""
    rows, typed, faults = frame["_row"], [frame["_row"]], [pl.DataFrame(schema=_FOUND)]
    for name, column in contract.columns.items():
        if name not in frame.columns:
            typed.append(pl.repeat(None, frame.height, dtype=column.dtype, eager=True).alias(name))
            continue
        values, reason = cast(frame[name], column)
        typed.append(values.rename(name))
        lost = pl.DataFrame({"_row": rows, "reason": reason}).drop_nulls("reason")
        faults.append(lost.select("_row", pl.lit(name).alias("column"), "reason").cast(_FOUND))
    return pl.DataFrame(typed), pl.concat(faults)


def _pandera_faults(typed: pl.DataFrame, schema: Any) -> pl.DataFrame:
    """What Pandera objects to. Its error holds values: it is read here and goes no further."""
    try:
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(typed, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.select("column", "check", "index")
    else:
        return pl.DataFrame(schema=_FOUND)
    check = pl.col("check").str.extract(r"^(\w+)")
    cases = cases.with_columns(check.replace_strict(_REASON_OF_CHECK, default=None).alias("reason"))
    unplaced = cases.filter(pl.any_horizontal(pl.col("index", "column", "reason").is_null()))
    if not unplaced.is_empty():
        named = ", ".join(sorted(set(unplaced.select(check).to_series().drop_nulls().to_list())))
        raise OutcomeLinkageError(
            f"{schema.name}: expected the checks {', '.join(_REASON_OF_CHECK)}; found {named}. "
            "Give the new check a reason in delivery/judge.py."
        )
    row = typed["_row"].gather(cases["index"])
    return cases.select(row.alias("_row"), "column", "reason").cast(_FOUND)


def _rule_faults(typed: pl.DataFrame, contract: Contract) -> list[pl.DataFrame]:
    """What rows say across columns that they may not."""
    return [
        typed.filter(rule.broken())
        .select("_row", pl.lit(rule.column).alias("column"), pl.lit(rule.reason).alias("reason"))
        .cast(_FOUND)
        for rule in contract.row_rules
    ]


def _with_record_key(faults: pl.DataFrame, typed: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    if not contract.has_person:
        return faults.with_columns(record_key=pl.lit(None, pl.String)).select(FAULT.names())
    doubtful = faults.filter(pl.col("column") == "record_key")["_row"]
    sure = ~pl.col("_row").is_in(doubtful.implode())
    keys = typed.select("_row", pl.when(sure).then("record_key").alias("record_key"))
    return faults.join(keys, on="_row", how="left", maintain_order="left").select(FAULT.names())
