"""From landing to validated: every row of a delivered table is kept or rejected, and counted.

Rows are judged a batch at a time, so that a table may be longer than memory; whether rows repeat others is
asked of the whole table. What was kept and what was rejected are written before the verdict, which is the
sign that they are complete.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.manifest import DeliveryId, Manifest
from outcome_linkage.delivery.validating.judge import FAULT, judge_rows
from outcome_linkage.delivery.validating.repeats import repeats_in, repeats_on_disk
from outcome_linkage.delivery.validating.verdict import PROVENANCE, TableVerdict, Verdict, table_verdicts
from outcome_linkage.files import replacing, sha256_of, write_parquet
from outcome_linkage.home import Home

BATCH = 1_000_000
"""How many rows are judged at a time."""
ROW_GROUP = 122_880
"""How many rows are written at a time; what is written so can be read again in as little memory."""
MOST_REJECTED = 0.5
"""A table of which more than this share is rejected is refused as a whole: something general is wrong."""
TABLE_REFUSED = "table_refused"
REJECTED = ("_file", *FAULT)


def validate_frame(
    frame: pl.DataFrame, contract: Contract, year: int | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge a whole delivered table in memory.

    Returns the kept rows (`_row` and the contract's columns) and one line for each fault of the others
    (`_file`, `_row`, `record_key`, `column`, `reason`). Rows are numbered from 1.
    """
    judged = judge_rows(_numbered(frame, 1), contract, year)
    kept = judged.kept
    repeats = repeats_in(kept, contract)
    good = kept.filter(~pl.col("_row").is_in(repeats["_row"].implode()))
    return good, _rejected(pl.concat([judged.faults, repeats]), contract)


def validate_table(delivery: DeliveryId, home: Home, contract: Contract) -> TableVerdict:
    """Judge one table of a landed delivery; write what is kept, what is rejected, and the verdict.

    Raises LedgerError, and writes no verdict, when a row is neither kept nor rejected.
    """
    delivered = Manifest.read(home.folder("landing", delivery)).tables[contract.name]
    source = home.folder("landing", delivery, restricted=contract.restricted) / delivered.file
    folders = [
        home.folder(stage, delivery, restricted=contract.restricted) for stage in ("validated", "rejected")
    ]
    kept_path, rejected_path = (folder / delivered.file for folder in folders)
    with _scratch(kept_path) as scratch:
        faults = _judge_batches(source, scratch, contract, delivered.collection_year)
        kept = pl.scan_parquet(scratch / "*.parquet")
        faults = pl.concat([faults, repeats_on_disk(scratch, contract)])
        read = pl.scan_parquet(source, glob=False).select(pl.len()).collect().item()
        why = why_refused(read, faults["_row"].n_unique())
        if why:
            faults = pl.concat([faults, _all_refused(kept, faults)])
        good = kept.filter(~pl.col("_row").is_in(faults["_row"].implode()))
        write_parquet(_rejected(faults, contract), rejected_path)
        _write_kept(good, kept_path, delivery)
    verdict = _verdict(contract, read, why, faults, kept_path)
    verdict.write(home, delivery)
    return verdict


def settle(delivery: DeliveryId, home: Home) -> Verdict | None:
    """Write the verdict on a delivery once all its tables are judged: from then on it counts.

    None while a table is not judged yet. The delivery is accepted when one of its tables is; a refused
    table keeps no row, and what the supplier sent before for it stays in force.
    """
    tables = Manifest.read(home.folder("landing", delivery)).tables
    judged = table_verdicts(home, delivery)
    if not tables.keys() <= judged.keys():
        return None
    accepted = any(judged[table].status == "accepted" for table in tables)
    of_tables = {table: judged[table] for table in sorted(tables)}
    verdict = Verdict(status="accepted" if accepted else "refused", tables=of_tables)
    verdict.write(home, delivery)
    return verdict


@contextmanager
def _scratch(kept_path: Path) -> Iterator[Path]:
    """An empty hidden folder beside the result; what a killed process left in it is thrown away."""
    folder = kept_path.parent / f".{kept_path.stem}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


def _judge_batches(source: Path, scratch: Path, contract: Contract, year: int | None) -> pl.DataFrame:
    """Write the kept rows of each batch to `scratch`; return the faults of the others."""
    table = pl.scan_parquet(source, glob=False)
    rows = table.select(pl.len()).collect().item()

    def judge_batch(start: int) -> pl.DataFrame:
        batch = _numbered(table.slice(start, BATCH).collect(), start + 1)
        judged = judge_rows(batch, contract, year)
        for number, part in enumerate(judged.kept_in_parts(ROW_GROUP)):
            part.write_parquet(scratch / f"{start:012d}-{number:06d}.parquet", compression="lz4")
        return judged.faults

    return pl.concat([judge_batch(start) for start in range(0, max(rows, 1), BATCH)])


def _numbered(rows: pl.DataFrame, first: int) -> pl.DataFrame:
    """The rows of a delivered table with their numbers as `_row`."""
    return rows.with_columns(_row=pl.int_range(first, first + pl.len(), dtype=pl.Int64))


def why_refused(read: int, rejected: int) -> str | None:
    """Why a table with `rejected` of `read` rows rejected is refused as a whole; None where it is not."""
    if read and rejected == read:
        return "no row could be kept"
    if rejected > MOST_REJECTED * read:
        return f"{rejected / read:.0%} of the rows were rejected; at most {MOST_REJECTED:.0%} may be"
    return None


def _all_refused(kept: pl.LazyFrame, faults: pl.DataFrame) -> pl.DataFrame:
    """A fault for each row that is refused only because so many others were rejected."""
    names = kept.collect_schema().names()
    key = pl.col("record_key") if "record_key" in names else pl.lit(None, pl.String)
    others = kept.filter(~pl.col("_row").is_in(faults["_row"].implode()))
    column, reason = pl.lit(None, pl.String), pl.lit(TABLE_REFUSED)
    rows = others.select("_row", record_key=key, column=column, reason=reason)
    return rows.collect().cast(FAULT)


def _rejected(faults: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    lines = faults.with_columns(pl.lit(f"{contract.name}.parquet").alias("_file"))
    return lines.select(REJECTED).sort("_row", maintain_order=True)


def _write_kept(rows: pl.LazyFrame, path: Path, delivery: DeliveryId) -> None:
    """Write the kept rows in their order, each with where it came from."""
    origin = (delivery.supplier, delivery.period, delivery.number, path.name)
    provenance = [pl.lit(value).alias(name) for name, value in zip(PROVENANCE, origin, strict=False)]
    columns = [name for name in rows.collect_schema().names() if name != "_row"]
    with replacing(path) as beside:
        rows.select(*columns, *provenance, "_row").sink_parquet(
            beside, compression="zstd", maintain_order=True, row_group_size=ROW_GROUP
        )


def _verdict(
    contract: Contract, read: int, why: str | None, faults: pl.DataFrame, kept_path: Path
) -> TableVerdict:
    first = faults.unique("_row", keep="first", maintain_order=True)["reason"]
    return TableVerdict(
        table=contract.name,
        status="refused" if why else "accepted",
        why=why,
        read=read,
        kept=pl.scan_parquet(kept_path, glob=False).select(pl.len()).collect().item(),
        rejected=first.len(),
        reasons=dict(sorted(Counter(first.to_list()).items())),
        sha256=sha256_of(kept_path),
    )
