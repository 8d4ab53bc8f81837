"""Put encoded tables into a delivery folder at the supplier. The manifest is written last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from outcome_linkage import __version__
from outcome_linkage.delivery.encoding.identity import merge
from outcome_linkage.delivery.manifest import MANIFEST, DeliveredTable, Manifest
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.files import sha256_of, write_parquet


@dataclass(frozen=True)
class Parcel:
    """A delivery being put together: its folder, and the manifest that it will have."""

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path, new: Manifest) -> Parcel:
        """The delivery in `folder` if there is one, else `new`.

        Raises RawInputRefused when the delivery there was encoded with another key.
        """
        if not (folder / MANIFEST).exists():
            return cls(folder, new)
        old = _read_manifest(folder)
        if old.key_version != new.key_version:
            raise _refused(
                folder,
                "another_key",
                "the linkage key that the delivery was begun with",
                "another one",
                "Use the same key, or begin again in an empty folder.",
            )
        old.encoder_version, old.test_vectors = new.encoder_version, new.test_vectors
        return cls(folder, old)

    def check_room_for(self, entries: Mapping[str, Mapping[str, object]]) -> None:
        """Raise RawInputRefused when the delivery already holds one of these tables from other files.

        Identities may come from several files: their rows are put together.
        """
        for table, entry in entries.items():
            held = self.manifest.tables.get(table)
            if held and held.source_files != entry["source_files"] and table != "link_tokens":
                raise _refused(
                    self.folder,
                    "table_already_there",
                    f"no {table} in this delivery yet",
                    "one made from other files",
                    "Give all files of a table at once, use another --period, or begin in an empty folder.",
                )

    def check_record_secret(self, version: str) -> None:
        """Raise RawInputRefused when the delivery was begun with another record secret."""
        held = self.manifest.record_secret_version
        if held not in (None, version):
            raise _refused(
                self.folder,
                "another_record_secret",
                "the record secret that this delivery was begun with",
                "another",
                "Use the same file, or begin again in an empty folder.",
            )
        self.manifest.record_secret_version = version

    def add(self, table: str, rows: pl.DataFrame, entry: Mapping[str, object]) -> None:
        """Write one table; `entry` is what the manifest says of it, but for the file itself."""
        held = self.manifest.tables.get(table)
        sources = list(entry["source_files"])  # type: ignore[call-overload]
        if table == "link_tokens" and held:
            rows = merge(pl.read_parquet(self.folder / held.file), rows)
            sources = [*held.source_files, *(s for s in sources if s not in held.source_files)]
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{table}.parquet"
        write_parquet(rows.rechunk(), path)
        self.manifest.tables[table] = DeliveredTable.model_validate(
            {
                **entry,
                "source_files": sources,
                "file": path.name,
                "sha256": sha256_of(path),
                "rows": rows.height,
            }
        )

    def close(self) -> None:
        """Write the manifest: from now on the folder is a delivery."""
        self.manifest.write(self.folder)


def new_manifest(supplier: str, period: str, key_version: str, test_vectors: dict[str, int]) -> Manifest:
    """A manifest without tables."""
    return Manifest(
        supplier=supplier,
        period=period,
        encoder_version=__version__,
        key_version=key_version,
        test_vectors=test_vectors,
        tables={},
    )


def _read_manifest(folder: Path) -> Manifest:
    try:
        return Manifest.read(folder)
    except ValidationError as error:
        raise _refused(
            folder,
            "bad_manifest",
            "a manifest that `encode` wrote",
            f"{error.error_count()} faults in it",
            "Begin again in an empty folder.",
        ) from None


def _refused(folder: Path, code: str, expected: str, found: str, todo: str) -> RawInputRefused:
    where = "/".join(folder.parts[-2:])
    return RawInputRefused(code, expected=expected, found=found, where=where, todo=todo)
