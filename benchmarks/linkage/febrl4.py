"""FEBRL4 through our own road: 5,000 + 5,000 records with known truth, delivered as two suppliers.

The national id is left out. Each half is encoded, received, validated and linked as a real delivery would
be. Prints precision, recall and F1 at the broad level (even odds), and seconds; exits with 1 below precision
0.999 or F1 0.996.

    .venv/bin/python benchmarks/linkage/febrl4.py                  # ../shared/real_data/febrl4
    .venv/bin/python benchmarks/linkage/febrl4.py path/to/febrl4
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from assets.linkage import link_current
from outcome_linkage.delivery.encoding.encode import encode
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating.validate import settle, validate_table
from outcome_linkage.home import Home
from outcome_linkage.linkage.quality import Agreement, against_truth
from outcome_linkage.linkage.registry import LinkageReport
from schemas.catalogue import CONTRACTS, load_suppliers

HALVES = {"bnssg_icb": "dataset4a.csv", "bristol": "dataset4b.csv"}
PRECISION, F1 = 0.999, 0.996


def identities(path: Path) -> pl.DataFrame:
    """A FEBRL file in our column names; soc_sec_id is left out."""
    raw = pl.read_csv(path, infer_schema=False)
    raw = raw.rename({name: name.strip() for name in raw.columns}).with_columns(pl.all().str.strip_chars())
    born = pl.col("date_of_birth").str.replace(r"^(\d{4})(\d\d)(\d\d)$", "$1-$2-$3")
    return raw.select(
        pl.col("rec_id").alias("record_key"),
        pl.col("given_name").alias("forename"),
        "surname",
        born.alias("dob"),
        pl.concat_str("street_number", "address_1", separator=" ", ignore_nulls=True).alias("address_line_1"),
        "postcode",
    )


def deliver(data: Path, folder: Path, home: Home) -> None:
    """Encode both halves with one linkage key and bring them to the validated stage."""
    key = folder / "linkage.key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(32))
    for supplier, name in HALVES.items():
        raw = folder / f"{supplier}.csv"
        identities(data / name).write_csv(raw)
        encode(
            [raw],
            "link_tokens",
            supplier,
            "2026-01",
            folder / "deliveries",
            contracts=CONTRACTS,
            key_file=key,
            record_secret=folder / f"{supplier}.secret",
            keep_map=folder / f"{supplier}.map.csv",
        )
        receipt = receive(folder / "deliveries" / supplier / "2026-01", home, CONTRACTS, load_suppliers())
        assert receipt.delivery is not None, receipt.findings
        validate_table(receipt.delivery, home, CONTRACTS["link_tokens"])
        settle(receipt.delivery, home)


def write_truth(folder: Path) -> Path:
    """The truth in the form of a generated region: `rec-N-org` and `rec-N-dup-0` are person N."""
    truth = folder / "truth"
    truth.mkdir()
    person = pl.col("original_id").str.extract(r"(\d+)").alias("person")
    maps = [
        pl.read_csv(folder / f"{supplier}.map.csv", infer_schema=False).with_columns(
            person, pl.lit(supplier).alias("supplier")
        )
        for supplier in HALVES
    ]
    records = pl.concat(maps)
    records.write_parquet(truth / "records.parquet")
    people = records.select("person", pl.lit("Unknown").alias("ethnicity5")).unique()
    people.write_parquet(truth / "people.parquet")
    return truth


def run(data: Path, folder: Path) -> tuple[Agreement, LinkageReport, float, float]:
    """Deliver and link; agreement with the truth, the report, seconds of delivery and of linkage."""
    home = Home(folder / "home").ensure()
    started = time.perf_counter()
    deliver(data, folder, home)
    delivered = time.perf_counter()
    report = link_current(home, load_suppliers(), "febrl4")
    ended = time.perf_counter()
    return (
        against_truth(home, write_truth(folder), "broad")[0],
        report,
        delivered - started,
        ended - delivered,
    )


def main() -> int:
    """Print the figures; 1 when they are below the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/real_data/febrl4"))
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        agreement, report, delivery_seconds, link_seconds = run(data, Path(folder))
    precision, recall, f1 = agreement.precision or 0.0, agreement.recall or 0.0, agreement.f1 or 0.0
    print(f"precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}")
    print(
        f"{agreement.both} of {agreement.truth} pairs linked, {agreement.linked - agreement.both} wrong links"
    )
    print(f"encode, receive, validate {delivery_seconds:.1f} s; link {link_seconds:.1f} s")
    for name, records in sorted(report.passes.items(), key=lambda item: -item[1]):
        print(f"  {records:6,} records by {name}")
    return 0 if precision >= PRECISION and f1 >= F1 else 1


if __name__ == "__main__":
    sys.exit(main())
