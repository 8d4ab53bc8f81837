"""What a local authority delivers of its schools: the school census.

Source: the school census column lists of liia-tools-pipeline; the DfE guide itself was not opened.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import code, day, event_id, number, record_key


class SchoolExclusions(pa.DataFrameModel):
    """One row per suspension or permanent exclusion."""

    exclusion_id: pl.String = event_id("Id of the exclusion")
    record_key: pl.String = record_key()
    start_date: pl.Date = day("First day excluded", nullable=False)
    category: pl.String = code("school.exclusion_category", "Suspension or exclusion", nullable=False)
    sessions: pl.Float64 = number("Length", 0, 400, "half-days")
    reason1: pl.String = code("school.exclusion_reason", "First reason")
    reason2: pl.String = code("school.exclusion_reason", "Second reason")
    reason3: pl.String = code("school.exclusion_reason", "Third reason")
    sen_provision: pl.String = code("school.sen_provision", "Special educational needs provision")


CONTRACTS: tuple[Contract, ...] = (
    Contract("school_exclusions", "local_authority", SchoolExclusions, ("exclusion_id",), "period"),
)
