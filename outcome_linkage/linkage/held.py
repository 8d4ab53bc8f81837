"""Hysteresis: a link made before falls only when its records contradict each other by now.

A key that is no longer unique, or has become common, does not undo a link. What does: a contradiction, or a
match weight below the threshold by more than SLACK. Links made by another table of passes are not held: a
change of the rules is meant to change links.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.compare import compare, contradiction, count
from outcome_linkage.linkage.model import Model
from outcome_linkage.linkage.residual import THRESHOLDS
from outcome_linkage.linkage.scoring import score

SLACK = 3.0


def held(connection: DuckDBPyConnection, model: Model, pairs: str) -> None:
    """Delete from table `pairs` (a, b: units) those that no longer hold.

    A unit of which no tokens are delivered any more has nothing to contradict with.
    """
    if not count(connection, pairs):
        return
    compare(connection, pairs, "held_comparison")
    connection.execute(f"""
        create or replace table held_row as
        select x.row as l, y.row as r
        from {pairs} as p join identity as x on x.unit = p.a join identity as y on y.unit = p.b
    """)
    score(connection, model, "held_row", "held_score")
    connection.execute(f"""
        delete from {pairs} using held_comparison as c
        where c.a = {pairs}.a and c.b = {pairs}.b
        and (
            {contradiction(("forename",))}
            or not strong_id_same and not exists (
                from held_score as s
                where s.a = c.a and s.b = c.b and s.weight >= {THRESHOLDS["main"] - SLACK}
            )
        )
    """)
    connection.execute("drop table held_comparison; drop table held_row; drop table held_score")


def held_edges(connection: DuckDBPyConnection, model: Model) -> None:
    """Table `held_edge` (a, b): units of different suppliers that were one person before and still may be."""
    connection.execute("""
        create or replace table held_edge as
        with unit as (
            select distinct m.unit, m.supplier_no, p.person_no from prior as p join member as m using (record)
            where p.person_no in (
                select q.person_no from prior as q join identity as i using (record) where i.is_new
            )
        )
        select distinct a.unit as a, b.unit as b
        from unit as a join unit as b on a.person_no = b.person_no and a.unit < b.unit
        join cluster as c on c.unit = a.unit join cluster as d on d.unit = b.unit
        where a.supplier_no <> b.supplier_no and c.cluster <> d.cluster
    """)
    held(connection, model, "held_edge")
