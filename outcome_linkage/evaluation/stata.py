"""A table as a Stata file (release 118: Stata 14 and later), with a reason for each missing value.

A value that is not there has the extended missing value of its status: .n not linkable, .c not covered,
.p covered in part, .m missing in the source, .a not applicable, .w withheld, .l not linked; `.` where no
status tells. Text has no missing values in Stata: it is empty. Dates are days, true and false 1 and 0.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from outcome_linkage.evaluation.codebook import LETTERS, status_of
from outcome_linkage.evaluation.engine.values import STATUSES
from outcome_linkage.files import replacing

RELEASE = 14
LONGEST_NAME, LONGEST_LABEL = 32, 80
_BEGINNING = date(1960, 1, 1)
_STAMP = re.compile(rb"<timestamp>\x11.{17}</timestamp>")
_NO_TIME = b"<timestamp>\x1101 Jan 1960 00:00</timestamp>"
"""When the file was written: left out, so that the same table gives the same bytes."""


def write_stata(table: pl.DataFrame, path: Path, about: str, labels: Mapping[str, str]) -> None:
    """Write a table; `about` says what it holds, `labels` what each column is."""
    import pyreadstat

    names = {name: stata_name(name) for name in table.columns}
    told: dict[str, str | None] = {
        names[name]: label[:LONGEST_LABEL] for name, label in labels.items() if name in names
    }
    with replacing(path) as beside:
        pyreadstat.write_dta(
            pl.DataFrame([_column(table, name).alias(names[name]) for name in table.columns]),
            str(beside),
            version=RELEASE,
            file_label=about[:LONGEST_LABEL],
            column_labels=told,
            variable_value_labels={names[name]: _value_labels(table, name) for name in _labelled(table)},
            missing_user_values={names[name]: list(LETTERS.values()) for name in _with_reasons(table)},
            variable_format={names[name]: "%td" for name, kind in table.schema.items() if kind == pl.Date},
        )
        _forget_when(beside)


def stata_name(name: str) -> str:
    """A name that Stata takes: a longer one is cut, and ends with three letters that tell it from others."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 4]}_{hashlib.sha256(name.encode()).hexdigest()[:3]}"


def _with_reasons(table: pl.DataFrame) -> list[str]:
    """Columns of numbers of which a status says why a value is missing."""
    numbers = [name for name, kind in table.schema.items() if kind.is_numeric() or kind == pl.Boolean]
    return [name for name in numbers if status_of(name, table.columns)]


def _column(table: pl.DataFrame, name: str) -> pl.Series:
    """The values of a column as pyreadstat takes them: numbers as floats, as it takes a blank for 0 else."""
    values = table[name]
    if values.dtype == pl.Date:
        return (values - _BEGINNING).dt.total_days().cast(pl.Float64)
    if not (values.dtype.is_numeric() or values.dtype == pl.Boolean):
        return values.cast(pl.String)
    status = status_of(name, table.columns)
    finite = values.cast(pl.Float64)
    values = finite.set(finite.is_infinite().fill_null(False), None)  # Stata has no infinite numbers
    if status is None:
        return values
    reasons = table[status].replace_strict(LETTERS, default=None, return_dtype=pl.String)
    numbers = values.fill_null(float("nan"))
    mixed = [
        reason if blank and reason else number
        for number, reason, blank in zip(numbers, reasons, values.is_null(), strict=True)
    ]
    return pl.Series(name, mixed, dtype=pl.Object)


def _labelled(table: pl.DataFrame) -> list[str]:
    """Columns whose numbers, or missing values, stand for words."""
    statuses = [name for name in table.columns if name.endswith("_st")]
    truths = [name for name, kind in table.schema.items() if kind == pl.Boolean]
    return list(dict.fromkeys([*statuses, *truths, *_with_reasons(table)]))


def _value_labels(table: pl.DataFrame, name: str) -> dict[Any, str]:
    if name.endswith("_st"):
        return dict(STATUSES)
    words: dict[Any, str] = {0: "no", 1: "yes"} if table[name].dtype == pl.Boolean else {}
    if status_of(name, table.columns):
        words |= {letter: STATUSES[code] for code, letter in LETTERS.items()}
    return words


def _forget_when(path: Path) -> None:
    """Replace the time of writing, which stands in the header."""
    with path.open("r+b") as file:
        found = _STAMP.search(file.read(1024))
        if found:
            file.seek(found.start())
            file.write(_NO_TIME)
