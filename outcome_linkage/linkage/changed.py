"""What is new since the last run: only records that have come or whose tokens have changed are linked anew.

A record is known by the digest of its tokens. With another table of passes, another model, or a full run,
everything counts as new.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.identities import IN_CLEAR
from outcome_linkage.linkage.model import Model
from outcome_linkage.linkage.tokens import FIELD_TOKENS


def digest_records(connection: DuckDBPyConnection) -> None:
    """Table `record_digest` (record, digest): the same tokens and characteristics, the same number.

    The sum of DuckDB's own hashes of the rows. With a version of DuckDB that hashes otherwise every record
    looks new, and is looked at again.
    """
    columns = ", ".join((*(token.name for token in FIELD_TOKENS), *IN_CLEAR))
    connection.execute(f"""
        create or replace table record_digest as
        select record, sum(hash({columns}))::hugeint as digest from identity group by record
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
        create or replace table looked_at as
        select record from record_digest anti join (
            select record, digest from known where model_version = ?
        ) using (record, digest)
        """,
        [model.full_version],
    )
    # most rows are not new: a column that is false throughout is made at once, and few rows are changed
    connection.execute("alter table identity drop is_new")
    connection.execute("alter table identity add is_new boolean default false")
    connection.execute("update identity set is_new = true where record in (from looked_at)")
    connection.execute("drop table looked_at")
