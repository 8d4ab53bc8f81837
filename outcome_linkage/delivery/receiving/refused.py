"""Deliveries that the privacy gate turned away: kept unread in the restricted zone, told by counts only."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from outcome_linkage.delivery.contract import Supplier
from outcome_linkage.delivery.manifest import MANIFEST
from outcome_linkage.delivery.receiving.finding import Finding, GateReport
from outcome_linkage.files import sha256_of, write_text
from outcome_linkage.home import Home

INCOMING = ".incoming-"
"""How the name of a folder starts that is still being written."""
REFUSAL = "refusal.json"
UNKNOWN = "unknown"


class RefusedFinding(BaseModel):
    """One finding of the gate, as `refusal.json` keeps it."""

    model_config = ConfigDict(extra="forbid")
    table: str | None
    column: str | None
    rule: str
    count: int


class Refusal(BaseModel):
    """Why a delivery was turned away. `supplier` and `period` are "unknown" where the manifest is no help."""

    model_config = ConfigDict(extra="forbid")
    supplier: str
    period: str
    number: str
    files_sha256: str
    findings: list[RefusedFinding]


def keep_refused(
    folder: Path, home: Home, report: GateReport, suppliers: Mapping[str, Supplier]
) -> list[Finding]:
    """Copy the files of a refused delivery, unread and once; return the findings.

    They go to `restricted/refused/<supplier>/<period>/<NNN>` with a `refusal.json` of rule names and
    counts. A folder without a manifest is not a delivery and is not kept.
    """
    if not (folder / MANIFEST).is_file():
        return report.findings
    manifest = report.manifest
    supplier = manifest.supplier if manifest and manifest.supplier in suppliers else UNKNOWN
    period = manifest.period if manifest else UNKNOWN
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    digest = _digest(files)
    before = [
        refusal for refusal in refusals(home) if (refusal.supplier, refusal.period) == (supplier, period)
    ]
    if digest not in {refusal.files_sha256 for refusal in before}:
        number = f"{len(before) + 1:03d}"
        findings = [RefusedFinding(**vars(finding)) for finding in report.findings]
        refusal = Refusal(
            supplier=supplier, period=period, number=number, files_sha256=digest, findings=findings
        )
        _keep(files, home, refusal)
    return report.findings


def refusals(home: Home) -> list[Refusal]:
    """Every refused delivery that is kept, in order of supplier, period and number."""
    paths = sorted(home.refused.glob(f"*/*/*/{REFUSAL}"))
    return [Refusal.model_validate_json(path.read_bytes()) for path in paths]


def put_into_place(folder: Path, place: Path, mode: int) -> None:
    """Rename a finished folder to `<root>/<supplier>/<period>/<NNN>`, making the two above it with `mode`."""
    for parent in (place.parent.parent, place.parent):
        parent.mkdir(mode=mode, exist_ok=True)
    folder.replace(place)


def _keep(files: list[Path], home: Home, refusal: Refusal) -> None:
    copy = home.refused / f"{INCOMING}{os.getpid()}"
    copy.mkdir(mode=0o700)
    for path in files:
        shutil.copyfile(path, copy / path.name)
    write_text(copy / REFUSAL, refusal.model_dump_json(indent=2))
    put_into_place(copy, home.refused / refusal.supplier / refusal.period / refusal.number, mode=0o700)


def _digest(files: list[Path]) -> str:
    content = "\n".join(f"{path.name} {sha256_of(path)}" for path in files)
    return hashlib.sha256(content.encode()).hexdigest()
