"""Held-out strong ids: link once more without them, then ask them whether the links are right.

Two records of different suppliers are truly one person when they have the same NHS number, UPN or PNC id
and also agree in date of birth, forename or surname (linkage.md: 0.99995 of such pairs are right). They are
truly two when both have an id of one kind and no id is equal. A pair with equal ids and nothing else in
common is left out, and so is every pair of which one record has no such id.

What this cannot tell: people with a strong id at two suppliers are better recorded than others, and pairs
of suppliers that hold no kind of id in common are not seen at all; for those there are planted records.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.people import count_by_pair, count_by_people

STRONG_IDS = ("sid_nhs", "sid_upn", "sid_pnc")
# An id that so many records of one supplier share is a default, not a person's.
_MOST_RECORDS_OF_ONE_PERSON = 50
# What counts as linked at each level. The persons of a run are those of the main level.
LEVELS = {"strict": "together and level = 'strict'", "main": "together", "broad": "together_broadly"}


def hold_out(connection: DuckDBPyConnection) -> None:
    """Move the strong ids from `identity` to table `held_id` (record, supplier_no, kind, value)."""
    parts = " union ".join(
        f"select record, supplier_no, '{kind}' as kind, {kind} as value from identity "
        f"where {kind} is not null"
        for kind in STRONG_IDS
    )
    connection.execute(f"""
        create or replace table held_id as
        select * from ({parts}) qualify count(*) over (partition by supplier_no, kind, value)
            <= {_MOST_RECORDS_OF_ONE_PERSON}
    """)
    _find_true_pairs(connection)
    connection.execute(f"update identity set {', '.join(f'{kind} = null' for kind in STRONG_IDS)}")


def _find_true_pairs(connection: DuckDBPyConnection) -> None:
    """Table `same_id` (a, b, checked): pairs with an equal id, and whether anything else is equal."""
    fields = ("tok_dob", "tok_forename", "tok_surname")
    agree = " or ".join(f"x.{field} = y.{field}" for field in fields)
    connection.execute(f"""
        create or replace table same_id as
        with pair as (
            select distinct a.record as a, b.record as b from held_id as a join held_id as b
            on a.kind = b.kind and a.value = b.value and a.supplier_no < b.supplier_no
        )
        select p.a, p.b, coalesce(bool_or({agree}), false) as checked
        from pair as p join identity as x on x.record = p.a join identity as y on y.record = p.b
        group by p.a, p.b
    """)


def judge_links(connection: DuckDBPyConnection) -> list[Figure]:
    """Figures `recall` and `precision` of the links that were found without the ids; needs `people`.

    By level too: strict where the less sure of two records is linked strictly, broad where even odds are
    enough to make one person.
    """
    _judge(connection)
    return [
        *count_by_people(connection, "judged_pair", "recall", n="same and together", of="same"),
        *count_by_pair(connection, "recall"),
        *count_by_people(connection, "judged_pair", "precision", n="same and together", of="together"),
        *_by_level(connection),
        *_by_pass(connection),
    ]


def _by_level(connection: DuckDBPyConnection) -> list[Figure]:
    found = []
    for level, linked in LEVELS.items():
        ((both, true, ours),) = connection.execute(
            f"select count(*) filter (same and {linked}), count(*) filter (same), "
            f"count(*) filter ({linked}) from judged_pair"
        ).fetchall()
        found += [
            Figure("recall", ALL, "level", level, int(both), int(true)),
            Figure("precision", ALL, "level", level, int(both), int(ours)),
        ]
    return found


def _judge(connection: DuckDBPyConnection) -> None:
    """Table `judged_pair` (a, b, same, together, together_broadly, level, pass) of pairs that ids can judge.

    `same`: one person by the ids; `together`: one person by the links. Level and pass are those of the record
    that is linked less surely.
    """
    connection.execute("""
        create or replace table judged_pair as
        with placed as (
            select l.record, l.cluster, coalesce(b.broad_cluster, l.cluster) as broadly, l.pass, l.level,
                list_position(['strict', 'main', 'broad'], l.level) as level_no
            from linked as l left join broader as b on b.cluster = l.cluster
        ),
        holder as (
            select distinct p.broadly, h.record, h.supplier_no, h.kind
            from held_id as h join placed as p on p.record = h.record
        ),
        pair as (
            select a.record as a, b.record as b
            from holder as a join holder as b
            on a.broadly = b.broadly and a.kind = b.kind and a.supplier_no < b.supplier_no
            union
            select a, b from same_id
        )
        select p.a, p.b, coalesce(s.checked, false) as same, la.cluster = lb.cluster as together,
            la.broadly = lb.broadly as together_broadly,
            case when lb.level_no > la.level_no then lb.level else la.level end as level,
            coalesce(case when lb.level_no > la.level_no then lb.pass else la.pass end, 'none') as pass
        from pair as p
        left join same_id as s on s.a = p.a and s.b = p.b
        join placed as la on la.record = p.a
        join placed as lb on lb.record = p.b
        where s.a is null or s.checked
    """)


def _by_pass(connection: DuckDBPyConnection) -> list[Figure]:
    """`precision` by the pass of the record that is linked less surely."""
    rows = connection.execute("""
        select pass, count(*) filter (same), count(*) from judged_pair where together
        group by pass order by pass
    """).fetchall()
    return [Figure("precision", ALL, "pass", *row) for row in rows]
