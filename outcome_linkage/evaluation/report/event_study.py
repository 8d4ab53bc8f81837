"""Effects by periods from the start of each unit: before it a test of parallel trends, after it a course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outcome_linkage.evaluation.estimates.staggered import EVENT_TIME
from outcome_linkage.evaluation.report import pictures_over_time
from outcome_linkage.evaluation.report.blocks import Grid, Picture
from outcome_linkage.evaluation.report.estimated import SCALES, Told, confidence_of
from outcome_linkage.evaluation.report.gate import CONTROL
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.pictures import BLUE, GREY
from outcome_linkage.evaluation.report.shown import signed

REFERENCE = -1
"""The period before the start, against which the others are set."""


def is_by_period(one: Told) -> bool:
    """Whether an estimate is of one period before or after the start."""
    return one.row.subgroup.startswith(EVENT_TIME)


def event_studies(rows: Sequence[Told], run: Gathered) -> Iterator[Picture]:
    """A picture for each outcome of which a period can be shown."""
    for asked in run.asked:
        found = sorted((one for one in rows if one.row.outcome == asked.id and is_by_period(one)), key=_gap)
        if any(not one.why_not for one in found):
            yield _picture(found, run)


def _gap(one: Told) -> int:
    return int(one.row.subgroup.removeprefix(EVENT_TIME))


def _picture(found: Sequence[Told], run: Gathered) -> Picture:
    row = found[0].row
    shown = [one for one in found if not one.why_not]
    before = [one for one in shown if _gap(one) < REFERENCE]
    apart = sum(one.is_beyond_chance for one in before)
    every = next((one.every for one in run.study.measures if one.id == row.outcome), None)
    period = every or (run.study.panel.every if run.study.panel else "")
    scale = "difference in rate" if every else SCALES[row.scale]
    colour = GREY if row.role == CONTROL else BLUE
    return Picture(
        f"{run.label(row.outcome)}: by periods from the start",
        f"Points with intervals for {len(shown)} periods of {period} before and after each unit starts. "
        f"Of {len(before)} before the start, {apart} lie away from no effect beyond chance.",
        pictures_over_time.from_start(_drawn(shown), f"periods of {period} from the start", scale, colour),
        Grid(
            ("period", "events in units at it", "events in others", scale, confidence_of(run), "remark"),
            [_line(one) for one in found],
            remark=True,
        ),
        "Each period is set against the one before the start, in units that had not started yet or never do. "
        "Before the start there should be no effect: points away from 0 there warn that the units went "
        "different ways already. Intervals are of one period each; of several one may miss by chance.",
    )


def _drawn(shown: Sequence[Told]) -> list[dict[str, float]]:
    points = [{"gap": float(REFERENCE), "est": 0.0, "lo": 0.0, "hi": 0.0}]
    for one in shown:
        times = 100 if one.row.scale == "rd" else 1
        figures = {"est": one.row.est, "lo": one.row.lo, "hi": one.row.hi}
        points.append(
            {"gap": _gap(one), **{k: float(f"{times * (v or 0.0):.3g}") for k, v in figures.items()}}
        )
    return sorted(points, key=lambda point: point["gap"])


def _line(one: Told) -> tuple[str, ...]:
    counted = one.people if one.row.events_a is not None else ("", "")
    return (
        signed(str(abs(_gap(one))), _gap(one), plus=True),
        *counted,
        one.figure,
        one.interval,
        one.why_not or one.row.reason or "",
    )
