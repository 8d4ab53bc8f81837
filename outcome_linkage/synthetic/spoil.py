"""The faults of files, as `faults.FILE_FAULTS` declares them, put into the text of raw tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.faults import FILE_FAULTS
from outcome_linkage.synthetic.randomness import Random

_NO_VALUE: Final = pl.Series(["nan", "None", "NaT"])
_UNTOUCHED: Final = ("valid_to", "SEX", "CHILD", "record_key")
# The fault: the column it strikes, and what it writes there.
_WRONG_VALUES: Final = {
    ("unknown_code", "ssda903_header"): ("ETHNIC", "UNKN"),
    ("unknown_code", "police_crimes"): ("ho_offence_code", "999Z"),
    ("unknown_code", "ecds_attendances"): ("attendance_category", "9"),
    ("retired_place", "ssda903_episodes"): ("PLACE", "H5"),
    ("thousands_comma", "school_exclusions"): ("sessions", "1,024"),
    ("impossible_date", "police_incidents"): ("incident_date", "2024-02-31"),
}
_OLD_SEX: Final = {"M": "1", "F": "2"}


@dataclass(frozen=True)
class Layout:
    """How a file is written: its encoding, a byte-order mark or not, empty columns at its end."""

    encoding: str = "utf-8"
    mark: bool = False
    blank_columns: int = 0


def layout(supplier: str, table: str) -> Layout:
    """The layout of a supplier's file for a table."""
    faults = {fault.name for fault in FILE_FAULTS if _concerns(fault.supplier, fault.table, supplier, table)}
    wide = "utf_16" in faults
    return Layout(
        "utf-16-le" if wide else "utf-8",
        wide or "byte_order_mark" in faults,
        2 if "blank_headers" in faults else 0,
    )


def spoil(frame: pl.DataFrame, supplier: str, table: str, random: Random) -> pl.DataFrame:
    """The rows of a raw table with the faults of its supplier; every column is text and stays so."""
    for fault in FILE_FAULTS:
        strike = _FAULTS.get(fault.name)
        if strike and frame.height and _concerns(fault.supplier, fault.table, supplier, table):
            frame = strike(frame, table, fault.rate, random)
    return frame


def spoil_children(children: pl.Series, supplier: str, random: Random) -> pl.Series:
    """The faults of a supplier in the `Child` elements of a CIN census."""
    faults = {f.name: f.rate for f in FILE_FAULTS if _concerns(f.supplier, f.table, supplier, "cin_children")}
    for name, pattern, written in _IN_XML:
        struck = pl.Series(random.random(len(children)) < faults.get(name, 0.0))
        changed = children.str.replace(pattern, written)
        children = pl.select(pl.when(struck).then(changed).otherwise(children)).to_series()
    return children


# The fault, what it strikes, and what it writes there.
_IN_XML: Final = (
    ("padded_ids", "<LAchildID>(.*?)</LAchildID>", "<LAchildID> $1 </LAchildID>"),
    ("lower_case_ids", "<LAchildID>BRS", "<LAchildID>brs"),
    ("old_sex_code", "<Sex>M</Sex>", "<Sex>1</Sex>"),
    ("old_sex_code", "<Sex>F</Sex>", "<Sex>2</Sex>"),
)


def _concerns(fault_supplier: str, fault_table: str, supplier: str, table: str) -> bool:
    return fault_supplier in ("*", supplier) and fault_table in ("*", table)


def _struck(frame: pl.DataFrame, rate: float, random: Random) -> pl.Series:
    return pl.Series(random.random(frame.height) < rate)


def _id_column(frame: pl.DataFrame) -> str | None:
    return next((name for name in ("CHILD", "record_key") if name in frame.columns), None)


def _padded(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    name = _id_column(frame)
    if name is None:
        return frame
    padded = pl.lit("  ") + pl.col(name) + pl.lit(" ")
    return frame.with_columns(pl.when(_struck(frame, rate, random)).then(padded).otherwise(name).alias(name))


def _lower_case(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    name = _id_column(frame)
    if name is None:
        return frame
    lower = pl.col(name).str.to_lowercase()
    return frame.with_columns(pl.when(_struck(frame, rate, random)).then(lower).otherwise(name).alias(name))


def _repeated(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    number = 1 + (random.random(frame.height) < rate)
    return frame[np.repeat(np.arange(frame.height), number)]


def _no_value(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    """Words for "no value" in some empty cells; the whole column at once, where there are any."""
    empty = [name for name in frame.columns if name not in _UNTOUCHED and frame[name].null_count()]
    columns = []
    for name in empty:
        rows = np.flatnonzero(frame[name].is_null().to_numpy())
        rows = rows[random.random(len(rows)) < rate]
        words = _NO_VALUE.gather(random.integers(0, len(_NO_VALUE), len(rows)))
        columns.append(frame[name].scatter(rows, words))
    return frame.with_columns(columns)


def _wrong_value(fault: str) -> Callable[[pl.DataFrame, str, float, Random], pl.DataFrame]:
    def strike(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
        column, value = _WRONG_VALUES[fault, table]
        struck = _struck(frame, rate, random)
        return frame.with_columns(pl.when(struck).then(pl.lit(value)).otherwise(column).alias(column))

    return strike


def _old_sex(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    struck = _struck(frame, rate, random)
    return (
        frame.with_columns(SEX=pl.when(struck).then(pl.col("SEX").replace(_OLD_SEX)).otherwise("SEX"))
        if "SEX" in frame.columns
        else frame
    )


def _notes(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    note = pl.when(_struck(frame, 0.3, random)).then(pl.lit("see case file, spoke to family"))
    return frame.with_columns(note.alias("NOTES"))


def _school_dates(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    return frame.with_columns(pl.col("start_date").str.to_date().dt.to_string("%Y-%b-%d 00:00:00"))


def _related_to_self(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    struck = pl.when(_struck(frame, rate, random)).then("record_key").otherwise("related_record_key")
    return frame.with_columns(struck.alias("related_record_key"))


def _ends_too_early(frame: pl.DataFrame, table: str, rate: float, random: Random) -> pl.DataFrame:
    dated = _struck(frame, rate, random) & frame["valid_from"].is_not_null()
    return frame.with_columns(
        pl.when(dated).then(pl.lit("1999-12-31")).otherwise("valid_to").alias("valid_to")
    )


_FAULTS: Final[dict[str, Callable[[pl.DataFrame, str, float, Random], pl.DataFrame]]] = {
    "padded_ids": _padded,
    "lower_case_ids": _lower_case,
    "repeated_rows": _repeated,
    "no_value_words": _no_value,
    "old_sex_code": _old_sex,
    "extra_column": _notes,
    "school_dates": _school_dates,
    "related_to_self": _related_to_self,
    "ends_before_it_begins": _ends_too_early,
    **{name: _wrong_value(name) for name, _ in _WRONG_VALUES},
}
