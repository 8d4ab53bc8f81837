"""What the published copy and the tables of studies stand for: whose data, and which objections they honour.

Kept beside the registry, so that a purge knows whether they still show somebody or something that they no
longer may. Without a note a copy counts as one that honours nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from outcome_linkage.agreements.withdrawn import withdrawn_records
from outcome_linkage.files import write_text
from outcome_linkage.home import Home

_STUDIES = TypeAdapter(dict[str, int])


class PublishedNote(BaseModel):
    """The last run that made or confirmed the copy, the tables it rests on, how many tombstones it knows."""

    model_config = ConfigDict(extra="forbid")
    on: date
    tables: list[tuple[str, str]]
    withdrawn: int


def note_published(home: Home, today: date, tables: Iterable[tuple[str, str]]) -> None:
    """Remember that the published copy is as it should be on this day, with the registry as it is now."""
    note = PublishedNote(on=today, tables=sorted(tables), withdrawn=withdrawn_records(home).height)
    write_text(_path(home), note.model_dump_json(indent=2))


def published_note(home: Home) -> PublishedNote | None:
    """What was remembered last; None without a note."""
    path = _path(home)
    return PublishedNote.model_validate_json(path.read_bytes()) if path.exists() else None


def note_study(home: Home, evaluation_id: str) -> None:
    """Remember that the tables of a study are as they should be, with the registry as it is now."""
    noted = {**_noted(home), evaluation_id: withdrawn_records(home).height}
    write_text(_studies_path(home), _STUDIES.dump_json(noted, indent=2).decode())


def studies_behind(home: Home, kept: Iterable[str]) -> list[str]:
    """Which of the studies that are kept were made, or confirmed, before the last objection."""
    noted, withdrawn = _noted(home), withdrawn_records(home).height
    return [name for name in kept if noted.get(name, 0) < withdrawn]


def _noted(home: Home) -> dict[str, int]:
    path = _studies_path(home)
    return _STUDIES.validate_json(path.read_bytes()) if path.exists() else {}


def _studies_path(home: Home) -> Path:
    return home.restricted / "evaluations.json"


def _path(home: Home) -> Path:
    return home.restricted / "published.json"
