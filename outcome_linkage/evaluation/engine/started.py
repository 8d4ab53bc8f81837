"""Which unit started when: the file of a rollout as a table, and whose unit is whose."""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.evaluation.engine.step import Step, listed
from outcome_linkage.evaluation.rollout import read_rollout
from outcome_linkage.evaluation.spec.evaluation import Evaluation

COLUMNS = {"unit": "varchar", "starts_on": "date"}
UNIT = (
    "(select any_value(r.{column}) from area_rollout as r "
    "where r.unit in (p.la_code, p.lsoa21, p.organisation_id, p.person_id))"
)
"""What the rollout says of the unit of a person `p`: their area or organisation at day 0, or themselves."""


def rollout_step(study: Evaluation, folder: Path | None) -> Step:
    """`area_rollout`: each unit with its first day; of nothing without a rollout."""
    if study.rollout is None or folder is None:
        return Step("area_rollout", listed(COLUMNS, []))
    units = read_rollout(folder / study.rollout.file)
    return Step("area_rollout", listed(COLUMNS, [(one.unit, one.start) for one in units]))


def unit_of(column: str) -> str:
    """SQL for a column of the unit of a person `p`."""
    return UNIT.format(column=column)
