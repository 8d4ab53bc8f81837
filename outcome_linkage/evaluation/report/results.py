"""What became of the people, by arm: estimates, subgroups, negative controls, changes to the study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outcome_linkage.evaluation.estimates.estimate import RATIOS
from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Block, Grid, Notice, Picture, Section, Words
from outcome_linkage.evaluation.report.estimated import (
    ALL,
    MAIN,
    SCALES,
    Told,
    as_cells,
    confidence_of,
    method_words,
    told,
)
from outcome_linkage.evaluation.report.gate import CONTROL, hidden_because, is_blinded
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.incidence import incidences
from outcome_linkage.evaluation.report.shown import fixed
from outcome_linkage.evaluation.words import name as plain

MOST_DRAWN = 40
"""Lines of the forest plot beyond which it keeps to everybody and to the study as it stands."""
MOST_OPEN = 20
"""Rows beyond which a table is folded."""


def results(run: Gathered) -> Section | None:
    """The section; None where nothing was estimated."""
    rows = told(run)
    if not rows and not run.table("ev_survival").height:
        return None
    blocks: list[Block] = []
    if is_blinded(run):
        blocks.append(Notice("Outcomes by arm are hidden", hidden_because(run), "warned"))
    blocks += incidences(run)
    drawn = _forest(rows, run)
    if drawn.svg:
        blocks.append(drawn)
    blocks += list(_tables(rows, run))
    return Section("results", "What became of them", blocks)


def _forest(rows: Sequence[Told], run: Gathered) -> Picture:
    ratios = [one for one in rows if one.row.scale in RATIOS and not one.why_not]
    ratios.sort(key=lambda one: (one.row.role == CONTROL, not one.is_main))
    ratios = ratios if len(ratios) <= MOST_DRAWN else [one for one in ratios if one.is_main]
    drawn = [{"name": _line(one, run), **as_cells(one), "colour": _colour(one)} for one in ratios]
    listed = [(str(row["name"]), one.figure, one.interval) for row, one in zip(drawn, ratios, strict=True)]
    apart = [one for one in ratios if one.row.role == CONTROL and one.is_beyond_chance]
    says = f"{len(apart)} of the negative controls, shown in grey, differ beyond chance."
    controls = [one for one in ratios if one.row.role == CONTROL]
    return Picture(
        "Ratios of risks and rates",
        f"Forest plot of {len(ratios)} ratios with intervals. {says if controls else ''}",
        pictures.forest(drawn),
        Grid(("estimate", "ratio", confidence_of(run)), listed),
        "Left of 1 it happened less often in the first arm. Negative controls, in grey, are outcomes "
        "that the "
        "service cannot affect: one away from 1 warns of a difference that was there before."
        if controls
        else "Left of 1 it happened less often in the first arm.",
    )


def _colour(one: Told) -> str:
    if one.row.role == CONTROL:
        return pictures.GREY
    return pictures.BLUE if one.is_main else "#56B4E9"


def _line(one: Told, run: Gathered) -> str:
    row = one.row
    parts = [run.label(row.outcome)]
    parts += [plain(row.subgroup.replace("=", " "))] if row.subgroup != ALL else []
    parts += [plain(row.sensitivity_id)] if row.sensitivity_id != MAIN else []
    parts.append(method_words(row.method))
    return ", ".join(parts)


def _tables(rows: Sequence[Told], run: Gathered) -> Iterator[Block]:
    open_rows = [one for one in rows if not one.is_hidden]
    sections = (
        ("Estimates", _once([one for one in rows if one.is_main])),
        ("By subgroup", [one for one in open_rows if one.row.subgroup != ALL]),
        ("With something changed", [one for one in open_rows if one.row.sensitivity_id != MAIN]),
    )
    head = ("outcome", "what", "how", *_arm_heads(run), "estimate", confidence_of(run), "E-value", "remark")
    for title, part in sections:
        if part:
            cells = [_cells(one, run) for one in part]
            folded = title != "Estimates" and len(cells) > MOST_OPEN
            yield Grid(head, cells, title=title, words=3, remark=True, folded=folded)
    if rows:
        yield Words(
            "Differences in risk are in percentage points, first arm less second. E-value: how strongly "
            "something unmeasured would have to go with both the arm and the outcome to explain the "
            "estimate away."
        )


def _once(rows: Sequence[Told]) -> list[Told]:
    """Every estimate that can be shown; of an outcome those that cannot for one reason only once."""
    kept: dict[object, Told] = {}
    for place, one in enumerate(rows):
        kept.setdefault((one.row.outcome, one.why_not) if one.why_not else place, one)
    return list(kept.values())


def _arm_heads(run: Gathered) -> tuple[str, str]:
    labels = [*run.arms.values(), "first arm", "second arm"]
    return (labels[0], labels[1]) if len(run.arms) == 2 else ("first arm", "second arm")


def _cells(one: Told, run: Gathered) -> tuple[str, ...]:
    row = one.row
    changed = [plain(row.subgroup.replace("=", " "))] if row.subgroup != ALL else []
    changed += [plain(row.sensitivity_id)] if row.sensitivity_id != MAIN else []
    what = SCALES[row.scale] if len(run.arms) < 3 else f"{SCALES[row.scale]}, {plain(row.contrast)}"
    return (
        ": ".join([run.label(row.outcome), *changed]),
        "" if one.why_not else what,
        "" if one.why_not else method_words(row.method),
        *one.people,
        one.figure,
        one.interval,
        fixed(row.e_value, 1) if one.figure else "",
        one.why_not or row.reason or "",
    )
