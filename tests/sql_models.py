"""Tiny SQL models for tests: files in a folder, and sources that need no home."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from outcome_linkage.models.engine import Built, build
from outcome_linkage.models.graph import build_graph
from outcome_linkage.models.sql_file import load_models


def sql_folder(root: Path, files: Mapping[str, str]) -> Path:
    """Write `files` (path below the folder without `.sql` → text) and return the folder."""
    folder = root / "sql"
    for name, text in files.items():
        path = folder / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def model_text(select: str, columns: str, grain: str = "", about: str = "One row per thing.") -> str:
    """A model file; `columns` as `a b! c`, where `!` marks a column that is never null."""
    names = columns.split()
    lines = [
        f"--   {n.rstrip('!')}: The {n.rstrip('!')}.{' | not null' if n.endswith('!') else ''}" for n in names
    ]
    key = grain or names[0].rstrip("!")
    return "\n".join([f"-- {about}", f"-- grain: {key}", "-- columns:", *lines, select])


@dataclass
class FixedSources:
    """Sources whose fingerprints are what a test says they are."""

    tables: dict[str, str] = field(default_factory=dict)

    def fingerprint(self, table: str) -> str:
        """The fingerprint of one source table."""
        return self.tables.get(table, "0")

    @property
    def deliveries_fingerprint(self) -> str:
        """The fingerprint of all of them."""
        return hashlib.sha256(repr(sorted(self.tables.items())).encode()).hexdigest()


def build_all(
    connection: duckdb.DuckDBPyConnection, folder: Path, sources: FixedSources, run_id: str = "run"
) -> dict[str, Built]:
    """Build every model of a folder in order."""
    graph = build_graph(load_models(folder))
    return {name: build(connection, graph.models[name], sources, run_id) for name in graph.order}
