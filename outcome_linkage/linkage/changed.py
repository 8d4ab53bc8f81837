"""What is new since the last run: only records that have come or whose tokens have changed are linked anew.

A record is known by the digest of its tokens. With another table of passes, another model, or a full run,
everything counts as new.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.model import Model
from outcome_linkage.linkage.tokens import FIELD_TOKENS

_IN_CLEAR = ("birth_month", "sex", "valid_from", "valid_to", "la_code", "imd_quintile", "ethnicity5")


def digest_records(connection: DuckDBPyConnection) -> None:
    """Table `record_digest` (record, digest): the same tokens and characteristics, the same number.

    A sum of tokens, each times a number of its own, and of a digest of what is in clear: tokens are as good
    as random, and a sum outlives a change of DuckDB's own hash function.
    """
    clear = ", ".join(f"coalesce({column}::varchar, '')" for column in _IN_CLEAR)
    terms = [f"md5_number_lower(concat_ws('|', {clear}))::hugeint"]
    terms += [
        f"coalesce({token.name}, 0)::hugeint * {1_000_003 + 2 * place}"
        for place, token in enumerate(FIELD_TOKENS)
    ]
    connection.execute(f"""
        create or replace table record_digest as
        select record, sum({" + ".join(terms)})::hugeint as digest from identity group by record
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
