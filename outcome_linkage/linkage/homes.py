"""Passes that hold only among people of whom hardly any two share a home.

Twins agree in surname, birthday and address; father and son may agree in both names and address. Where a
supplier's own records show such people, a key that does not tell them apart must not link. Where they show
none, it may: then a wholly different forename or birthday is an error of the pen. See docs/decisions.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.candidates import known, pairs_of, usable_passes
from outcome_linkage.linkage.compare import compare, count, verdict
from outcome_linkage.linkage.passes import PASSES, Household, Pass

# If none of n was seen, up to 3 may still be expected (the rule of three: upper 95% bound).
_UNSEEN = 3


def add_home_passes(connection: DuckDBPyConnection) -> None:
    """Add to `edge` and `refused` what the Household passes find beyond the others."""
    for number, rule in usable_passes(connection, PASSES):
        if isinstance(rule.guard, Household):
            _propose(connection, number, rule)
            if gain := count(connection, "proposal"):
                is_safe = _sharing(connection, rule) + _UNSEEN <= rule.guard.at_most * gain
                _accept_or_refuse(connection, is_safe)


def _propose(connection: DuckDBPyConnection, number: int, rule: Pass) -> None:
    """Table `proposal` (a, b, pass): accepted pairs of units without an edge to the other's supplier yet."""
    connection.execute(f"""
        create or replace table proposal as
        with reached as (
            select e.a as unit, m.supplier_no from edge as e join member as m on m.unit = e.b
            union
            select e.b, m.supplier_no from edge as e join member as m on m.unit = e.a
        )
        select distinct p.a, p.b, p.pass
        from ({pairs_of(rule, number)}) as p
        join member as m on m.unit = p.a
        join member as n on n.unit = p.b
        where not exists (from reached as r where r.unit = p.a and r.supplier_no = n.supplier_no)
        and not exists (from reached as r where r.unit = p.b and r.supplier_no = m.supplier_no)
    """)
    if not count(connection, "proposal"):
        return
    compare(connection, "proposal", "home_comparison")
    connection.execute(f"""
        delete from proposal using home_comparison as c
        where c.a = proposal.a and c.b = proposal.b and ({verdict(rule)}) is not null
    """)
    connection.execute("drop table home_comparison")


def _sharing(connection: DuckDBPyConnection, rule: Pass) -> int:
    """People whose key another person of the same supplier has too, over all suppliers."""
    ((people,),) = connection.execute(f"""
        with key as (
            select count(distinct unit) as units from identity where {known(rule.left)}
            group by supplier_no, {", ".join(rule.left)}
        )
        select coalesce(sum(units) filter (units > 1), 0) from key
    """).fetchall()
    return int(people)


def _accept_or_refuse(connection: DuckDBPyConnection, is_safe: bool) -> None:
    """All proposals of the pass become edges, or none does."""
    if is_safe:
        connection.execute("insert into edge select a, b, pass, 1 from proposal")
    else:
        connection.execute("insert into refused select a, b, pass, 'people share homes' from proposal")
