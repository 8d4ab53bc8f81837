"""A tiny invented region for the documentation of the SQL models: state who is there, ask what a mart says.

Every supplier of the catalogue delivers every table it may, complete from 2015 to 2024. Every person lives in
Bristol, is known to every supplier and can be linked. A test says what is otherwise.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from outcome_linkage.models.catalogue_tables import catalogue_tables
from outcome_linkage.models.graph import Graph, build_graph
from outcome_linkage.models.sources import REGISTRY
from outcome_linkage.models.sql_file import load_models
from schemas.catalogue import CONTRACTS, load_suppliers
from schemas.contract import Contract
from tests.factories import key, rows

REPOSITORY = Path(__file__).parents[3]
COVERED = ("2015-01-01", "2024-12-31")
LSOA = {
    "bristol": "E01014485",
    "north_somerset": "E01014737",
    "south_gloucestershire": "E01014861",
    "bath": "E01014370",
    "elsewhere": "E01000001",
}
PROVENANCE = {
    "_supplier": "varchar",
    "_period": "varchar",
    "_delivery": "varchar",
    "_file": "varchar",
    "_row": "bigint",
}


@dataclass
class Region:
    """Rows by source table; a database is made of them when a mart is asked for."""

    sources: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    covers: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    _built: duckdb.DuckDBPyConnection | None = None
    _made: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        suppliers = load_suppliers()
        for name, table in catalogue_tables(suppliers, {}).items():
            self.sources[f"catalogue.{name}"] = [
                dict(zip(table.columns, row, strict=True)) for row in table.rows
            ]
        self.covers = {(s.name, table): [COVERED] for s in suppliers.values() for table in s.tables}

    def delivers(self, supplier: str, table: str, *covers: tuple[str, str]) -> None:
        """The supplier's deliveries of the table cover these times and no others."""
        self.covers[supplier, table] = list(covers)

    def gap(self, supplier: str, table: str, start: str, end: str, reason: str) -> None:
        """The catalogue declares that the supplier's table holds nothing for this time."""
        self._add(
            "catalogue.supplier_gaps",
            supplier=supplier,
            table_name=table,
            gap_start=start,
            gap_end=end,
            reason=reason,
        )

    def person(
        self,
        name: str,
        born: str | None = "2010-05-01",
        *,
        lives: Sequence[tuple[str, str, str | None]] | None = None,
        known_to: Sequence[str] | None = None,
        linkable_to: Sequence[str] | None = None,
        linkable_from: str | None = None,
        address: Sequence[tuple[str, str, str | None, str | None]] = (),
        levels: Mapping[str, str] | None = None,
        **spine: Any,
    ) -> str:
        """A person; `lives` is (place, from, to) by registration, `address` (supplier, LA, from, to)."""
        self.known.append(name)
        everyone = [supplier["supplier"] for supplier in self.sources["catalogue.suppliers"]]
        known = everyone if known_to is None else known_to
        self._add(
            "registry.person_spine",
            person_id=key(name),
            birth_month=born,
            **{"n_records": len(known), "n_suppliers": len(known), **spine},
        )
        for supplier in known:
            self._add(
                "registry.record_person",
                supplier=supplier,
                record_key=key(supplier, name),
                person_id=key(name),
                **{"pass": "stage 0", "level": (levels or {}).get(supplier, "strict")},
            )
        for supplier in everyone if linkable_to is None else linkable_to:
            self._add(
                "registry.person_linkable",
                person_id=key(name),
                supplier=supplier,
                linkable=True,
                linkable_from=linkable_from,
            )
        for supplier, la_code, start, end in address:
            self._add(
                "registry.person_area",
                person_id=key(name),
                supplier=supplier,
                la_code=la_code,
                valid_from=start,
                valid_to=end,
            )
        for place, start, end in [("bristol", born or "2010-05-01", None)] if lives is None else lives:
            self.row("residence", name, lsoa21=LSOA[place], valid_from=start, valid_to=end)
        return name

    def row(
        self,
        table: str,
        name: str | None = None,
        supplier: str | None = None,
        period: str = "2025-01",
        **columns: Any,
    ) -> None:
        """A delivered row about a person; what is not stated is null, or any valid value if it cannot be."""
        contract = CONTRACTS[table]
        supplier = supplier or {"police": "avon_somerset_police", "health": "bnssg_icb"}.get(
            contract.sector, "bristol"
        )
        number = len(self.sources.get(f"validated.{table}", [])) + 1
        row = {**_smallest(contract, number), **columns}
        if name:
            row["record_key"] = key(supplier, name)
        self._add(
            f"validated.{table}",
            **row,
            _supplier=supplier,
            _period=period,
            _delivery="001",
            _file=f"{table}.parquet",
            _row=number,
        )

    def assessed(self, name: str, on: str, factor: str | None, supplier: str = "bristol") -> None:
        """A completed assessment that identified one factor, or none."""
        self.row("cin_assessments", name, supplier, assessment_start_date=on, factor=factor)

    def planned(
        self, name: str, start: str, category: str, latest: str | None = None, **columns: Any
    ) -> None:
        """A child-protection plan, of one category unless a later one is stated."""
        given = {
            "plan_start_date": start,
            "initial_category": category,
            "latest_category": latest or category,
        }
        self.row("cin_protection_plans", name, **{**given, **columns})

    def crime(self, crime_id: str, **columns: Any) -> None:
        """A recorded crime that is not cancelled and not domestic, unless `columns` say so."""
        plain = {"recorded_date": "2020-03-01", "domestic_abuse_flag": False, "no_crime_flag": False}
        self.row("police_crimes", crime_id=crime_id, **{**plain, **columns})

    def involved(self, name: str, crime_id: str, role: str, **columns: Any) -> None:
        """A person's role in a crime."""
        self.row("police_crime_persons", name, crime_id=crime_id, role=role, **columns)

    def related(
        self,
        name: str,
        other: str,
        kind: str,
        since: str | None = None,
        until: str | None = None,
        *,
        basis: str = "social_work_record",
        supplier: str = "bristol",
    ) -> None:
        """A supplier says that `other` is the `kind` of `name`."""
        related = {"related_record_key": key(supplier, other), "kind": kind, "basis": basis}
        self.row("relationships", name, supplier, **related, valid_from=since, valid_to=until)

    def share_a_home(
        self, names: Sequence[str], since: str, until: str | None = None, confidence: str = "one_supplier"
    ) -> None:
        """Linkage found these people at one address on these days."""
        for a in names:
            for b in (name for name in names if name != a):
                self._add(
                    "registry.person_household",
                    person_id=key(a),
                    related_person_id=key(b),
                    valid_from=since,
                    valid_to=until,
                    people=len(names),
                    confidence=confidence,
                )

    def build(self, *models: str) -> None:
        """Build these models, and all that they read."""
        connection, graph = self._database(), _graph()
        wanted = set(models).union(*(graph.upstream(name) for name in models)) - self._made
        for source in {source for name in wanted for source in graph.reads[name].sources} - self._made:
            self._lay(source)
        for name in graph.order:
            if name in wanted:
                connection.execute(_creation(name))
        self._made |= wanted

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query on models, which are built as far as the query needs them."""
        self.build(*(name for name in _graph().models if name in re.findall(r"\w+", sql)))
        return self._database().execute(sql).fetchall()

    def of(
        self, model: str, name: str, columns: str, where: str = "true", order: str = "all"
    ) -> list[tuple[Any, ...]]:
        """The columns of a person's rows in a model."""
        return self.ask(
            f"select {columns} from {model} where person_id = '{key(name)}' and ({where}) order by {order}"
        )

    def outcome(self, name: str, domain: str, outcome: str, columns: str) -> tuple[Any, ...]:
        """The columns of the one row of `adversity_outcome` for a person, a domain and an outcome."""
        where = f"adversity_domain = '{domain}' and outcome = '{outcome}'"
        (row,) = self.of("adversity_outcome", name, columns, where)
        return row

    def _add(self, table: str, **row: Any) -> None:
        assert self._built is None, "state everything before asking"
        self.sources.setdefault(table, []).append(row)

    def _database(self) -> duckdb.DuckDBPyConnection:
        if self._built is None:
            for (supplier, table), times in self.covers.items():
                for start, end in times:
                    self._add(
                        "catalogue.deliveries",
                        supplier=supplier,
                        table_name=table,
                        covers_from=start,
                        covers_to=end,
                    )
            self._built = duckdb.connect(config={"threads": 1})
            for source in ("validated", "registry", "catalogue"):
                self._built.execute(f"attach ':memory:' as {source}")
            self._built.execute(f"attach '{_reference()}' as reference (read_only)")
        return self._built

    def _lay(self, source: str) -> None:
        """Make a table of a source, with what was stated of it. Reference tables are there already."""
        if source in _layout():
            typed = ", ".join(f'"{name}" {kind}' for name, kind in _layout()[source].items())
            self._database().execute(f"create table {source} ({typed})")
            _insert(self._database(), source, self.sources.get(source, []))
        self._made.add(source)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, records: list[Mapping[str, Any]]) -> None:
    if not records:
        return
    names = list(dict.fromkeys(name for record in records for name in record))
    row = f"({', '.join('?' for _ in names)})"
    columns = ", ".join(f'"{name}"' for name in names)
    values = [record.get(name) for record in records for name in names]
    connection.execute(f"insert into {table} ({columns}) values {', '.join([row] * len(records))}", values)


