"""The rows of a delivery that were rejected: where each stands and why, never what it says."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from outcome_linkage.agreements.destruction import destroyed_files
from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.validating.verdict import read_verdict
from outcome_linkage.home import Home

REJECTED_ROWS = pl.Schema(
    {
        "supplier": pl.String,
        "period": pl.String,
        "delivery": pl.String,
        "table": pl.String,
        "file": pl.String,
        "row": pl.Int64,
        "record_key": pl.String,
        "column": pl.String,
        "reason": pl.String,
    }
)


def rejected_rows(delivery: DeliveryId, home: Home, contracts: Mapping[str, Contract]) -> pl.DataFrame:
    """Every rejected row of a judged delivery by file, row and column (`REJECTED_ROWS`).

    A row at fault in several columns has a line for each; one that was destroyed has none. Reads the
    restricted zone.
    """
    destroyed = destroyed_files(home)
    verdict, found = read_verdict(home, delivery), [pl.DataFrame(schema=REJECTED_ROWS)]
    for table, judged in verdict.tables.items() if verdict else ():
        if table in contracts and judged.rejected:
            path = (
                home.folder("rejected", delivery, restricted=contracts[table].restricted) / f"{table}.parquet"
            )
            if path in destroyed:
                continue
            rows = pl.read_parquet(path, glob=False)
            origin = (delivery.supplier, delivery.period, delivery.number, table)
            named = [pl.lit(v).alias(n) for n, v in zip(REJECTED_ROWS, origin, strict=False)]
            renamed = rows.rename({"_file": "file", "_row": "row"})
            found.append(renamed.select(*named, *REJECTED_ROWS.names()[len(named) :]))
    return pl.concat(found)
