"""Read the raw files of an invented region as a person would: any encoding, no blanks, all text."""

from __future__ import annotations

import io

import polars as pl

from outcome_linkage.synthetic.region import Region
from outcome_linkage.synthetic.window import DeliveryPlan


def raw_text(region: Region, plan: DeliveryPlan, table: str) -> str:
    """The text of a raw file."""
    content = region.files[plan][table].read_bytes()
    return content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig")


def raw(region: Region, plan: DeliveryPlan, table: str) -> pl.DataFrame:
    """The rows of a raw CSV as text, null where a cell is empty or says so."""
    text = raw_text(region, plan, table)
    return pl.read_csv(io.StringIO(text), infer_schema=False, null_values=["", "nan", "None", "NaT"])
