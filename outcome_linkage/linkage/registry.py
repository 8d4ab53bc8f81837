"""Who is who, for good: the registry of a home, its tables, and what a run reads from it.

It is the one file of a home that cannot be rebuilt. `commit` is what writes to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from duckdb import DuckDBPyConnection

from outcome_linkage.home import Home
from outcome_linkage.linkage.model import Model, from_json, shipped, train
from outcome_linkage.linkage.passes import rules_version

# record_person.last_run: the last run that had the record; null while it is delivered.
TABLES: dict[str, str] = {
    "person_registry": "person_id varchar, mint_number bigint, created_run varchar, retired_run varchar,"
    " status varchar, merged_into varchar",
    "record_person": "supplier varchar, record_key varchar, person_id varchar, first_run varchar,"
    " last_run varchar, pass varchar, weight double, runner_up_weight double, level varchar,"
    " model_version varchar, digest hugeint",
    "tombstones": "supplier varchar, record_key varchar, scope varchar, from_date date, run_id varchar,"
    " person_id varchar",
    "id_changes": "run_id varchar, old_person_id varchar, new_person_id varchar, reason varchar,"
    " records integer",
    "link_conflicts": "run_id varchar, supplier varchar, record_key varchar, other_supplier varchar,"
    " other_record_key varchar, pass varchar, weight double, reason varchar",
    "person_broad": "person_id varchar, broad_person_id varchar, weight double",
    "relative_patterns": "pattern varchar, supplier varchar, other_supplier varchar, candidates bigint,"
    " expected double, is_allowed boolean",
    "linkage_models": "model_version varchar, trained_run varchar, is_in_use boolean, model varchar",
    "linkage_runs": "run_number integer, run_id varchar, model_version varchar, input_hash varchar,"
    " content_hash varchar, report varchar, basis varchar",
    "person_spine": "person_id varchar, birth_month date, sex varchar, ethnicity5 varchar, la_code varchar,"
    " imd_quintile integer, n_records integer, n_suppliers integer, link_pass varchar, link_level varchar",
    "person_area": "person_id varchar, supplier varchar, la_code varchar, valid_from date, valid_to date",
    "person_linkable": "person_id varchar, supplier varchar, linkable boolean, linkable_from date",
    "person_household": "person_id varchar, related_person_id varchar, valid_from date, valid_to date,"
    " people integer, confidence varchar",
}
# SQL for the id of the last run.
LAST_RUN = (
    "(select run_id from registry.linkage_runs"
    " where run_number = (select max(run_number) from registry.linkage_runs))"
)
# What is said of persons; a run replaces the rows of those whom it describes.
SPINE = ("person_spine", "person_area", "person_linkable", "person_household")
# Written anew by each run, from tables of the same name beside the registry.
REPLACED = ("link_conflicts", "person_broad", "relative_patterns")


@dataclass(frozen=True)
class LinkageReport:
    """What a run did, in counts. `passes` and `levels` count records, `refused` candidates by reason.

    `tombstoned`: records that were delivered and left out, because they were withdrawn now or before.
    """

    run_id: str
    model_version: str
    content_hash: str
    records: int
    records_without_tokens: int
    persons: int
    persons_of_several_suppliers: int
    minted: int
    merged: int
    split: int
    moved_records: int
    passes: dict[str, int]
    levels: dict[str, int]
    refused: dict[str, int]
    full: bool = False
    looked_at: int = 0
    known_before: int = 0
    records_of_two_people: int = 0
    pairs_by_block: dict[str, int] = field(default_factory=dict)
    tombstoned: int = 0
    unchanged: bool = False

    @property
    def churn(self) -> float | None:
        """Share of the records known before whose person id changed in this run; None without any."""
        return self.moved_records / self.known_before if self.known_before else None


def attach_registry(connection: DuckDBPyConnection, home: Home) -> None:
    """Attach the registry of `home` as `registry`; make its tables if they are not there."""
    path = str(home.registry).replace("'", "''")
    connection.execute(f"attach '{path}' as registry")
    home.registry.chmod(0o600)
    for name in TABLES:
        if columns_of(name) != _present(connection, name):
            _bring_up_to_date(connection, name)
    # a registry of before: it named the last run where a record is still delivered
    connection.execute(f"update registry.record_person set last_run = null where last_run = {LAST_RUN}")


def last_report(connection: DuckDBPyConnection, input_hash: str, full: bool) -> LinkageReport | None:
    """The report of the last run, marked unchanged, if it had the same input and looked at as much."""
    rows = connection.execute(
        "select report from registry.linkage_runs where input_hash = ? "
        "and run_number = (select max(run_number) from registry.linkage_runs)",
        [input_hash],
    ).fetchall()
    report = LinkageReport(**json.loads(rows[0][0])) if rows else None
    return replace(report, unchanged=True) if report and report.full >= full else None


def model_in_use(connection: DuckDBPyConnection, retrain: bool = False) -> Model:
    """The model of the last run; a new one on demand, or as soon as there is enough to learn from.

    A model that compares something else than this version of the software is replaced too.
    """
    stored = stored_model(connection)
    if retrain or stored is None or stored == shipped():
        return train(connection)
    return stored


def stored_model(connection: DuckDBPyConnection) -> Model | None:
    """The model of the last run; None before the first."""
    rows = connection.execute("select model from registry.linkage_models where is_in_use").fetchall()
    return from_json(rows[0][0]) if rows else None


def load_known(connection: DuckDBPyConnection) -> None:
    """Tables `known` (the last run's links), `prior` (those by the same passes) and `pattern_verdict`.

    `person_no` is the number from which the person's id was minted: a number is quicker to group by.
    """
    connection.execute("""
        create table known as
        select r.record, p.person_id, n.mint_number as person_no, p.first_run, p.pass, p.level, p.weight,
            p.runner_up_weight, p.model_version, p.digest
        from registry.record_person as p
        join record as r on r.supplier = p.supplier and r.record_key = p.record_key
        join registry.person_registry as n on n.person_id = p.person_id
    """)
    connection.execute(
        "create table prior as select record, person_no, pass, level, weight, runner_up_weight "
        "from known where starts_with(model_version, ?)",
        [rules_version()],
    )
    connection.execute("""
        create table pattern_verdict as
        select p.pattern, a.supplier_no as sa, b.supplier_no as sb, p.candidates, p.expected, p.is_allowed
        from registry.relative_patterns as p
        join supplier as a on a.supplier = p.supplier join supplier as b on b.supplier = p.other_supplier
    """)


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table of the registry, in order."""
    return tuple(column.split()[0] for column in TABLES[table].split(", "))


def _bring_up_to_date(connection: DuckDBPyConnection, table: str) -> None:
    """Make the table, or add the columns that it lacks; what each run writes anew is made anew."""
    if table in (*REPLACED, *SPINE):
        connection.execute(f"drop table if exists registry.{table}")
    connection.execute(f"create table if not exists registry.{table} ({TABLES[table]})")
    for column in TABLES[table].split(", "):
        connection.execute(f"alter table registry.{table} add column if not exists {column}")


def _present(connection: DuckDBPyConnection, table: str) -> tuple[str, ...]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'registry' and table_name = ? "
        "order by column_index",
        [table],
    ).fetchall()
    return tuple(name for (name,) in rows)
