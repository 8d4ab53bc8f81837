"""Stage D: records of one supplier that are one person become one unit.

By key first, then by the model: what a pair has in common must outweigh how many others of the supplier
would share it by chance. Makes `member` (record, supplier_no, unit, pass): the unit is the lowest record
number among duplicates, the pass is null for who has none. Afterwards `identity.unit` says the same.
"""

from __future__ import annotations

import math

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.blocking import WITHIN, block_pairs
from outcome_linkage.linkage.candidates import is_all_new, usable_passes
from outcome_linkage.linkage.compare import compare, contradiction, count, verdict
from outcome_linkage.linkage.comparisons import DIFFERENT, MISSING
from outcome_linkage.linkage.frequencies import dates_table, names_table
from outcome_linkage.linkage.held import held
from outcome_linkage.linkage.model import Model, within_supplier
from outcome_linkage.linkage.passes import DUPLICATES, Chance, Pass
from outcome_linkage.linkage.residual import THRESHOLDS
from outcome_linkage.linkage.scoring import score

# A value that so many records share names a default or a mistake, not a person.
_MOST_RECORDS_OF_ONE_PERSON = 50
# Forenames by which twins may differ: parents choose names that rhyme, such as Jayden and Hayden.
_PERHAPS_A_TWIN = (DIFFERENT, MISSING, "ends alike")
MODEL_PASS, HELD_PASS = len(DUPLICATES), len(DUPLICATES) + 1


def collapse_duplicates(connection: DuckDBPyConnection, model: Model | None) -> None:
    """Make `member` and set `identity.unit`; needs `identity`, `record`, `prior` and the frequencies.

    Without a model by key alone, whatever was before.
    """
    connection.execute("create table duplicate (a integer, b integer, pass smallint)")
    all_new = is_all_new(connection)
    for number, rule in usable_passes(connection, DUPLICATES):
        _neighbours(connection, number, rule, all_new)
    if count(connection, "duplicate"):
        _judge(connection)
    if model:
        _score_others(connection, model)
        _hold_prior(connection, model)
    _components(connection)
    if count(connection, "duplicate_group"):
        _dissolve_contradicting_groups(connection)
    _make_members(connection)


def _neighbours(connection: DuckDBPyConnection, number: int, rule: Pass, all_new: bool) -> None:
    """Each record that shares the key, beside the next one with it."""
    (column,) = rule.left
    may_pair = f"{column} is not null"
    if not all_new:
        may_pair = f"{column} in (select {column} from identity where is_new and {may_pair})"
    connection.execute(f"""
        insert into duplicate
        with shared as (
            select supplier_no, {column} from identity where {may_pair}
            group by supplier_no, {column}
            having min(record) < max(record) and bool_or(is_new)
        ),
        holder as (
            select distinct i.supplier_no, i.{column}, i.record, i.is_new
            from identity as i join shared as s on s.supplier_no = i.supplier_no and s.{column} = i.{column}
            {_rare(rule)}
            qualify count(*) over (partition by i.supplier_no, i.{column}) <= {_MOST_RECORDS_OF_ONE_PERSON}
        ),
        beside as (
            select lag(record) over same_key as a, record as b, is_new or lag(is_new) over same_key as is_new
            from holder window same_key as (partition by supplier_no, {column} order by record)
        )
        select a, b, {number} from beside where a is not null and is_new
    """)


def _rare(rule: Pass) -> str:
    """Joins that keep only rows whose names and date few share by chance."""
    if not isinstance(rule.guard, Chance):
        return ""
    names, dob = names_table(rule.guard.names), dates_table(rule.guard.dob)
    same = " and ".join(f"names.{name} = i.{name}" for name in rule.guard.names)
    return (
        f"join {names} as names on names.supplier_no = i.supplier_no and {same} "
        f"join {dob} as dates on dates.supplier_no = i.supplier_no "
        f"and dates.{rule.guard.dob} = i.{rule.guard.dob} and names.n * dates.share <= {rule.guard.at_most}"
    )


def _judge(connection: DuckDBPyConnection) -> None:
    """Keep in `duplicate` the pairs that their pass accepts, each with its strongest pass."""
    connection.execute("create table pair as select distinct a, b from duplicate")
    compare(connection, "pair", "comparison")
    cases = " ".join(f"when {number} then {verdict(rule)}" for number, rule in enumerate(DUPLICATES))
    connection.execute(f"""
        create or replace table duplicate as
        select d.a, d.b, min(d.pass)::smallint as pass
        from duplicate as d join comparison on comparison.a = d.a and comparison.b = d.b
        where (case d.pass {cases} end) is null
        group by d.a, d.b
    """)
    connection.execute("drop table pair")


