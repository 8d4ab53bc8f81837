"""Tombstones: a withdrawn record is linked to nobody and never comes back as anybody.

A record whose person objected keeps a row in `registry.tombstones` for each scope, and nothing else: it
leaves the links, the conflicts and every description. Nothing that is delivered lifts a tombstone, neither
the record itself nor a list of objections that leaves it out. `person_id` is the person whom the record
belonged to, so that tables can say `withheld` and not `no`; it follows merges. Here what was delivered is
only hidden wherever it is read; the purge of `outcome_linkage.agreements` takes it out of the files.
"""

from __future__ import annotations

import polars as pl
from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.compare import count

BURIED = "select supplier, record_key from registry.tombstones"


def take_out(connection: DuckDBPyConnection, withdrawn: str) -> None:
    """Delete the records that the query `withdrawn` names from `record` and `identity`.

    Table `taken_out` (record) lists them.
    """
    connection.execute(f"""
        create table taken_out as
        select r.record from record as r
        semi join ({withdrawn}) as w on w.supplier = r.supplier and w.record_key = r.record_key
    """)
    for table in ("identity", "record"):
        connection.execute(f"delete from {table} where record in (from taken_out)")


def raise_tombstones(connection: DuckDBPyConnection, mates: pl.DataFrame) -> None:
    """Make `tombstone` (supplier, record_key, scope, from_date), those of this run; take out whoever has one.

    Needs `fresh` and `mates`, as `objections` finds them. Table `bereaved` (person_id): who loses a record.
    """
    connection.register("mates", mates)
    connection.execute("create table mate as from mates")
    connection.unregister("mates")
    connection.execute("""
        create table tombstone as
        with meant as (
            from fresh
            union all
            select m.mate_supplier, m.mate_record_key, f.scope, f.from_date
            from fresh as f join mate as m on m.supplier = f.supplier and m.record_key = f.record_key
            where f.scope = 'project'
        )
        select supplier, record_key, scope, min(from_date) as from_date
        from meant as m
        where not exists (
            from registry.tombstones as t
            where t.supplier = m.supplier and t.record_key = m.record_key and t.scope in (m.scope, 'project')
        )
        group by supplier, record_key, scope
    """)
    connection.execute("""
        create table bereaved as
        select distinct p.person_id from registry.record_person as p
        semi join tombstone as t on t.supplier = p.supplier and t.record_key = p.record_key
    """)
    take_out(connection, f"{BURIED} union select supplier, record_key from tombstone")


def look_at_the_bereaved(connection: DuckDBPyConnection) -> None:
    """Set `identity.is_new` for the other records of persons who lose one: what rested on it may not hold."""
    connection.execute("""
        update identity set is_new = true
        where record in (select record from known where person_id in (from bereaved))
    """)


def write_tombstones(connection: DuckDBPyConnection, run_id: str) -> None:
    """Bury the records of `tombstone` in the registry, and retire persons of whom none is left.

    A tombstone's person is who its mates are now, else who it was known as. Part of the transaction of a run,
    after its links are written.
    """
    _bury(connection, run_id)
    connection.execute(f"""
        delete from registry.record_person where (supplier, record_key) in ({BURIED})
    """)
    connection.execute("""
        update registry.tombstones as t set person_id = c.new_id
        from id_change as c where c.retired and c.old_id = t.person_id
    """)
    connection.execute(
        """
        update registry.person_registry set status = 'withdrawn', retired_run = ?
        where status = 'active' and person_id in (from bereaved)
        and person_id not in (
            select person_id from registry.record_person where person_id in (from bereaved)
        )
        """,
        [run_id],
    )


def _bury(connection: DuckDBPyConnection, run_id: str) -> None:
    """Add a row to `registry.tombstones` for each tombstone of this run."""
    if not count(connection, "tombstone"):
        return
    connection.execute(
        """
        insert into registry.tombstones
        with mate_person as (
            select m.supplier, m.record_key, p.person_id, count(*) as records, min(l.cluster) as cluster
            from mate as m
            join record as r on r.supplier = m.mate_supplier and r.record_key = m.mate_record_key
            join linked as l on l.record = r.record
            join person as p on p.cluster = l.cluster group by all
        ),
        now as (
            select supplier, record_key, arg_max(person_id, (records, -cluster)) as person_id
            from mate_person group by supplier, record_key
        ),
        before as (
            select supplier, record_key, min(person_id) as person_id from (
                select supplier, record_key, person_id from registry.record_person
                union
                select supplier, record_key, person_id from registry.tombstones
            ) semi join tombstone using (supplier, record_key) group by supplier, record_key
        )
        select t.supplier, t.record_key, t.scope, t.from_date, ?, coalesce(now.person_id, before.person_id)
        from tombstone as t
        left join now on now.supplier = t.supplier and now.record_key = t.record_key
        left join before on before.supplier = t.supplier and before.record_key = t.record_key
        order by all
        """,
        [run_id],
    )
