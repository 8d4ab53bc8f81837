"""A supplier's desk for tests: raw files, keys outside the delivery, and a short way to encode."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from outcome_linkage.delivery.encoding.encode import EncodeReport, encode
from outcome_linkage.delivery.manifest import Manifest
from schemas.catalogue import CONTRACTS

LINKAGE_KEY = bytes(range(1, 33))
RECORD_SECRET = bytes(range(101, 133))


@dataclass
class Desk:
    """Where one supplier encodes. Keys are fixed, so that the same input gives the same bytes."""

    root: Path

    def file(self, name: str, text: str | bytes) -> Path:
        """A raw file."""
        path = self.root / "raw" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def key(self, name: str, content: bytes) -> Path:
        """A key file with mode 0600."""
        path = self.root / "keys" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)
        return path

    def encode(
        self, raw: Path | list[Path], table: str, supplier: str = "bristol", **options: Any
    ) -> EncodeReport:
        """Encode for period 2024-05 unless `options` say otherwise."""
        settings = {
            "period": "2024-05",
            "out": self.root / "out",
            "contracts": CONTRACTS,
            "key_file": self.key("linkage.key", LINKAGE_KEY),
            "record_secret": self.key("record.secret", RECORD_SECRET),
        }
        files = raw if isinstance(raw, list) else [raw]
        return encode(files, table, supplier, **{**settings, **options})

    def delivered(self, report: EncodeReport, table: str) -> pl.DataFrame:
        """One delivered table."""
        return pl.read_parquet(report.folder / f"{table}.parquet")

    def manifest(self, report: EncodeReport) -> Manifest:
        """The manifest."""
        return Manifest.read(report.folder)
