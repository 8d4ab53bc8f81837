"""The purge: what is due goes, who withdrew goes, and the record says so. The registry is never touched.

Order matters where a process may be killed: what was begun is finished first, who withdrew is remembered
before anything is rewritten, and what a purge looks for it looks for anew, so that a purge after a killed one
completes it. Aggregates that were released stay: they name nobody.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outcome_linkage.agreements.backups import not_purged, purge_backups
from outcome_linkage.agreements.copies import published_note, studies_behind
from outcome_linkage.agreements.destruction import Destruction, Shredder
from outcome_linkage.agreements.in_force import State
from outcome_linkage.agreements.retention import Limits, destroy_due, published_due, unlimited
from outcome_linkage.agreements.terms import Agreements
from outcome_linkage.agreements.withdraw import RULE, Place, whole, withdraw
from outcome_linkage.agreements.withdrawn import remember, withdrawn_records
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.evaluation.kept import kept_in, take_out
from outcome_linkage.home import Home


@dataclass(frozen=True)
class Purged:
    """What a purge destroyed, and what it could not judge or reach (`left`, in words)."""

    destroyed: tuple[Destruction, ...]
    left: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows destroyed, as far as they could be counted."""
        return sum(record.rows or 0 for record in self.destroyed)

    @property
    def rules(self) -> dict[str, int]:
        """How many files each rule took something from."""
        found = [record.rule for record in self.destroyed]
        return {rule: found.count(rule) for rule in sorted(set(found))}


def purge(
    home: Home,
    agreements: Agreements,
    suppliers: Mapping[str, Supplier],
    contracts: Mapping[str, Contract],
    found: list[State],
    today: date,
) -> Purged:
    """Purge `home` and its backups as on the day `today`; `found` are the states of its tables on that day.

    Whoever calls holds the writer's lock.
    """
    shredder = Shredder(home, today, agreements.backups)
    limits = Limits(agreements, {name: tuple(supplier.tables) for name, supplier in suppliers.items()})
    place = Place(home, contracts)
    finished = shredder.finish()
    _clear_spill(home)
    withdrawn = remember(home, agreements.backups)
    destroyed = [
        *finished,
        *withdraw(place, withdrawn, shredder),
        *destroy_due(place, limits, shredder),
        *purge_backups(contracts, withdrawn, limits, shredder),
    ]
    destroyed += [*_published(home, limits, found, shredder), *_studies(home, today)]
    left = (*(f"{table}: nobody says how long it may stay" for table in unlimited(place, limits)),)
    return Purged(tuple(destroyed), (*left, *not_purged(agreements.backups)))


def _studies(home: Home, today: date) -> Iterator[Destruction]:
    """The tables of studies that no night made again since somebody withdrew: they could not be run, say."""
    for name in studies_behind(home, kept_in(home)):
        yield from take_out(home, name, today, RULE)


def _clear_spill(home: Home) -> None:
    """Remove what killed processes spilled from memory to disk."""
    for folder in (home.root, home.restricted):
        shutil.rmtree(folder / ".duckdb_spill", ignore_errors=True)


def _published(home: Home, limits: Limits, found: list[State], shredder: Shredder) -> Iterator[Destruction]:
    """The published copy, if it shows somebody or something that it may not, or was not renewed in time.

    It goes at once where a run would have made it anew: publishing was withheld, or no run came since.
    """
    if not home.published.exists():
        return
    note = published_note(home)
    known = note.withdrawn if note else 0
    in_force = {(state.supplier, state.table) for state in found if state.is_read}
    due = published_due(note, limits)
    if known < withdrawn_records(home).height:
        yield whole(home.published, "published", RULE, shredder.today, shredder)
    elif note and not set(note.tables) <= in_force:
        yield whole(home.published, "published", "agreement not in force", shredder.today, shredder)
    elif due and due[0] <= shredder.today:
        yield whole(home.published, "published", due[1], due[0], shredder)
