"""Who objected to the use of their data, as any supplier may deliver it.

Kinds of objection are ours, after the types that the NHS knows; what an objection hides stands in
`outcome_linkage.models.sources`.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import code, day, record_key


class OptOuts(pa.DataFrameModel):
    """One row per person and opt-out."""

    record_key: pl.String = record_key()
    scope: pl.String = code("opt_out.scope", "Hides this supplier's data, or the person", nullable=False)
    kind: pl.String = code("opt_out.kind", "Kind of opt-out", nullable=False)
    from_date: pl.Date = day("First day of the opt-out", nullable=False)


CONTRACTS: tuple[Contract, ...] = (
    Contract("opt_outs", "any", OptOuts, ("record_key", "scope", "kind"), "snapshot", each_system=True),
)
