"""Which unit started when: the file of a rollout as a table, and whose unit is whose."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from outcome_linkage.evaluation.engine.step import Step, listed
from outcome_linkage.evaluation.rollout import first_days, read_rollout
from outcome_linkage.evaluation.spec.evaluation import Evaluation

COLUMNS = {"unit": "varchar", "starts_on": "date"}
SHARES = {"unit": "varchar", "valid_from": "date", "valid_to": "date", "share": "double"}
UNIT = (
    "(select any_value(r.{column}) from area_rollout as r "
    "where r.unit in (p.la_code, p.lsoa21, p.organisation_id, p.person_id))"
)
"""What the rollout says of the unit of a person `p`: their area or organisation at day 0, or themselves."""


def rollout_step(study: Evaluation, folder: Path | None) -> Step:
    """`area_rollout`: each unit with its first day; of nothing without a rollout."""
    if study.rollout is None or folder is None:
        return Step("area_rollout", listed(COLUMNS, []))
    days = first_days(read_rollout(folder / study.rollout.file))
    return Step("area_rollout", listed(COLUMNS, list(days.items())))


def share_step(study: Evaluation, folder: Path | None) -> Step:
    """`area_share`: the share of each unit that is reached, from when to when; none before its first."""
    if study.rollout is None or folder is None:
        return Step("area_share", listed(SHARES, []))
    starts = read_rollout(folder / study.rollout.file)
    rows = sorted((one.unit, one.start or date.max, one.share) for one in starts)
    following = [*rows[1:], ("", date.max, 0.0)]
    until = [
        later - timedelta(days=1) if unit == other else date.max
        for (unit, _, _), (other, later, _) in zip(rows, following, strict=True)
    ]
    spells = [(unit, day, last, share) for (unit, day, share), last in zip(rows, until, strict=True)]
    return Step("area_share", listed(SHARES, spells))


def unit_of(column: str) -> str:
    """SQL for a column of the unit of a person `p`."""
    return UNIT.format(column=column)
