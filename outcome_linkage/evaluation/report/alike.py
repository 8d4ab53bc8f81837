"""How far the arms are apart on day 0: each characteristic with a cell for each arm and the differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import (
    NOT_SHOWN,
    parts_of,
    share_words,
    shares,
    significant,
)
from outcome_linkage.linkage_quality.released import Shown

NUMBER = "number"
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


def difference_of(item: str, run: Gathered) -> float | None:
    """How far apart the arms are in `variable=level`, as shown; None where an arm has few people of it."""
    for line in lines(run.table("ev_balance").to_dicts(), run):
        if f"{line.variable}={line.level}" == item and all(one.raw is not None for one in line.apart):
            return max((one.judged for one in line.apart), default=None)
    return None


def lines(rows: Sequence[Cell], run: Gathered) -> Iterator[Line]:
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
