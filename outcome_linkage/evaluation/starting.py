"""The file that a new study begins as: right but for its agreements, with a remark on each part."""

from __future__ import annotations

import os
import re
from pathlib import Path

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.shape import PATTERNS
from outcome_linkage.evaluation.spec.base import ID
from outcome_linkage.files import write_text

TEMPLATE = Path(__file__).with_name("starting_file.yaml")
JSON_SCHEMA = Path(__file__).parents[2] / "docs" / "evaluation.schema.json"
"""By which an editor completes names; a file says where it is from its own folder."""


def starting_file(evaluation_id: str, folder: Path) -> str:
    """The text of a new study, to lie in a folder. Raises InputRefused unless the id is one."""
    if not re.fullmatch(ID, evaluation_id):
        raise InputRefused(f"`{evaluation_id}`: expected {PATTERNS[ID]}.")
    text = TEMPLATE.read_text(encoding="utf-8").replace("{id}", evaluation_id)
    return text.replace("{schema}", Path(os.path.relpath(JSON_SCHEMA, folder)).as_posix())


def write_starting_file(path: Path) -> None:
    """Begin a study, named after its file. Raises InputRefused where the file exists or names no study."""
    if path.exists():
        raise InputRefused(f"{path} exists. Give another name, or remove it first.")
    write_text(path, starting_file(path.stem, path.parent))
