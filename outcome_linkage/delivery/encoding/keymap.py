"""The supplier's way back from a record_key to their own id. It is for the supplier alone and never sent."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.encoding.rekey import record_keys, tidy_ids
from outcome_linkage.errors import InputRefused
from outcome_linkage.files import replacing


def write_key_map(path: Path, ids: Iterable[pl.Series], secret: bytes, space: str) -> None:
    """Write record_key and original_id as CSV with mode 0600, adding to what the file holds already."""
    names = pl.concat([tidy_ids(series).rename("original_id") for series in ids]).drop_nulls().unique()
    table = pl.DataFrame({"record_key": record_keys(names, secret, space), "original_id": names})
    if path.exists():
        table = pl.concat([pl.read_csv(path, infer_schema=False), table])
    with replacing(path) as beside:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            table.unique().sort("record_key", "original_id").write_csv(file)


def read_key_map(path: Path) -> pl.DataFrame:
    """The map as `write_key_map` wrote it. Raises InputRefused for a file that is none."""
    try:
        return pl.read_csv(path, infer_schema=False).select("record_key", "original_id")
    except pl.exceptions.PolarsError:
        raise InputRefused(
            f"{path.name}: expected the map that `encode --keep-map` wrote, with columns record_key and "
            "original_id; found another file. Give that one."
        ) from None
