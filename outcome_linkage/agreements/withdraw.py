"""Withdrawn people leave the files: every table of every delivery is rewritten without them.

In landing their rows are emptied and not taken out, since rows are known there by their place. Tombstones
stay, and so do the objections themselves (`opt_outs`): without them nobody could be kept out. What was
written about deliveries for people to read, and pages that explain links, go as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from outcome_linkage.agreements.destruction import Destruction, Shredder
from outcome_linkage.agreements.in_force import OPT_OUTS
from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.manifest import DeliveryId, deliveries_below
from outcome_linkage.files import sha256_of
from outcome_linkage.home import Home, Stage

RULE = "withdrawn"
STAGES: tuple[Stage, ...] = ("landing", "validated", "rejected")
READABLE = (".html", ".xlsx", ".csv")
"""Endings of what is written about a delivery for people to read; it can be written again."""


@dataclass(frozen=True)
class Place:
    """A home to be purged, which may be a backup of one, and the contracts of its tables."""

    home: Home
    contracts: Mapping[str, Contract]

    def deliveries(self) -> list[DeliveryId]:
        """Every delivery that landed here, oldest first."""
        return deliveries_below(self.home.stage("landing"))

    def folders(self, delivery: DeliveryId) -> Iterator[tuple[Stage, Path]]:
        """The folders that hold a delivery's data, open and restricted."""
        for stage in STAGES:
            for restricted in (False, True):
                yield stage, self.home.folder(stage, delivery, restricted=restricted)

    def person_columns(self, path: Path) -> list[str]:
        """The columns of a Parquet file that hold a record key."""
        names = pl.scan_parquet(path, glob=False).collect_schema().names()
        contract = self.contracts.get(path.stem)
        keys = contract.person_columns if contract else ()
        return [name for name in names if name in keys or name.endswith("record_key")]


def withdraw(place: Place, withdrawn: pl.DataFrame, shredder: Shredder) -> Iterator[Destruction]:
    """Rewrite every file that holds a record of `withdrawn` (supplier, record_key, ...)."""
    keys = {supplier: frame["record_key"] for (supplier,), frame in withdrawn.group_by("supplier")}
    for delivery in place.deliveries():
        if delivery.supplier in keys:
            yield from _from_delivery(place, delivery, keys[str(delivery.supplier)], shredder)
    everybody = withdrawn["record_key"].unique()
    yield from _refused(place, everybody, shredder)
    yield from _explained(place.home, everybody, shredder)


def _from_delivery(
    place: Place, delivery: DeliveryId, keys: pl.Series, shredder: Shredder
) -> Iterator[Destruction]:
    holding = [
        (stage, path, rows)
        for stage, folder in place.folders(delivery)
        for path in sorted(folder.glob("*.parquet"))
        if path.stem != OPT_OUTS and (rows := _holds(place, path, keys, stage))
    ]
    if holding:
        yield from _readable(place, delivery, shredder)
    for stage, path, rows in holding:
        yield _thin(place, stage, delivery, path, keys, rows, shredder)


def _is_one_of(place: Place, path: Path, keys: pl.Series) -> pl.Expr:
    """Whether a row of a file names one of the records."""
    columns = [pl.col(name).cast(pl.String) for name in place.person_columns(path)]
    return pl.any_horizontal(column.is_in(keys.implode()) for column in columns).fill_null(value=False)


def _holds(place: Place, path: Path, keys: pl.Series, stage: str) -> int:
    """How many rows of a file name one of the records."""
    if not place.person_columns(path):
        return 0
    return _count(pl.scan_parquet(path, glob=False).filter(_is_one_of(place, path, keys)), stage)


def _thin(
    place: Place,
    stage: Stage,
    delivery: DeliveryId,
    path: Path,
    keys: pl.Series,
    rows: int,
    shredder: Shredder,
) -> Destruction:
    planned = Destruction(
        path=shredder.name(path),
        zone=stage,
        delivery=str(delivery),
        table=path.stem,
        rows=rows,
        sha256=sha256_of(path),
        whole=False,
        rule=RULE,
        due=shredder.today,
    )
    frame, stays = pl.scan_parquet(path, glob=False), ~_is_one_of(place, path, keys)
    left = frame.with_columns(pl.when(stays).then(pl.all())) if stage == "landing" else frame.filter(stays)
    return shredder.thin(path, left, planned)


def count_rows(path: Path, stage: str) -> int:
    """The rows of a Parquet file; of rejected ones, how many rows its faults are about."""
    return _count(pl.scan_parquet(path, glob=False), stage)


def _count(rows: pl.LazyFrame, stage: str) -> int:
    is_faults = stage == "rejected" and "_row" in rows.collect_schema().names()
    counted = pl.col("_row").n_unique() if is_faults else pl.len()
    return int(rows.select(counted).collect().item())


def whole(
    path: Path,
    zone: str,
    rule: str,
    due: date,
    shredder: Shredder,
    delivery: str | None = None,
    table: str | None = None,
) -> Destruction:
    """Destroy a file as a whole, whatever it is."""
    rows = count_rows(path, zone) if path.suffix == ".parquet" and zone != "refused" else None
    planned = Destruction(
        path=shredder.name(path),
        zone=zone,
        rows=rows,
        sha256=sha256_of(path),
        whole=True,
        rule=rule,
        due=due,
        delivery=delivery,
        table=table,
    )
    return shredder.destroy(path, planned)


def _readable(place: Place, delivery: DeliveryId, shredder: Shredder) -> Iterator[Destruction]:
    """What was written about a delivery for people to read: it may name who is withdrawn now."""
    for stage, folder in (*place.folders(delivery), ("feedback", place.home.feedback / delivery.path)):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in READABLE):
            yield whole(path, stage, RULE, shredder.today, shredder, delivery=str(delivery))


def _refused(place: Place, keys: pl.Series, shredder: Shredder) -> Iterator[Destruction]:
    """Files of refused deliveries that hold a withdrawn record, and those of which nobody can tell."""
    for path in sorted(place.home.refused.glob("*/*/*/*.parquet")):
        if _may_hold(place, path, keys):
            yield whole(path, "refused", RULE, shredder.today, shredder, table=_known(place, path))


def _may_hold(place: Place, path: Path, keys: pl.Series) -> bool:
    try:
        return _holds(place, path, keys, "refused") > 0
    except (pl.exceptions.PolarsError, OSError):
        return True


def _known(place: Place, path: Path) -> str:
    return path.stem if path.stem in place.contracts else "unknown"


def _explained(home: Home, keys: pl.Series, shredder: Shredder) -> Iterator[Destruction]:
    """Pages that explain a link of a withdrawn record; renamed first, since the record may not name a key."""
    wanted = set(keys.to_list())
    for path in sorted((home.restricted / "explain").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        if any(key in text for key in wanted):
            nameless = path.replace(path.with_name(f"page-{sha256_of(path)[:16]}.html"))
            yield whole(nameless, "explained", RULE, shredder.today, shredder)
