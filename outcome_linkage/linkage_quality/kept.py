"""What is kept of each measured run: true counts, in the restricted zone, so that runs can be compared.

`restricted/linkage_quality/<run number>.json`, mode 0600: the linker's. What others may see is the pack.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from outcome_linkage.files import replacing
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.figures import Figure


@dataclass(frozen=True)
class Kept:
    """One measured run. `closes`: why publishing has to wait, in words that may be shown.

    `measured_run`: the earlier run whose figures of accuracy these are; None where they are its own.
    """

    number: int
    run_id: str
    model_version: str
    as_of: str
    fingerprint: str
    damage_version: str
    closes: tuple[str, ...]
    figures: tuple[Figure, ...]
    measured_run: int | None = None
    quality_version: str = ""

    @property
    def measured_on(self) -> int:
        """The number of the run on which accuracy was measured."""
        return self.measured_run or self.number

    @property
    def is_full(self) -> bool:
        """Whether all its figures are its own."""
        return self.measured_run is None


def kept_folder(home: Home) -> Path:
    """Where the true counts of every measured run lie."""
    return home.restricted / "linkage_quality"


def keep(home: Home, kept: Kept) -> None:
    """Write one run, all of it or nothing."""
    folder = kept_folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(folder / f"{kept.number:04d}.json") as beside:
        beside.touch(mode=0o600)
        beside.write_text(json.dumps(asdict(kept)), encoding="utf-8")


def read_kept(home: Home, number: int) -> Kept | None:
    """The run of this number; None when it was not measured."""
    path = kept_folder(home) / f"{number:04d}.json"
    return _read(path) if path.exists() else None


def all_kept(home: Home) -> list[Kept]:
    """Every measured run, oldest first."""
    return [_read(path) for path in sorted(kept_folder(home).glob("[0-9]*.json"))]


def _read(path: Path) -> Kept:
    content = json.loads(path.read_text(encoding="utf-8"))
    figures = tuple(Figure(*figure) for figure in content.pop("figures"))
    return Kept(**{**content, "closes": tuple(content["closes"]), "figures": figures})
