"""Who a figure is about: the characteristics of records, and how figures are counted by each.

Table `people` (record and one column per characteristic) holds what a record itself says, never what it was
linked to: otherwise the linked would be better described than the unlinked by construction. Of a pair of
records, what the first says counts, and where it says nothing what the second says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage_quality.figures import ALL, Figure

UNKNOWN = "not known"
AGE_BANDS: tuple[tuple[int, str], ...] = (
    (5, "0 to 4"),
    (12, "5 to 11"),
    (18, "12 to 17"),
    (25, "18 to 24"),
    (65, "25 to 64"),
    (200, "65 and over"),
)
CHARACTERISTICS: dict[str, str] = {
    "ethnicity5": "Ethnic group",
    "sex": "Sex",
    "age_band": "Age",
    "imd_quintile": "Deprivation quintile (1: most deprived)",
    "looked_after": "Looked-after child, now or before",
    "mobile": "More than one address known",
}
SUPPLIER_PAIR = "supplier_pair"
_AGE_ORDER = [name for _, name in AGE_BANDS]


def in_order(groups: Iterable[str]) -> list[str]:
    """Groups of one characteristic as a person expects them: ages rising, what is not known last."""
    ages = {name: place for place, name in enumerate(_AGE_ORDER)}
    return sorted(set(groups), key=lambda group: (group == UNKNOWN, ages.get(group, 0), group))


def describe_people(connection: DuckDBPyConnection, looked_after_sql: str, as_of: date) -> None:
    """Make table `people`; needs `record` and `identity`.

    `looked_after_sql` gives (supplier, record_key) of records in a return on looked-after children. Ages are
    those on `as_of`, from the middle of the month of birth.
    """
    bands = " ".join(f"when age < {below} then '{name}'" for below, name in AGE_BANDS)
    connection.execute(
        f"""
        create or replace table people as
        with looked_after as (
            select distinct r.record from ({looked_after_sql}) as l(supplier, record_key)
            join record as r on r.supplier = l.supplier and r.record_key = l.record_key
        ),
        said as (
            select record, max(sex) filter (sex <> 'unknown') as sex,
                max(ethnicity5) filter (ethnicity5 <> 'Unknown') as ethnicity5,
                datediff('month', min(birth_month), $as_of::date) // 12 as age,
                arg_max(imd_quintile, coalesce(valid_from, date '0001-01-01')) as imd_quintile,
                count(distinct tok_postcode) > 1 or count(distinct la_code) > 1
                    or count(tok_previous_postcode) > 0 as mobile
            from identity group by record
        )
        select r.record, s.ethnicity5, s.sex, case {bands} end as age_band,
            s.imd_quintile::varchar as imd_quintile,
            if(l.record is null, 'no', 'yes') as looked_after,
            if(coalesce(s.mobile, false), 'yes', 'no') as mobile
        from record as r left join said as s on s.record = r.record
        left join looked_after as l on l.record = r.record
        """,
        {"as_of": as_of},
    )


def count_by_people(
    connection: DuckDBPyConnection, judged: str, measure: str, item: str = ALL, *, n: str, of: str
) -> list[Figure]:
    """Figures of a table of pairs `judged` (a, b: records) overall, by supplier pair and characteristic.

    `n` and `of` are SQL conditions on a row of it: which rows count, and out of which.
    """
    either = ", ".join(_of_either(name) for name in CHARACTERISTICS)
    groups = [SUPPLIER_PAIR, *CHARACTERISTICS]
    connection.execute(f"""
        create or replace temp table counted as
        select ({n})::integer as n, ({of})::integer as of, {either},
            least(ra.supplier, rb.supplier) || ' and ' || greatest(ra.supplier, rb.supplier)
                as {SUPPLIER_PAIR}
        from {judged} as j
        join people as pa on pa.record = j.a join people as pb on pb.record = j.b
        join record as ra on ra.record = j.a join record as rb on rb.record = j.b
        where {of}
    """)
    return counted(connection, measure, item, "counted", groups)


def count_by_pair(connection: DuckDBPyConnection, measure: str) -> list[Figure]:
    """What `count_by_people` counted last, by supplier pair (`item`) and characteristic."""
    return [
        Figure(measure, *row)
        for name in CHARACTERISTICS
        for row in connection.execute(f"""
            select {SUPPLIER_PAIR}, '{name}', coalesce({name}, '{UNKNOWN}'), sum(n)::bigint, sum(of)::bigint
            from counted group by all order by all
        """).fetchall()
    ]


def counted(
    connection: DuckDBPyConnection, measure: str, item: str, table: str, groups: Iterable[str]
) -> list[Figure]:
    """Figures over all rows of `table` (n, of, and the columns `groups`), and by each of `groups`."""
    columns = list(groups)
    cases = " ".join(
        f"when grouping({name}) = 0 then ['{name}', coalesce({name}, '{UNKNOWN}')]" for name in columns
    )
    sets = ", ".join(f"({name})" for name in columns)
    rows = connection.execute(f"""
        with summed as (
            select case {cases} else ['{ALL}', '{ALL}'] end as label, sum(n)::bigint as n,
                sum(of)::bigint as of
            from {table} group by grouping sets ((), {sets})
        )
        select label[1], label[2], coalesce(n, 0), coalesce(of, 0) from summed order by 1, 2
    """).fetchall()
    return [Figure(measure, item, *row) for row in rows]


def figures(connection: DuckDBPyConnection, measure: str, sql: str, **values: Any) -> list[Figure]:
    """Figures from a query for (item, by, group, n, of)."""
    rows = connection.execute(f"{sql} order by all", values or None).fetchall()
    return [Figure(measure, *row) for row in rows]


def _of_either(name: str) -> str:
    if name in ("looked_after", "mobile"):
        return f"greatest(pa.{name}, pb.{name}) as {name}"
    return f"coalesce(pa.{name}, pb.{name}) as {name}"
