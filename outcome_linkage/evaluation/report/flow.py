"""The flow of people and records from what was delivered to who is analysed, and who was lost where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

import polars as pl
from markupsafe import escape

from outcome_linkage.evaluation.report.blocks import Block, Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.pictures import FONT
from outcome_linkage.evaluation.report.shown import count, fixed, percent, shares

_HIGH, _GAP = 46, 12
_PROFILE = {
    "excl_pct_female": "female",
    "excl_pct_imd1": "in the most deprived fifth",
    "excl_pct_minority": "of a minority ethnic group",
}
Step = Mapping[str, Any]


def flow(run: Gathered) -> Section | None:
    """The section; None for a study of calendar time."""
    table = run.table("ev_attrition")
    if not table.height:
        return None
    steps = table.filter(pl.col("arm") == "all").sort("step").to_dicts()
    blocks: list[Block] = [
        Words(
            "From every row that suppliers delivered to every person analysed. Who is lost at a step is lost "
            "for that reason first; the steps add up before they are rounded."
        ),
        _picture(steps, run),
        _lost(steps, run),
        *_by_arm(table, run),
    ]
    return Section("flow", "Who is in it, and who was lost", blocks)


def _picture(steps: Sequence[Step], run: Gathered) -> Picture:
    rows = [
        (
            step["label"],
            count(step["n_persons_in"], run.profile),
            count(step["n_persons_excluded"], run.profile),
            count(step["n_persons_out"], run.profile),
            _records(step["n_records_out"], run),
        )
        for step in steps
    ]
    told = "; ".join(f"{label}: {lost} lost, {stayed} left" for label, _, lost, stayed, _ in rows)
    return Picture(
        "Flow of people",
        f"Flow chart. {told}.",
        _svg(rows),
        Grid(("step", "people who came", "lost", "stayed", "records that stayed"), rows),
        "Records are delivered rows up to day 0, and index events after it.",
    )


def _records(number: int | None, run: Gathered) -> str:
    return "" if number is None else count(number, run.profile)


def _svg(rows: Sequence[Sequence[str]]) -> str:
    height = len(rows) * (_HIGH + _GAP)
    parts = [
        f'<svg viewBox="0 0 1040 {height}" width="1040" height="{height}" font-family="{FONT}" '
        'font-size="12">'
    ]
    for number, row in enumerate(rows):
        parts += _box(row, number * (_HIGH + _GAP), is_last=number == len(rows) - 1)
    return "".join([*parts, "</svg>"])


def _box(row: Sequence[str], top: int, is_last: bool) -> Iterator[str]:
    label, _, lost, stayed, records = row
    yield (
        f'<rect x="1" y="{top + 1}" width="640" height="{_HIGH}" rx="5" fill="#fff" stroke="#9aa1aa" '
        f'stroke-width="{2 if is_last else 1}"/>'
    )
    for line, words in enumerate(wrap(label, 70)[:2]):
        yield f'<text x="14" y="{top + 20 + 15 * line}">{escape(words)}</text>'
    yield f'<text x="628" y="{top + 20}" text-anchor="end" font-weight="600">{stayed} people</text>'
    if records:
        yield f'<text x="628" y="{top + 36}" text-anchor="end" fill="#5b636d">{records} records</text>'
    if not is_last:
        yield f'<path d="M320 {top + 1 + _HIGH}v{_GAP}" stroke="#9aa1aa"/>'
    if lost != "0":
        middle = top + _HIGH // 2
        yield f'<path d="M641 {middle}h48" stroke="#9aa1aa"/>'
        yield (
            f'<rect x="690" y="{middle - 14}" width="240" height="28" rx="5" fill="#f1f2f5" '
            'stroke="#d9dde2"/>'
            f'<text x="702" y="{middle + 4}">lost here: <tspan font-weight="600">{lost}</tspan> people</text>'
        )


def _lost(steps: Sequence[Step], run: Gathered) -> Grid:
    """Who was lost at each step: shares from released counts, the mean age only of 8 and more."""
    rows = []
    for step in steps:
        lost = step["n_persons_excluded"]
        if not lost:
            continue
        hidden = lost <= run.profile.hide_to
        parts = [(_part(step[name], lost), lost) for name in _PROFILE]
        found = [percent(shown, run.profile) for shown in shares(parts, run.profile)]
        age = "" if hidden else fixed(step["excl_mean_age"], 0)
        unlike = "" if hidden else fixed(step["smd_max"], 1)
        rows.append((step["label"], count(lost, run.profile), age, *found, unlike))
    return Grid(
        ("step", "lost", "mean age", *_PROFILE.values(), "largest difference from who stayed"),
        rows,
        title="Who was lost",
        note="The last column is in standard deviations, over sex, age, deprivation and ethnic group.",
    )


def _part(percent: float | None, of: int) -> int | None:
    return None if percent is None else round(percent * of / 100)


def _by_arm(table: pl.DataFrame, run: Gathered) -> Iterator[Grid]:
    arms = [arm for arm in run.arms if arm in set(table["arm"].to_list())]
    if len(arms) < 2:
        return
    found = {(row["step"], row["arm"]): row for row in table.iter_rows(named=True)}
    steps = sorted({(step, found[step, "all"]["label"]) for step, arm in found if arm == arms[0]})
    rows = []
    for step, label in steps:
        cells = [found.get((step, arm)) for arm in arms]
        rows.append(
            (
                label,
                *(count(cell[name], run.profile) if cell else "" for cell in cells for name in _SIDES),
            )
        )
    head = [f"{run.arms[arm]}: {side}" for arm in arms for side in ("lost", "stayed")]
    yield Grid(("step", *head), rows, title="By arm, once it is known")


_SIDES = ("n_persons_excluded", "n_persons_out")
