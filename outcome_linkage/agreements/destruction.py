"""The destruction record: what went, how many rows, by which rule, when it was due and when it was done.

`<home>/destruction.jsonl`, appended to and never rewritten. A line is written before anything is destroyed
and another one after: a purge that is killed leaves lines without the second, and the next purge finishes
them. It names files, never a value; what is named there as a whole counts as gone from the first line on.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from outcome_linkage.files import replacing, sha256_of
from outcome_linkage.home import Home

RECORD = "destruction.jsonl"
BACKUPS = "backups"
"""How the path of something within the folder of backups starts."""


class Destruction(BaseModel):
    """One file that was destroyed, or of which rows were (`sha256_after` is then that of the file left).

    `path` is below the home, or `backups/...`. `rows` counts rows destroyed; of rejected rows, not of their
    faults. None where rows cannot be counted.
    """

    model_config = ConfigDict(extra="forbid")
    path: str
    zone: str
    delivery: str | None = None
    table: str | None = None
    rows: int | None
    sha256: str
    whole: bool
    rule: str
    due: date
    done: date | None = None
    sha256_after: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What two lines about the same destruction share."""
        return self.path, self.sha256, self.rule


@dataclass(frozen=True)
class Shredder:
    """Destroys and keeps the record. `home` is whose record it is, `today` the run date.

    The warehouse goes before the first file that it was built from: it is a cache, and the next night builds
    it without what is gone.
    """

    home: Home
    today: date
    backups: Path | None = None

    def destroy(self, path: Path, planned: Destruction) -> Destruction:
        """Delete a file or a folder as a whole; the record of it."""
        self._drop_warehouse(planned)
        self._write(planned)
        return self._finish(path, planned)

    def thin(self, path: Path, rows: pl.LazyFrame, planned: Destruction) -> Destruction:
        """Put `rows`, what is left of a Parquet file, in its place; the record of it."""
        self._drop_warehouse(planned)
        self._write(planned)
        _clear_leftovers(path)
        with replacing(path) as beside:
            rows.sink_parquet(beside, compression="zstd", maintain_order=True, row_group_size=122_880)
        return self._finish(path, planned)

    def finish(self) -> list[Destruction]:
        """Do what a purge that was killed had begun; records of what is done now.

        A file of which rows were to go is looked at again by whoever wanted that.
        """
        begun = [record for record in read_record(self.home) if record.done is None]
        left = [(self.place(record.path), record) for record in begun]
        return [
            self._finish(path, record) for path, record in left if record.whole or _is_other(path, record)
        ]

    def place(self, path: str) -> Path:
        """Where a path of the record lies."""
        first, _, rest = path.partition("/")
        return self.backups / rest if first == BACKUPS and self.backups else self.home.root / path

    def name(self, path: Path) -> str:
        """How the record names a path."""
        if self.backups and path.is_relative_to(self.backups):
            return f"{BACKUPS}/{path.relative_to(self.backups).as_posix()}"
        return path.relative_to(self.home.root).as_posix()

    def _drop_warehouse(self, planned: Destruction) -> None:
        path = self.home.warehouse
        if planned.zone == "validated" and not planned.path.startswith(f"{BACKUPS}/") and path.exists():
            record = Destruction(
                path=self.name(path),
                zone="warehouse",
                rows=None,
                sha256=sha256_of(path),
                whole=True,
                rule=planned.rule,
                due=planned.due,
            )
            self.destroy(path, record)

    def _finish(self, path: Path, planned: Destruction) -> Destruction:
        if planned.whole:
            _clear_leftovers(path)
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
            path.with_name(f"{path.name}.wal").unlink(missing_ok=True)  # of a database
        after = None if planned.whole else sha256_of(path)
        done = planned.model_copy(update={"done": self.today, "sha256_after": after})
        self._write(done)
        return done

    def _write(self, record: Destruction) -> None:
        """Append a line, on disk before anything else happens."""
        descriptor = os.open(self.home.root / RECORD, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
        try:
            size = os.fstat(descriptor).st_size
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            os.write(descriptor, f"{chr(10) if torn else ''}{record.model_dump_json()}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_record(home: Home) -> list[Destruction]:
    """Every destruction, in the order in which it was begun, as its last line has it."""
    path = home.root / RECORD
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return list({record.key: record for record in _parsed(lines)}.values())


def destroyed_files(home: Home) -> set[Path]:
    """The files of `home` that were destroyed as a whole, or are about to be."""
    return {home.root / record.path for record in read_record(home) if record.whole}


def deliveries_gone(home: Home) -> set[str]:
    """The deliveries of which a file was destroyed as a whole: there is nothing more to be said of them."""
    return {delivery for (delivery, _), lost in lost_of(read_record(home)).items() if lost.zones}


@dataclass(frozen=True)
class Lost:
    """What was destroyed of a delivered table: kept and rejected rows; zones of which nothing is left.

    `is_begun`: a rewrite was begun and not finished, so that files may already hold less.
    """

    kept: int = 0
    rejected: int = 0
    zones: frozenset[str] = frozenset()
    is_begun: bool = False


def lost_of(records: Iterable[Destruction]) -> dict[tuple[str, str], Lost]:
    """What was destroyed, by delivery and table."""
    found: dict[tuple[str, str], Lost] = {}
    for record in records:
        if record.delivery and record.table and not record.path.startswith(f"{BACKUPS}/"):
            place = record.delivery, record.table
            found[place] = _with(found.get(place, Lost()), record)
    return found


def _with(lost: Lost, record: Destruction) -> Lost:
    counts = record.whole or record.done is not None
    rows = (record.rows or 0) if counts else 0
    return Lost(
        kept=lost.kept + rows * (record.zone == "validated"),
        rejected=lost.rejected + rows * (record.zone == "rejected"),
        zones=lost.zones | ({record.zone} if record.whole else set()),
        is_begun=lost.is_begun or not counts,
    )


def _parsed(lines: Iterable[str]) -> Iterator[Destruction]:
    """The lines that are whole: a process may have been killed while it wrote one."""
    for line in lines:
        with suppress(ValidationError):
            yield Destruction.model_validate_json(line)


def _is_other(path: Path, record: Destruction) -> bool:
    """Whether a file is no longer the one that was to be rewritten."""
    return path.exists() and sha256_of(path) != record.sha256


def _clear_leftovers(path: Path) -> None:
    """Remove what a killed process left beside a file; the writer's lock keeps live ones away."""
    for left in path.parent.glob(f".{path.name}.*"):
        left.unlink()
