"""Linked against unlinked: who, of one supplier's records, was also found at another.

Not everybody should be: most patients are not known to the police. A difference is therefore a question,
not an error; it becomes bias where an analysis takes being linked for being at risk.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.people import CHARACTERISTICS, counted

NOTABLE = 0.1
"""Austin PC. Balance diagnostics. Stat Med 2009;28:3083-107: standardised differences beyond 0.1."""


class Difference(NamedTuple):
    """Share of a group among a supplier's records linked to another supplier, less among those not linked.

    `standardised`: in units of the pooled standard deviation.
    """

    supplier: str
    other: str
    by: str
    group: str
    standardised: float


def count_linked(connection: DuckDBPyConnection) -> list[Figure]:
    """`linked_to`: records of a supplier whose person has a record at another, by characteristic.

    The item is `<supplier> to <other>`. Needs `known`, `record`, `supplier` and `people`.
    """
    connection.execute("""
        create or replace temp table reaches as
        select distinct k.person_id, r.supplier_no from known as k join record as r on r.record = k.record
    """)
    pairs = connection.execute("""
        select a.supplier, a.supplier_no, b.supplier, b.supplier_no
        from supplier as a join supplier as b on a.supplier_no <> b.supplier_no
        order by a.supplier, b.supplier
    """).fetchall()
    result: list[Figure] = []
    said = ", ".join(f"p.{name}" for name in CHARACTERISTICS)
    for supplier, number, other, other_number in pairs:
        connection.execute(f"""
            create or replace temp table reaching as
            select (o.person_id is not null)::integer as n, 1 as of, {said}
            from record as r join known as k on k.record = r.record join people as p on p.record = r.record
            left join reaches as o on o.person_id = k.person_id and o.supplier_no = {other_number}
            where r.supplier_no = {number}
        """)
        result += counted(connection, "linked_to", f"{supplier} to {other}", "reaching", CHARACTERISTICS)
    return result


def differences(figures: Iterable[Figure]) -> list[Difference]:
    """Standardised differences from figures `linked_to`, in their order.

    d = (p - q) / sqrt((p(1 - p) + q(1 - q)) / 2), p and q the group's shares of the linked and of the
    unlinked. Groups of which nothing can be said have none.
    """
    found = [f for f in figures if f.measure == "linked_to"]
    totals = {f.item: f for f in found if f.by == ALL}
    result = []
    for f in found:
        total = totals.get(f.item)
        linked, unlinked = (total.n, (total.of or 0) - total.n) if total else (0, 0)
        if f.by == ALL or not linked or not unlinked:
            continue
        p, q = min(f.n / linked, 1.0), min(((f.of or 0) - f.n) / unlinked, 1.0)
        if spread := sqrt((p * (1 - p) + q * (1 - q)) / 2):
            supplier, other = f.item.split(" to ")
            result.append(Difference(supplier, other, f.by, f.group, (p - q) / spread))
    return result
