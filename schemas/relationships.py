"""What any supplier may deliver of how people are related: who is whose mother, parent, carer or sibling.

A first day that is a day of birth would tell a full date of birth, so relationships that a birth began have
none: they hold since birth.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract, RowRule
from schemas.fields import code, day, other_record_key, record_key
from schemas.row_rules import ends_before_it_begins

SINCE_BIRTH = ("father", "mother", "sibling")
BIRTH_RECORDS = ("birth_record", "maternity_record")


class Relationships(pa.DataFrameModel):
    """One row per person, related person, kind and time: the related person is the <kind> of the person."""

    record_key: pl.String = record_key()
    related_record_key: pl.String = other_record_key("The supplier's pseudonymous id for the related person")
    kind: pl.String = code("relationship.kind", "What the related person is to the person", nullable=False)
    valid_from: pl.Date = day(
        "First day; null: since birth (of mother, father, sibling or by a birth record), else not known"
    )
    valid_to: pl.Date = day("Last day; null: still holds")
    basis: pl.String = code("relationship.basis", "Kind of record that says so", nullable=False)


ROW_RULES = (
    RowRule(
        "related_to_self", "related_record_key", lambda: pl.col("record_key") == pl.col("related_record_key")
    ),
    ends_before_it_begins("valid_from", "valid_to"),
    RowRule(
        "begins_on_a_day_of_birth",
        "valid_from",
        lambda: (
            (pl.col("kind").is_in(SINCE_BIRTH) | pl.col("basis").is_in(BIRTH_RECORDS))
            & pl.col("valid_from").is_not_null()
        ),
        personal=True,
    ),
)

CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "relationships",
        "linkage",
        Relationships,
        ("record_key", "related_record_key", "kind", "basis", "valid_from"),
        "snapshot",
        row_rules=ROW_RULES,
        each_system=True,
    ),
)
