"""What is due: files that lie in a zone for longer than an agreement lets them.

A delivery's days are counted from the end of its month, those of the published copy from the last run that
made or confirmed it, those of a backup from the day in its name. Feedback to a supplier goes with rejected
rows, which it names. Manifests, verdicts and counts stay.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from outcome_linkage.agreements.copies import PublishedNote
from outcome_linkage.agreements.destruction import Destruction, Shredder
from outcome_linkage.agreements.in_force import TOKENS
from outcome_linkage.agreements.terms import Agreements
from outcome_linkage.agreements.withdraw import READABLE, Place, whole
from outcome_linkage.delivery.manifest import DeliveryId, Manifest
from outcome_linkage.delivery.receiving.refused import REFUSAL
from outcome_linkage.delivery.validating.validate import REJECTED, settle
from outcome_linkage.delivery.validating.verdict import PROVENANCE, TableVerdict, read_verdict, table_verdicts
from outcome_linkage.files import write_parquet
from outcome_linkage.home import Home, Stage

UNJUDGED = "retention"
"""Why the rows of a table were rejected that nobody judged before it had to go."""
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Limits:
    """How long agreements let things lie. `tables`: those of the catalogue, by supplier."""

    agreements: Agreements
    tables: Mapping[str, Iterable[str]]

    def days(self, supplier: str, table: str, zone: str) -> int | None:
        """The days that an agreement gives; None where none says."""
        terms = self.agreements.terms(supplier, table)
        return terms.retention.get(zone) if terms else None

    def fewest(self, zone: str, supplier: str | None = None, tokens: bool | None = None) -> int | None:
        """The fewest days of any table, of one supplier or of all; of tokens only, or of all but tokens."""
        found = (
            self.days(name, table, zone)
            for name, tables in self.tables.items()
            for table in tables
            if supplier in (None, name) and tokens in (None, table == TOKENS)
        )
        return min((days for days in found if days is not None), default=None)


def month_end(period: str) -> date:
    """The last day of a month, `YYYY-MM`."""
    year, month = map(int, period.split("-"))
    return date(year, month, calendar.monthrange(year, month)[1])


def rule(zone: str, days: int) -> str:
    """The rule by which something goes, in words."""
    return f"retention: {zone}, {days} days"


def destroy_due(place: Place, limits: Limits, shredder: Shredder) -> Iterator[Destruction]:
    """Destroy everything of a home that is due on the run date."""
    for delivery in place.deliveries():
        yield from _of_delivery(place, delivery, limits, shredder)
    yield from _refused(place.home, limits, shredder)


def published_due(note: PublishedNote | None, limits: Limits) -> tuple[date, str] | None:
    """When the published copy must go unless it is made or confirmed again, and by which rule."""
    if note is None:
        return None
    days = min(
        (d for supplier, table in note.tables if (d := limits.days(supplier, table, "published"))),
        default=None,
    )
    return (note.on + timedelta(days), rule("published", days)) if days else None


def unlimited(place: Place, limits: Limits) -> list[str]:
    """Tables on disk of which no agreement says how long they may stay."""
    found = {
        (delivery.supplier, path.stem)
        for delivery in place.deliveries()
        for _, folder in place.folders(delivery)
        for path in folder.glob("*.parquet")
        if path.stem in place.contracts and limits.days(delivery.supplier, path.stem, "validated") is None
    }
    return [f"{supplier}, {table}" for supplier, table in sorted(found)]


def _of_delivery(
    place: Place, delivery: DeliveryId, limits: Limits, shredder: Shredder
) -> Iterator[Destruction]:
    feedback = place.home.feedback / delivery.path
    for stage, folder in (*place.folders(delivery), ("rejected", feedback)):
        for path in sorted(folder.glob("*")):
            if path.suffix != ".parquet" and path.suffix not in READABLE:
                continue
            days = (
                limits.days(delivery.supplier, path.stem, stage)
                if path.stem in place.contracts
                else limits.fewest(stage, delivery.supplier)
            )
            if days is None or (due := month_end(delivery.period) + timedelta(days)) > shredder.today:
                continue
            if stage == "landing":
                _give_up(place, delivery, path.stem)
            yield whole(
                path, stage, rule(stage, days), due, shredder, delivery=str(delivery), table=path.stem
            )


def _give_up(place: Place, delivery: DeliveryId, table: str) -> None:
    """Judge a table that goes before it was judged: all its rows are rejected, and the ledger adds up."""
    if table not in place.contracts or table in table_verdicts(place.home, delivery):
        return
    rows = Manifest.read(place.home.folder("landing", delivery)).tables[table].rows
    _write_rejects(place, delivery, table, rows)
    TableVerdict(
        table=table,
        status="refused",
        why="destroyed before it was judged, because its time was over",
        read=rows,
        kept=0,
        rejected=rows,
        reasons={UNJUDGED: rows} if rows else {},
    ).write(place.home, delivery)
    if read_verdict(place.home, delivery) is None:
        settle(delivery, place.home)


def _write_rejects(place: Place, delivery: DeliveryId, table: str, rows: int) -> None:
    """The files that a verdict counts: nothing kept, every row rejected."""
    contract = place.contracts[table]
    numbers = pl.DataFrame({"_row": range(1, rows + 1)}, schema={"_row": pl.Int64})
    nothing = pl.lit(None, pl.String)
    lines = numbers.with_columns(
        _file=pl.lit(f"{table}.parquet"), record_key=nothing, column=nothing, reason=pl.lit(UNJUDGED)
    )
    frames: dict[Stage, pl.DataFrame] = {
        "validated": contract.empty().with_columns(nothing.alias(n) for n in PROVENANCE),
        "rejected": lines.select(REJECTED),
    }
    for stage, frame in frames.items():
        folder = place.home.folder(stage, delivery, restricted=contract.restricted)
        write_parquet(frame, folder / f"{table}.parquet")


def _refused(home: Home, limits: Limits, shredder: Shredder) -> Iterator[Destruction]:
    """Refused deliveries, but for the reasons. One without a month goes at once: nobody knows its age."""
    for refusal in sorted(home.refused.glob(f"*/*/*/{REFUSAL}")):
        supplier, period = refusal.parts[-4:-2]
        days = limits.fewest("refused", supplier) or limits.fewest("refused")
        if days is None:
            continue
        due = month_end(period) + timedelta(days) if _MONTH.fullmatch(period) else shredder.today
        if due <= shredder.today:
            for path in sorted(path for path in refusal.parent.iterdir() if path != refusal):
                yield whole(path, "refused", rule("refused", days), due, shredder)
