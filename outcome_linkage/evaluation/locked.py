"""Versions that were locked: what each held, so that a later change without a new version is seen (EV122).

They stand in `locked.csv` beside the specifications and belong in version control with them.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.files import write_text

FILE = "locked.csv"
COLUMNS = ("id", "version", "sha256")
Locked = Mapping[tuple[str, str], str]
"""The fingerprint of each locked version, by id and version."""


def fingerprint(study: Evaluation) -> str:
    """The SHA-256 of what a study says; comments and layout do not count."""
    said = study.model_dump(mode="json", by_alias=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def read_locked(folder: Path) -> Locked:
    """The locked versions of a folder of specifications. Raises InputRefused for a broken list."""
    path = folder / FILE
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if not rows or tuple(rows[0]) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise InputRefused(f"{path}: expected the columns {', '.join(COLUMNS)}. Restore it from git.")
    return {(id_, version): sha256 for id_, version, sha256 in rows[1:]}


def lock(study: Evaluation, folder: Path) -> None:
    """Write down what a locked version holds.

    Raises InputRefused if the study is not locked, or its version was locked with other words.
    """
    known = read_locked(folder)
    key, now = (study.id, study.version), fingerprint(study)
    if study.status != "locked":
        raise InputRefused(f"{study.id}: its status is {study.status}. Set `status: locked` first.")
    if known.get(key, now) != now:
        raise InputRefused(f"{study.id} {study.version} was locked with other words. Raise the version.")
    rows = [(*one, sha256) for one, sha256 in sorted({**known, key: now}.items())]
    write_text(folder / FILE, "".join(f"{','.join(row)}\n" for row in (COLUMNS, *rows)))


def unchanged(study: Evaluation, locked: Locked) -> Iterator[Fault]:
    """EV122: a locked study says what it said when it was locked."""
    before = locked.get((study.id, study.version))
    if before is not None and (study.status != "locked" or before != fingerprint(study)):
        yield fault("EV122", ("version",), version=study.version)
