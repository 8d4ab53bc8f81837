"""The file that a new study begins as: right but for its agreements, with a remark on each part."""

from __future__ import annotations

import re
from pathlib import Path

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.shape import PATTERNS
from outcome_linkage.evaluation.spec.base import ID
from outcome_linkage.files import write_text

TEMPLATE = Path(__file__).with_name("starting_file.yaml")


def starting_file(evaluation_id: str) -> str:
    """The text of a new study. Raises InputRefused unless the id is one."""
    if not re.fullmatch(ID, evaluation_id):
        raise InputRefused(f"`{evaluation_id}`: expected {PATTERNS[ID]}.")
    return TEMPLATE.read_text(encoding="utf-8").replace("{id}", evaluation_id)


def write_starting_file(path: Path) -> None:
    """Begin a study, named after its file. Raises InputRefused where the file exists or names no study."""
    if path.exists():
        raise InputRefused(f"{path} exists. Give another name, or remove it first.")
    write_text(path, starting_file(path.stem))
