"""What is new since the last run: only records that have come or whose tokens have changed are linked anew.

A record is known by the digest of its tokens. With another table of passes, another model, or a full run,
everything counts as new.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.model import Model
from outcome_linkage.linkage.tokens import FIELD_TOKENS

# What is in clear, as numbers: days, places in a list, the digits of a GSS code.
_IN_CLEAR = (
    "birth_month - date '1970-01-01'",
    "valid_from - date '1970-01-01'",
    "valid_to - date '1970-01-01'",
    "ascii(sex) + length(sex)",
    "ascii(ethnicity5)",
    "ascii(la_code) + 256 * try_cast(la_code[2:] as bigint)",
    "imd_quintile",
)


def digest_records(connection: DuckDBPyConnection) -> None:
    """Table `record_digest` (record, digest): the same tokens and characteristics, the same number.

    A sum in which each column counts by a factor of its own: tokens are as good as random, and a sum outlives
    a change of DuckDB's own hash function.
    """
    columns = [*(token.name for token in FIELD_TOKENS), *_IN_CLEAR]
    terms = " + ".join(
        f"coalesce({column}, -1)::hugeint * {1_000_003 + 2 * place}" for place, column in enumerate(columns)
    )
    connection.execute(f"""
        create or replace table record_digest as
        select record, sum({terms})::hugeint as digest from identity group by record
    """)


def mark_unchanged(connection: DuckDBPyConnection, model: Model, full: bool) -> None:
    """Set `identity.is_new` to false for records that this model has linked as they are.

    Needs `known`, the links of the last run.
    """
    digest_records(connection)
    if full:
        return
    connection.execute(
        """
        update identity set is_new = false
        from known as k join record_digest as d using (record)
        where k.record = identity.record and k.digest = d.digest and k.model_version = ?
        """,
        [model.full_version],
    )
