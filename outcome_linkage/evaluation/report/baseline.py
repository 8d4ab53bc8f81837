"""Table 1: who is in each arm on day 0, and how alike the arms are."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf

from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.alike import NUMBER, Line, lines
from outcome_linkage.evaluation.report.blocks import Block, Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import count, fixed, listed
from outcome_linkage.evaluation.words import name as plain

_MOST_DRAWN = 30
_INDENT = "\N{EM SPACE}"


def baseline(run: Gathered) -> Section | None:
    """The section; None without people."""
    table = run.table("ev_balance")
    if not table.height or not run.arms:
        return None
    found = list(lines(table.to_dicts(), run))
    blocks: list[Block] = [
        Words(
            "People as they were on day 0. Differences are standardised: of means or shares, in standard "
            "deviations, the first arm less the other, as in the estimates. Those of shares are made of the "
            "counts as shown: with few people rounding makes them larger or smaller than they are. Weighted: "
            "as the estimates weigh, of the people themselves."
        ),
        _table(found, run),
    ]
    if any(one.raw is not None for line in found for one in line.apart):
        blocks.append(_love(found, run))
    return Section("baseline", "Who the people are, and how alike the arms", blocks)


def _table(told: Sequence[Line], run: Gathered) -> Grid:
    sizes = {row["arm"]: row["n"] for row in run.sizes.iter_rows(named=True)}
    rows: list[Sequence[str]] = []
    before = ""
    for line in told:
        if line.level != NUMBER and line.variable != before:
            rows.append((_title(line.variable, run),))
        title = _title(line.variable, run) if line.level == NUMBER else f"{_INDENT}{plain(line.level)}"
        apart = [_difference(value) for one in line.apart for value in one]
        rows.append((title, *line.cells, *apart))
        before = line.variable
    head = [f"{label} (n = {count(sizes.get(arm), run.profile)})" for arm, label in run.arms.items()]
    return Grid(
        ("on day 0", *head, *(f"{what}{of}" for of in _others(run) for what in ("difference", "weighted"))),
        rows,
        title="Table 1",
        note="Groups: people (share of those known). Numbers: mean (standard deviation); lower quartile, "
        "median, upper quartile. Differences: the first arm less the other; none "
        "where few are behind a figure.",
    )


def _difference(value: float | None) -> str:
    if value is None:
        return ""
    return "no overlap" if isinf(value) else fixed(value, 2, plus=True)


def _others(run: Gathered) -> list[str]:
    """What the heads of differences end on: the label of the other arm, where there are several."""
    others = list(run.arms.values())[1:]
    return [f", {label}" for label in others] if len(others) > 1 else [""] * len(others)


def _love(told: Sequence[Line], run: Gathered) -> Picture:
    bound = run.study.diagnostics.max_smd.bound
    found = [
        (f"{_name(line, run)}{of}", one)
        for line in told
        for of, one in zip(_others(run), line.apart, strict=True)
        if one.raw is not None and not isinf(one.raw)
    ]
    found.sort(key=lambda pair: -pair[1].judged)
    rows = [
        {"name": name, "when": when, "d": d}
        for name, one in found[:_MOST_DRAWN]
        for when, d in (("raw", one.raw), ("weighted", one.weighted))
        if d is not None and not isinf(d)
    ]
    beyond = sum(one.judged > bound for _, one in found)
    return Picture(
        "How alike the arms are",
        f"Dot plot of standardised differences before and after weighting. {beyond} of {len(found)} lie "
        f"beyond {bound:g} after weighting.",
        pictures.love(rows, bound),
        Grid(
            ("characteristic", "difference", "weighted"),
            [(name, *map(_difference, one)) for name, one in found],
        ),
        f"The dashed lines are at {bound:g}; the largest differences after weighting stand first. Judged by "
        f"that bound, of the people themselves, {_judged(run)}.",
    )


def _judged(run: Gathered) -> str:
    """Which characteristics have to be alike: what is adjusted for, else all."""
    own = [run.label(one.id) for one in run.study.covariates]
    return f"is only what is adjusted for: {listed(own)}" if own else "are all of these"


def _name(line: Line, run: Gathered) -> str:
    title = _title(line.variable, run)
    return title if line.level == NUMBER else f"{title}: {plain(line.level)}"


def _title(variable: str, run: Gathered) -> str:
    variable = variable.removeprefix("x_")
    words = run.label(variable)
    return words[0].upper() + words[1:]
