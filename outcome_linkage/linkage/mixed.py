"""Records that describe two people: a police nominal, or two files that somebody merged.

One whose rows differ wholly in forename and in birthday would draw the people it mixes into one person. It is
linked like a record without tokens: to nobody, unless it was linked before the second description came.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.passes import AGREEMENTS

_KNOWN = ("forename_known", "dob_known")
_ALIKE = ("forename_same", "forename_close", "names_swapped", "dob_same", "dob_one_error")


def set_aside_mixed(connection: DuckDBPyConnection) -> None:
    """Table `mixed` (record): of two people. Their rows are taken out of `identity`."""
    apart = " and ".join(
        [f"({AGREEMENTS[name]})" for name in _KNOWN]
        + [f"not coalesce({AGREEMENTS[name]}, false)" for name in _ALIKE]
    )
    connection.execute(f"""
        create or replace table mixed as
        with several as (
            from identity where record in (
                select record from identity group by record having min(tok_dob) <> max(tok_dob)
            )
        )
        select distinct x.record
        from several as x join several as y on x.record = y.record and x.row < y.row and {apart}
    """)
    connection.execute("delete from identity where record in (from mixed)")
