"""What the models read: four in-memory databases that a connection is given before it runs SQL.

- `validated.<table>`: the current rows of every delivered table, without opted-out and withdrawn rows;
- `registry.<table>`: who is who, from the linker's registry, without opted-out persons and without records
  that are delivered no more;
- `reference.<file>`: every CSV of the reference folder, all text, empty means null;
- `catalogue.<table>`: suppliers, what they deliver for which area, and the deliveries in use.

A table that nobody delivered, and a registry that does not exist yet, are empty typed tables. Each source
table has a fingerprint of its content, by which the engine knows what to redo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import duckdb

from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.validating.current import CurrentFile, current_files, current_sql
from outcome_linkage.delivery.validating.verdict import table_verdicts
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.files import sha256_of
from outcome_linkage.home import Home
from outcome_linkage.models.catalogue_tables import catalogue_tables
from outcome_linkage.models.engine import digest, literal
from outcome_linkage.models.reads import SOURCES
from outcome_linkage.models.small_table import create_table
from outcome_linkage.warehouse import connect

OPT_OUTS = "opt_outs"
REGISTRY: dict[str, dict[str, str]] = {
    "record_person": {
        "supplier": "varchar",
        "record_key": "varchar",
        "person_id": "varchar",
        "pass": "varchar",
        "weight": "double",
        "runner_up_weight": "double",
        "level": "varchar",
    },
    "tombstones": {
        "supplier": "varchar",
        "record_key": "varchar",
        "scope": "varchar",
        "person_id": "varchar",
        "from_date": "date",
    },
    "person_spine": {
        "person_id": "varchar",
        "birth_month": "date",
        "sex": "varchar",
        "ethnicity5": "varchar",
        "la_code": "varchar",
        "imd_quintile": "integer",
        "n_records": "integer",
        "n_suppliers": "integer",
        "link_pass": "varchar",
        "link_level": "varchar",
    },
    "person_area": {
        "person_id": "varchar",
        "supplier": "varchar",
        "la_code": "varchar",
        "valid_from": "date",
        "valid_to": "date",
    },
    "person_broad": {"person_id": "varchar", "broad_person_id": "varchar"},
    "person_linkable": {
        "person_id": "varchar",
        "supplier": "varchar",
        "linkable": "boolean",
        "linkable_from": "date",
    },
    "person_household": {
        "person_id": "varchar",
        "related_person_id": "varchar",
        "valid_from": "date",
        "valid_to": "date",
        "people": "integer",
        "confidence": "varchar",
    },
}
# What the linker reads to hide others; it is not hidden itself.
_WHO_IS_WHO = ("record_person", "tombstones")
# An objection hides every record that the same person has: at that supplier, or in the whole project. One
# that is listed today does so before the next linkage; one that has a tombstone does so for good.
_OPTED_OUT = """
create or replace table validated.main._opted_out as
with objections as (
    select o._supplier as supplier, o.record_key, o.scope, r.person_id
    from ({opt_outs}) as o
    left join registry.main.record_person as r on r.supplier = o._supplier and r.record_key = o.record_key
    union
    select supplier, record_key, scope, person_id from registry.main.tombstones
)
select supplier, record_key, null::varchar as person_id from objections
union
select r.supplier, r.record_key, case when o.scope = 'project' then r.person_id end
from objections as o
inner join registry.main.record_person as r on r.person_id = o.person_id
where o.scope = 'project' or r.supplier = o.supplier
"""
# A row about two people is hidden when either of them objected.
_VISIBLE = "select t.* from ({rows}) as t where {nobody_objected}"
_NOBODY = "not exists (select 1 from validated.main._opted_out as o where {same})"


class Sources:
    """One fixed state of everything that models read: the deliveries that are current when it is made.

    `contracts` and `suppliers` are the catalogue; `reference` is a folder of CSV files. Make a new one
    after linkage: fingerprints of the registry are taken once.
    """

    def __init__(
        self,
        home: Home,
        contracts: Mapping[str, Contract],
        suppliers: Mapping[str, Supplier],
        reference: Path,
    ) -> None:
        self._home = home
        self._contracts = {name: c for name, c in sorted(contracts.items()) if not c.restricted}
        self._reference = {path.stem: path for path in sorted(reference.glob("*.csv"))}
        self._files: Mapping[str, Sequence[CurrentFile]] = current_files(home, contracts, suppliers)
        self._catalogue = catalogue_tables(suppliers, self._files)

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table that a model may read, as `source.table`."""
        return (
            *(f"catalogue.{name}" for name in self._catalogue),
            *(f"reference.{name}" for name in self._reference),
            *(f"registry.{name}" for name in REGISTRY),
            *(f"validated.{name}" for name in self._contracts),
        )

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Give `connection` the four databases; doing it again replaces them.

        Raises OutcomeLinkageError when the registry lacks a table.
        """
        _add_databases(connection)
        for name, table in self._catalogue.items():
            create_table(connection, f"catalogue.main.{name}", table)
        self._attach_reference(connection)
        self._attach_registry(connection)
        self._attach_validated(connection)

    def fingerprint(self, table: str) -> str:
        """The SHA-256 of what `source.table` holds. Raises KeyError for an unknown table."""
        return self._fingerprints[table]

    @cached_property
    def deliveries_fingerprint(self) -> str:
        """One fingerprint for all sources: tables that carry the same one belong together."""
        return digest(*(f"{name}={value}" for name, value in self._fingerprints.items()))

    def _attach_reference(self, connection: duckdb.DuckDBPyConnection) -> None:
        for name, path in self._reference.items():
            connection.execute(
                f"create or replace table reference.main.{name} as select * from read_csv(?, header = true, "
                "all_varchar = true, delim = ',', quote = '\"', escape = '\"')",
                [str(path)],
            )

    def _attach_registry(self, connection: duckdb.DuckDBPyConnection) -> None:
        exists = self._home.registry.exists()
        if exists:
            path = literal(str(self._home.registry))
            connection.execute(f"attach if not exists {path} as registry_file (read_only)")
            _check_registry(connection)
        rows = {name: _typed(name if exists else None, columns) for name, columns in REGISTRY.items()}
        if exists and _knows_who_left(connection):
            rows["record_person"] += " where last_run is null"
        for name in _WHO_IS_WHO:
            connection.execute(f"create or replace view registry.main.{name} as {rows.pop(name)}")
        connection.execute(_OPTED_OUT.format(opt_outs=self._current(OPT_OUTS)))
        for name, select in rows.items():
            people = [column for column in REGISTRY[name] if column.endswith("person_id")]
            visible = _visible(select, (f"o.person_id = t.{column}" for column in people))
            connection.execute(f"create or replace view registry.main.{name} as {visible}")

    def _attach_validated(self, connection: duckdb.DuckDBPyConnection) -> None:
        for name, contract in self._contracts.items():
            view = self._current(name)
            if _may_be_hidden(contract):
                keys = contract.person_columns
                view = _visible(
                    view, (f"o.supplier = t._supplier and o.record_key = t.{key}" for key in keys)
                )
            connection.execute(f"create or replace view validated.main.{name} as {view}")

    def _current(self, table: str) -> str:
        return current_sql(self._contracts[table], list(self._files.get(table, [])))

    @cached_property
    def _fingerprints(self) -> dict[str, str]:
        with connect() as connection:
            _add_databases(connection)
            self._attach_registry(connection)
            hidden = _content(connection, "validated.main._opted_out")
            registry = {name: _content(connection, f"registry.main.{name}") for name in REGISTRY}
        return {
            **{f"catalogue.{name}": digest(table.text) for name, table in self._catalogue.items()},
            **{f"reference.{name}": sha256_of(path) for name, path in self._reference.items()},
            **{f"registry.{name}": content for name, content in registry.items()},
            **{f"validated.{name}": self._delivered(name, hidden) for name in self._contracts},
        }

    def _delivered(self, table: str, hidden: str) -> str:
        columns = [f"{c.name} {c.dtype}" for c in self._contracts[table].columns.values()]
        files = [f"{file.mode} {file.delivery} {self._sha256(file)}" for file in self._files.get(table, [])]
        return digest(hidden if _may_be_hidden(self._contracts[table]) else "", *columns, *files)

    def _sha256(self, file: CurrentFile) -> str:
        verdict = table_verdicts(self._home, file.delivery).get(file.table)
        return verdict.sha256 if verdict and verdict.sha256 else sha256_of(file.path)


def _add_databases(connection: duckdb.DuckDBPyConnection) -> None:
    for source in SOURCES:
        connection.execute(f"attach if not exists ':memory:' as {source}")


def _may_be_hidden(contract: Contract) -> bool:
    """Whether an objection can hide rows of a table: rows about persons, other than objections themselves."""
    return contract.has_person and contract.name != OPT_OUTS


def _visible(rows: str, objections: Iterable[str]) -> str:
    """The rows that no opted-out person is named in; each objection says how one would be."""
    nobody = " and ".join(_NOBODY.format(same=same) for same in objections)
    return _VISIBLE.format(rows=rows, nobody_objected=nobody)


def _typed(table: str | None, columns: Mapping[str, str]) -> str:
    """A select over a table of the registry, or over nothing, with these columns and types."""
    if table is None:
        return f"select {', '.join(f'null::{kind} as {name}' for name, kind in columns.items())} where false"
    casts = ", ".join(f"{name}::{kind} as {name}" for name, kind in columns.items())
    return f"select {casts} from registry_file.main.{table}"


def _check_registry(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select table_name from duckdb_tables() where database_name = 'registry_file'"
    present = {row[0] for row in connection.execute(sql).fetchall()}
    if missing := sorted(set(REGISTRY) - present):
        raise OutcomeLinkageError(
            f"registry.duckdb lacks the tables {missing}. Run linkage, then the models."
        )


def _knows_who_left(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the registry tells records that are delivered no more: `last_run` is then set."""
    sql = (
        "select 1 from duckdb_columns() where database_name = 'registry_file' "
        "and table_name = 'record_person' and column_name = 'last_run'"
    )
    return bool(connection.execute(sql).fetchall())


def _content(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """A digest of the rows of a table in any order."""
    sql = f"select count(*), sum(hash(t)::hugeint)::varchar from {table} as t"
    return digest(duckdb.__version__, repr(connection.execute(sql).fetchone()))
