"""Costs by sector beside the outcomes, and how far prices move the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Block, Grid, Notice, Picture, Section, Words
from outcome_linkage.evaluation.report.gate import is_blinded
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import NOT_SHOWN, counts, shares, significant
from outcome_linkage.evaluation.report.worth import worth
from outcome_linkage.evaluation.words import name as plain

Row = Mapping[str, Any]
_FIGURES = 3
PLACEHOLDER = "PLACEHOLDER prices"


def costs(run: Gathered) -> Section | None:
    """The section; None for a study without costs."""
    table, asked = run.table("ev_costs"), run.study.costs
    if asked is None or not table.height:
        return None
    blocks: list[Block] = [
        Words(
            f"Per person, in GBP of {asked.price_year}. Each sector stands by itself, so that no perspective "
            "hides another. Costs and outcomes stand side by side; nothing is added up that is not alike."
        )
    ]
    if unverified(run):
        blocks.insert(0, Notice(PLACEHOLDER, placeholder_words(run), "closed"))
    if is_blinded(run):
        blocks.append(Words("What was used, and what it cost, is hidden by arm as outcomes are."))
        return Section("costs", "Costs and consequences", blocks)
    blocks.append(_consequences(run))
    main = table.filter(pl.col("discount_rate") == asked.discount.costs)
    blocks += [_items(main, run), *_tornados(main, run), *_rates(table, run), *worth(run)]
    return Section("costs", "Costs and consequences", blocks)


def unverified(run: Gathered) -> list[str]:
    """Unit costs in use that nobody has verified; they block a release."""
    table = run.table("ev_costs")
    if not table.height:
        return []
    return sorted(set(table.filter(pl.col("blocks_release"))["unit_cost_id"].drop_nulls().to_list()))


def placeholder_words(run: Gathered) -> str:
    """Which prices are not to be believed."""
    return (
        f"These prices are invented or unverified: {', '.join(unverified(run))}. Every figure that is "
        "made of "
        "them shows how the page looks, not what anything costs. A release is blocked until the owners "
        "of the "
        "prices confirm them."
    )


def _consequences(run: Gathered) -> Grid:
    """Outcomes in their own units and costs, by arm: means from released counts, costs to three figures."""
    found = {(row["outcome"], row["arm"]): row for row in run.table("ev_consequences").iter_rows(named=True)}
    rows, hidden = [], _hidden(run)
    for outcome in dict.fromkeys(outcome for outcome, _ in found):
        cells = [found.get((outcome, arm)) for arm in run.arms]
        rows.append(
            (_consequence(run, outcome), *(_per_person(outcome, cell, hidden, run) for cell in cells))
        )
    return Grid(
        ("per person", *run.arms.values()),
        rows,
        title="Costs and consequences side by side",
        note="Of those of whom it is known, with their number. Costs are discounted; not shown: the sum "
        "would tell what few people used.",
    )


def _consequence(run: Gathered, column: str) -> str:
    kind, _, name = column.partition("_")
    if kind == "k":
        return "All sectors, GBP" if name == "total" else f"{_capital(plain(name))}, GBP"
    label = run.label(name)
    return label[0].upper() + label[1:]


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _hidden(run: Gathered) -> set[tuple[str, str]]:
    """Columns of costs, with the arm, that would give away a resource of few users: all others are shown."""
    few = pl.col("n_users").is_between(run.profile.hide_from, run.profile.hide_to)
    found = run.table("ev_costs").filter(few).select("sector", "arm").iter_rows()
    return {(column, arm) for sector, arm in found for column in (f"k_{sector}", "k_total")}


def _per_person(column: str, cell: Row | None, hidden: set[tuple[str, str]], run: Gathered) -> str:
    if cell is None or not cell["n_known"]:
        return ""
    known = counts([cell["n_known"]], run.profile)[0]
    if known.n is None:
        return NOT_SHOWN
    if (column, cell["arm"]) in hidden:
        return NOT_SHOWN
    if column.startswith("k_"):
        return f"{significant(cell['per_person'])} (n = {known.counts})"
    if _is_yes_or_no(column, run):
        return shares([(round(cell["total"]), cell["n_known"])], run.profile)[0].words
    total = counts([round(cell["total"])], run.profile)[0]
    if total.n is None:
        return f"{total.few} in all (n = {known.counts})"
    return f"{significant(total.n / known.n)} (n = {known.counts})"


def _is_yes_or_no(column: str, run: Gathered) -> bool:
    kinds = {f"o_{one.id}": one.kind for one in run.study.outcomes}
    return kinds.get(column) in ("binary", "time_to_event")


def _items(table: pl.DataFrame, run: Gathered) -> Grid:
    rows = []
    for row in table.sort("sector", "resource", "arm").iter_rows(named=True):
        users = counts([row["n_users"]], run.profile)[0]
        hidden = users.n is None
        rows.append(
            (
                f"{plain(row['resource'])}: {run.arms.get(row['arm'], row['arm'])}",
                plain(row["sector"]),
                f"{row['unit_cost_id']}{' (PLACEHOLDER)' if row['blocks_release'] else ''}",
                users.counts if row["n_users"] is not None else "",
                NOT_SHOWN if hidden else significant(row["units_pp"], _FIGURES),
                significant(row["unit_cost_base"] * row["factor"], _FIGURES) if row["factor"] else "",
                NOT_SHOWN if hidden else significant(row["cost_pp"], _FIGURES),
                "" if hidden else f"{significant(row['lo'], _FIGURES)} to {significant(row['hi'], _FIGURES)}",
            )
        )
    return Grid(
        (
            "resource and arm",
            "sector",
            "price",
            "users",
            "units each",
            "price of one",
            "cost each",
            "low to high",
        ),
        rows,
        title="What was used, and what it costs",
        words=3,
        note="Price of one: uprated to the price year. Low to high: at the lowest and the highest price.",
    )


def _tornados(table: pl.DataFrame, run: Gathered) -> Iterator[Picture]:
    """A picture for each arm that the first is set against and of which enough is known."""
    first, *others = run.arms
    for other in others:
        if shown := _differences(table, (first, other), run):
            yield _tornado(shown, f"{run.arms[first]} less {run.arms[other]}")


def _tornado(shown: Sequence[tuple[str, float, float, float]], contrast: str) -> Picture:
    """A difference in cost, with one price at a time low or high."""
    middle = sum(base for _, base, _, _ in shown)
    rows = [
        {"name": name, "lo": round(middle - base + low, 1), "hi": round(middle - base + high, 1)}
        for name, base, low, high in shown
    ]
    rows.sort(key=lambda row: -abs(row["hi"] - row["lo"]))  # type: ignore[operator]
    told = [(str(row["name"]), *(significant(row[end], plus=True) for end in ("lo", "hi"))) for row in rows]  # type: ignore[arg-type]
    return Picture(
        f"What the prices do to the difference: {contrast}",
        f"Tornado plot of the difference in cost per person, {significant(middle, plus=True)} GBP at "
        "base prices, "
        "with each price in turn at its lowest and highest.",
        pictures.tornado(rows, round(middle, 1)),
        Grid(("price that is changed", "at its lowest", "at its highest"), told),
        "As observed. Resources that few used are left out.",
    )


def _differences(
    table: pl.DataFrame, arms: Sequence[str], run: Gathered
) -> list[tuple[str, float, float, float]]:
    """By resource: the difference at base, low and high prices, from figures as they are shown."""
    found = {(row["resource"], row["arm"]): row for row in table.iter_rows(named=True)}
    made = []
    for resource in sorted({resource for resource, _ in found}):
        cells = [found.get((resource, arm)) for arm in arms]
        if any(
            cell is None or cell["cost_pp"] is None or 0 < (cell["n_users"] or 0) <= run.profile.hide_to
            for cell in cells
        ):
            continue
        base, low, high = (
            _round(cells[0], name) - _round(cells[1], name) for name in ("cost_pp", "lo", "hi")
        )
        made.append((plain(resource), base, low, high))
    return made


def _round(cell: Row | None, name: str) -> float:
    return float(f"{(cell or {}).get(name) or 0.0:.{_FIGURES}g}")


def _rates(table: pl.DataFrame, run: Gathered) -> Iterator[Grid]:
    rates = sorted(set(table["discount_rate"].to_list()))
    if len(rates) < 2:
        return
    rows = []
    for arm, label in run.arms.items():
        cells = []
        for rate in rates:
            part = table.filter(pl.col("arm") == arm, pl.col("discount_rate") == rate)
            part = part.filter((pl.col("n_users") == 0) | (pl.col("n_users") > run.profile.hide_to))
            cells.append(significant(float(part["cost_pp"].sum()), _FIGURES))
        rows.append((label, *cells))
    head = [f"at {rate:.1%}" for rate in rates]
    yield Grid(
        ("cost per person, all sectors", *head),
        rows,
        title="At other rates of discount",
        note="Without resources that few of an arm used.",
    )
