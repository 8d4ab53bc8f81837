"""What is said of each record after resolution: its person, the pass that tied it, and what was refused.

Makes `linked` (record, cluster, pass, level) and `conflict` (record, other_supplier_no, pass, reason,
candidates).
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.candidates import usable_passes
from outcome_linkage.linkage.passes import DUPLICATES, PASSES, Pass


def describe_links(connection: DuckDBPyConnection) -> None:
    """Table `linked`: the strongest pass between this record's unit and another one of the same person.

    A record that only has duplicates carries the pass of stage D; one that is held from an earlier run
    carries what it carried then; a record on its own carries null.
    """
    _name_passes(connection)
    connection.execute("""
        create table linked as
        with inside as (
            select e.a, e.b, e.pass
            from edge as e join cluster as p on p.unit = e.a join cluster as q on q.unit = e.b
            where p.cluster = q.cluster
        ),
        strongest as (
            select unit, min(pass) as pass
            from (select a as unit, pass from inside union all select b, pass from inside) group by unit
        ),
        size as (
            select c.cluster, count(*) as records
            from member as m join cluster as c using (unit) group by c.cluster
        )
        select m.record, c.cluster,
            case when z.records > 1 then coalesce(n.name, d.name, p.pass) end as pass,
            case when z.records > 1 then coalesce(n.level, d.level, p.level) end as level
        from member as m
        join cluster as c on c.unit = m.unit
        join size as z on z.cluster = c.cluster
        left join strongest as s on s.unit = m.unit
        left join pass_name as n on n.pass = s.pass and n.stage <> 'D'
        left join pass_name as d on d.pass = m.pass and d.stage = 'D'
        left join prior as p on p.record = m.record
    """)


def describe_conflicts(connection: DuckDBPyConnection) -> None:
    """Table `conflict`: candidates refused, for each record and supplier that it is not linked to."""
    connection.execute(
        "create table refused_unit (unit integer, other integer, n bigint, pass smallint, reason varchar)"
    )
    for a, b in (("a", "b"), ("b", "a")):
        connection.execute(f"""
            insert into refused_unit
            select r.{a}, m.supplier_no, 1, r.pass, r.reason
            from refused as r join cluster as m on m.unit = r.{b}
        """)
    for number, rule in usable_passes(connection, PASSES):
        if rule.left == rule.right and rule.guard is None:
            _count_shared_keys(connection, number, rule)
    connection.execute("""
        create table conflict as
        select m.record, r.other as other_supplier_no, n.name as pass, r.reason,
            sum(r.n)::integer as candidates
        from refused_unit as r
        join cluster as c on c.unit = r.unit
        join member as m on m.unit = r.unit
        join pass_name as n on n.pass = r.pass and n.stage <> 'D'
        where not exists (
            select 1 from cluster as o where o.cluster = c.cluster and o.supplier_no = r.other
        )
        group by m.record, r.other, n.name, r.reason
    """)
    connection.execute("drop table refused_unit")


def _count_shared_keys(connection: DuckDBPyConnection, number: int, rule: Pass) -> None:
    """Insert a tie for each unit whose key is not unique on both sides, with the number on the other side."""
    keys = ", ".join(rule.left)
    same = " and ".join(f"{{}}.{column} = {{}}.{column}" for column in rule.left)
    pairs = [name for _ in rule.left for name in ("l", "r")]
    rows = [name for _ in rule.left for name in ("i", "s")]
    known = " and ".join(f"{column} is not null" for column in rule.left)
    connection.execute(f"""
        insert into refused_unit
        with counted as (
            select supplier_no, {keys}, count(distinct unit) as n from identity where {known}
            group by supplier_no, {keys}
        ),
        shared as (
            select l.*, r.supplier_no as other, r.n as others
            from counted as l join counted as r on {same.format(*pairs)} and l.supplier_no <> r.supplier_no
            where l.n > 1 or r.n > 1
        )
        select i.unit, s.other, max(s.others), {number}, 'tie'
        from identity as i join shared as s on s.supplier_no = i.supplier_no and {same.format(*rows)}
        group by i.unit, s.other
    """)


def _name_passes(connection: DuckDBPyConnection) -> None:
    """Table `pass_name` (pass: its number, name, level, stage)."""
    rows = [
        f"({number}, '{rule.name}', '{rule.level}', '{rule.stage}')"
        for passes in (PASSES, DUPLICATES)
        for number, rule in enumerate(passes)
    ]
    connection.execute(
        f"create table pass_name as select * from (values {', '.join(rows)}) as t(pass, name, level, stage)"
    )
