"""The measures of every delivery of a home: taken once after its verdict, kept, and read as one history.

`restricted/delivery_quality/<supplier>/<period>/<NNN>.parquet`, mode 0600: true counts, by month and code. A
table is measured again only when its validated file or the measures are others; a delivery that is sent
again is another delivery, and the last one to cover a time speaks for it. What agreements keep out is neither
measured nor read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from outcome_linkage.agreements.destruction import destroyed_files
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.manifest import DeliveredTable, DeliveryId, Manifest, deliveries_below
from outcome_linkage.delivery.rules.result import read_result
from outcome_linkage.delivery.validating.cast import cast
from outcome_linkage.delivery.validating.verdict import TableVerdict, Verdict, read_verdict
from outcome_linkage.delivery_quality.measures import FAULTS, MEASURES, measure_table
from outcome_linkage.delivery_quality.scope import Scope, scope_of
from outcome_linkage.files import replacing
from outcome_linkage.home import Home

MEASURES_VERSION = "1"
"""Raise it when measures are taken otherwise: then every delivery is measured again."""
REFUSED = "refused"
KEPT = pl.Schema([("made_from", pl.String()), *MEASURES.items()])
_ORIGIN = ("supplier", "period", "number")
HISTORY = pl.Schema([*((name, pl.String()) for name in _ORIGIN), *MEASURES.items(), ("age", pl.Int64())])
"""`age`: months from the month of a figure to the newest that its delivery covers; null without months."""
_NONE = pl.DataFrame(schema=FAULTS)
_SPEAKS_FOR = ("supplier", "table", "by", "name")


def kept_folder(home: Home) -> Path:
    """Where the true counts of every delivery lie."""
    return home.restricted / "delivery_quality"


def measure_deliveries(
    home: Home, contracts: Mapping[str, Contract], suppliers: Mapping[str, Supplier]
) -> int:
    """Measure what is judged and not measured yet; how many deliveries that were."""
    destroyed, measured = destroyed_files(home), 0
    for delivery, verdict in judged_deliveries(home, suppliers):
        path = kept_folder(home) / delivery.path.with_suffix(".parquet")
        kept = pl.read_parquet(path, glob=False) if path.exists() else pl.DataFrame(schema=KEPT)
        have = set(kept["made_from"])
        tables = {
            name: made_from
            for name, judged in verdict.tables.items()
            if name in contracts and name in suppliers[delivery.supplier].tables
            if not contracts[name].restricted and (made_from := _made_from(judged)) not in have
        }
        if found := list(_measure(home, delivery, verdict, tables, contracts, destroyed)):
            _keep(pl.concat([kept.filter(~pl.col("table").is_in(list(tables))), *found]), path)
            measured += 1
    return measured


def read_history(home: Home, suppliers: Mapping[str, Supplier]) -> pl.DataFrame:
    """The measures (`HISTORY`) of every delivery; `current` are those that hold."""
    found = [pl.DataFrame(schema=HISTORY)]
    for delivery, _ in judged_deliveries(home, suppliers):
        path = kept_folder(home) / delivery.path.with_suffix(".parquet")
        if path.exists():
            listed = pl.col("table").is_in(list(suppliers[delivery.supplier].tables))
            origin = (delivery.supplier, delivery.period, delivery.number)
            named = [pl.lit(v).alias(n) for n, v in zip(HISTORY, origin, strict=False)]
            lines = pl.read_parquet(path, glob=False).filter(listed)
            found.append(lines.select(*named, *MEASURES.names(), _age()))
    return pl.concat(found)


def _age() -> pl.Expr:
    month = pl.col("at").dt.year().cast(pl.Int64) * 12 + pl.col("at").dt.month()
    return pl.when(by="month").then(month.max().over("table", "by") - month).alias("age")


def current(history: pl.DataFrame) -> pl.DataFrame:
    """Of deliveries that speak for the same time, only the last. A refused table speaks for none."""
    place = pl.concat_str("period", "number", separator="/")
    return history.filter(place == place.max().over(_SPEAKS_FOR))


def newest(history: pl.DataFrame) -> pl.DataFrame:
    """The lines on each table of its newest delivery."""
    sent = pl.concat_str("period", "number", separator="/")
    return history.filter(sent == sent.max().over("supplier", "table"))


def judged_deliveries(home: Home, suppliers: Mapping[str, Supplier]) -> Iterator[tuple[DeliveryId, Verdict]]:
    """The deliveries of known suppliers that have a verdict, oldest first."""
    for delivery in deliveries_below(home.stage("landing")):
        if delivery.supplier in suppliers and (verdict := read_verdict(home, delivery)):
            yield delivery, verdict


def _made_from(judged: TableVerdict) -> str:
    return f"{MEASURES_VERSION} {judged.table} {judged.status} {judged.sha256}"


def _measure(
    home: Home,
    delivery: DeliveryId,
    verdict: Verdict,
    tables: Mapping[str, str],
    contracts: Mapping[str, Contract],
    destroyed: set[Path],
) -> Iterator[pl.DataFrame]:
    if not tables:
        return
    manifest, flagged = Manifest.read(home.folder("landing", delivery)), _flagged(home, delivery)
    for name, made_from in tables.items():
        delivered, contract = manifest.tables[name], contracts[name]
        path = home.folder("validated", delivery) / delivered.file
        if path in destroyed:
            continue
        scope = scope_of(delivery, delivered, contract)
        if verdict.tables[name].status == "refused":
            found = _refusal(verdict.tables[name], scope)
        else:
            rejected = verdict.tables[name].rejected
            faults = _faults(home, delivery, delivered, contract, scope) if rejected else _NONE
            found = measure_table(pl.scan_parquet(path, glob=False), faults, contract, scope)
            found = pl.concat(
                [found, flagged.filter(pl.col("table") == name).with_columns(name=pl.lit(scope.name))]
            )
        yield found.select(pl.lit(made_from).alias("made_from"), *MEASURES.names())


def _flagged(home: Home, delivery: DeliveryId) -> pl.DataFrame:
    """What the rules across rows and tables found in a delivery, as far as they ran."""
    result = read_result(home, delivery)
    at = date.fromisoformat(f"{delivery.period}-01")
    lines = [
        (rule.table, "delivery", "", at, "flagged", f"rule {rule.rule}", None, rule.failing, rule.checked)
        for rule in (result.rules if result else ())
        if rule.ended == "ran" and rule.checked
    ]
    return pl.DataFrame(lines, schema=MEASURES, orient="row")


def _refusal(judged: TableVerdict, scope: Scope) -> pl.DataFrame:
    """A table that was refused as a whole: nothing of it counts, so nothing else is measured."""
    line = (
        judged.table,
        REFUSED,
        scope.name,
        scope.delivered,
        REFUSED,
        "",
        None,
        judged.rejected,
        judged.read,
    )
    return pl.DataFrame([line], schema=MEASURES, orient="row")


def _faults(
    home: Home, delivery: DeliveryId, delivered: DeliveredTable, contract: Contract, scope: Scope
) -> pl.DataFrame:
    """The rejected rows (`FAULTS`), dated by what was delivered where that can be read."""
    path = home.folder("rejected", delivery) / delivered.file
    rows = pl.read_parquet(path, columns=["_row", "reason"], glob=False)
    rows = rows.unique("_row", keep="first", maintain_order=True)
    if scope.day is None:
        return rows.select(pl.lit(scope.delivered, pl.Date).alias("at"), "reason").cast(FAULTS)
    landed = home.folder("landing", delivery) / delivered.file
    source = pl.scan_parquet(landed, glob=False).select(scope.day).with_row_index("_row", offset=1)
    numbered = source.with_columns(pl.col("_row").cast(pl.Int64))
    dated = rows.lazy().join(numbered, on="_row", how="left", maintain_order="left").collect()
    day, _ = cast(dated[scope.day], contract.columns[scope.day])
    return dated.select(day.dt.truncate("1mo").alias("at"), "reason").cast(FAULTS)


def _keep(found: pl.DataFrame, path: Path) -> None:
    for folder in reversed([f for f in path.parents if not f.exists()]):
        folder.mkdir(mode=0o700)
    with replacing(path) as beside:
        beside.touch(mode=0o600)
        found.write_parquet(beside, compression="zstd")
