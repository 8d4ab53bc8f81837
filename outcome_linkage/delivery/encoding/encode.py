"""Turn a supplier's raw files into a pseudonymised delivery, on the supplier's own premises.

What leaves: the columns of the contracts, with ids re-keyed, births cut to their month and addresses turned
into areas, and tokens of identifiers. How files are read stands in `formats`, how values become columns in
`payload`, how identifiers become tokens in `identity`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.encoding.areas import read_postcodes
from outcome_linkage.delivery.encoding.identity import link_tokens
from outcome_linkage.delivery.encoding.keymap import write_key_map
from outcome_linkage.delivery.encoding.keys import read_key, refuse_inside, refuse_shared_secret
from outcome_linkage.delivery.encoding.keys import record_secret as read_record_secret
from outcome_linkage.delivery.encoding.parcel import Parcel, new_manifest
from outcome_linkage.delivery.encoding.payload import Payload, encode_rows
from outcome_linkage.delivery.encoding.rekey import id_space
from outcome_linkage.delivery.feedback.notes import note, write_notes
from outcome_linkage.delivery.feedback.sources import described_sources
from outcome_linkage.delivery.formats import RawReturn, RawTable
from outcome_linkage.delivery.formats.cin import read_cin
from outcome_linkage.delivery.formats.school_census import read_school_census
from outcome_linkage.delivery.formats.ssda903 import read_ssda903
from outcome_linkage.delivery.formats.table import read_table
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.home import Home
from outcome_linkage.linkage.tokens import key_version, test_vectors

Mode = Literal["snapshot", "period", "append"]
SUPPLIER, PERIOD, YEARS = r"[a-z][a-z0-9_]{1,39}", r"\d{4}-(0[1-9]|1[0-2])", (2000, 2100)

RETURNS = {"ssda903": read_ssda903, "cin": read_cin, "school_census": read_school_census}
"""Returns that fill several tables, by the name that `encode` knows them by."""


@dataclass(frozen=True)
class TableReport:
    """What became of one table: counts only.

    `unlisted_headers` were dropped because the contract does not list them, `blank_headers` and `blank_rows`
    because they were empty. `repairs` counts other repairs of the raw files by name, `unreadable` values by
    column that were replaced by a marker, `without_area` postcodes that the lookup does not hold.
    """

    rows: int
    unlisted_headers: int = 0
    blank_headers: int = 0
    blank_rows: int = 0
    repairs: Mapping[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    without_area: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class EncodeReport:
    """What `encode` wrote and where; `skipped` names parts of a return for which there is no contract."""

    folder: Path
    collection_year: int | None
    key_version: str
    tables: dict[str, TableReport]
    skipped: tuple[str, ...] = ()


def encode(
    raw: Sequence[Path],
    table: str,
    supplier: str,
    period: str,
    out: Path,
    *,
    contracts: Mapping[str, Contract],
    key_file: Path,
    record_secret: Path,
    collection_year: int | None = None,
    covers: tuple[date, date] | None = None,
    postcodes: Path | None = None,
    keep_map: Path | None = None,
    keep_notes: Path | None = None,
    modes: Mapping[str, Mode | None] | None = None,
    id_system: str | None = None,
) -> EncodeReport:
    """Add the raw files to the delivery `<out>/<supplier>/<period>/`, which is made if it is not there.

    `table` is a return (see `RETURNS`) or the name of a contract. `covers` is the time for which the
    files are complete, both days inclusive; a return covers its collection year. `postcodes` is a CSV of
    postcode and lsoa21. `keep_map` is where to write record_key and original id, `keep_notes` what else
    `check` may tell the supplier. `modes` overrides the way in which a table replaces what was sent before;
    None leaves it to the contract. `id_system` names the system whose ids these are, where another one of the
    supplier gives the same ids to others. Raises RawInputRefused before anything is written to the delivery.
    """
    _check_arguments(table, supplier, period, contracts, collection_year, covers, id_system)
    outside = _never_private(out)
    for kept, what in ((keep_map, "key map"), (keep_notes, "file of notes")):
        if kept:
            refuse_inside(kept, outside, what=what)
    key = read_key(key_file, outside=outside)
    found = _read(raw, table, contracts, collection_year)
    parcel = Parcel.open(
        out / supplier / period, new_manifest(supplier, period, key_version(key), test_vectors(key))
    )
    entries = _entries(found, contracts, covers, modes or {}, id_system)
    parcel.check_room_for(entries)
    lookup = read_postcodes(postcodes) if postcodes else None
    secret = read_record_secret(record_secret, outside=outside)
    refuse_shared_secret(secret, key, record_secret)
    parcel.check_record_secret(key_version(secret))
    payloads = _payloads(found, supplier, id_system, contracts, key, secret, lookup)
    for name, payload in payloads.items():
        parcel.add(name, payload.frame, entries[name])
    if keep_map:
        write_key_map(keep_map, _original_ids(found, contracts), secret, id_space(supplier, id_system))
    if keep_notes:
        notes = {name: note(raw, payloads[name], contracts[name]) for name, raw in found.tables.items()}
        write_notes(keep_notes, supplier, period, notes)
    parcel.close()
    return EncodeReport(
        folder=parcel.folder,
        collection_year=found.collection_year,
        key_version=key_version(key),
        tables={name: _report(_raw_tables(found)[name], payloads[name]) for name in payloads},
        skipped=found.skipped,
    )


def _never_private(out: Path) -> tuple[Path, ...]:
    """Folders in which no key may lie: the deliveries, and the home if there is one."""
    home = Home.from_environment().root
    return (out, home) if (home / "landing").is_dir() else (out,)


def _read(raw: Sequence[Path], table: str, contracts: Mapping[str, Contract], year: int | None) -> RawReturn:
    if table in RETURNS:
        return RETURNS[table](raw, year, contracts)
    return read_table(raw, contracts[table], year)


def _payloads(
    found: RawReturn,
    supplier: str,
    id_system: str | None,
    contracts: Mapping[str, Contract],
    key: bytes,
    secret: bytes,
    postcodes: pl.DataFrame | None,
) -> dict[str, Payload]:
    """What will be written, by table."""
    payloads = {
        name: encode_rows(
            raw_table.frame,
            contracts[name],
            secret=secret,
            supplier=supplier,
            id_system=id_system,
            postcodes=postcodes,
        )
        for name, raw_table in found.tables.items()
    }
    if found.identity:
        payloads["link_tokens"] = link_tokens(
            found.identity.frame,
            key=key,
            secret=secret,
            space=id_space(supplier, id_system),
            postcodes=postcodes,
            contract=contracts["link_tokens"],
        )
    return payloads


def _raw_tables(found: RawReturn) -> dict[str, RawTable]:
    """Every table that will be written, by contract name."""
    return {**found.tables, **({"link_tokens": found.identity} if found.identity else {})}


def _entries(
    found: RawReturn,
    contracts: Mapping[str, Contract],
    covers: tuple[date, date] | None,
    modes: Mapping[str, Mode | None],
    id_system: str | None,
) -> dict[str, dict[str, object]]:
    """What the manifest will say of each table, but for its file.

    Identities belong to no collection year, claim to cover no time, and may come from several systems.
    """
    year = found.collection_year
    first, last = covers or found.covers or (None, None)
    own = {"collection_year": year, "covers_from": first, "covers_to": last, "id_system": id_system}
    return {
        name: {
            "source_files": described_sources(raw_table, contracts[name]),
            "mode": modes.get(name) or contracts[name].mode,
            **({} if contracts[name].restricted else own),
        }
        for name, raw_table in _raw_tables(found).items()
    }


def _original_ids(found: RawReturn, contracts: Mapping[str, Contract]) -> list[pl.Series]:
    return [
        raw_table.frame[column]
        for name, raw_table in _raw_tables(found).items()
        for column in contracts[name].person_columns
        if column in raw_table.frame.columns
    ]


def _report(raw_table: RawTable, payload: Payload) -> TableReport:
    return TableReport(
        rows=payload.frame.height,
        unlisted_headers=raw_table.unlisted,
        blank_headers=raw_table.blank_headers,
        blank_rows=raw_table.blank_rows,
        repairs=raw_table.repairs,
        unreadable=payload.unreadable,
        without_area=payload.without_area,
    )


def _check_arguments(
    table: str,
    supplier: str,
    period: str,
    contracts: Mapping[str, Contract],
    year: int | None,
    covers: tuple[date, date] | None,
    id_system: str | None,
) -> None:
    tables = [*RETURNS, *contracts]
    rules = (
        (table in tables, "--table", f"one of {', '.join(tables)}"),
        (re.fullmatch(SUPPLIER, supplier), "--supplier", "a name such as north_somerset"),
        (re.fullmatch(PERIOD, period), "--period", "a month as YYYY-MM"),
        (id_system is None or re.fullmatch(SUPPLIER, id_system), "--id-system", "a name such as housing"),
        (year is None or YEARS[0] <= year <= YEARS[1], "--year", "a year from {} to {}".format(*YEARS)),
        (covers is None or covers[0] <= covers[1], "--covers", "a first day and a later last day"),
    )
    for holds, where, expected in rules:
        if not holds:
            raise RawInputRefused(
                "wrong_argument", expected=expected, found="something else", where=where, todo="Correct it."
            )
