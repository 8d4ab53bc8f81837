"""Candidate pairs of units of two suppliers: one query per pass, then one comparison per pair.

Makes `candidate` (a, b, pass), `edge` (a, b, pass, support), and inserts into `refused` (a, b, pass, weight,
reason). Only pairs with something new are looked at; uniqueness is judged over all.
"""

from __future__ import annotations

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.compare import compare, verdict
from outcome_linkage.linkage.frequencies import dates_table, names_table
from outcome_linkage.linkage.passes import PASSES, Chance, Pass


def find_candidates(connection: DuckDBPyConnection) -> None:
    """Fill `candidate` from every pass; needs `identity`, the frequencies and `refused`."""
    connection.execute(
        "create or replace table candidate (a integer, b integer, pass smallint, is_rare boolean)"
    )
    all_new = is_all_new(connection)
    for number, rule in usable_passes(connection, PASSES, suppliers=2):
        connection.execute(f"insert into candidate {pairs_of(rule, number, all_new)}")
    connection.execute(f"""
        insert into refused
        select a, b, {pass_name(PASSES)}, null, 'too common' from candidate where not is_rare
    """)
    connection.execute("delete from candidate where not is_rare")


def usable_passes(
    connection: DuckDBPyConnection, passes: Sequence[Pass], suppliers: int = 1
) -> list[tuple[int, Pass]]:
    """The passes, with their numbers, whose sides so many suppliers hold between them."""
    columns = list(dict.fromkeys(column for rule in passes for column in (*rule.left, *rule.right)))
    rows = connection.execute(
        f"select {', '.join(f'count({column}) > 0' for column in columns)} from identity group by supplier_no"
    ).fetchall()
    held = [{column for column, is_held in zip(columns, row, strict=True) if is_held} for row in rows]

    def is_usable(rule: Pass) -> bool:
        left = {n for n, known_columns in enumerate(held) if known_columns.issuperset(rule.left)}
        right = {n for n, known_columns in enumerate(held) if known_columns.issuperset(rule.right)}
        return bool(left and right) and len(left | right) >= suppliers

    return [(n, rule) for n, rule in enumerate(passes) if is_usable(rule)]


def is_all_new(connection: DuckDBPyConnection) -> bool:
    """Whether everything is looked at, as in the first run and in a full one."""
    ((all_new,),) = connection.execute("select coalesce(bool_and(is_new), true) from identity").fetchall()
    return bool(all_new)


def judge_candidates(connection: DuckDBPyConnection) -> None:
    """Compare each candidate pair once; what its passes accept becomes an `edge`, the rest is `refused`."""
    connection.execute("create table pair as select distinct a, b from candidate")
    compare(connection, "pair", "comparison")
    cases = " ".join(f"when {number} then {verdict(rule)}" for number, rule in enumerate(PASSES))
    connection.execute(f"""
        create table judged as
        select c.a, c.b, c.pass, case c.pass {cases} end as reason
        from candidate as c join comparison on comparison.a = c.a and comparison.b = c.b
    """)
    connection.execute(
        f"insert into refused select a, b, {pass_name(PASSES)}, null, reason from judged "
        "where reason is not null"
    )
    connection.execute("""
        create table edge as
        select a, b, min(pass) as pass, bit_count(bit_or(1::bigint << pass))::smallint as support
        from judged where reason is null group by a, b
    """)
    connection.execute("drop table judged; drop table candidate; drop table pair; drop table comparison")


def pass_name(passes: Sequence[Pass]) -> str:
    """SQL for the name of the pass whose number is in column `pass`."""
    names = ", ".join(f"'{rule.name}'" for rule in passes)
    return f"[{names}][pass + 1]"


def pairs_of(rule: Pass, number: int, all_new: bool) -> str:
    """SQL for the pairs of one pass: a, b, pass, and whether a chance guard lets them through."""
    right = "select * from a" if rule.left == rule.right else _unique(rule.right, None, all_new)
    return f"""
        with fresh as ({_fresh(rule)}),
        a as materialized ({_unique(rule.left, rule, all_new)}), b as ({right})
        select least(a.unit, b.unit) as a, greatest(a.unit, b.unit) as b, {number} as pass,
            {_is_rare(rule)} as is_rare
        from a join b on {_equal(rule)} and (a.is_new or b.is_new) {_expectation(rule)}
    """


def known(columns: tuple[str, ...]) -> str:
    """SQL: none of the columns is null."""
    return " and ".join(f"{column} is not null" for column in columns)


def _fresh(rule: Pass) -> str:
    """The values of new rows, on either side of the pass: no other value can make a new pair."""
    sides = dict.fromkeys((rule.left, rule.right))
    return " union ".join(
        f"select {', '.join(f'{c} as key{n}' for n, c in enumerate(side))} from identity "
        f"where is_new and {known(side)}"
        for side in sides
    )


def _unique(columns: tuple[str, ...], rule: Pass | None, all_new: bool) -> str:
    """The values that one unit of a supplier alone has, with the values that a chance guard looks up."""
    keys = ", ".join(f"{column} as key{place}" for place, column in enumerate(columns))
    same = " and ".join(f"fresh.key{place} = identity.{column}" for place, column in enumerate(columns))
    rows = f"identity where {known(columns)}" if all_new else f"identity semi join fresh on {same}"
    guard = rule.guard if rule else None
    looked_up = (*guard.names, guard.dob) if guard else ()
    values = "".join(f", min({column}) as value{place}" for place, column in enumerate(looked_up))
    return (
        f"select supplier_no, {keys}, min(unit) as unit, bool_or(is_new) as is_new{values} "
        f"from {rows} "
        f"group by supplier_no, {', '.join(columns)} having min(unit) = max(unit)"
    )


def _equal(rule: Pass) -> str:
    order = "<" if rule.left == rule.right else "<>"
    keys = [f"a.key{place} = b.key{place}" for place in range(len(rule.left))]
    return " and ".join([*keys, f"a.supplier_no {order} b.supplier_no"])


def _is_rare(rule: Pass) -> str:
    if not isinstance(rule.guard, Chance):
        return "true"
    sides = [f"greatest(coalesce(names_{side}.n, 1), 1) * coalesce(dob_{side}.share, 1e-4)" for side in "ab"]
    return f"greatest({', '.join(sides)}) <= {rule.guard.at_most}"


def _expectation(rule: Pass) -> str:
    """Joins to the frequencies of names and dates on both sides."""
    if not isinstance(rule.guard, Chance):
        return ""
    names, dob = rule.guard.names, rule.guard.dob
    same = " and ".join(f"{{t}}.{column} = a.value{place}" for place, column in enumerate(names))
    joins = []
    for side in "ab":
        joins.append(
            f"left join {names_table(names)} as names_{side} "
            f"on names_{side}.supplier_no = {side}.supplier_no and {same.format(t=f'names_{side}')}"
        )
        joins.append(
            f"left join {dates_table(dob)} as dob_{side} on dob_{side}.supplier_no = {side}.supplier_no "
            f"and dob_{side}.{dob} = a.value{len(names)}"
        )
    return " ".join(joins)
