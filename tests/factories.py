"""Tiny deliveries for tests: rows that a contract accepts, and the folder that a supplier would send.

Everything is invented from row numbers; nothing here is random, and nothing judges a delivery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from outcome_linkage.delivery.manifest import DeliveredTable, DeliveryId, Manifest
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating.validate import settle, validate_table
from outcome_linkage.files import sha256_of
from outcome_linkage.home import Home
from schemas import fields
from schemas.catalogue import CONTRACTS, load_suppliers
from schemas.contract import Column, Contract
from schemas.council_services import DFE_COUNCIL
from schemas.looked_after import YEAR_OR_MONTH

SUPPLIERS = load_suppliers()
KEY_VERSION = "0a1b2c3d"
_EXAMPLES = {
    fields.LSOA: "E01014485",
    fields.LOCAL_AUTHORITY: "E06000023",
    fields.ICD10: "X700",
    fields.SNOMED: "248062006",
    fields.SNOMED_LIST: "248062006,72431002",
    fields.OPCS4: "A651",
    fields.ORGANISATION: "RVN3A",
    fields.TIME: "09:30:00",
    r"^[0-9a-f]{8}$": KEY_VERSION,
    r"^(SC\d{6}|\d{7}|X{7})$": "SC123456",
    r"^UN[1-7]$": "UN1",
    r"^(\d{3}|[A-Z]{3})$": "801",
    YEAR_OR_MONTH: "2016-05",
    DFE_COUNCIL: "801",
    r"^[A-Z0-9]{3}$": "RA7",
    r"^[A-Z]{2}\d{2}[A-Z]$": "VB08Z",
    r"^\d{1,2}$": "21",
    fields.TWO_DIGITS: "19",
    r"^[A-Q]\d$": "A1",
    r"^[A-Z]\d{2}$": "A02",
}
_TOGETHER = {"measure_scores": {"instrument": "sdq", "scale": "total"}}
"""Codes that must agree within a row of a table."""


def key(*parts: object) -> str:
    """A made-up record_key (32 lower-case hex digits), the same for the same parts."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def token(*parts: object) -> int:
    """A made-up token (signed 64-bit), the same for the same parts."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:8], signed=True)


def rows(table: str, n: int, year: int | None = None, **columns: Any) -> pl.DataFrame:
    """`n` rows that the contract of `table` accepts in collection `year`.

    A keyword replaces a column, by one value for all rows or a list of `n`. Row i is the same in every
    call; its record_key is `key(i)`.
    """
    contract = CONTRACTS[table]
    personal = {rule.column for rule in contract.row_rules if rule.personal}
    made = {
        name: [None if name in personal else _value(column, i, year) for i in range(n)]
        for name, column in contract.columns.items()
    }
    frame = pl.DataFrame(made, schema={name: column.dtype for name, column in contract.columns.items()})
    return frame.with_columns(
        pl.Series(name, values if isinstance(values, list) else [values] * n, strict=False)
        for name, values in {**_TOGETHER.get(table, {}), **columns}.items()
    )


def _value(column: Column, i: int, year: int | None) -> Any:
    allowed = column.codes(year)
    if allowed is not None:
        return allowed[i % len(allowed)] if allowed else None
    if column.pattern and column.kind == "pattern":
        return _EXAMPLES[column.pattern]
    by_kind = {
        "hex": key(i) if column.name == "record_key" else key(column.name, i),
        "id": key(column.name, i),
        "date": date(2023, 4, 1) + timedelta(days=i),
        "month": date(2010 + i % 10, 1 + i % 12, 1),
        "number": 2024 if column.unit == "year" else 1,
        "flag": i % 2 == 0,
        "token": token(column.name, i),
    }
    return by_kind[column.kind]


def vectors(secret: str = "one key") -> dict[str, int]:
    """Made-up test vectors of a linkage key: one token for every token column of link_tokens."""
    names = [c.name for c in CONTRACTS["link_tokens"].columns.values() if c.kind == "token"]
    return {name: token(secret, name) for name in names}


def delivery(
    root: Path,
    supplier: str,
    period: str,
    tables: Mapping[str, pl.DataFrame],
    *,
    collection_year: int | None = None,
    covers: tuple[date, date] | None = None,
    modes: Mapping[str, str] | None = None,
    id_system: str | None = None,
    **manifest: Any,
) -> Path:
    """Write `<root>/<supplier>/<period>/` as a supplier would: Parquet files, then the manifest.

    `collection_year`, `covers` and `id_system` hold for every table; a mode is the contract's unless `modes`
    names another; further keywords replace fields of the manifest.
    """
    folder = root / supplier / period
    folder.mkdir(parents=True, exist_ok=True)
    for table, frame in tables.items():
        frame.write_parquet(folder / f"{table}.parquet")
    described = {
        "supplier": supplier,
        "period": period,
        "encoder_version": "0.1.0",
        "key_version": KEY_VERSION,
        "test_vectors": vectors(),
        "tables": {
            table: DeliveredTable(
                file=f"{table}.parquet",
                sha256=sha256_of(folder / f"{table}.parquet"),
                rows=frame.height,
                collection_year=collection_year,
                covers_from=covers[0] if covers else None,
                covers_to=covers[1] if covers else None,
                mode=(modes or {}).get(table) or _mode(table),  # type: ignore[arg-type]
                id_system=id_system,
            )
            for table, frame in tables.items()
        },
    }
    Manifest.model_validate({**described, **manifest}).write(folder)
    return folder


def judged(folder: Path, home: Home) -> DeliveryId:
    """Receive the delivery in `folder` and judge all its tables, as the pipeline does."""
    receipt = receive(folder, home, CONTRACTS, SUPPLIERS)
    assert receipt.delivery is not None, receipt.findings
    for table in Manifest.read(folder).tables:
        validate_table(receipt.delivery, home, CONTRACTS[table])
    settle(receipt.delivery, home)
    return receipt.delivery


def _mode(table: str) -> str:
    contract: Contract | None = CONTRACTS.get(table)
    return contract.mode if contract else "append"
