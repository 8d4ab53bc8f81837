"""What an installation knows: sources, concepts, what was delivered for which days, prices.

Read once from a connection that has the marts and the databases `catalogue`, `reference` and `validated` of
`models.sources`. A list that does not exist is empty: whatever needs it is then told as missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import duckdb

CONCEPT_LISTS = {
    "measures": "select measure, source_table from reference.main.measures where source_table is not null",
    "adversity_crosswalk": (
        "select distinct adversity_domain, source_table from reference.main.adversity_crosswalk "
        "where used = 'yes'"
    ),
}
"""Lists of the reference folder that say which concepts are read from which table."""


class Mart(NamedTuple):
    """A mart of events and its column of concepts."""

    table: str
    concept: str


MARTS = (
    Mart("outcome_event", "outcome"),
    Mart("measure_event", "concept"),
    Mart("adversity_event", "adversity_domain"),
)


class Recorded(NamedTuple):
    """What a measure records: its unit, empty without a value; its shape; first and last age, in years."""

    unit: str
    shape: str
    from_age: int | None
    to_age: int | None


class ReadFrom(NamedTuple):
    """A code that makes a record a measure: its column, under which condition, and how it is matched."""

    column: str
    code: str
    condition: str
    match: str


class Price(NamedTuple):
    """A unit cost."""

    id: str
    unit: str
    price_year: str
    sector: str


@dataclass(frozen=True)
class Known:
    """The lists, each by its name."""

    tables: frozenset[str]
    suppliers: Mapping[str, frozenset[str]]
    profiles: Mapping[str, str]
    concepts: Mapping[str, frozenset[str]]
    domains: frozenset[str]
    recorded: Mapping[str, Recorded]
    unverified: Mapping[str, str]
    read_from: Mapping[tuple[str, str], frozenset[ReadFrom]]
    both_roles: Mapping[tuple[str, str], str]
    covers: Mapping[str, tuple[date, date]]
    prices: Mapping[str, Price]
    indexed_years: Mapping[str, frozenset[str]]


def known_to(connection: duckdb.DuckDBPyConnection) -> Known:
    """What the installation behind a connection knows."""
    ask = _Asked(connection)
    tables = ask.rows("catalogue", "supplier_tables", "select table_name, supplier from {table}")
    concepts = [row for name, sql in CONCEPT_LISTS.items() for row in ask.rows("reference", name, sql)]
    domains = ask.rows(
        "reference",
        "adversity_crosswalk",
        "select distinct adversity_domain, null from {table} where used = 'yes'",
    )
    recorded = ask.rows(
        "reference",
        "measures",
        "select measure, coalesce(unit, ''), shape, cast(at_risk_from_age as integer), "
        "cast(at_risk_to_age as integer) from {table}",
    )
    shaky = ask.rows(
        "reference", "measures", "select measure, basis from {table} where status = 'unverified'"
    )
    codes = ask.rows(
        "reference",
        "measure_codes",
        "select measure, source_table, source_column, code, condition, match from {table}",
    )
    roles = ask.rows("reference", "outcome_both_roles", "select adversity_domain, outcome, why from {table}")
    covers = ask.rows(
        "catalogue",
        "deliveries",
        "select table_name, min(covers_from), max(covers_to) from {table} "
        "where covers_from is not null and covers_to is not null group by table_name",
    )
    prices = ask.rows("reference", "unit_costs", "select id, unit, price_year, sector from {table}")
    years = ask.rows("reference", "price_indices", "select index_id, year from {table}")
    return Known(
        tables=frozenset(name for name, _ in tables),
        suppliers=_grouped(tables),
        profiles=dict(ask.rows("catalogue", "suppliers", "select supplier, sdc_profile from {table}")),
        concepts=_grouped(concepts),
        domains=frozenset(name for name, _ in domains),
        recorded={name: Recorded(*facts) for name, *facts in recorded},
        unverified=dict(shaky),
        read_from=_grouped([((measure, table), ReadFrom(*code)) for measure, table, *code in codes]),
        both_roles={(domain, outcome): why for domain, outcome, why in roles},
        covers={name: (first, last) for name, first, last in covers},
        prices={row[0]: Price(*row) for row in prices},
        indexed_years=_grouped(years),
    )


_TABLES_AND_VIEWS = """
select database_name, table_name from duckdb_tables()
union
select database_name, view_name from duckdb_views()
"""


class _Asked:
    """Queries of tables that need not exist."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._there = set(connection.execute(_TABLES_AND_VIEWS).fetchall())

    def rows(self, database: str, table: str, sql: str) -> list[tuple[Any, ...]]:
        if (database, table) not in self._there:
            return []
        return self._connection.execute(sql.format(table=f"{database}.main.{table}")).fetchall()


def _grouped(pairs: list[tuple[Any, ...]]) -> dict[Any, frozenset[Any]]:
    found: dict[Any, set[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}
