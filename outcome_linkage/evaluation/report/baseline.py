"""Table 1: who is in each arm on day 0, and how alike the arms are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isinf, sqrt
from typing import Any, NamedTuple

from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Block, Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import TOO_FEW, count, fixed, share_words, shares, significant
from outcome_linkage.evaluation.words import name as plain
from outcome_linkage.linkage_quality.released import Shown

NUMBER = "number"
_MOST_DRAWN = 30
_INDENT = "\N{EM SPACE}"
_QUARTERS = ("p25", "p50", "p75")
Cell = Mapping[str, Any]


class Line(NamedTuple):
    """One characteristic, or one of its levels: a cell for each arm, and differences of the first two."""

    variable: str
    level: str
    cells: tuple[str, ...]
    raw: float | None
    weighted: float | None


def baseline(run: Gathered) -> Section | None:
    """The section; None without people."""
    table = run.table("ev_balance")
    if not table.height or not run.arms:
        return None
    lines = list(_lines(table.to_dicts(), run))
    blocks: list[Block] = [
        Words(
            "People as they were on day 0. Differences are standardised: of means or shares, in standard "
            "deviations; beyond the bound of the study the arms are not alike in it. Weighted: as the "
            "estimates weigh."
        ),
        _table(lines, run),
    ]
    if any(line.raw is not None for line in lines):
        blocks.append(_love(lines, run))
    return Section("baseline", "Who the people are, and how alike the arms", blocks)


def is_shown(item: str, run: Gathered) -> bool:
    """Whether the difference of `variable=level` may be told: no arm has few people of it."""
    found = _lines(run.table("ev_balance").to_dicts(), run)
    return any(f"{line.variable}={line.level}" == item and line.raw is not None for line in found)


def _lines(rows: Sequence[Cell], run: Gathered) -> Iterator[Line]:
    found = {(row["variable"], row["level"] or NUMBER, row["arm"]): row for row in rows}
    variables = dict.fromkeys(row["variable"] for row in rows)
    for variable in variables:
        levels = sorted({level for of, level, _ in found if of == variable}, key=_in_order)
        known = {arm: _known(found, variable, arm, levels) for arm in run.arms}
        for level in levels:
            cells = [found.get((variable, level, arm)) for arm in run.arms]
            if level == NUMBER and _kind(variable, run) == "binary":
                yield _yes_or_no(variable, cells, run)
            elif level == NUMBER:
                yield _number(variable, cells, run)
            else:
                yield _level(variable, level, cells, list(known.values()), run)


def _in_order(level: str) -> tuple[bool, float, str]:
    """Numbers by size (`5-9` by its first), then words, with what is not known last."""
    first = level.split("-")[0].rstrip("+")
    return (level.lower() == "unknown", float(first) if first.isdigit() else 1e9, level)


def _known(found: Mapping[Any, Cell], variable: str, arm: str, levels: Sequence[str]) -> int:
    return sum(found[variable, level, arm]["n"] or 0 for level in levels if (variable, level, arm) in found)


def _level(
    variable: str, level: str, cells: Sequence[Cell | None], known: Sequence[int], run: Gathered
) -> Line:
    parts = shares([((cell or {}).get("n"), of) for cell, of in zip(cells, known, strict=True)], run.profile)
    exact = not any(part.about or part.share is None for part in parts[:2])
    raw = _of_shares(parts) if exact else None
    weighted = _second(cells, "smd_weighted") if exact else None
    return Line(variable, level, tuple(map(share_words, parts)), raw, weighted)


def _of_shares(parts: Sequence[Shown]) -> float | None:
    """The difference of two released shares, standardised; infinite where neither varies and they differ."""
    if len(parts) < 2:
        return None
    a, b = (part.share or 0.0 for part in parts[:2])
    spread = sqrt((a * (1 - a) + b * (1 - b)) / 2)
    return (b - a) / spread if spread else 0.0 if a == b else float("inf")


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
    exact = not any(part.about or part.share is None for part in parts[:2])
    raw, weighted = (_of_shares(parts), _second(cells, "smd_weighted")) if exact else (None, None)
    return Line(variable, NUMBER, tuple(map(share_words, parts)), raw, weighted)


def _number(variable: str, cells: Sequence[Cell | None], run: Gathered) -> Line:
    counted = _kind(variable, run) in ("count", "days")
    told = ["" if counted and _sums_to_few(cell, run) else _mean(cell, run) for cell in cells]
    raw = weighted = None
    if len(cells) > 1 and all(told[:2]):
        raw, weighted = _second(cells, "smd_raw"), _second(cells, "smd_weighted")
    return Line(variable, NUMBER, tuple(word or TOO_FEW for word in told), raw, weighted)


def _sums_to_few(cell: Cell | None, run: Gathered) -> bool:
    """Whether mean and people give away that something happened one to seven times."""
    if cell is None or cell["mean"] is None:
        return False
    return 0 < round(cell["mean"] * cell["n"]) <= run.profile.hide_to


def _mean(cell: Cell | None, run: Gathered) -> str:
    """Mean and spread of 8 and more; quarters where 8 and more lie beyond each."""
    few = run.profile.hide_to
    if cell is None or cell["n"] <= few or cell["mean"] is None:
        return ""
    text = f"{significant(cell['mean'])} ({significant(cell['sd'])})"
    if cell["n"] <= 4 * (few + 1):
        return text
    quarters = ", ".join(significant(cell[name]).removesuffix(".00").removesuffix(".0") for name in _QUARTERS)
    return f"{text}; {quarters}"


def _second(cells: Sequence[Cell | None], column: str) -> float | None:
    """What the second arm says of itself against the first."""
    cell = cells[1] if len(cells) > 1 else None
    return cell[column] if cell is not None else None


def _table(lines: Sequence[Line], run: Gathered) -> Grid:
    sizes = {row["arm"]: row["n"] for row in run.sizes.iter_rows(named=True)}
    rows: list[Sequence[str]] = []
    before = ""
    for line in lines:
        if line.level != NUMBER and line.variable != before:
            rows.append((_title(line.variable, run),))
        title = _title(line.variable, run) if line.level == NUMBER else f"{_INDENT}{plain(line.level)}"
        rows.append((title, *line.cells, _difference(line.raw), _difference(line.weighted)))
        before = line.variable
    head = [f"{label} (n = {count(sizes.get(arm), run.profile)})" for arm, label in run.arms.items()]
    return Grid(
        ("on day 0", *head, "difference", "weighted"),
        rows,
        title="Table 1",
        note="Groups: people (share of those known). Numbers: mean (standard deviation); lower quartile, "
        "median, upper quartile. Differences are of the second arm from the first. Where few are behind "
        "a figure there is no difference.",
    )


def _difference(value: float | None) -> str:
    if value is None:
        return ""
    return "no overlap" if isinf(value) else fixed(value, 2, plus=True)


def _love(lines: Sequence[Line], run: Gathered) -> Picture:
    bound = run.study.diagnostics.max_smd.bound
    drawn = [line for line in lines if line.raw is not None and not isinf(line.raw)]
    drawn = sorted(
        drawn, key=lambda line: -abs(line.weighted if line.weighted is not None else line.raw or 0)
    )
    rows = [
        {"name": _name(line, run), "when": when, "d": d}
        for line in drawn[:_MOST_DRAWN]
        for when, d in (("raw", line.raw), ("weighted", line.weighted))
        if d is not None and not isinf(d)
    ]
    table = [(_name(line, run), _difference(line.raw), _difference(line.weighted)) for line in drawn]
    beyond = [
        line for line in drawn if abs(line.weighted if line.weighted is not None else line.raw or 0) > bound
    ]
    return Picture(
        "How alike the arms are",
        f"Dot plot of standardised differences before and after weighting. {len(beyond)} of {len(drawn)} lie "
        f"beyond {bound:g} after weighting.",
        pictures.love(rows, bound),
        Grid(("characteristic", "difference", "weighted"), table),
        f"The dashed lines are at {bound:g}; the largest differences after weighting stand first.",
    )


def _name(line: Line, run: Gathered) -> str:
    title = _title(line.variable, run)
    return title if line.level == NUMBER else f"{title}: {plain(line.level)}"


def _title(variable: str, run: Gathered) -> str:
    variable = variable.removeprefix("x_")
    words = run.label(variable)
    return words[0].upper() + words[1:]
