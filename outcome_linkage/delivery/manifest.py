"""A delivery and its manifest: who sent what, for when, and how each file can be recognised.

The manifest is written last: a folder without one is not yet a delivery.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from outcome_linkage.files import write_text

MANIFEST = "manifest.json"


@dataclass(frozen=True, order=True)
class DeliveryId:
    """One delivery. Order is (period, number), then supplier."""

    period: str
    number: str
    supplier: str

    @property
    def path(self) -> Path:
        """`<supplier>/<YYYY-MM>/<NNN>`, relative to the root of a stage."""
        return Path(self.supplier, self.period, self.number)

    def __str__(self) -> str:
        return self.path.as_posix()

    @classmethod
    def of(cls, folder: Path) -> DeliveryId:
        """The delivery that lies in `<stage>/<supplier>/<YYYY-MM>/<NNN>`."""
        supplier, period, number = folder.parts[-3:]
        return cls(period, number, supplier)


ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
ColumnLetter = Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
PositiveInt = Annotated[int, Field(ge=1)]


class SourceFile(BaseModel):
    """A raw file that the supplier encoded; `rows` as their system would count them.

    Where things stand in it, as a spreadsheet shows them: `header_row`, the letter of each column of the
    contract (of the column that it was made from), and `row_starts`: from the first row of each pair on,
    counted among `rows`, rows stand in the spreadsheet from the second on. None and empty for files that
    are no tables. `unlisted` counts headers that no contract knows, `nearest` names known columns that are
    absent and spelled much like one of them; the headers themselves stay with the supplier.
    """

    model_config = ConfigDict(extra="forbid")
    name: str = Field(pattern=r"^[A-Za-z0-9._-]{1,120}$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int = Field(ge=0)
    header_row: PositiveInt | None = None
    columns: dict[ColumnName, ColumnLetter] = {}
    row_starts: list[tuple[PositiveInt, PositiveInt]] = []
    unlisted: int = Field(default=0, ge=0)
    nearest: list[ColumnName] = []


class DeliveredTable(BaseModel):
    """One Parquet file of a delivery.

    `covers_from` to `covers_to`, both inclusive, is the time that the file claims to be complete for.
    `id_system` is the supplier's system that gave the ids, where they have several.
    """

    model_config = ConfigDict(extra="forbid")
    file: str = Field(pattern=r"^[a-z0-9_]+\.parquet$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int = Field(ge=0)
    source_files: list[SourceFile] = []
    collection_year: int | None = Field(None, ge=2000, le=2100)
    covers_from: date | None = None
    covers_to: date | None = None
    mode: Literal["snapshot", "period", "append"]
    id_system: str | None = Field(None, pattern=r"^[a-z][a-z0-9_]{1,39}$")


class Manifest(BaseModel):
    """What a delivery says of itself."""

    model_config = ConfigDict(extra="forbid")
    supplier: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    period: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    encoder_version: str = Field(pattern=r"^[0-9A-Za-z.+-]{1,40}$")
    key_version: str | None = Field(None, pattern=r"^[0-9a-f]{8}$")
    record_secret_version: str | None = Field(default=None, pattern=r"^[0-9a-f]{8}$")
    test_vectors: dict[str, int] = {}
    tables: dict[str, DeliveredTable]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in `folder`. Raises pydantic.ValidationError or FileNotFoundError."""
        return cls.model_validate_json((folder / MANIFEST).read_bytes())

    def write(self, folder: Path) -> None:
        """Write the manifest into `folder`, all of it or nothing."""
        text = json.dumps(self.model_dump(mode="json"), indent=2, sort_keys=True)
        write_text(folder / MANIFEST, text + os.linesep)


def deliveries_below(root: Path) -> list[DeliveryId]:
    """Every delivery below the root of a stage, oldest first."""
    return sorted(DeliveryId.of(path.parent) for path in root.glob(f"*/*/*/{MANIFEST}"))
