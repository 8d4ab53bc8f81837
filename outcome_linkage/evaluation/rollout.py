"""The file that says which unit starts when and, where it is known, what share of it has been reached."""

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
SHARE = "share"


ROLLED_OUT = ("did", "its", "stepped")
"""Designs that compare times before and after a start."""


class Start(NamedTuple):
    """From `start` on, `share` of the unit is reached, such as its staff trained; None for never.

    `row` is the line of the file. A unit has a line for each day on which its share changes.
    """

    row: int
    unit: str
    start: date | None
    share: float


def read_rollout(path: Path) -> list[Start]:
    """Every line of the file. Raises ValueError, in words for the researcher, or OSError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    if not rows or rows[0] not in (COLUMNS, [*COLUMNS, SHARE]):
        names = f"`{','.join(COLUMNS)}` or `{','.join([*COLUMNS, SHARE])}`"
        raise ValueError(f"line 1: other columns than {names}")
    starts = [_start(number, row, len(rows[0])) for number, row in enumerate(rows[1:], 2) if row]
    _each_day_once(starts, with_shares=SHARE in rows[0])
    return starts


def has_shares(path: Path) -> bool:
    """Whether the file has the column of shares."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return SHARE in next(csv.reader(file), [])


def first_days(starts: list[Start]) -> dict[str, date | None]:
    """The day on which each unit is reached at all; None for never. Units in the order of the file."""
    days: dict[str, date | None] = {}
    for _, unit, day, share in starts:
        known = days.setdefault(unit, None)
        if day is not None and share > 0 and (known is None or day < known):
            days[unit] = day
    return days


def _start(number: int, row: list[str], columns: int) -> Start:
    if len(row) != columns or not row[0].strip():
        raise ValueError(f"line {number}: not a unit and a day, with a share where the file has that column")
    try:
        day = date.fromisoformat(row[1].strip()) if row[1].strip() else None
    except ValueError as error:
        raise ValueError(f"line {number}: a start that is not a day such as 2024-04-01") from error
    return Start(number, row[0].strip(), day, _share(number, row[2:], day))


def _share(number: int, cells: list[str], day: date | None) -> float:
    """All of a unit where the file has no shares; nothing of one that never starts."""
    text = cells[0].strip() if cells else ""
    if day is None:
        if text not in ("", "0"):
            raise ValueError(f"line {number}: a share without a day from which it holds")
        return 0.0
    try:
        return float(text) if cells else 1.0
    except ValueError as error:
        raise ValueError(f"line {number}: a share that is not a number such as 0.4") from error


def _each_day_once(starts: list[Start], with_shares: bool) -> None:
    seen: dict[object, Start] = {}
    for one in starts:
        first = seen.setdefault((one.unit, one.start) if with_shares else one.unit, one)
        if first is not one:
            raise ValueError(f"line {one.row}: the unit of line {first.row} again")


def rollout_can_be_read(study: Evaluation, source: Source) -> Iterator[Fault]:
    """EV001, EV144, EV145, EV147: the file lies beside the specification, with its units, days and shares."""
    if study.rollout is None:
        return
    file = source.path.parent / study.rollout.file
    expected = f"`{study.rollout.file}` beside this file, with the columns `unit` and `start`"
    try:
        starts = read_rollout(file)
    except OSError:
        found = "no such file"
    except ValueError as error:
        found = str(error)
    else:
        yield from _shares(study, starts, has_shares(file))
        yield from _in_time(study, starts)
        return
    remedy = "Write a line for each unit; leave the day blank for one that never starts."
    yield fault("EV001", ("rollout", "file"), expected=expected, found=found, remedy=remedy)


def _shares(study: Evaluation, starts: list[Start], given: bool) -> Iterator[Fault]:
    if study.rollout is None:
        return
    file = study.rollout.file
    for one in starts:
        if not 0 <= one.share <= 1:
            yield fault("EV144", ("rollout", "file"), file=file, row=one.row, share=f"{one.share:g}")
    if study.rollout.dose_per is not None and not given:
        why = f"`{file}` has no column `{SHARE}`"
        remedy = "Add to each line the share reached from that day on, or take `dose_per` out."
        yield fault("EV145", ("rollout", "dose_per"), why=why, remedy=remedy)


def _in_time(study: Evaluation, starts: list[Start]) -> Iterator[Fault]:
    """Somebody starts after the study begins and before it ends, so that there is a before and an after."""
    if study.rollout is None or study.design.type not in ROLLED_OUT:
        return
    period = study.study_period
    if not any(one.start and period.start < one.start <= period.end for one in starts):
        days = {"start": period.start, "end": period.end}
        yield fault("EV147", ("rollout", "file"), file=study.rollout.file, **days)
