"""What the published copy stands for: when it was made anew, by whose data, and which objections it honours.

Kept beside the registry, so that a purge knows whether the copy still shows somebody or something that it no
longer may. Without a note the copy counts as one that honours nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from outcome_linkage.agreements.withdrawn import withdrawn_records
from outcome_linkage.files import write_text
from outcome_linkage.home import Home


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


def _path(home: Home) -> Path:
    return home.restricted / "published.json"