def _score_others(connection: DuckDBPyConnection, model: Model) -> None:
    """Add to `duplicate` the pairs that the model takes for one person; who may be a twin never is.

    The weight is of two suppliers. Within one, duplicates are rarer: the weight changes by the ratio.
    """
    connection.execute("create or replace view own_row as select supplier_no as seeks, * from identity")
    apart = "l.record <> r.record"
    block_pairs(connection, WITHIN, "own_row", "identity", apart, "within_pair", mirrored=True)
    connection.execute("drop view own_row")
    score(connection, model, "within_pair", "within_scored")
    connection.execute("create or replace table rarity (supplier_no tinyint, bits double)")
    for supplier, chance in within_supplier(connection, model).items():
        connection.execute("insert into rarity values (?, ?)", [supplier, math.log2(chance / model.prior)])
    connection.execute(f"""
        create or replace table within_candidate as
        select s.a, s.b
        from within_scored as s
        join record as r on r.record = s.a
        join rarity as y on y.supplier_no = r.supplier_no
        where s.weight + y.bits >= {THRESHOLDS["main"]}
        and s.forename not in {_PERHAPS_A_TWIN} and s.birthday <> '{DIFFERENT}'
    """)
    compare(connection, "within_candidate", "within_comparison")
    connection.execute(f"""
        insert into duplicate
        select c.a, c.b, {MODEL_PASS} from within_comparison as c where not {contradiction()}
    """)
    for table in ("within_pair", "within_scored", "within_candidate", "within_comparison", "rarity"):
        connection.execute(f"drop table {table}")


def _hold_prior(connection: DuckDBPyConnection, model: Model) -> None:
    """Records that were one person before stay so, unless they contradict each other by now.

    Each is held to the first record of the person that has not changed; what has not changed holds.
    """
    connection.execute("""
        create or replace table held_pair as
        with several as (
            select r.supplier_no, p.person_no from prior as p join record as r using (record)
            group by r.supplier_no, p.person_no having count(*) > 1
        ),
        known as (
            select r.record, r.supplier_no, p.person_no,
                r.record in (select record from identity where is_new) as is_new
            from prior as p join record as r using (record)
            semi join several as s on s.supplier_no = r.supplier_no and s.person_no = p.person_no
        ),
        anchored as (
            select record as b, is_new,
                first_value(record) over (
                    partition by supplier_no, person_no order by is_new, record
                ) as a
            from known
        )
        select least(a, b) as a, greatest(a, b) as b, is_new from anchored where a <> b
    """)
    connection.execute(f"insert into duplicate select a, b, {HELD_PASS} from held_pair where not is_new")
    connection.execute("delete from held_pair where not is_new")
    held(connection, model, "held_pair")
    connection.execute(f"insert into duplicate select a, b, {HELD_PASS} from held_pair")


def _components(connection: DuckDBPyConnection) -> None:
    """Table `duplicate_group` (record, unit): whoever can be reached through duplicates has one unit."""
    connection.execute("""
        create table neighbour as
        select a as record, b as other from duplicate union select b, a from duplicate
    """)
    connection.execute(
        "create table duplicate_group as select distinct record, record as unit from neighbour"
    )
    while _spread_lowest_unit(connection):
        pass
    connection.execute("drop table neighbour")


def _spread_lowest_unit(connection: DuckDBPyConnection) -> bool:
    """One step of label propagation; whether anything changed."""
    ((changed,),) = connection.execute("""
        update duplicate_group as g set unit = least(g.unit, n.unit)
        from (
            select neighbour.record, min(o.unit) as unit
            from neighbour join duplicate_group as o on o.record = neighbour.other group by neighbour.record
        ) as n
        where n.record = g.record and n.unit < g.unit
    """).fetchall()
    return bool(changed)


def _dissolve_contradicting_groups(connection: DuckDBPyConnection) -> None:
    """A chain of duplicates that joins two who contradict each other joins two people: all stay apart.

    So do the records of a group that is too large to be a person.
    """
    connection.execute(f"""
        delete from duplicate_group where unit in (
            select unit from duplicate_group group by unit having count(*) > {_MOST_RECORDS_OF_ONE_PERSON}
        )
    """)
    connection.execute("""
        create or replace table chained as
        with long as (select unit from duplicate_group group by unit having count(*) > 2)
        select x.record as a, y.record as b, x.unit as chain
        from long join duplicate_group as x using (unit) join duplicate_group as y using (unit)
        where x.record < y.record
    """)
    compare(connection, "chained", "chained_comparison")
    connection.execute(f"""
        delete from duplicate_group where unit in (
            select chain from chained join chained_comparison as c on c.a = chained.a and c.b = chained.b
            where {contradiction()}
        )
    """)
    connection.execute("drop table chained; drop table chained_comparison")


def _make_members(connection: DuckDBPyConnection) -> None:
    connection.execute("""
        create table member as
        with strongest as (
            select record, min(pass) as pass
            from (select a as record, pass from duplicate union all select b, pass from duplicate)
            group by record
        )
        select r.record, r.supplier_no, coalesce(g.unit, r.record) as unit,
            case when g.unit is not null then s.pass end as pass
        from record as r
        left join duplicate_group as g on g.record = r.record
        left join strongest as s on s.record = r.record
    """)
    connection.execute("""
        update identity set unit = g.unit from (from duplicate_group where unit <> record) as g
        where g.record = identity.record
    """)
    connection.execute("drop table duplicate; drop table duplicate_group")
