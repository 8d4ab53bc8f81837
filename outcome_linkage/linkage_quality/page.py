"""The pack as one page that needs no network: what is wrong first, then for whom, then everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from outcome_linkage.linkage_quality import plots
from outcome_linkage.linkage_quality.checks import LEAST_PRECISION
from outcome_linkage.linkage_quality.contradictions import KINDS
from outcome_linkage.linkage_quality.figures import ALL
from outcome_linkage.linkage_quality.inputs import SHARED_BY_NATURE
from outcome_linkage.linkage_quality.people import CHARACTERISTICS, in_order
from outcome_linkage.linkage_quality.process import STAGES
from outcome_linkage.linkage_quality.released import FEW, Shown
from outcome_linkage.linkage_quality.shown_run import HEADLINES, Pack
from outcome_linkage.pages import render

_TEMPLATE = "page.html.j2"
# The planted trap that is like a pattern of relatives.
TRAP_LIKE = {
    "twins": "twin",
    "brothers and sisters": "brother or sister",
    "namesakes": "parent of the same name in one home",
}


def html(pack: Pack) -> str:
    """The page: one file, no reference to anything outside it."""
    return render(
        Path(__file__).with_name(_TEMPLATE),
        {"count": _count, "plain": _plain},
        pack=pack,
        headlines=[(title, pack.find(measure), what) for title, measure, what in HEADLINES],
        characteristics=CHARACTERISTICS,
        stages=STAGES,
        contradictions=KINDS,
        groups=list(_groups(pack)),
        tables=_tables(pack),
        relatives=list(_relatives(pack)),
        pictures=pictures(pack),
    )


def pictures(pack: Pack) -> dict[str, str]:
    """SVG by name; empty text where there is nothing to draw."""
    return {
        "recall": plots.by_group(pack.figures, "recall", "Recall"),
        "precision": plots.by_group(pack.figures, "precision", "Precision", bar=LEAST_PRECISION),
        "found": plots.by_group(pack.figures, "planted_found", "Planted records found"),
        "planted": plots.planted(pack.figures),
        "passes": plots.passes(pack.figures),
        "complete": plots.completeness(pack.figures),
        "overlap": plots.overlap(pack.figures, SHARED_BY_NATURE),
        "missing": plots.standardised([d for d in pack.differences if d.other in pack.registers]),
        "unlike": plots.standardised([d for d in pack.differences if d.other not in pack.registers]),
        "trend": plots.trend(pack.trend),
    }


def _groups(pack: Pack) -> Iterable[dict[str, Any]]:
    """Accuracy by characteristic: a row per group, a cell per measure."""
    for by, title in ({"supplier_pair": "Suppliers"} | CHARACTERISTICS).items():
        names = in_order(f.group for f in pack.figures if f.by == by and f.item == ALL and f.of != 0)
        for name in names:
            yield {
                "by": title,
                "group": name,
                "cells": [pack.find(measure, ALL, by, name) for _, measure, _ in HEADLINES],
            }


def _relatives(pack: Pack) -> Iterable[dict[str, Any]]:
    """People who share a home: what was counted of each pattern, and the planted trap that is like it."""
    for found in pack.figures:
        if found.measure in ("relatives_linked", "relatives_refused"):
            yield {
                "pattern": found.item,
                "pair": found.group,
                "candidates": found,
                "expected": pack.find("relatives_expected", *found[1:4]),
                "is_linked": found.measure == "relatives_linked",
                "trap": pack.find("trap_linked", TRAP_LIKE[found.item]),
            }


def _tables(pack: Pack) -> dict[str, list[Shown]]:
    """Figures that are listed as they are, by the name of their table."""
    wanted: dict[str, Callable[[Shown], bool]] = {
        "stages": lambda f: f.measure == "links" and f.by == "stage",
        "levels": lambda f: f.measure in ("precision", "recall") and f.by == "level",
        "pass_precision": lambda f: f.measure == "precision" and f.by == "pass",
        "reasons": lambda f: f.measure == "refused" and f.by == "reason",
        "candidates": lambda f: f.measure == "candidates",
        "pairs": lambda f: f.measure == "pairs",
        "ids": lambda f: f.measure in ("ids", "moved"),
        "contradictions": lambda f: f.measure == "contradiction" and f.item != ALL,
        "records": lambda f: f.measure == "records",
        "token_rows": lambda f: f.measure == "token_rows",
        "residual": lambda f: f.measure == "residual",
        "wrong": lambda f: f.measure == "planted_wrong" and bool(f.n),
        "never_planted": lambda f: (
            f.measure in ("planted_found", "trap_linked") and f.item != ALL and not f.of
        ),
    }
    return {name: [f for f in pack.figures if test(f)] for name, test in wanted.items()}


def _count(count: int | None, hidden: bool = False) -> str:
    return FEW if hidden else "" if count is None else f"{count:,}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
