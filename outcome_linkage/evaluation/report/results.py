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
    about,
    as_cells,
    confidence_of,
    in_whom,
    method_words,
    told,
)
from outcome_linkage.evaluation.report.event_study import event_studies, is_by_period
from outcome_linkage.evaluation.report.gate import CONTROL, hidden_because, is_blinded
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.incidence import incidences
from outcome_linkage.evaluation.report.shown import fixed
from outcome_linkage.evaluation.words import name as plain

MOST_DRAWN = 40
"""Lines of the forest plot beyond which it keeps to everybody and to the study as it stands."""
MOST_OPEN = 20
"""Rows beyond which a table is folded."""
_OF_CONTROLS = (
    " Negative controls, in grey, are outcomes that the service cannot affect: one away from 1 warns of a "
    "difference that was there before."
)


def results(run: Gathered) -> Section | None:
    """The section; None where nothing was estimated."""
    rows = told(run)
    if not rows and not run.table("ev_survival").height:
        return None
    blocks: list[Block] = []
    if is_blinded(run):
        blocks.append(Notice("Outcomes by arm are hidden", hidden_because(run), "warned"))
    blocks += incidences(run)
    blocks += event_studies(rows, run)
    blocks += _forests(rows, run)
    blocks += list(_tables([one for one in rows if not is_by_period(one)], run))
    return Section("results", "What became of them", blocks)


def _forests(rows: Sequence[Told], run: Gathered) -> Iterator[Picture]:
    """A forest plot for each contrast; none where it has no ratio to show."""
    for contrast in run.contrasts:
        ratios = [
            one
            for one in rows
            if one.row.contrast == contrast and one.row.scale in RATIOS and not one.why_not
        ]
        if ratios:
            yield _forest(contrast, sorted(ratios, key=_controls_last), run)


def _controls_last(one: Told) -> tuple[bool, bool]:
    return one.row.role == CONTROL, not one.is_main


def _forest(contrast: str, ratios: Sequence[Told], run: Gathered) -> Picture:
    drawn = ratios if len(ratios) <= MOST_DRAWN else [one for one in ratios if one.is_main]
    names = _lines(drawn, run)
    rows = [
        {"name": name, **as_cells(one), "colour": _colour(one)}
        for name, one in zip(names, drawn, strict=True)
    ]
    table = [(name, one.figure, one.interval) for name, one in zip(names, drawn, strict=True)]
    controls = [one for one in drawn if one.row.role == CONTROL]
    apart = sum(one.is_beyond_chance for one in controls)
    says = f" {apart} of the negative controls, shown in grey, differ beyond chance." if controls else ""
    less = f"Left of 1 it happened less often with “{run.arm(contrast.partition(' - ')[0])}”."
    part = "" if drawn is ratios else " Subgroups and changes stand in the tables only."
    return Picture(
        f"Ratios of risks and rates: {run.contrast(contrast)}",
        f"Forest plot of {len(drawn)} ratios with intervals, {run.contrast(contrast)}.{says}",
        pictures.forest(rows),
        Grid(("estimate", "ratio", confidence_of(run)), table),
        f"{less}{_OF_CONTROLS if controls else ''}{part}",
    )


def _lines(drawn: Sequence[Told], run: Gathered) -> list[str]:
    """What stands at each line of a forest plot; no two are the same, or they would lie on one another."""
    short = [
        ", ".join([run.label(one.row.outcome), *in_whom(one), method_words(one.row.method)]) for one in drawn
    ]
    return [
        name if short.count(name) == 1 else f"{name}, {SCALES[one.row.scale]} ({plain(one.row.method)})"
        for name, one in zip(short, drawn, strict=True)
    ]


def _colour(one: Told) -> str:
    if one.row.role == CONTROL:
        return pictures.GREY
    return pictures.BLUE if one.is_main else "#56B4E9"


def _tables(rows: Sequence[Told], run: Gathered) -> Iterator[Block]:
    open_rows = [one for one in rows if not one.is_hidden]
    own = [one for one in open_rows if one.row.sensitivity_id == MAIN]
    sections = (
        ("Estimates", [one for one in rows if one.is_main]),
        ("By subgroup", [one for one in own if one.row.subgroup != ALL and not one.is_main]),
        ("With something changed", [one for one in open_rows if one.row.sensitivity_id != MAIN]),
    )
    head = ("outcome", "what", "how", *_arm_heads(run), "estimate", confidence_of(run), "E-value", "remark")
    for title, part in sections:
        if part:
            cells = list(_rows(part, run))
            folded = title != "Estimates" and len(cells) > MOST_OPEN
            yield Grid(head, cells, title=title, words=3, remark=True, folded=folded)
    if rows:
        yield Words(
            "Differences in risk are in percentage points, first arm less second. What is “as observed” is "
            "computed from the counts beside it, but for means; what allows for who left, or is weighted, is "
            "of a model of the records, and not what these counts would give. E-value: how strongly "
            "something unmeasured would have to go with both the arm and the outcome to explain the "
            "estimate away."
        )


def _rows(part: Sequence[Told], run: Gathered) -> Iterator[tuple[str, ...]]:
    """A row for each estimate; those that are hidden by the gate together, by what is asked."""
    hidden: dict[tuple[str, str], list[Told]] = {}
    for one in part:
        if one.is_hidden:
            hidden.setdefault((about(one, run), one.why_not), []).append(one)
        else:
            yield _cells([one], run)
    yield from (_cells(rows, run) for rows in hidden.values())


def _arm_heads(run: Gathered) -> tuple[str, str]:
    first, _, second = run.contrasts[0].partition(" - ") if len(run.contrasts) == 1 else ("", "", "")
    return (run.arm(first), run.arm(second)) if second else ("first", "second")


def _cells(rows: Sequence[Told], run: Gathered) -> tuple[str, ...]:
    """What is asked and how, all of it; the figures are those of the first row."""
    one = rows[0]
    return (
        about(one, run),
        "; ".join(dict.fromkeys(SCALES[row.row.scale] for row in rows)),
        "; ".join(dict.fromkeys(method_words(row.row.method) for row in rows)),
        *one.people,
        one.figure,
        one.interval,
        fixed(one.row.e_value, 1) if one.figure else "",
        one.why_not or one.row.reason or "",
    )
