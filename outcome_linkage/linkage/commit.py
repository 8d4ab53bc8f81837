"""The one transaction by which a linkage run changes the registry.

A run computes everything beside the registry and then writes, so that a run killed at any point leaves it as
it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.digest import digest
from outcome_linkage.linkage.model import Model
from outcome_linkage.linkage.registry import LAST_RUN, REPLACED, SPINE, LinkageReport, columns_of
from outcome_linkage.linkage.tombstones import write_tombstones

_LINK = ("supplier", "record_key", "person_id", "pass", "level")


@dataclass(frozen=True)
class Run:
    """A run as the registry knows it: its input, what descriptions rest on, its model, how much it saw."""

    run_id: str
    input_hash: str
    basis: str
    model: Model
    full: bool


def commit_run(connection: DuckDBPyConnection, run: Run) -> LinkageReport:
    """Write what the run found, all of it or nothing; the report of the run."""
    _make_record_person(connection, run.run_id, run.model)
    _make_conflicts(connection, run.run_id)
    _make_broad(connection)
    _make_patterns(connection)
    if not run.full:  # to close the gaps of deleted rows takes longer than a night; a full run does it
        connection.execute("set max_vacuum_tasks = 0")
    with _transaction(connection):
        _write_persons(connection, run.run_id)
        _write_records(connection)
        write_tombstones(connection, run.run_id)
        _write_model(connection, run.run_id, run.model)
        _write_descriptions(connection)
        report = _report(connection, run)
        connection.execute(
            "insert into registry.linkage_runs "
            "select coalesce(max(run_number), 0) + 1, ?, ?, ?, ?, ?, ? from registry.linkage_runs",
            [
                *(run.run_id, report.model_version, run.input_hash, report.content_hash),
                *(json.dumps(asdict(report)), run.basis),
            ],
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
    """Table `record_person`, as the registry will hold it: the records of persons described in this run."""
    connection.execute(
        """
        create table record_person as
        select r.supplier, r.record_key, p.person_id, coalesce(k.first_run, $run) as first_run,
            null::varchar as last_run, l.pass, l.weight, l.runner_up_weight, l.level,
            $version as model_version, d.digest
        from linked as l semi join described as s on s.cluster = l.cluster
        join record as r using (record) join person as p on p.cluster = l.cluster
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
    """Replace the rows of the persons described in this run; records that went follow a merge."""
    connection.execute(f"""
        update registry.record_person as p set last_run = {LAST_RUN}
        from vanished as v where v.supplier = p.supplier and v.record_key = p.record_key
    """)
    connection.execute("""
        delete from registry.record_person as p using memory.record_person as r
        where r.supplier = p.supplier and r.record_key = p.record_key
    """)
    connection.execute("""
        update registry.record_person as p set person_id = c.new_id
        from id_change as c where c.retired and c.old_id = p.person_id
    """)
    connection.execute("insert into registry.record_person select * from memory.record_person")


def _write_descriptions(connection: DuckDBPyConnection) -> None:
    """Rows of the persons described in this run take the place of their former ones."""
    for table in REPLACED:
        connection.execute(f"delete from registry.{table}")
    for table in SPINE:
        if table == "person_household":
            gone = "person_id in (from rehoused) or related_person_id in (from rehoused)"
        else:
            gone = "person_id in (from redescribed)"
        connection.execute(f"delete from registry.{table} where {gone}")
    for table in (*REPLACED, *SPINE):
        connection.execute(f"insert into registry.{table} by name select * from memory.{table}")


def _report(connection: DuckDBPyConnection, run: Run) -> LinkageReport:
    ((records, persons, several),) = connection.execute(
        "select coalesce(sum(n_records), 0), count(*), count(*) filter (n_suppliers > 1) "
        "from registry.person_spine"
    ).fetchall()
    ((untold,),) = connection.execute(
        "select count(*) from record anti join identity using (record) anti join mixed using (record)"
    ).fetchall()
    ((minted,),) = connection.execute("select count(*) from person where mint_number is not null").fetchall()
    ((merged, split, moved),) = connection.execute(
        "select count(*) filter (reason = 'merge'), count(*) filter (reason = 'split'), "
        "coalesce(sum(records), 0) from id_change"
    ).fetchall()
    return LinkageReport(
        run_id=run.run_id,
        model_version=run.model.full_version,
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
        full=run.full,
        looked_at=_count(connection, "select count(distinct record) from identity where is_new"),
        pairs_by_block=_counts(connection, "select block, sum(pairs) from block_count group by block"),
        known_before=_count(connection, "select count(*) from known"),
        records_of_two_people=_count(connection, "select count(*) from mixed"),
        tombstoned=_count(connection, "select count(*) from taken_out"),
    )


def _counts(connection: DuckDBPyConnection, sql: str) -> dict[str, int]:
    return {str(name): int(n) for name, n in connection.execute(f"{sql} order by 1").fetchall()}


def _content_hash(connection: DuckDBPyConnection) -> str:
    """A digest of links and spine, whatever the order of rows and whichever run found them."""
    tables = {"record_person": _LINK, **{name: columns_of(name) for name in SPINE}}
    tables["person_broad"] = ("person_id", "broad_person_id")
    tables["tombstones"] = ("supplier", "record_key", "scope", "person_id")
    return digest(connection, {f"registry.{name}": columns for name, columns in tables.items()})


def _count(connection: DuckDBPyConnection, sql: str) -> int:
    ((n,),) = connection.execute(sql).fetchall()
    return int(n)
