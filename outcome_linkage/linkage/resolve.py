"""One-to-one: which edges become persons, so that a person has at most one unit of each supplier.

Never plain connected components. Edges are taken strongest first; one that would bring a second unit of a
supplier, or a second NHS number, into a person is dropped (`conflict`), and where the strongest edges of a
unit lead to different units of one supplier all of them are dropped (`tie`). The order is total, so equal
input gives equal output.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection


def resolve(connection: DuckDBPyConnection, edges: str, dropped: str) -> None:
    """Merge clusters along the table `edges` (a, b: units; strength: less is stronger).

    Changes table `cluster` (unit, supplier_no, nhs, cluster) and inserts into `dropped` (a, b, reason).
    """
    connection.execute(f"create or replace table open_edge as select a, b, strength from {edges}")
    while _lift_to_clusters(connection, dropped):
        _find_rivals(connection)
        _drop_ties(connection, dropped)
        _merge(connection)
    connection.execute("drop table open_edge")


def _lift_to_clusters(connection: DuckDBPyConnection, dropped: str) -> bool:
    """Table `link` (x, y: clusters, strength, place in the total order); false when none is left."""
    connection.execute("""
        create or replace table lifted as
        select e.a, e.b, e.strength, least(p.cluster, q.cluster) as x, greatest(p.cluster, q.cluster) as y
        from open_edge as e join cluster as p on p.unit = e.a join cluster as q on q.unit = e.b
        where p.cluster <> q.cluster
    """)
    connection.execute("""
        create or replace table clash as
        select distinct l.x, l.y
        from (select distinct x, y from lifted) as l
        join cluster as p on p.cluster = l.x
        join cluster as q on q.cluster = l.y and (q.supplier_no = p.supplier_no or q.nhs <> p.nhs)
    """)
    _drop(connection, dropped, "clash", "conflict")
    connection.execute("create or replace table open_edge as select a, b, strength from lifted")
    connection.execute("""
        create or replace table link as
        select x, y, min(strength) as strength, row_number() over (order by min(strength), x, y) as place
        from lifted group by x, y
    """)
    ((links,),) = connection.execute("select count(*) from link").fetchall()
    return bool(links)


def _find_rivals(connection: DuckDBPyConnection) -> None:
    """Table `judged` (place, x, y, best, alone).

    A person has one place for each supplier and one for an NHS number. `best`: nothing stronger leads from
    either end to a place that the other would take; `alone`: nothing as strong leads to another occupant.
    """
    connection.execute("""
        create or replace table judged as
        with directed as (
            select x, y, strength, place from link union all select y, x, strength, place from link
        ),
        toward as (
            select d.place, d.strength, d.x, c.supplier_no as slot, d.y as occupant
            from directed as d join cluster as c on c.cluster = d.y
            union
            select d.place, d.strength, d.x, 0, c.nhs
            from directed as d join cluster as c on c.cluster = d.y where c.nhs is not null
        ),
        strongest as (
            select x, slot, min(strength) as strength, arg_min(n, strength) as n
            from (select x, slot, strength, count(distinct occupant) as n from toward group by all)
            group by x, slot
        )
        select l.place, any_value(l.x) as x, any_value(l.y) as y,
            bool_and(t.strength = s.strength) as best,
            bool_and(t.strength = s.strength and s.n = 1) as alone
        from toward as t
        join strongest as s on s.x = t.x and s.slot = t.slot
        join link as l on l.place = t.place
        group by l.place
    """)


def _drop_ties(connection: DuckDBPyConnection, dropped: str) -> None:
    connection.execute("create or replace table tie as select x, y from judged where best and not alone")
    _drop(connection, dropped, "tie", "tie")
    connection.execute("create or replace table open_edge as select a, b, strength from lifted")


def _drop(connection: DuckDBPyConnection, dropped: str, pairs: str, reason: str) -> None:
    """Move the edges between the clusters of table `pairs` (x, y) from `lifted` to `dropped`."""
    connection.execute(f"""
        insert into {dropped}
        select l.a, l.b, '{reason}' from lifted as l join {pairs} as p on p.x = l.x and p.y = l.y
    """)
    connection.execute(f"delete from lifted using {pairs} as p where p.x = lifted.x and p.y = lifted.y")


def _merge(connection: DuckDBPyConnection) -> None:
    """Join x and y along each link that stands alone and comes first for both of them."""
    connection.execute("""
        create or replace table merging as
        with either as (
            select x as cluster, place from judged where alone
            union all select y, place from judged where alone
        ),
        first as (select cluster, min(place) as place from either group by cluster)
        select j.x, j.y
        from judged as j
        join first as fx on fx.cluster = j.x and fx.place = j.place
        join first as fy on fy.cluster = j.y and fy.place = j.place
    """)
    connection.execute("update cluster set cluster = m.x from merging as m where m.y = cluster.cluster")
