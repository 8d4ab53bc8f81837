"""The privacy gate on a delivery: whether it may come in. Fails closed; tells rule names and counts only.

Allow-list first: only what the manifest names, only tables and columns of a contract. Then the values of
each column (`privacy_columns`). Names of people are stopped by the allow-list, not by detection. The same
gate runs at the supplier before sending, before anything is copied, and on what was copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.manifest import MANIFEST, Manifest
from outcome_linkage.delivery.receiving.finding import DeliveryRefused, Finding, GateReport
from outcome_linkage.delivery.receiving.privacy_columns import COMMON_SHARE, inspect_column
from outcome_linkage.files import sha256_of

__all__ = ["DeliveryRefused", "Finding", "GateReport", "inspect", "inspect_frame", "inspect_table"]

# fmt: off
IDENTITY_HEADERS = frozenset((
    "forename", "first_name", "firstname", "given_name", "middle_name", "surname", "last_name",
    "lastname", "family_name", "name", "full_name", "previous_surname", "dob", "date_of_birth",
    "birth_date", "mc_dob", "sex", "gender", "ethnic_group", "postcode", "previous_postcode",
    "home_post", "pl_post", "address", "address_line_1", "address_line_2", "uprn", "nhs_number",
    "nhs_no", "nhsnumber", "upn", "former_upn", "pnc_id", "email", "telephone", "phone", "child",
    "lachildid", "personbirthdate", "expectedpersonbirthdate", "valid_from", "valid_to",
))
# fmt: on
"""Headers of identity: safe to repeat in a report, as they name a field and not a person."""

_NATIONAL = ("sid_nhs", "sid_upn", "sid_pnc")
_FINDING = (*_NATIONAL, "tok_surname", "tok_dob")
"""Tokens that find a person: one of a national identifier, or surname and date of birth."""

LEFT_BY_SYSTEMS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def inspect(
    folder: Path,
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier] | None = None,
    expected_vectors: Mapping[str, int] | None = None,
    earlier: Sequence[Manifest] = (),
) -> GateReport:
    """Judge the delivery in `folder`. Reads only; quotes no value and no unknown name.

    Without `suppliers` anyone may deliver any table. `expected_vectors` are the test vectors accepted so
    far: others mean another linkage key. `earlier` are manifests with whose record keys these should agree.
    """
    manifest, problems = _manifest(folder)
    if manifest is None:
        return GateReport(problems)
    parts = (
        _about_period(manifest, date.today()),
        _about_supplier(manifest, contracts, suppliers),
        _about_key(manifest, contracts, expected_vectors),
        about_record_keys(manifest, contracts, earlier),
        _about_folder(folder, manifest),
        *(
            inspect_table(folder, manifest, contracts[table], contracts)
            for table in manifest.tables
            if table in contracts
        ),
    )
    return GateReport(list(chain.from_iterable(parts)), manifest)


def inspect_table(
    folder: Path, manifest: Manifest, contract: Contract, contracts: Mapping[str, Contract] | None = None
) -> list[Finding]:
    """What the gate finds in one file of a delivery, `<folder>/<table>.parquet`.

    `contracts` are those whose headers may be repeated in a report.
    """
    name, delivered = contract.name, manifest.tables[contract.name]
    path = folder / f"{name}.parquet"
    if not path.is_file() or path.is_symlink():
        return [Finding(name, None, "missing_file", 1)]
    findings = []
    if sha256_of(path) != delivered.sha256:
        findings.append(Finding(name, None, "hash_mismatch", 1))
    try:
        return findings + list(_about_parquet(path, manifest, contract, contracts or {}))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return [*findings, Finding(name, None, "unreadable_file", 1)]


def inspect_frame(frame: pl.DataFrame, contract: Contract) -> list[Finding]:
    """What the gate finds in one table: its columns, then the values of each listed column."""
    findings = list(_about_columns(frame.columns, contract, {contract.name: contract}))
    for name in frame.columns:
        if name in contract.columns:
            findings += inspect_column(frame[name], contract.columns[name], contract.name)
    return [*findings, *_about_rows(frame.lazy(), contract), *_about_people(frame.lazy(), contract)]


def _manifest(folder: Path) -> tuple[Manifest | None, list[Finding]]:
    if not (folder / MANIFEST).is_file():
        return None, [Finding(None, None, "no_manifest", 1)]
    try:
        return Manifest.read(folder), []
    except ValidationError as error:
        return None, [Finding(None, None, "bad_manifest", error.error_count())]


def _about_period(manifest: Manifest, today: date) -> Iterator[Finding]:
    if manifest.period > f"{today:%Y-%m}":
        yield Finding(None, None, "period_to_come", 1)


def _about_supplier(
    manifest: Manifest, contracts: Mapping[str, Contract], suppliers: Mapping[str, Supplier] | None
) -> Iterator[Finding]:
    if not manifest.tables:
        yield Finding(None, None, "no_tables", 1)
    supplier = suppliers.get(manifest.supplier) if suppliers is not None else None
    if suppliers is not None and supplier is None:
        yield Finding(None, None, "unknown_supplier", 1)
    allowed = set(contracts) & set(supplier.tables) if supplier else set(contracts)
    for table, delivered in manifest.tables.items():
        known = table if table in contracts else None
        if table not in allowed:
            yield Finding(known, None, "table_not_in_catalogue", 1)
        if delivered.file != f"{table}.parquet":
            yield Finding(known, None, "bad_manifest", 1)


def _about_key(
    manifest: Manifest, contracts: Mapping[str, Contract], expected: Mapping[str, int] | None
) -> Iterator[Finding]:
    tokens = {
        table: {column.name for column in contract.columns.values() if column.kind == "token"}
        for table, contract in contracts.items()
    }
    strangers = set(manifest.test_vectors) - set().union(*tokens.values())
    if strangers:
        yield Finding(None, None, "bad_manifest", len(strangers))
    if any(tokens.get(table) for table in manifest.tables) and not _has_key(manifest):
        yield Finding(None, None, "no_test_vectors", 1)
    differing = sum(
        manifest.test_vectors.get(name, token) != token for name, token in (expected or {}).items()
    )
    if differing:
        yield Finding(None, None, "wrong_key", differing)


def about_record_keys(
    manifest: Manifest, contracts: Mapping[str, Contract], earlier: Sequence[Manifest]
) -> Iterator[Finding]:
    """Whether somebody who was delivered before would be the same record again, and nobody else's."""
    own = [one for one in earlier if one.supplier == manifest.supplier]
    others = {one.record_secret_version for one in earlier if one.supplier != manifest.supplier}
    version = manifest.record_secret_version
    last = [one.record_secret_version for one in own if one.record_secret_version][-1:]
    if version and last and last != [version]:
        yield Finding(None, None, "another_record_secret", 1)
    if version and version in others:
        yield Finding(None, None, "shared_record_secret", 1)
    for table, delivered in manifest.tables.items():
        held = [one.tables[table].id_system for one in own if table in one.tables][-1:]
        several = table not in contracts or contracts[table].each_system
        if held and held != [delivered.id_system] and not several:
            yield Finding(table, None, "another_id_system", 1)


