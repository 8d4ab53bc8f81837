"""Cumulative incidence as it may be shown: a life table by 30 days of counts put to the middle of a step.

Cutler SJ, Ederer F. Maximum utilization of the life table method in analyzing survival. J Chronic Dis
1958;8:699-712. Whoever leaves within an interval counts for half of it. The curve ends where fewer people
are at risk than may be shown, and is left out where fewer had the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from outcome_linkage.evaluation.estimates.incidence import WEIGHTED
from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Grid, Picture
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import counts, shares
from outcome_linkage.linkage_quality.released import Shown
from outcome_linkage.release.disclosure import midpoint_counts
from outcome_linkage.release.profiles import Profile

GRID = 30
_MOST_TOLD = 9
"""Columns of the table of people at risk."""
_COUNTED = ("n_event", "n_competing", "n_censored")


class Step(NamedTuple):
    """Up to a day: the incidence, its interval, and who is at risk on that day."""

    day: int
    est: float
    lo: float
    hi: float
    at_risk: int


class _Counted(NamedTuple):
    """30 days: the last, at risk at the start, what happened, and the interval of the true curve.

    `weighted` is the incidence itself where people count by weights, which no counts of people give.
    """

    day: int
    at_risk: int
    event: int
    competing: int
    censored: int
    low: float
    high: float
    weighted: float | None


def incidences(run: Gathered) -> Iterator[Picture]:
    """A picture for each outcome of `ev_survival` that has a curve above nought in some arm."""
    table = run.table("ev_survival")
    if not table.height:
        return
    for outcome in table["outcome"].unique(maintain_order=True):
        of = table.filter(pl.col("outcome") == outcome, pl.col("est").is_not_null())
        steps = {arm: life_table(of.filter(pl.col("arm") == arm), run.profile) for arm in run.arms}
        if any(found and found[-1].est for found in steps.values()):
            yield _picture(outcome, steps, of, run)


def life_table(days: pl.DataFrame, profile: Profile) -> list[Step]:
    """The steps of one arm: `ev_survival` of one outcome and arm in, each day on which something happened.

    None where it happened to few: the middle of a step would be far from the truth.
    """
    if not days.height or 0 < days["n_event"].sum() <= profile.hide_to:
        return []
    by_step = _by_step(days, profile)
    found, incidence, free = [Step(0, 0.0, 0.0, 0.0, by_step[0].at_risk)], 0.0, 1.0
    for day, start, event, competing, censored, low, high, weighted in by_step:
        at_risk = max(start - censored / 2, event + competing)
        if start < profile.at_risk_from or not at_risk:
            break
        incidence += free * event / at_risk
        incidence = incidence if weighted is None else weighted
        free *= 1 - (event + competing) / at_risk
        left = max(start - event - competing - censored, 0)
        found.append(Step(day, round(incidence, 3), min(low, incidence), max(high, incidence), left))
    return found


def _by_step(days: pl.DataFrame, profile: Profile) -> list[_Counted]:
    """By 30 days: last day, at risk at the start, events, competing, censored.

    What happened so far is put to the middle, and then taken apart again: errors do not add up.

    Whoever leaves on the last day of all was at risk throughout.
    """
    end = pl.col("day") == pl.col("day").max()
    steps = (
        days.sort("day")
        .with_columns(n_censored=pl.when(end).then(0).otherwise("n_censored"))
        .with_columns(step=((pl.col("day") + GRID - 1) // GRID).clip(1))
        .group_by("step", maintain_order=True)
        .agg(
            pl.col("n_at_risk").first(),
            *(pl.col(name).sum() for name in _COUNTED),
            pl.col("lo", "hi", "est").last(),
            pl.col("day").max(),
        )
    )
    steps = steps.with_columns(pl.col(_COUNTED).cum_sum())
    for name in ("n_at_risk", *_COUNTED):
        steps = midpoint_counts(steps, name, profile)
    steps = steps.with_columns(pl.col(_COUNTED) - pl.col(_COUNTED).shift(1, fill_value=0))
    last, weighted = steps["step"].max(), _is_weighted(days)
    return [
        _Counted(
            int(row["day"]) if row["step"] == last else int(row["step"]) * GRID,
            int(row["n_at_risk"]),
            int(row["n_event"]),
            int(row["n_competing"]),
            int(row["n_censored"]),
            round(row["lo"] or 0.0, 3),
            round(row["hi"] if row["hi"] is not None else 0.0, 3),
            round(row["est"], 3) if weighted else None,
        )
        for row in steps.iter_rows(named=True)
    ]


def _is_weighted(days: pl.DataFrame) -> bool:
    return any(name.endswith(WEIGHTED) for name in days["estimator"])


def _picture(outcome: str, steps: dict[str, list[Step]], of: pl.DataFrame, run: Gathered) -> Picture:
    labels = list(run.arms.values())
    rows = [
        {"day": step.day, "arm": run.arms[arm], "est": step.est, "lo": step.lo, "hi": step.hi}
        for arm, found in steps.items()
        for step in found
    ]
    title = run.label(outcome)
    ends = [
        f"{run.arms[arm]} {found[-1].est:.1%} by day {found[-1].day}" for arm, found in steps.items() if found
    ]
    competes = any(name.startswith("aj") for name in of["estimator"])
    competing = " Deaths and what else competes are not censored." if competes else ""
    made = "With the weights of matching or of clones" if _is_weighted(of) else "As observed, without weights"
    return Picture(
        f"{title}: cumulative incidence",
        f"Step curves of the share to whom it happened by each day. {'; '.join(ends)}.",
        pictures.incidence(rows, labels),
        _at_risk(steps, of, run),
        f"{made}; bands are pointwise {run.study.estimates.confidence:.0%} intervals."
        f"{competing} Counts by {GRID} days are put to the middle of a step before the curve is made.",
        with_table=True,
    )


def _at_risk(steps: dict[str, list[Step]], of: pl.DataFrame, run: Gathered) -> Grid:
    """Under the curve: people at risk, and how many it had happened to."""
    longest: Sequence[Step] = max(steps.values(), key=len)
    every = max(1, -(-len(longest) // _MOST_TOLD))
    days = [step.day for step in longest[::every]]
    rows: list[Sequence[str]] = []
    for arm, label in run.arms.items():
        mine = of.filter(pl.col("arm") == arm).sort("day")
        until = steps[arm][-1].day if steps[arm] else -1
        rows.append((f"{label}: at risk", *_told(mine, "n_at_risk", days, until, run)))
        rows.append((f"{label}: had it", *_told(mine, "n_event", days, until, run)))
    return Grid(("", *(f"day {day}" for day in days)), rows, title="At risk, and had it so far")


def _told(mine: pl.DataFrame, what: str, days: Sequence[int], until: int, run: Gathered) -> list[str]:
    """The count at the start of each day, or up to it; nothing beyond the end of the curve.

    Who had it is a part of those at risk at first, as it is in the table of estimates.
    """
    found: list[int] = []
    for day in days:
        if what == "n_at_risk":
            later = mine.filter(pl.col("day") >= day)
            found.append(int(later[what][0]) if later.height else 0)
        else:
            found.append(int(mine.filter(pl.col("day") <= day)[what].sum()))
    if what == "n_at_risk":
        words = [shown.counts for shown in counts(found, run.profile)]
    else:
        whole = max([*mine["n_at_risk"], *found])
        words = [_of_whole(shown) for shown in shares([(n, whole) for n in found], run.profile)]
    return [word if day <= until else "" for word, day in zip(words, days, strict=True)]


def _of_whole(shown: Shown) -> str:
    if not shown.of:
        return shown.counts
    return shown.part if shown.n is None else f"{shown.n:,}"
