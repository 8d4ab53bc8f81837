"""The file that says which unit starts when."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import Source
from outcome_linkage.evaluation.spec.evaluation import Evaluation

COLUMNS = ["unit", "start"]


class Start(NamedTuple):
    """One unit; `start` is None for one that never starts. `row` is the line of the file."""

    row: int
    unit: str
    start: date | None


def read_rollout(path: Path) -> list[Start]:
    """Every unit of the file. Raises ValueError, in words for the researcher, or OSError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    if not rows or rows[0] != COLUMNS:
        raise ValueError(f"line 1: other columns than `{','.join(COLUMNS)}`")
    return [_start(number, row) for number, row in enumerate(rows[1:], 2) if row]


def _start(number: int, row: list[str]) -> Start:
    if len(row) != len(COLUMNS) or not row[0].strip():
        raise ValueError(f"line {number}: not a unit and a day")
    try:
        return Start(number, row[0].strip(), date.fromisoformat(row[1]) if row[1].strip() else None)
    except ValueError as error:
        raise ValueError(f"line {number}: a start that is not a day such as 2024-04-01") from error


def rollout_can_be_read(study: Evaluation, source: Source) -> Iterator[Fault]:
    """EV001: the file lies beside the specification and has units and days."""
    if study.rollout is None:
        return
    expected = f"`{study.rollout.file}` beside this file, with the columns `unit` and `start`"
    try:
        read_rollout(source.path.parent / study.rollout.file)
    except OSError:
        found = "no such file"
    except ValueError as error:
        found = str(error)
    else:
        return
    remedy = "Write a line for each unit; leave the day blank for one that never starts."
    yield fault("EV001", ("rollout", "file"), expected=expected, found=found, remedy=remedy)
