"""Who is who, for good: the registry of a home, and the one transaction by which a run changes it.

It is the one file of a home that cannot be rebuilt. A run computes everything beside it and then writes, so
that a run killed at any point leaves the registry as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace

from duckdb import DuckDBPyConnection

from outcome_linkage.home import Home
from outcome_linkage.linkage.digest import digest
from outcome_linkage.linkage.model import Model, from_json, shipped, train
from outcome_linkage.linkage.passes import rules_version

TABLES: dict[str, str] = {
    "person_registry": "person_id varchar, mint_number bigint, created_run varchar, retired_run varchar,"
    " status varchar, merged_into varchar",
    "record_person": "supplier varchar, record_key varchar, person_id varchar, first_run varchar,"
    " last_run varchar, pass varchar, weight double, runner_up_weight double, level varchar,"
    " model_version varchar, digest hugeint",
    "id_changes": "run_id varchar, old_person_id varchar, new_person_id varchar, reason varchar,"
    " records integer",
    "link_conflicts": "run_id varchar, supplier varchar, record_key varchar, other_supplier varchar,"
    " other_record_key varchar, pass varchar, weight double, reason varchar",
    "person_broad": "person_id varchar, broad_person_id varchar, weight double",
    "relative_patterns": "pattern varchar, supplier varchar, other_supplier varchar, candidates bigint,"
    " expected double, is_allowed boolean",
    "linkage_models": "model_version varchar, trained_run varchar, is_in_use boolean, model varchar",
    "linkage_runs": "run_number integer, run_id varchar, model_version varchar, input_hash varchar,"
    " content_hash varchar, report varchar",
    "person_spine": "person_id varchar, birth_month date, sex varchar, ethnicity5 varchar, la_code varchar,"
    " imd_quintile integer, n_records integer, n_suppliers integer, link_pass varchar, link_level varchar",
    "person_area": "person_id varchar, supplier varchar, la_code varchar, valid_from date, valid_to date",
    "person_linkable": "person_id varchar, supplier varchar, linkable boolean, linkable_from date",
    "person_household": "person_id varchar, related_person_id varchar, valid_from date, valid_to date,"
    " people integer, confidence varchar",
}
# Written anew by each run, from tables of the same name beside the registry.
_SPINE = ("person_spine", "person_area", "person_linkable", "person_household")
REPLACED = ("link_conflicts", "person_broad", "relative_patterns", *_SPINE)
_LINK = ("supplier", "record_key", "person_id", "pass", "level")


@dataclass(frozen=True)
class LinkageReport:
    """What a run did, in counts. `passes` and `levels` count records, `refused` candidates by reason."""

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
    for name, columns in TABLES.items():
        if name in REPLACED and _columns(name) != _present(connection, name):
            connection.execute(f"drop table if exists registry.{name}")
        connection.execute(f"create table if not exists registry.{name} ({columns})")
        for column in columns.split(", "):
            connection.execute(f"alter table registry.{name} add column if not exists {column}")


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
    rows = connection.execute("select model from registry.linkage_models where is_in_use").fetchall()
    stored = from_json(rows[0][0]) if rows else None
    if retrain or stored is None or stored == shipped():
        return train(connection)
    return stored


def load_known(connection: DuckDBPyConnection) -> None:
    """Tables `known` (the last run's links), `prior` (those of them by the same passes) and `minted`."""
    connection.execute("""
        create table known as
        select r.record, p.person_id, p.first_run, p.pass, p.level, p.weight, p.runner_up_weight,
            p.model_version, p.digest
        from registry.record_person as p
        join record as r on r.supplier = p.supplier and r.record_key = p.record_key
    """)
    connection.execute(
        "create table prior as select record, person_id, pass, level, weight, runner_up_weight "
        "from known where starts_with(model_version, ?)",
        [rules_version()],
    )
    connection.execute("""
        create table pattern_verdict as
        select p.pattern, a.supplier_no as sa, b.supplier_no as sb, p.candidates, p.expected, p.is_allowed
        from registry.relative_patterns as p
        join supplier as a on a.supplier = p.supplier join supplier as b on b.supplier = p.other_supplier
    """)
    connection.execute("create table minted as select person_id, mint_number from registry.person_registry")


def commit_run(
    connection: DuckDBPyConnection, run_id: str, input_hash: str, model: Model, full: bool = False
) -> LinkageReport:
    """Write what the run found, all of it or nothing; the report of the run."""
    _make_record_person(connection, run_id, model)
    _make_conflicts(connection, run_id)
    _make_broad(connection)
    _make_patterns(connection)
    report = _report(connection, run_id, model, full)
    with _transaction(connection):
        _write_persons(connection, run_id)
        _write_records(connection)
        _write_model(connection, run_id, model)
        for table in REPLACED:
            connection.execute(f"delete from registry.{table}")
            connection.execute(f"insert into registry.{table} by name select * from memory.{table}")
        connection.execute(
            "insert into registry.linkage_runs "
            "select coalesce(max(run_number), 0) + 1, ?, ?, ?, ?, ? from registry.linkage_runs",
            [run_id, report.model_version, input_hash, report.content_hash, json.dumps(asdict(report))],
        )
    return report


@contextmanager
def _transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    connection.execute("begin transaction")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _make_record_person(connection: DuckDBPyConnection, run_id: str, model: Model) -> None:
    """Table `record_person`, as the registry will hold it."""
    connection.execute(
        """
        create table record_person as
        select r.supplier, r.record_key, p.person_id, coalesce(k.first_run, $run) as first_run,
            $run as last_run, l.pass, l.weight, l.runner_up_weight, l.level, $version as model_version,
            d.digest
        from linked as l join record as r using (record) join person as p on p.cluster = l.cluster
        left join known as k on k.record = l.record
        left join record_digest as d on d.record = l.record
        """,
        {"run": run_id, "version": model.full_version},
    )


def _make_conflicts(connection: DuckDBPyConnection, run_id: str) -> None:
    """Table `link_conflicts`: refused in this run, and before between records that have not changed since."""
    connection.execute(
        """
        create table link_conflicts as
        select $run as run_id, r.supplier, r.record_key, o.supplier as other_supplier,
            o.record_key as other_record_key, c.pass, c.weight, c.reason
        from conflict as c join record as r on r.record = c.record
        join record as o on o.record = c.other_record
        union all
        select c.*
        from registry.link_conflicts as c
        join record as r on r.supplier = c.supplier and r.record_key = c.record_key
        join record as o on o.supplier = c.other_supplier and o.record_key = c.other_record_key
        join linked as x on x.record = r.record
        join linked as y on y.record = o.record
        where x.cluster <> y.cluster
        and r.record not in (select record from identity where is_new)
        and o.record not in (select record from identity where is_new)
        """,
        {"run": run_id},
    )


def _make_broad(connection: DuckDBPyConnection) -> None:
    """Table `person_broad`: persons that are one at the broad level, all but the first with the first's id.

    Found in this run, or before between persons of whom nothing has changed since.
    """
    connection.execute("""
        create table person_broad as
        with found as (
            select b.cluster, min(b.cluster) over (partition by b.broad_cluster) as first, b.weight
            from broader as b
        ),
        changed as (
            select p.person_id
            from identity as i join linked as l using (record) join person as p on p.cluster = l.cluster
            where i.is_new
        )
        select p.person_id, q.person_id as broad_person_id, f.weight
        from found as f join person as p on p.cluster = f.cluster join person as q on q.cluster = f.first
        where f.cluster <> f.first
        union all
        select b.* from registry.person_broad as b
        where b.person_id in (select person_id from person)
        and b.broad_person_id in (select person_id from person)
        and b.person_id not in (from changed) and b.broad_person_id not in (from changed)
    """)


def _make_patterns(connection: DuckDBPyConnection) -> None:
    """Table `relative_patterns`: what was counted of people who share a home, for the nights to come."""
    connection.execute("""
        create table relative_patterns as
        select v.pattern, a.supplier, b.supplier as other_supplier, v.candidates, v.expected, v.is_allowed
        from pattern_verdict as v
        join supplier as a on a.supplier_no = v.sa join supplier as b on b.supplier_no = v.sb
    """)


def _write_model(connection: DuckDBPyConnection, run_id: str, model: Model) -> None:
    """Keep every model that was ever used; the one of this run is in use."""
    version = model.version
    connection.execute(
        "update registry.linkage_models set is_in_use = (model_version = ?) "
        "where is_in_use <> (model_version = ?)",
        [version, version],
    )
    connection.execute(
        "insert into registry.linkage_models select $version, $run, true, $model "
        "where not exists (from registry.linkage_models where model_version = $version)",
        {"version": version, "run": run_id, "model": model.to_json()},
    )


def _write_persons(connection: DuckDBPyConnection, run_id: str) -> None:
    connection.execute(
        "insert into registry.person_registry "
        "select person_id, mint_number, ?, null, 'active', null from person where mint_number is not null "
        "order by mint_number",
        [run_id],
    )
    connection.execute(
        """
        update registry.person_registry as p
        set status = 'merged', retired_run = ?, merged_into = c.new_id
        from id_change as c where c.retired and c.old_id = p.person_id
        """,
        [run_id],
    )
    connection.execute(
        "insert into registry.id_changes "
        "select ?, old_id, new_id, reason, records from id_change order by all",
        [run_id],
    )


def _write_records(connection: DuckDBPyConnection) -> None:
    """Replace the rows of the records of this run; records not delivered any more follow a merge."""
    connection.execute("""
        delete from registry.record_person as p using memory.record as r
        where r.supplier = p.supplier and r.record_key = p.record_key
    """)
    connection.execute("""
        update registry.record_person as p set person_id = c.new_id
        from id_change as c where c.retired and c.old_id = p.person_id
    """)
    connection.execute("insert into registry.record_person select * from memory.record_person")


def _report(connection: DuckDBPyConnection, run_id: str, model: Model, full: bool) -> LinkageReport:
    ((records, persons, several),) = connection.execute(
        "select coalesce(sum(n_records), 0), count(*), count(*) filter (n_suppliers > 1) from person_spine"
    ).fetchall()
    ((untold,),) = connection.execute(
        "select count(*) from record where record not in (select record from identity union from mixed)"
    ).fetchall()
    ((minted,),) = connection.execute("select count(*) from person where mint_number is not null").fetchall()
    ((merged, split, moved),) = connection.execute(
        "select count(*) filter (reason = 'merge'), count(*) filter (reason = 'split'), "
        "coalesce(sum(records), 0) from id_change"
    ).fetchall()
    return LinkageReport(
        run_id=run_id,
        model_version=model.full_version,
        content_hash=_content_hash(connection),
        records=records,
        records_without_tokens=untold,
        persons=persons,
        persons_of_several_suppliers=several,
        minted=minted,
        merged=merged,
        split=split,
        moved_records=moved,
        passes=_counts(connection, "select pass, count(*) from linked where pass is not null group by pass"),
        levels=_counts(
            connection, "select level, count(*) from linked where level is not null group by level"
        ),
        refused=_counts(connection, "select reason, count(*) // 2 from conflict group by reason"),
        full=full,
        looked_at=_count(connection, "select count(distinct record) from identity where is_new"),
        pairs_by_block=_counts(connection, "select block, sum(pairs) from block_count group by block"),
        known_before=_count(connection, "select count(*) from known"),
        records_of_two_people=_count(connection, "select count(*) from mixed"),
    )


def _counts(connection: DuckDBPyConnection, sql: str) -> dict[str, int]:
    return {str(name): int(n) for name, n in connection.execute(f"{sql} order by 1").fetchall()}


def _content_hash(connection: DuckDBPyConnection) -> str:
    """A digest of links and spine, whatever the order of rows and whichever run found them."""
    tables = {"record_person": _LINK, **{name: _columns(name) for name in _SPINE}}
    tables["person_broad"] = ("person_id", "broad_person_id")
    return digest(connection, {f"memory.{name}": columns for name, columns in tables.items()})


def _count(connection: DuckDBPyConnection, sql: str) -> int:
    ((n,),) = connection.execute(sql).fetchall()
    return int(n)


def _columns(table: str) -> tuple[str, ...]:
    return tuple(column.split()[0] for column in TABLES[table].split(", "))


def _present(connection: DuckDBPyConnection, table: str) -> tuple[str, ...]:
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'registry' and table_name = ? "
        "order by column_index",
        [table],
    ).fetchall()
    return tuple(name for (name,) in rows)