def _has_key(manifest: Manifest) -> bool:
    return bool(manifest.test_vectors and manifest.key_version)


def _about_folder(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    listed = {MANIFEST, *(delivered.file for delivered in manifest.tables.values())}
    others = [path for path in folder.iterdir() if path.name not in listed | LEFT_BY_SYSTEMS]
    tables = sum(path.suffix == ".parquet" for path in others)
    if tables:
        yield Finding(None, None, "unlisted_table", tables)
    if len(others) > tables:
        yield Finding(None, None, "unlisted_file", len(others) - tables)


def _about_parquet(
    path: Path, manifest: Manifest, contract: Contract, contracts: Mapping[str, Contract]
) -> Iterator[Finding]:
    file = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    rows = file.select(pl.len()).collect().item()
    claimed = manifest.tables[contract.name].rows
    if rows != claimed:
        yield Finding(contract.name, None, "rows_mismatch", abs(rows - claimed))
    names = file.collect_schema().names()
    yield from _about_columns(names, contract, contracts)
    for name in (name for name in contract.columns if name in names):
        values = file.select(name).collect().to_series()
        yield from inspect_column(values, contract.columns[name], contract.name)
        if name == "key_version":
            yield from _about_key_version(values, manifest, contract)
    yield from _about_rows(file, contract)
    yield from _about_people(file, contract)


def _about_rows(rows: pl.LazyFrame, contract: Contract) -> Iterator[Finding]:
    """Values that say too much of a person beside others of their row."""
    names = rows.collect_schema().names()
    for rule in contract.row_rules:
        if rule.personal and set(rule.broken().meta.root_names()) <= set(names):
            broken: int = rows.select(rule.broken().sum()).collect().item()
            if broken:
                yield Finding(contract.name, rule.column, "full_date_of_birth", broken)


def _about_people(rows: pl.LazyFrame, contract: Contract) -> Iterator[Finding]:
    """Tokens with which nobody can be found in another system: received as they are, and a warning."""
    if "tok_dob" not in contract.columns:
        return
    names = set(rows.collect_schema().names())
    absent = {name: pl.lit(True) if name not in names else pl.col(name).is_null() for name in _FINDING}
    nobody = absent["tok_dob"] | absent["tok_surname"]
    for name in _NATIONAL:
        nobody &= absent[name]
    count, total = rows.select(nobody.sum(), pl.len()).collect().row(0)
    if count > COMMON_SHARE * total:
        yield Finding(contract.name, None, "not_linkable", count)


def _about_key_version(values: pl.Series, manifest: Manifest, contract: Contract) -> Iterator[Finding]:
    others = int((values.cast(pl.String).drop_nulls() != (manifest.key_version or "")).sum())
    if others:
        yield Finding(contract.name, "key_version", "wrong_key", others)


def _about_columns(
    names: list[str], contract: Contract, contracts: Mapping[str, Contract]
) -> Iterator[Finding]:
    known = IDENTITY_HEADERS.union(*(other.columns for other in contracts.values()))
    for position, name in enumerate(names, start=1):
        if name not in contract.columns:
            header = name.strip().lower()
            told = header if header in known else f"an unlisted column (number {position})"
            yield Finding(contract.name, told, "unlisted_column", 1)
    for name, column in contract.columns.items():
        if name not in names and not column.nullable:
            yield Finding(contract.name, name, "missing_column", 1)
