"""What the gate warned of when a delivery was received, kept beside its manifest: rule names and counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.receiving.finding import Finding
from outcome_linkage.files import write_text
from outcome_linkage.home import Home

WARNINGS = "warnings.json"
_FINDINGS = TypeAdapter(list[Finding])


def keep_warnings(folder: Path, findings: Sequence[Finding]) -> None:
    """Write them into the landed folder, if there are any."""
    if findings:
        write_text(folder / WARNINGS, _FINDINGS.dump_json(list(findings), indent=1).decode())


def warnings_of(home: Home, delivery: DeliveryId) -> list[Finding]:
    """The warnings that a delivery was received with."""
    path = home.folder("landing", delivery) / WARNINGS
    return _FINDINGS.validate_json(path.read_bytes()) if path.exists() else []
