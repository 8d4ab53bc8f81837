"""The home folder: where every file of an installation lies, and its research-side secrets.

Nothing is read or written at import. `Home.from_environment()` reads `OUTCOME_LINKAGE_HOME`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.files import make_secret

Stage = Literal["landing", "validated", "rejected"]
SecretName = Literal["registry", "publication", "evaluation"]


@dataclass(frozen=True)
class Home:
    """Paths below one root. Folders that hold tokens or secrets are made with mode 0700."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The home that `OUTCOME_LINKAGE_HOME` names; `./home` without it."""
        return cls(Path(os.environ.get("OUTCOME_LINKAGE_HOME", "home")).resolve())

    @property
    def restricted(self) -> Path:
        """Tokens, the registry, refused deliveries and secrets: the linker's zone."""
        return self.root / "restricted"

    @property
    def registry(self) -> Path:
        """Who is who: the one file that cannot be rebuilt."""
        return self.restricted / "registry.duckdb"

    @property
    def refused(self) -> Path:
        """Deliveries that the privacy gate turned away, unread."""
        return self.restricted / "refused"

    @property
    def feedback(self) -> Path:
        """For each delivery what its supplier should fix: it names records, for that supplier alone."""
        return self.root / "feedback"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that only the pipeline opens; a cache."""
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """The read-only copy that researchers query."""
        return self.root / "published" / "outcomes.duckdb"

    @property
    def dagster(self) -> Path:
        """The Dagster instance: runs, event log, schedules."""
        return self.root / "dagster"

    @property
    def writer_lock(self) -> Path:
        """Locked by whoever writes; the kernel frees it when that process dies."""
        return self.root / ".writer.lock"

    def stage(self, stage: Stage, *, restricted: bool = False) -> Path:
        """The root of a stage of the road; tokens have their own in the restricted zone."""
        return (self.restricted if restricted else self.root) / stage

    def folder(self, stage: Stage, delivery: DeliveryId, *, restricted: bool = False) -> Path:
        """The folder of one delivery at one stage."""
        return self.stage(stage, restricted=restricted) / delivery.path

    def ensure(self) -> Home:
        """Make the folders that do not exist yet; return self."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.restricted, self.refused, self.restricted / "secrets"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for stage in ("landing", "validated", "rejected"):
            self.stage(stage).mkdir(exist_ok=True)
        for folder in (self.published.parent, self.dagster):
            folder.mkdir(exist_ok=True)
        return self

    def secret(self, name: SecretName) -> bytes:
        """A research-side secret of 32 bytes, made on first use with mode 0600."""
        path = self.restricted / "secrets" / name
        if not path.exists():
            make_secret(path)
        return path.read_bytes()
