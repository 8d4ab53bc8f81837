"""What is said of each record after resolution: its person, what tied it to it, and what was refused.

Makes `linked` (record, cluster, pass, level, weight, runner_up_weight) and `conflict` (record, other_record,
pass, weight, reason).
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.duplicates import MODEL_PASS
from outcome_linkage.linkage.passes import DUPLICATES, PASSES
from outcome_linkage.linkage.residual import PASS, THRESHOLDS

DUPLICATE_BY_MODEL = "duplicate: model"


def describe_links(connection: DuckDBPyConnection) -> None:
    """Table `linked`: the strongest tie between this record's unit and another one of the same person.

    Keys come before the model, whose ties have a weight and the weight of the runner-up: the next best
    candidate of either side at the other's supplier. A record that only has duplicates carries the pass of
    stage D; one that is held from an earlier run what it carried then; a record on its own carries null.
    """
    _name_passes(connection)
    _best_ties(connection)
    _runners_up(connection)
    connection.execute("""
        create table linked as
        with size as (
            select c.cluster, count(*) as records
            from member as m join cluster as c using (unit) group by c.cluster
        ),
        told as (
            select m.record, c.cluster, z.records,
                coalesce(t.place, 1000) <= coalesce(e.place, 1000) and t.unit is not null as is_tied,
                t.pass as tie, t.level as tie_level, t.weight as tie_weight, u.weight as tie_runner_up,
                d.name as duplicate, d.level as duplicate_level,
                p.pass as before, p.level as before_level, p.weight as before_weight,
                p.runner_up_weight as before_runner_up
            from member as m
            join cluster as c on c.unit = m.unit
            join size as z on z.cluster = c.cluster
            left join best_tie as t on t.unit = m.unit
            left join runner_up as u on u.unit = m.unit
            left join pass_name as d on d.pass = m.pass and d.stage = 'D'
            left join prior as p on p.record = m.record
            left join pass_name as e on e.name = p.pass and e.stage <> 'D'
        )
        select record, cluster,
            case when records = 1 then null when is_tied then tie else coalesce(before, duplicate) end
                as pass,
            case when records = 1 then null when is_tied then tie_level
                else coalesce(before_level, duplicate_level) end as level,
            case when records = 1 then null when is_tied then tie_weight else before_weight end as weight,
            case when records = 1 then null when is_tied then tie_runner_up else before_runner_up end
                as runner_up_weight
        from told
    """)
    connection.execute("drop table best_tie; drop table runner_up")


def describe_conflicts(connection: DuckDBPyConnection) -> None:
    """Table `conflict`: candidates refused and not linked since, once for either side.

    A unit is named by the lowest of its records.
    """
    connection.execute("""
        create table conflict as
        with apart as (
            select r.* from refused as r
            join cluster as p on p.unit = r.a join cluster as q on q.unit = r.b
            where p.cluster <> q.cluster
        ),
        either as (
            select a as record, b as other_record, pass, weight, reason from apart
            union all
            select b, a, pass, weight, reason from apart
        )
        select distinct * from either
    """)
    connection.execute("drop table refused")


def _best_ties(connection: DuckDBPyConnection) -> None:
    """Table `best_tie` (unit, other, place, pass, level, weight): the first pass, then the highest weight."""
    connection.execute(f"""
        create or replace table best_tie as
        with tie as (
            select e.a, e.b, n.place, n.name as pass, n.level, null::double as weight
            from edge as e join pass_name as n on n.pass = e.pass and n.stage <> 'D'
            union all
            select s.a, s.b, {len(PASSES)}, '{PASS}',
                case when s.weight >= {THRESHOLDS["strict"]} and l.a is null then 'strict' else 'main' end,
                s.weight
            from scored as s left join lookalike as l on l.a = s.a and l.b = s.b
            where s.weight >= {THRESHOLDS["main"]}
        ),
        inside as (
            select t.* from tie as t
            join cluster as p on p.unit = t.a join cluster as q on q.unit = t.b
            where p.cluster = q.cluster
        ),
        either as (
            select a as unit, b as other, place, pass, level, weight from inside
            union all
            select b, a, place, pass, level, weight from inside
        )
        select * from either
        qualify row_number() over (partition by unit order by place, weight desc, other) = 1
    """)


def _runners_up(connection: DuckDBPyConnection) -> None:
    """Table `runner_up` (unit, weight): the strongest rival of the unit's best tie by the model."""
    connection.execute("""
        create or replace table runner_up as
        with modelled as (
            select t.unit, t.other, c.cluster, c.supplier_no, d.supplier_no as other_supplier
            from best_tie as t
            join cluster as c on c.unit = t.unit
            join cluster as d on d.unit = t.other
            where t.weight is not null
        ),
        directed as (
            select a as x, b as y, weight from scored union all select b, a, weight from scored
        ),
        rival as (
            select m.unit, s.weight from modelled as m
            join directed as s on s.x = m.unit
            join cluster as r on r.unit = s.y and r.supplier_no = m.other_supplier and r.cluster <> m.cluster
            union all
            select m.unit, s.weight from modelled as m
            join directed as s on s.x = m.other
            join cluster as r on r.unit = s.y and r.supplier_no = m.supplier_no and r.cluster <> m.cluster
        )
        select unit, max(weight) as weight from rival group by unit
    """)


def _name_passes(connection: DuckDBPyConnection) -> None:
    """Table `pass_name` (pass: its number, name, level, stage, place: strongest first)."""
    rows = [
        f"({number}, '{rule.name}', '{rule.level}', '{rule.stage}', {number})"
        for passes in (PASSES, DUPLICATES)
        for number, rule in enumerate(passes)
    ]
    rows.append(f"({MODEL_PASS}, '{DUPLICATE_BY_MODEL}', 'main', 'D', {MODEL_PASS})")
    rows.append(f"({len(PASSES)}, '{PASS}', 'main', '4', {len(PASSES)})")
    connection.execute(
        "create or replace table pass_name as "
        f"select * from (values {', '.join(rows)}) as t(pass, name, level, stage, place)"
    )
