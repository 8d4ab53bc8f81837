"""What a local authority delivers of children looked after: the SSDA903 return.

Column names are those of the return in lower snake case.
Source: the field lists of the return as reproduced by data-to-insight and liia-tools-pipeline; the DfE guide
itself was not opened.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import LSOA, code, day, flag, month, pattern, record_key


class Ssda903Header(pa.DataFrameModel):
    """One row per child looked after in the collection year."""

    record_key: pl.String = record_key()
    sex: pl.String = code("ssda903.sex", "Sex", nullable=False)
    birth_month: pl.Date = month("Month of birth", nullable=False)
    ethnic: pl.String = code("dfe.ethnicity", "Ethnic group", nullable=False)
    mother: pl.Boolean = flag("Whether the child is herself a mother")
    mc_birth_month: pl.Date = month("Month of birth of the child's own child")


class Ssda903Episodes(pa.DataFrameModel):
    """One row per episode of care: a stretch with one legal status and one placement."""

    record_key: pl.String = record_key()
    decom: pl.Date = day("Episode start", nullable=False)
    rne: pl.String = code("ssda903.rne", "Reason for new episode", nullable=False)
    ls: pl.String = code("ssda903.ls", "Legal status", nullable=False)
    cin: pl.String = code("ssda903.cin", "Category of need at the start of care", nullable=False)
    place: pl.String = code("ssda903.place", "Placement type", nullable=False)
    place_provider: pl.String = code("ssda903.place_provider", "Placement provider")
    dec: pl.Date = day("Episode end; null while open")
    rec: pl.String = code("ssda903.rec", "Reason episode ceased")
    reason_place_change: pl.String = code("ssda903.reason_place_change", "Reason for placement change")
    home_lsoa21: pl.String = pattern(LSOA, "Small area of the home (LSOA 2021)")
    pl_lsoa21: pl.String = pattern(LSOA, "Small area of the placement (LSOA 2021)")
    urn: pl.String = pattern(r"^(SC\d{6}|\d{7}|X{7})$", "Ofsted unique reference number")


CONTRACTS: tuple[Contract, ...] = (
    Contract("ssda903_header", "local_authority", Ssda903Header, ("record_key",), "period"),
    Contract("ssda903_episodes", "local_authority", Ssda903Episodes, ("record_key", "decom"), "period"),
)
