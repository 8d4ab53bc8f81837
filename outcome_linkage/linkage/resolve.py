"""One-to-one: which edges become persons, so that a person has at most one unit of each supplier.

Never plain connected components. Edges are taken strongest first. One that would bring a second unit of a
supplier, or a second NHS number, into a person is dropped (`conflict`). Where the strongest edge of a person
towards a supplier does not lead the next best by the margin, none of that person's edges to the supplier
counts (`tie` when equal, else `margin`). The order is total, so equal input gives equal output.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.compare import count


def resolve(
    connection: DuckDBPyConnection,
    edges: str,
    dropped: str,
    margin: float = 0.0,
    at_least: float = float("-inf"),
) -> None:
    """Merge clusters along the table `edges` (a, b: units; weight: more is stronger).

    An edge links if its weight is `at_least` that and leads the runner-up by `margin` seen from both sides;
    weaker edges count as runners-up only. A margin of 0 still needs a lead. Changes table `cluster` (unit,
    supplier_no, nhs, cluster) and inserts into `dropped` (a, b, reason).
    """
    connection.execute(f"create or replace table open_edge as select a, b, weight from {edges}")
    while _lift_to_clusters(connection, dropped, at_least):
        _find_rivals(connection, margin, at_least)
        if count(connection, "merging"):
            connection.execute(
                "update cluster set cluster = m.x from merging as m where m.y = cluster.cluster"
            )
        else:
            _drop_undecided(connection, dropped, margin, at_least)
    connection.execute("drop table open_edge")


def _lift_to_clusters(connection: DuckDBPyConnection, dropped: str, at_least: float) -> bool:
    """Table `link` (x, y: clusters, weight, place in the total order); false when none could link."""
    connection.execute("""
        create or replace table lifted as
        select e.a, e.b, e.weight, least(p.cluster, q.cluster) as x, greatest(p.cluster, q.cluster) as y
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
    connection.execute(f"""
        insert into {dropped}
        select l.a, l.b, 'conflict' from lifted as l join clash as c on c.x = l.x and c.y = l.y
    """)
    connection.execute("delete from lifted using clash as c where c.x = lifted.x and c.y = lifted.y")
    connection.execute("create or replace table open_edge as select a, b, weight from lifted")
    connection.execute("""
        create or replace table link as
        select x, y, max(weight) as weight, row_number() over (order by max(weight) desc, x, y) as place
        from lifted group by x, y
    """)
    return bool(connection.execute("select 1 from link where weight >= ? limit 1", [at_least]).fetchall())


def _find_rivals(connection: DuckDBPyConnection, margin: float, at_least: float) -> None:
    """Tables `strongest` (x, slot, weight, lead) and `merging` (x, y).

    A person has one slot for each supplier and one for an NHS number. A link merges if it is the strongest
    into every slot that either end would fill for the other, leads there, and comes first for both ends.
    """
    connection.execute("""
        create or replace table toward as
        with directed as (
            select x, y, weight, place from link union all select y, x, weight, place from link
        )
        select d.place, d.weight, d.x, c.supplier_no as slot, d.y as occupant
        from directed as d join cluster as c on c.cluster = d.y
        union
        select d.place, d.weight, d.x, 0, c.nhs
        from directed as d join cluster as c on c.cluster = d.y where c.nhs is not null
    """)
    connection.execute("""
        create or replace table strongest as
        with occupant as (select x, slot, occupant, max(weight) as weight from toward group by all),
        best as (select x, slot, max(weight, 2) as two from occupant group by x, slot)
        select x, slot, two[1] as weight, coalesce(two[1] - two[2], 'infinity'::double) as lead from best
    """)
    connection.execute(
        """
        create or replace table merging as
        with alone as (
            select l.place, any_value(l.x) as x, any_value(l.y) as y
            from toward as t
            join strongest as s on s.x = t.x and s.slot = t.slot
            join link as l on l.place = t.place and l.weight >= $at_least
            group by l.place
            having bool_and(t.weight = s.weight and s.lead > 0 and s.lead >= $margin)
        ),
        either as (select x as cluster, place from alone union all select y, place from alone),
        first as (select cluster, min(place) as place from either group by cluster)
        select a.x, a.y
        from alone as a
        join first as fx on fx.cluster = a.x and fx.place = a.place
        join first as fy on fy.cluster = a.y and fy.place = a.place
        """,
        {"at_least": at_least, "margin": margin},
    )


def _drop_undecided(connection: DuckDBPyConnection, dropped: str, margin: float, at_least: float) -> None:
    """Nothing leads any more: give up the slots of those who prefer each other without leading there.

    All links of the end into that slot go, so that a weaker one does not win by their absence.
    """
    connection.execute(
        """
        create or replace table undecided as
        with mutual as (
            select t.place
            from toward as t
            join strongest as s on s.x = t.x and s.slot = t.slot
            join link as l on l.place = t.place and l.weight >= $at_least
            group by t.place having bool_and(t.weight = s.weight)
        ),
        blocked as (
            select distinct t.x, t.slot, s.lead
            from mutual
            join toward as t on t.place = mutual.place
            join strongest as s on s.x = t.x and s.slot = t.slot
            where s.lead <= 0 or s.lead < $margin
        )
        select l.x, l.y, case when min(b.lead) <= 0 then 'tie' else 'margin' end as reason
        from blocked as b
        join toward as t on t.x = b.x and t.slot = b.slot
        join link as l on l.place = t.place
        group by l.x, l.y
        """,
        {"at_least": at_least, "margin": margin},
    )
    connection.execute(f"""
        insert into {dropped}
        select l.a, l.b, u.reason from lifted as l join undecided as u on u.x = l.x and u.y = l.y
    """)
    connection.execute("delete from lifted using undecided as u where u.x = lifted.x and u.y = lifted.y")
    connection.execute("create or replace table open_edge as select a, b, weight from lifted")