@cache
def _reference() -> Path:
    """A database of the reference tables that some model reads, made once: all text, null for nothing."""
    path = Path(tempfile.mkdtemp()) / "reference.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name in (source for source in _graph().sources if source.startswith("reference.")):
            table = name.partition(".")[2]
            file = REPOSITORY / "reference" / f"{table}.csv"
            connection.execute(
                f"create table {table} as select * from read_csv(?, all_varchar = true)", [str(file)]
            )
    return path


@cache
def _creation(model: str) -> duckdb.Statement:
    """The statement that builds a model, parsed once for all regions: parsing is a quarter of the work."""
    (statement,) = duckdb.extract_statements(f"create table {model} as {_graph().models[model].sql}")
    return statement


@cache
def _graph() -> Graph:
    return build_graph(load_models(REPOSITORY / "dbt_like_sql"))


@cache
def _layout() -> dict[str, Mapping[str, str]]:
    """Columns and types of every source table of the engine, but for the reference tables."""
    kinds = {
        "String": "varchar",
        "Date": "date",
        "Boolean": "boolean",
        "Float64": "double",
        "Int64": "bigint",
    }
    validated = {
        f"validated.{contract.name}": {
            **{column.name: kinds.get(str(column.dtype), "integer") for column in contract.columns.values()},
            **PROVENANCE,
        }
        for contract in CONTRACTS.values()
        if not contract.restricted
    }
    registry = {f"registry.{name}": columns for name, columns in REGISTRY.items()}
    catalogue = {f"catalogue.{name}": table.columns for name, table in catalogue_tables({}, {}).items()}
    return {**validated, **registry, **catalogue}


def _smallest(contract: Contract, number: int) -> dict[str, Any]:
    """A row in which only what must be filled is filled; ids differ from row to row."""
    example = _example(contract.name)
    ids = {
        c.name: f"{contract.name}-{number}"
        for c in contract.columns.values()
        if c.kind == "id" and not c.nullable
    }
    return {name: example[name] for name, c in contract.columns.items() if not c.nullable} | ids


@cache
def _example(table: str) -> dict[str, Any]:
    return rows(table, 1).to_dicts()[0]


def day(text: str) -> date:
    """A date from ISO text."""
    return date.fromisoformat(text)
