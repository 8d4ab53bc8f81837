"""Who objected, and whom that means: read before records are linked, so that they can be left out of it.

An objection names one record of one supplier. Scope `supplier` withdraws that record; scope `project`
withdraws every record of its person. It counts from the run that reads it, whatever its first day: no run
asks what day it is, and to hide too soon does less harm than too late.
"""

from __future__ import annotations

import polars as pl
from duckdb import DuckDBPyConnection

from outcome_linkage.home import Home
from outcome_linkage.linkage.changed import mark_unchanged
from outcome_linkage.linkage.compare import count
from outcome_linkage.linkage.identities import load, open_linkage
from outcome_linkage.linkage.model import shipped
from outcome_linkage.linkage.persons import find_persons
from outcome_linkage.linkage.registry import attach_registry, load_known, stored_model
from outcome_linkage.linkage.tombstones import BURIED, take_out

NOBODY_OBJECTS = "select null::varchar, null::varchar, null::varchar, null::date where false"
_MATES = ("supplier", "record_key", "mate_supplier", "mate_record_key")


def load_objections(connection: DuckDBPyConnection, opt_outs_sql: str) -> None:
    """Table `objection` (supplier, record_key, scope, from_date), one row for each scope of a record.

    `opt_outs_sql` gives these columns, in this order.
    """
    connection.execute(f"""
        create table objection as
        select supplier, record_key, scope, min(from_date) as from_date
        from ({opt_outs_sql}) as o(supplier, record_key, scope, from_date)
        where supplier is not null and record_key is not null group by supplier, record_key, scope
    """)


def find_fresh(connection: DuckDBPyConnection) -> None:
    """Table `fresh` (as `objection`): objections that no tombstone of the registry answers yet."""
    connection.execute("""
        create table fresh as
        select o.* from objection as o
        where not exists (
            from registry.tombstones as t
            where t.supplier = o.supplier and t.record_key = o.record_key and t.scope in (o.scope, 'project')
        )
    """)


def find_mates(home: Home, tokens_sql: str, records_sql: str, opt_outs_sql: str) -> pl.DataFrame:
    """Who is one person with whom: supplier, record_key (who objects anew), mate_supplier, mate_record_key.

    As the registry knows them, and as they would be linked now, together with who objects. Nothing is
    written, and nothing is linked unless somebody objects anew who was linked before or who has tokens.
    """
    connection = open_linkage(home.restricted / ".duckdb_spill")
    try:
        attach_registry(connection, home)
        load_objections(connection, opt_outs_sql)
        find_fresh(connection)
        if count(connection, "fresh"):
            load(connection, tokens_sql, records_sql)
            take_out(connection, BURIED)
            load_known(connection)
            _name_persons(connection)
        if not count(connection, "fresh") or not _may_have_mates(connection):
            return pl.DataFrame(schema=dict.fromkeys(_MATES, pl.String))
        _link_with_objectors(connection)
        return _mates(connection)
    finally:
        connection.close()


def _may_have_mates(connection: DuckDBPyConnection) -> bool:
    ((with_tokens,),) = connection.execute("""
        select count(*) from fresh as f
        join record as r on r.supplier = f.supplier and r.record_key = f.record_key
        semi join identity as i on i.record = r.record
    """).fetchall()
    return bool(with_tokens or count(connection, "objector"))


def _name_persons(connection: DuckDBPyConnection) -> None:
    """Table `objector` (supplier, record_key, person_id): who objects anew, as far as they were known."""
    connection.execute("""
        create table objector as
        select f.supplier, f.record_key, p.person_id from fresh as f
        join registry.record_person as p on p.supplier = f.supplier and p.record_key = f.record_key
        union
        select f.supplier, f.record_key, t.person_id from fresh as f
        join registry.tombstones as t on t.supplier = f.supplier and t.record_key = f.record_key
        where t.person_id is not null
    """)


def _link_with_objectors(connection: DuckDBPyConnection) -> None:
    """Table `linked`, by the model of the last run, or the shipped one: nobody who objects trains a model."""
    model = stored_model(connection) or shipped()
    mark_unchanged(connection, model, full=False)
    find_persons(connection, model)


def _mates(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The answer of `find_mates`.

    Of who objects and is not linked now (withdrawn before, or not delivered) the person's records stand for
    it. Records that are delivered no more go with their person.
    """
    return connection.sql("""
        with delivered as (
            select f.supplier, f.record_key, l.cluster
            from fresh as f
            join record as r on r.supplier = f.supplier and r.record_key = f.record_key
            join linked as l on l.record = r.record
        ),
        anchor as (
            from delivered
            union
            select o.supplier, o.record_key, l.cluster
            from objector as o
            anti join delivered as d on d.supplier = o.supplier and d.record_key = o.record_key
            join known as k on k.person_id = o.person_id
            join linked as l on l.record = k.record
        ),
        together as (
            select a.supplier, a.record_key, r.supplier as mate_supplier, r.record_key as mate_record_key,
                k.person_id
            from anchor as a
            join linked as l on l.cluster = a.cluster
            join record as r on r.record = l.record
            left join known as k on k.record = r.record
        ),
        every as (
            select supplier, record_key, mate_supplier, mate_record_key from together
            union
            select o.supplier, o.record_key, p.supplier, p.record_key
            from objector as o join registry.record_person as p on p.person_id = o.person_id
            union
            select t.supplier, t.record_key, p.supplier, p.record_key
            from together as t join registry.record_person as p on p.person_id = t.person_id
            anti join record as r on r.supplier = p.supplier and r.record_key = p.record_key
        )
        select * from every
        where (supplier, record_key) <> (mate_supplier, mate_record_key) order by all
    """).pl()
