"""Validating a long table beside a hand-written Polars expression of the same checks, in the same run.

The table is `ssda903_episodes` of invented rows, delivered with some faults of each kind. Ours is what a
run does: rows judged in batches, repeats looked for in the whole table, kept and rejected rows written, and
the verdict. By hand is what somebody would write for this one table: everything in memory, an expression
for each check, the same two files. Each is a process of its own, and both must come to the same rows.
Memory is the highest that the process held of its own, above what it held before it began.

    .venv/bin/python -m benchmarks.validation                     # 5,000,000 rows, median of 3
    .venv/bin/python -m benchmarks.validation --rows 1000000 --times 1
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.validation_by_hand import by_hand
from benchmarks.validation_rows import TABLE, YEAR, episodes, landing

MILLION = 1_000_000


def make(folder: Path, rows: int) -> None:
    """A home in which a delivery of the table has landed."""
    import pyarrow.parquet as pq

    from outcome_linkage.delivery.manifest import DeliveredTable, Manifest
    from outcome_linkage.files import sha256_of

    landed = landing(folder)
    landed.mkdir(parents=True)
    path = landed / f"{TABLE}.parquet"
    writer = None
    for start in range(0, rows, MILLION):
        part = episodes(start, min(MILLION, rows - start)).to_arrow()
        writer = writer or pq.ParquetWriter(path, part.schema, compression="zstd")
        writer.write_table(part, row_group_size=122_880)
    assert writer
    writer.close()
    table = DeliveredTable(
        file=path.name, sha256=sha256_of(path), rows=rows, collection_year=YEAR, mode="period"
    )
    Manifest(supplier="bristol", period="2024-05", encoder_version="0.1.0", tables={TABLE: table}).write(
        landed
    )


def ours(folder: Path) -> Callable[[], None]:
    """Validate the table as a run does."""
    from outcome_linkage.delivery.manifest import DeliveryId
    from outcome_linkage.delivery.validating.validate import validate_table
    from outcome_linkage.home import Home
    from schemas.catalogue import CONTRACTS

    delivery, home, contract = DeliveryId("2024-05", "001", "bristol"), Home(folder), CONTRACTS[TABLE]
    contract.schema(YEAR)

    def run() -> None:
        validate_table(delivery, home, contract)

    return run


WAYS: dict[str, Callable[[Path], Callable[[], None]]] = {"ours": ours, "by hand": by_hand}


class Peak(threading.Thread):
    """Watches how much memory this process holds of its own; mapped files are not its own."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.before = self.highest = held()

    def run(self) -> None:
        """Look a thousand times a second for as long as the process lives."""
        while True:
            self.highest = max(self.highest, held())
            time.sleep(0.001)


def held() -> int:
    """Bytes of memory of this process that are not those of a file."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def measure(way: str, folder: Path) -> None:
    """Do it one way and print seconds and bytes; what is imported counts as there before."""
    run = WAYS[way](folder)
    peak = Peak()
    peak.start()
    started = time.perf_counter()
    run()
    print(json.dumps({"seconds": time.perf_counter() - started, "bytes": peak.highest - peak.before}))


def measured(way: str, folder: Path) -> dict[str, float]:
    """What a process of its own says of one way."""
    command = [sys.executable, "-m", "benchmarks.validation", "--way", way, "--folder", str(folder)]
    result: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return result


def check_same(folder: Path) -> int:
    """Both ways rejected the same rows for the same reasons, and kept the same values; how many rows."""
    import polars as pl
    from polars.testing import assert_frame_equal

    stages = [folder / stage / "bristol" / "2024-05" / "001" for stage in ("rejected", "validated")]
    rejected, kept = (pl.scan_parquet(stage / f"{TABLE}.parquet") for stage in stages)
    faults = ["_row", "column", "reason"]
    theirs = pl.read_parquet(folder / "rejected.parquet").select(faults).cast({"_row": pl.Int64}).sort(faults)
    assert_frame_equal(rejected.select(faults).collect().sort(faults), theirs)
    columns = pl.scan_parquet(folder / "kept.parquet").collect_schema().names()
    for name in columns:
        same = pl.read_parquet(folder / "kept.parquet", columns=[name])
        assert_frame_equal(kept.select(name).collect(), same, check_dtypes=False)
    return theirs["_row"].n_unique()


def batch_bytes(folder: Path) -> int:
    """What the frame of the rows that are judged at a time takes, as Arrow counts its buffers.

    Not Polars' `estimated_size`, which leaves out the 16 bytes that point at each text.
    """
    import polars as pl

    from outcome_linkage.delivery.validating.validate import BATCH

    frame = pl.read_parquet(landing(folder) / f"{TABLE}.parquet", n_rows=BATCH)
    return frame.to_arrow(compat_level=pl.CompatLevel.newest()).nbytes


def report(rows: int, rejected: int, batch: int, found: dict[str, list[dict[str, float]]]) -> None:
    """Print both ways beside each other."""
    title = f"{rows:,} rows of {TABLE}, {rejected:,} rejected; a batch's frame is {batch / 1e6:.0f} MB"
    table = Table("", "seconds", "times by hand", "MB above baseline", "times a batch", title=title)
    seconds = {way: median(run["seconds"] for run in runs) for way, runs in found.items()}
    for way, runs in found.items():
        memory = median(run["bytes"] for run in runs)
        table.add_row(
            way,
            f"{seconds[way]:.1f}",
            f"{seconds[way] / seconds['by hand']:.2f}",
            f"{memory / 1e6:.0f}",
            f"{memory / batch:.2f}",
        )
    Console().print(table)


def main() -> None:
    """Make the table, validate it both ways several times in turn, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=5 * MILLION)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--way", choices=list(WAYS))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.way:
        measure(options.way, options.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, options.rows)
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(options.times):
            for way, runs in found.items():
                runs.append(measured(way, folder))
        report(options.rows, check_same(folder), batch_bytes(folder), found)


if __name__ == "__main__":
    main()
