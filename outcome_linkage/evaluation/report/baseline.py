"""Table 1: who is in each arm on day 0, and how alike the arms are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isinf, sqrt
from typing import Any, NamedTuple

from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Block, Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import (
    NOT_SHOWN,
    count,
    fixed,
    listed,
    parts_of,
    share_words,
    shares,
    significant,
)
from outcome_linkage.evaluation.words import name as plain
from outcome_linkage.linkage_quality.released import Shown

NUMBER = "number"
_MOST_DRAWN = 30
_INDENT = "\N{EM SPACE}"
_QUARTERS = ("p25", "p50", "p75")
Cell = Mapping[str, Any]


class Apart(NamedTuple):
    """The first arm less another, standardised; None where few are behind it."""

    raw: float | None = None
    weighted: float | None = None

    @property
    def judged(self) -> float:
        """How far, as the estimates weigh where they do."""
        return abs(self.weighted if self.weighted is not None else self.raw or 0.0)


class Line(NamedTuple):
    """One characteristic, or one of its levels: a cell for each arm, how far each other is from the first."""

    variable: str
    level: str
    cells: tuple[str, ...]
    apart: tuple[Apart, ...]


def baseline(run: Gathered) -> Section | None:
    """The section; None without people."""
    table = run.table("ev_balance")
    if not table.height or not run.arms:
        return None
    lines = list(_lines(table.to_dicts(), run))
    blocks: list[Block] = [
        Words(
            "People as they were on day 0. Differences are standardised: of means or shares, in standard "
            "deviations, the first arm less the other, as in the estimates. Those of shares are made of the "
            "counts as shown: with few people rounding makes them larger or smaller than they are. Weighted: "
            "as the estimates weigh, of the people themselves."
        ),
        _table(lines, run),
    ]
    if any(one.raw is not None for line in lines for one in line.apart):
        blocks.append(_love(lines, run))
    return Section("baseline", "Who the people are, and how alike the arms", blocks)


def difference_of(item: str, run: Gathered) -> float | None:
    """How far apart the arms are in `variable=level`, as shown; None where an arm has few people of it."""
    for line in _lines(run.table("ev_balance").to_dicts(), run):
        if f"{line.variable}={line.level}" == item and all(one.raw is not None for one in line.apart):
            return max((one.judged for one in line.apart), default=None)
    return None


def _lines(rows: Sequence[Cell], run: Gathered) -> Iterator[Line]:
    found = {(row["variable"], row["level"] or NUMBER, row["arm"]): row for row in rows}
    variables = dict.fromkeys(row["variable"] for row in rows)
    for variable in variables:
        levels = sorted({level for of, level, _ in found if of == variable}, key=_in_order)
        parts = {arm: _shares(found, variable, arm, levels, run) for arm in run.arms}
        for level in levels:
            cells = [found.get((variable, level, arm)) for arm in run.arms]
            if level == NUMBER and _kind(variable, run) == "binary":
                yield _yes_or_no(variable, cells, run)
            elif level == NUMBER:
                yield _number(variable, cells, run)
            else:
                yield _level(variable, level, cells, [of_arm[level] for of_arm in parts.values()])


def _in_order(level: str) -> tuple[bool, float, str]:
    """Numbers by size (`5-9` by its first), then words, with what is not known last."""
    first = level.split("-")[0].rstrip("+")
    return (level.lower() == "unknown", float(first) if first.isdigit() else 1e9, level)


def _shares(
    found: Mapping[Any, Cell], variable: str, arm: str, levels: Sequence[str], run: Gathered
) -> dict[str, Shown]:
    """Each level of a characteristic in an arm."""
    cells = [found.get((variable, level, arm)) or {} for level in levels]
    return dict(zip(levels, parts_of([cell.get("n") or 0 for cell in cells], run.profile), strict=True))


def _level(variable: str, level: str, cells: Sequence[Cell | None], parts: Sequence[Shown]) -> Line:
    return Line(variable, level, tuple(map(share_words, parts)), _by_shares(parts, cells))


def _by_shares(parts: Sequence[Shown], cells: Sequence[Cell | None]) -> tuple[Apart, ...]:
    """Each other arm against the first, where neither share is of few."""
    exact = [not part.about and part.share is not None for part in parts]
    return tuple(
        Apart(_of_shares(parts[0], part), _less(cell, "smd_weighted")) if exact[0] and here else Apart()
        for part, cell, here in zip(parts[1:], cells[1:], exact[1:], strict=True)
    )


def _of_shares(first: Shown, other: Shown) -> float:
    """The difference of two released shares, standardised; infinite where neither varies and they differ."""
    a, b = first.share or 0.0, other.share or 0.0
    spread = sqrt((a * (1 - a) + b * (1 - b)) / 2)
    return (a - b) / spread if spread else 0.0 if a == b else float("inf")


def _less(cell: Cell | None, name: str) -> float | None:
    """A difference of `ev_balance`, which is from the first arm, as the first less the other."""
    value = (cell or {}).get(name)
    return None if value is None else -value


def _kind(variable: str, run: Gathered) -> str | None:
    """The kind of a covariate of the study."""
    known = {one.id: one.kind for one in run.study.covariates}
    return known.get(variable.removeprefix("x_"))


def _yes_or_no(variable: str, cells: Sequence[Cell | None], run: Gathered) -> Line:
    """A covariate that somebody has or not: people with it, as of a group."""
    pairs = [
        (
            round(cell["mean"] * cell["n"]) if cell and cell["mean"] is not None else None,
            cell["n"] if cell else 0,
        )
        for cell in cells
    ]
    parts = shares(pairs, run.profile)
    return Line(variable, NUMBER, tuple(map(share_words, parts)), _by_shares(parts, cells))


def _number(variable: str, cells: Sequence[Cell | None], run: Gathered) -> Line:
    counted = _kind(variable, run) in ("count", "days")
    told = ["" if counted and _sums_to_few(cell, run) else _mean(cell, run) for cell in cells]
    apart = tuple(
        Apart(_less(cell, "smd_raw"), _less(cell, "smd_weighted")) if told[0] and word else Apart()
        for cell, word in zip(cells[1:], told[1:], strict=True)
    )
    return Line(variable, NUMBER, tuple(word or NOT_SHOWN for word in told), apart)


def _sums_to_few(cell: Cell | None, run: Gathered) -> bool:
    """Whether mean and people give away that something happened one to seven times."""
    if cell is None or cell["mean"] is None:
        return False
    return 0 < round(cell["mean"] * cell["n"]) <= run.profile.hide_to


def _mean(cell: Cell | None, run: Gathered) -> str:
    """Mean and spread of enough people; quarters where enough lie beyond each."""
    if cell is None or cell["n"] < run.profile.mean_from or cell["mean"] is None:
        return ""
    text = f"{significant(cell['mean'])} ({significant(cell['sd'])})"
    if cell["n"] <= 4 * run.profile.tail_from:
        return text
    quarters = ", ".join(significant(cell[name]).removesuffix(".00").removesuffix(".0") for name in _QUARTERS)
    return f"{text}; {quarters}"


def _table(lines: Sequence[Line], run: Gathered) -> Grid:
    sizes = {row["arm"]: row["n"] for row in run.sizes.iter_rows(named=True)}
    rows: list[Sequence[str]] = []
    before = ""
    for line in lines:
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


def _love(lines: Sequence[Line], run: Gathered) -> Picture:
    bound = run.study.diagnostics.max_smd.bound
    found = [
        (f"{_name(line, run)}{of}", one)
        for line in lines
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
