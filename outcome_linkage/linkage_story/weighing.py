"""A few records compared anew by the model of their links, with frequencies counted over everybody.

Only the rows of the records concerned are loaded. Nothing is linked, and nothing of the registry changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.changed import digest_records
from outcome_linkage.linkage.compare import compare
from outcome_linkage.linkage.comparisons import COMPARISONS
from outcome_linkage.linkage.identities import load
from outcome_linkage.linkage.mixed import set_aside_mixed
from outcome_linkage.linkage.model import Model, within_supplier
from outcome_linkage.linkage.passes import CONTRADICTIONS, DUPLICATES, PASSES, Pass
from outcome_linkage.linkage.scoring import count_tokens, weigh
from outcome_linkage.linkage.tombstones import BURIED
from outcome_linkage.linkage_story.story import Named, Step, Waterfall

ONE_SUPPLIER = "one supplier"
Pair = tuple[Named, Named]


@dataclass(frozen=True)
class Weighed:
    """What was found of each pair, in the order in which it was asked for; what has no tokens is left out."""

    waterfalls: dict[Pair, Waterfall]
    keys: dict[Pair, tuple[str, ...]]
    contradictions: dict[Pair, tuple[str, ...]]
    without_tokens: frozenset[Named]
    mixed: frozenset[Named]
    changed: frozenset[Named]


def weigh_pairs(
    connection: DuckDBPyConnection, model: Model, tokens_sql: str, about: Named, pairs: Iterable[Pair]
) -> Weighed:
    """Compare `pairs` by the tokens of today; `registry` is attached, and says what has changed since.

    `about`: the record that is asked about, which may have nobody to be compared with.

    `tokens_sql`: columns of the contract `link_tokens` and `_supplier`, as for `link`.
    """
    asked = list(dict.fromkeys(pairs))
    tokens_sql = f"""
        select t.* from ({tokens_sql}) as t
        anti join ({BURIED}) as b on b.supplier = t._supplier and b.record_key = t.record_key
    """
    rarer = _count_everybody(connection, model, tokens_sql, _suppliers_with_duplicates(asked))
    _load_concerned(connection, tokens_sql, about, asked)
    weigh(connection, model, "row_pair", "weighed")
    compare(connection, "pair", "comparison")
    both = _pairs_by_number(connection)
    return Weighed(
        waterfalls=_waterfalls(connection, model, both, rarer),
        keys=_keys(connection, both),
        contradictions=_contradictions(connection, both),
        without_tokens=_records(connection, "record not in (select record from identity union from mixed)"),
        mixed=_records(connection, "record in (from mixed)"),
        changed=_records(connection, _CHANGED),
    )


_CHANGED = """
record in (
    select d.record from record_digest as d join record as r using (record)
    left join registry.record_person as p on p.supplier = r.supplier and p.record_key = r.record_key
    where p.digest is distinct from d.digest
)
"""


def _suppliers_with_duplicates(pairs: Iterable[Pair]) -> list[str]:
    return sorted({one.supplier for one, other in pairs if one.supplier == other.supplier})


def _count_everybody(
    connection: DuckDBPyConnection, model: Model, tokens_sql: str, suppliers: list[str]
) -> dict[str, float]:
    """Make the tables of token frequencies; for each of `suppliers`, the bits that its duplicates differ by.

    The prior is of two suppliers: within one, two records of one person are rarer or commoner.
    """
    connection.execute("create table supplier (supplier_no tinyint, supplier varchar)")
    for number, supplier in enumerate(suppliers):
        connection.execute("insert into supplier values (?, ?)", [number, supplier])
    connection.execute(f"""
        create view identity as
        select s.supplier_no, t.record_key as record, t.*
        from ({tokens_sql}) as t left join supplier as s on s.supplier = t._supplier
    """)
    connection.execute("""
        create view record as
        select s.supplier_no, p.record_key as record
        from registry.record_person as p join supplier as s using (supplier)
        where p.last_run is null
    """)
    count_tokens(connection, model)
    chances = within_supplier(connection, model) if suppliers else {}
    connection.execute("drop view identity; drop view record; drop table supplier")
    return {suppliers[number]: math.log2(chance / model.prior) for number, chance in chances.items()}


def _load_concerned(connection: DuckDBPyConnection, tokens_sql: str, about: Named, pairs: list[Pair]) -> None:
    """The tables of `load` for the records concerned; `pair` (a, b: records) and `row_pair` (l, r: rows).

    Also `record_digest`, and `mixed` with the records of two people, which have no rows then.
    """
    connection.execute("create table asked (place integer, s varchar, k varchar, t varchar, j varchar)")
    for place, (one, other) in enumerate([(about, about), *pairs], start=-1):
        connection.execute("insert into asked values (?, ?, ?, ?, ?)", [place, *one, *other])
    concerned = "select s as supplier, k as record_key from asked union select t, j from asked"
    tokens = (
        f"select t.* from ({tokens_sql}) as t semi join ({concerned}) as c "
        "on c.supplier = t._supplier and c.record_key = t.record_key"
    )
    load(connection, tokens, concerned)
    digest_records(connection)
    set_aside_mixed(connection)
    connection.execute("""
        create table pair as
        select least(r.record, o.record) as a, greatest(r.record, o.record) as b, n.place
        from (from asked where place >= 0) as n
        join record as r on r.supplier = n.s and r.record_key = n.k
        join record as o on o.supplier = n.t and o.record_key = n.j
    """)
    connection.execute("""
        create table row_pair as
        select x.row as l, y.row as r
        from pair as p join identity as x on x.unit = p.a join identity as y on y.unit = p.b
    """)


def _pairs_by_number(connection: DuckDBPyConnection) -> dict[tuple[int, int], Pair]:
    rows = connection.execute(
        "select p.a, p.b, n.s, n.k, n.t, n.j from pair as p join asked as n using (place) order by place"
    ).fetchall()
    return {(a, b): (Named(s, k), Named(t, j)) for a, b, s, k, t, j in rows}


def _waterfalls(
    connection: DuckDBPyConnection,
    model: Model,
    both: dict[tuple[int, int], Pair],
    rarer: dict[str, float],
) -> dict[Pair, Waterfall]:
    parts = [f"{c.name}, {c.name}_bits, {c.name}_rarity" for c in COMPARISONS]
    rows = connection.execute(f"select a, b, {', '.join(parts)} from weighed order by a, b").fetchall()
    prior = math.log2(model.prior / (1 - model.prior))
    found = {}
    for a, b, *values in rows:
        pair = both[a, b]
        steps = [
            Step(c.name, level, bits + rarity, rarity)
            for c, level, bits, rarity in zip(
                COMPARISONS, values[::3], values[1::3], values[2::3], strict=True
            )
        ]
        if pair[0].supplier == pair[1].supplier:
            steps.insert(0, Step(ONE_SUPPLIER, "two records of one person", rarer[pair[0].supplier]))
        found[pair] = Waterfall(prior, tuple(steps))
    return found


def _keys(connection: DuckDBPyConnection, both: dict[tuple[int, int], Pair]) -> dict[Pair, tuple[str, ...]]:
    """The passes whose columns are equal: of two suppliers PASSES, of one DUPLICATES."""
    rules = [
        f"{'x.supplier_no <> y.supplier_no' if rule in PASSES else 'x.supplier_no = y.supplier_no'} "
        f"and ({_equal(rule)})"
        for rule in (*PASSES, *DUPLICATES)
    ]
    held = ", ".join(f"coalesce(bool_or({rule}), false)" for rule in rules)
    rows = connection.execute(f"""
        select p.a, p.b, {held}
        from pair as p join identity as x on x.unit = p.a join identity as y on y.unit = p.b
        group by p.a, p.b
    """).fetchall()
    names = [rule.name for rule in (*PASSES, *DUPLICATES)]
    return {
        both[a, b]: tuple(name for name, is_held in zip(names, values, strict=True) if is_held)
        for a, b, *values in rows
    }


def _equal(rule: Pass) -> str:
    either = []
    for x, y in (("x", "y"), ("y", "x")):
        sides = zip(rule.left, rule.right, strict=True)
        either.append(" and ".join(f"{x}.{left} = {y}.{right}" for left, right in sides))
    return " or ".join(either)


def _contradictions(
    connection: DuckDBPyConnection, both: dict[tuple[int, int], Pair]
) -> dict[Pair, tuple[str, ...]]:
    columns = ", ".join(f"contradicts_{name}" for name in CONTRADICTIONS)
    rows = connection.execute(f"select a, b, {columns} from comparison").fetchall()
    return {
        both[a, b]: tuple(name for name, holds in zip(CONTRADICTIONS, values, strict=True) if holds)
        for a, b, *values in rows
    }


def _records(connection: DuckDBPyConnection, condition: str) -> frozenset[Named]:
    rows = connection.execute(f"select supplier, record_key from record where {condition}").fetchall()
    return frozenset(Named(*row) for row in rows)
