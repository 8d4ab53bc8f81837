"""What is kept of each judged state of the marts: true figures and whether they were accepted.

`restricted/expectations/<number>.json`, mode 0600, so that nights can be compared; what others may see is the
report. A state is accepted when no critical expectation failed, or when somebody answers for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from outcome_linkage.files import replacing
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.gate import Waiver, read_waivers
from outcome_linkage.release.expectations.measures import Figure


@dataclass(frozen=True)
class Kept:
    """One judged state. `closes`: the critical expectations that failed, in words that may be shown."""

    number: int
    fingerprint: str
    closes: tuple[str, ...]
    figures: Mapping[str, tuple[Figure, ...]]


def kept_folder(home: Home) -> Path:
    """Where the true figures of every judged state lie, and the waivers."""
    return home.restricted / "expectations"


def waivers(home: Home) -> list[Waiver]:
    """The recorded waivers: as those of linkage quality, `run` being the number of the report."""
    return read_waivers(kept_folder(home) / "waivers.yaml")


def keep(home: Home, kept: Kept) -> None:
    """Write one state, all of it or nothing."""
    folder = kept_folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(folder / f"{kept.number:04d}.json") as beside:
        beside.touch(mode=0o600)
        beside.write_text(json.dumps(asdict(kept)), encoding="utf-8")


def all_kept(home: Home) -> list[Kept]:
    """Every judged state, oldest first."""
    return [_read(path) for path in sorted(kept_folder(home).glob("[0-9]*.json"))]


def accepted(home: Home, before: int) -> list[Kept]:
    """Accepted states with a number below `before`, oldest first.

    Others are passed over: otherwise a loss would be accepted by happening twice.
    """
    waived = {waiver.run for waiver in waivers(home)}
    return [
        kept for kept in all_kept(home) if kept.number < before and (not kept.closes or kept.number in waived)
    ]


def _read(path: Path) -> Kept:
    content = json.loads(path.read_text(encoding="utf-8"))
    figures = {table: tuple(Figure(**f) for f in found) for table, found in content.pop("figures").items()}
    return Kept(**{**content, "closes": tuple(content["closes"]), "figures": figures})
