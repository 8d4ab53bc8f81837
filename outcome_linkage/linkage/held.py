"""Hysteresis: a link made before falls only when its records contradict each other by now.

A key that is no longer unique, or has become common, does not undo a link. What does: a contradiction, or
fewer than two of forename, surname, date of birth and place still agreeing. Links made by another table of
passes are not held: a change of the rules is meant to change links.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.compare import compare, contradiction, count
from outcome_linkage.linkage.passes import DOB_ALIKE, FORENAME_ALIKE, SURNAME_ALIKE

_STILL_AGREE = (
    f"strong_id_same or {FORENAME_ALIKE}::tinyint + {SURNAME_ALIKE}::tinyint"
    f" + {DOB_ALIKE}::tinyint + place_same::tinyint >= 2"
)


def held(connection: DuckDBPyConnection, pairs: str) -> None:
    """Delete from table `pairs` (a, b: units) those that no longer hold.

    A unit of which no tokens are delivered any more has nothing to contradict with.
    """
    if not count(connection, pairs):
        return
    compare(connection, pairs, "held_comparison")
    connection.execute(f"""
        delete from {pairs} using held_comparison as c
        where c.a = {pairs}.a and c.b = {pairs}.b
        and ({contradiction(("forename",))} or not ({_STILL_AGREE}))
    """)
    connection.execute("drop table held_comparison")


def held_edges(connection: DuckDBPyConnection) -> None:
    """Table `held_edge` (a, b): units of different suppliers that were one person before and still may be."""
    connection.execute("""
        create table held_edge as
        with unit as (
            select distinct m.unit, m.supplier_no, p.person_id from prior as p join member as m using (record)
        )
        select distinct a.unit as a, b.unit as b
        from unit as a join unit as b on a.person_id = b.person_id and a.unit < b.unit
        where a.supplier_no <> b.supplier_no
    """)
    held(connection, "held_edge")
