"""What linkage, and the measurement of its quality, may read of the deliveries in use."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from assets.in_force import suppliers_not_linked
from outcome_linkage.delivery.manifest import Manifest
from outcome_linkage.delivery.validating.current import CurrentFile, current_files, current_sql
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.measure import NOBODY, Extract, Provision
from schemas.catalogue import CONTRACTS, Supplier

TOKENS = "link_tokens"
LOOKED_AFTER = ("ssda903_header", "ssda903_episodes")
DEATHS = {"deaths": "death_date"}
# Dates on which the person of a record must have been alive; nothing else of these tables is read.
EVENTS = {
    "ecds_attendances": "arrival_date",
    "apc_episodes": "epistart",
    "mhsds_referrals": "referral_date",
    "police_incidents": "incident_date",
    "school_exclusions": "start_date",
    "ssda903_episodes": "decom",
    "cin_protection_plans": "plan_start_date",
}

Files = Mapping[str, Sequence[CurrentFile]]


def extract(home: Home, suppliers: Mapping[str, Supplier], today: date) -> Extract:
    """What the quality run may read of the deliveries in use on a day."""
    files = current_files(home, CONTRACTS, suppliers)
    return Extract(
        tokens=tokens_sql(home, files, suppliers_not_linked(home, today)),
        records=records_sql(files),
        as_of=_as_of(files),
        looked_after=_union(files, dict.fromkeys(LOOKED_AFTER)),
        deaths=_union(files, DEATHS),
        events=_union(files, EVENTS),
        provisions=tuple(_provisions(home, files, suppliers)),
        registers=tuple(registers(suppliers)),
    )


def registers(suppliers: Mapping[str, Supplier]) -> list[str]:
    """Suppliers that hold nearly everybody of their area."""
    return sorted(s.name for s in suppliers.values() if any(t.register_of_people for t in s.tables.values()))


def _as_of(files: Files) -> date:
    """The end of the month of the latest delivery in use: the day on which ages are counted."""
    periods = [file.delivery.period for current in files.values() for file in current]
    year, month = map(int, max(periods, default="1970-01").split("-"))
    return date(year, month, calendar.monthrange(year, month)[1])


def _union(files: Files, columns: Mapping[str, str | None]) -> str:
    """SQL for supplier and record_key of every row of the tables, and the named column where one is."""
    parts = [
        f"select _supplier, record_key{f', {column}' if column else ''} "
        f"from ({current_sql(CONTRACTS[table], files.get(table, ()))})"
        for table, column in columns.items()
    ]
    return " union all ".join(parts) or NOBODY


def _provisions(home: Home, files: Files, suppliers: Mapping[str, Supplier]) -> Iterator[Provision]:
    """The deliveries in use, by supplier, oldest first."""
    rows: dict[Any, dict[str, int]] = {}
    for table, current in files.items():
        for file in current:
            rows.setdefault(file.delivery, {})[table] = file.rows
    for delivery in sorted(rows, key=lambda d: (d.supplier, d)):
        manifest = Manifest.read(home.folder("landing", delivery))
        yield Provision(
            supplier=delivery.supplier,
            title=suppliers[delivery.supplier].title,
            period=delivery.period,
            number=delivery.number,
            key_version=manifest.key_version,
            encoder_version=manifest.encoder_version,
            tables=dict(sorted(rows[delivery].items())),
        )


def tokens_sql(home: Home, files: Mapping[str, Sequence[CurrentFile]], apart: Mapping[str, Supplier]) -> str:
    """A query for the tokens in use, without those of people whom only tables of `apart` know."""
    tokens = current_sql(CONTRACTS[TOKENS], files.get(TOKENS, ()))
    if not any(supplier.tables for supplier in apart.values()):
        return tokens
    only_there = f"({records_sql(current_files(home, CONTRACTS, apart))}) except ({records_sql(files)})"
    return f"select * from ({tokens}) where (_supplier, record_key) not in ({only_there})"


def records_sql(files: Mapping[str, Sequence[CurrentFile]]) -> str:
    """A query for supplier and record_key of everybody whom a row names, other than rows of tokens."""
    named = [
        (column, current_sql(contract, files.get(name, ())))
        for name, contract in CONTRACTS.items()
        for column in contract.person_columns
        if name != TOKENS
    ]
    return " union ".join(
        f"select _supplier as supplier, {column} as record_key from ({sql})" for column, sql in named
    )
