"""Backups of the home: what is due goes, and what was withdrawn since goes from those that stay.

A backup is a folder that is a copy of a home, within the folder that agreements name; its name starts with
the day on which it was made (`2026-03-31...`). Anything else cannot be purged and is told.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TypeGuard

import polars as pl

from outcome_linkage.agreements.destruction import Destruction, Shredder
from outcome_linkage.agreements.in_force import TOKENS
from outcome_linkage.agreements.retention import Limits, rule
from outcome_linkage.agreements.withdraw import RULE, Place, count_rows, whole, withdraw
from outcome_linkage.agreements.withdrawn import withdrawn_records
from outcome_linkage.delivery.contract import Contract
from outcome_linkage.files import sha256_of
from outcome_linkage.home import Home

ZONE = "backups"
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})")


def backups_in(folder: Path | None) -> list[tuple[Path, date]]:
    """The backups, each with its day, oldest first."""
    found = ((path, day) for path in sorted(folder.iterdir()) if (day := _day(path))) if _is(folder) else ()
    return [(path, day) for path, day in found if path.is_dir()]


def not_purged(folder: Path | None) -> list[str]:
    """What lies among the backups and cannot be purged, by name."""
    if not _is(folder):
        return [f"there is no folder of backups at {folder}"] if folder else []
    known = {path for path, _ in backups_in(folder)}
    others = (path for path in sorted(folder.iterdir()) if path not in known)
    return [
        f"backups/{path.name} is no folder whose name starts with a day, such as 2026-03-31"
        for path in others
        if path.name != "withdrawn.parquet"
    ]


def purge_backups(
    contracts: Mapping[str, Contract], withdrawn: pl.DataFrame, limits: Limits, shredder: Shredder
) -> Iterator[Destruction]:
    """Destroy backups that are due; from the others tokens that are due, and whoever withdrew since."""
    days, token_days = limits.fewest(ZONE, tokens=False), limits.fewest(ZONE, tokens=True)
    for folder, day in backups_in(shredder.backups):
        if days is not None and (due := day + timedelta(days)) <= shredder.today:
            yield _destroy(folder, due, rule(ZONE, days), shredder)
            continue
        place = Place(Home(folder), contracts)
        if token_days is not None and (due := day + timedelta(token_days)) <= shredder.today:
            yield from _tokens(place, due, rule(ZONE, token_days), shredder)
        yield from withdraw(place, withdrawn, shredder)
        yield from _copies(place.home, withdrawn, shredder)


def _is(folder: Path | None) -> TypeGuard[Path]:
    return folder is not None and folder.is_dir()


def _day(path: Path) -> date | None:
    found = _DAY.match(path.name)
    with suppress(ValueError):
        return date.fromisoformat(found[1]) if found else None
    return None


def _destroy(folder: Path, due: date, why: str, shredder: Shredder) -> Destruction:
    """A backup as a whole; its hash is that of the names and hashes of its files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listed = "\n".join(f"{path.relative_to(folder).as_posix()} {sha256_of(path)}" for path in files)
    planned = Destruction(
        path=shredder.name(folder),
        zone=ZONE,
        rows=sum(count_rows(path, ZONE) for path in files if path.suffix == ".parquet"),
        sha256=hashlib.sha256(listed.encode()).hexdigest(),
        whole=True,
        rule=why,
        due=due,
    )
    return shredder.destroy(folder, planned)


def _tokens(place: Place, due: date, why: str, shredder: Shredder) -> Iterator[Destruction]:
    """Every file of tokens in a backup: they go before what they lead to."""
    for delivery in place.deliveries():
        for _, folder in place.folders(delivery):
            for path in sorted(folder.glob(f"{TOKENS}.parquet")):
                yield whole(path, ZONE, why, due, shredder, delivery=str(delivery), table=TOKENS)


def _copies(home: Home, withdrawn: pl.DataFrame, shredder: Shredder) -> Iterator[Destruction]:
    """Warehouse and published copy of a backup that knows of fewer objections: both can be made again."""
    if withdrawn_records(home).height < withdrawn.height:
        for path in (home.warehouse, home.published):
            if path.exists():
                yield whole(path, ZONE, RULE, shredder.today, shredder)
