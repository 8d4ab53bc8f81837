"""Into landing or turned away: the only place where a delivery crosses to the research side.

A delivery is copied into a hidden folder, judged there, and moved into place by two renames: its restricted
tables first, then its open tables with the manifest. Until the second, nothing counts; what a killed
process left behind is cleared by the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.manifest import MANIFEST, DeliveryId, Manifest, deliveries_below
from outcome_linkage.delivery.receiving.finding import DeliveryRefused, Finding
from outcome_linkage.delivery.receiving.privacy import inspect, inspect_table
from outcome_linkage.delivery.receiving.refused import INCOMING, keep_refused, put_into_place
from outcome_linkage.delivery.receiving.told import keep_warnings
from outcome_linkage.errors import InputRefused, OutcomeLinkageError
from outcome_linkage.files import sha256_of, write_text
from outcome_linkage.home import Home

RECEIVED = "received.sha256"
"""Beside a landed manifest: the sha256 of the manifest as it arrived."""
_LAST_NUMBER = 999
_LIST_AGAIN = Finding(None, None, "objections_to_list_again", 1)


@dataclass(frozen=True)
class Receipt:
    """What became of a delivery. `delivery` is its place in landing, None when it was refused."""

    delivery: DeliveryId | None
    status: Literal["received", "already received", "refused"]
    findings: list[Finding]


@dataclass(frozen=True)
class LandedTable:
    """One table as it lies in landing."""

    rows: int
    sha256: str
    bytes: int


def find_deliveries(root: Path) -> list[Path]:
    """Every folder at or below `root` that holds a manifest, in order of path.

    Raises InputRefused when there is none: a delivery that lost its manifest must not go unnoticed.
    """
    found = sorted(path.parent for path in root.rglob(MANIFEST))
    if not found:
        raise InputRefused(
            f"{root}: expected a delivery, a folder that holds {MANIFEST}, or folders of them; found none. "
            "Give the folder that `encode` named; if its manifest is missing, encode again."
        )
    return found


def receive(
    folder: Path,
    home: Home,
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier],
    *,
    new_record_secret: bool = False,
) -> Receipt:
    """Put the delivery in `folder` into landing, or among the refused; one process at a time.

    Does nothing for a manifest that was already received. `new_record_secret`: the supplier has lost the one
    of the earlier deliveries, and their people may look new.
    """
    with _alone(home.ensure()):
        before = _already_received(folder, home)
        if before:
            return Receipt(before, "already received", [])
        earlier = landed(home)
        vectors = accepted_vectors(earlier)
        known = [] if new_record_secret else earlier
        report = inspect(folder, contracts, suppliers, vectors, known)
        if report.manifest is None or report.refused:
            return Receipt(None, "refused", keep_refused(folder, home, report, suppliers))
        copy = _copy(folder, home, report.manifest)
        report = inspect(copy, contracts, suppliers, vectors, known)
        if report.manifest is None or report.refused:
            shutil.rmtree(copy)
            return Receipt(None, "refused", keep_refused(folder, home, report, suppliers))
        restricted = {table for table in report.manifest.tables if contracts[table].restricted}
        known_before = any(one.supplier == report.manifest.supplier for one in earlier)
        told = [*report.findings, *([_LIST_AGAIN] if new_record_secret and known_before else [])]
        return Receipt(_land(copy, home, report.manifest, restricted, told), "received", told)


def accepted_vectors(earlier: Iterable[Manifest]) -> dict[str, int]:
    """The test vectors of the deliveries in landing: the linkage key that all suppliers must share."""
    vectors: dict[str, int] = {}
    for manifest in earlier:
        vectors |= manifest.test_vectors
    return vectors


def landed(home: Home) -> list[Manifest]:
    """The manifests in landing, oldest first."""
    landing = home.stage("landing")
    return [Manifest.read(landing / delivery.path) for delivery in deliveries_below(landing)]


def land(delivery: DeliveryId, table: str, home: Home, contract: Contract) -> LandedTable:
    """Look again at one table in landing: its hash, its rows and the privacy gate.

    Raises DeliveryRefused when it is no longer what was received, or the gate would now refuse it.
    """
    manifest = Manifest.read(home.folder("landing", delivery))
    folder = home.folder("landing", delivery, restricted=contract.restricted)
    findings = inspect_table(folder, manifest, contract)
    if any(finding.refuses for finding in findings):
        raise DeliveryRefused(findings)
    path, claimed = folder / f"{table}.parquet", manifest.tables[table]
    return LandedTable(claimed.rows, claimed.sha256, path.stat().st_size)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Hold landing's lock, which the kernel frees on any death, and clear what a killed process left."""
    descriptor = os.open(home.stage("landing"), os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _clear(home)
        yield
    finally:
        os.close(descriptor)


def _clear(home: Home) -> None:
    for root in (home.stage("landing"), home.stage("landing", restricted=True), home.refused):
        for left in root.glob(f"{INCOMING}*"):
            shutil.rmtree(left)


def _already_received(folder: Path, home: Home) -> DeliveryId | None:
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return None
    arrived = sha256_of(manifest)
    for path in sorted(home.stage("landing").glob(f"*/*/*/{RECEIVED}")):
        if path.read_text(encoding="utf-8").strip() == arrived:
            return DeliveryId.of(path.parent)
    return None


def _copy(folder: Path, home: Home, manifest: Manifest) -> Path:
    """The manifest and the files that it names, byte for byte, in a folder of the restricted zone."""
    home.stage("landing", restricted=True).mkdir(mode=0o700, exist_ok=True)
    copy = home.stage("landing", restricted=True) / f"{INCOMING}{os.getpid()}"
    copy.mkdir(mode=0o700)
    for name in (MANIFEST, *(table.file for table in manifest.tables.values())):
        shutil.copyfile(folder / name, copy / name, follow_symlinks=False)
    return copy


def _land(
    copy: Path, home: Home, manifest: Manifest, restricted: set[str], told: Sequence[Finding]
) -> DeliveryId:
    """Split the judged copy into its open and its restricted part, and rename both into place."""
    delivery = _next(home, manifest)
    opened = home.stage("landing") / copy.name
    opened.mkdir()
    for table in manifest.tables.keys() - restricted:
        shutil.move(copy / f"{table}.parquet", opened / f"{table}.parquet")
    write_text(opened / RECEIVED, sha256_of(copy / MANIFEST))
    keep_warnings(opened, told)
    shutil.move(copy / MANIFEST, opened / MANIFEST)
    hidden = home.folder("landing", delivery, restricted=True)
    if hidden.exists():  # of a process killed between the two renames
        shutil.rmtree(hidden)
    put_into_place(copy, hidden, mode=0o700)
    put_into_place(opened, home.folder("landing", delivery), mode=0o777)
    return delivery


def _next(home: Home, manifest: Manifest) -> DeliveryId:
    stages = (home.stage("landing"), home.stage("validated"))
    folders = (
        folder for stage in stages for folder in (stage / manifest.supplier / manifest.period).glob("*")
    )
    number = max((int(folder.name) for folder in folders), default=0) + 1
    if number > _LAST_NUMBER:
        raise OutcomeLinkageError(
            f"{manifest.supplier} {manifest.period}: expected at most {_LAST_NUMBER} deliveries in a month; "
            "this is one more. Deliver it under the next period."
        )
    return DeliveryId(manifest.period, f"{number:03d}", manifest.supplier)
