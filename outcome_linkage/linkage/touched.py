"""Whom a run describes anew: persons of whom something is new, and those who live or lived with them.

What the registry says of all others holds still, unless the basis of every description has changed: the
suppliers, what kinds of identifiers they hold, or the version of the software.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.candidates import is_all_new
from outcome_linkage.linkage.spine import held_kinds


def basis_of(connection: DuckDBPyConnection, version: str, suppliers: Sequence[str]) -> str:
    """What the description of every person rests on, as text."""
    return json.dumps([version, *suppliers, held_kinds(connection)])


def choose_described(connection: DuckDBPyConnection, basis: str) -> None:
    """Make the tables that say whom to describe, and whose rows in the registry go.

    `described` (cluster) and `redescribed` (person_id) for persons; `housed` (cluster), `reach` (cluster, all
    whose stays are needed for it) and `rehoused` (person_id) for households.
    """
    _touched(connection, everything=_is_first(connection, basis))
    connection.execute("""
        create table redescribed as
        select p.person_id from described as d join person as p using (cluster)
        union select old_id from id_change
        union select person_id from vanished
    """)
    connection.execute("""
        create table housed as
        with related as (
            select h.related_person_id as person_id
            from registry.person_household as h semi join redescribed as r on r.person_id = h.person_id
        )
        select cluster from described
        union select p.cluster from related join person as p on p.person_id = related.person_id
    """)
    _at_home_of(connection, "described", "at_home")
    connection.execute("insert into housed from at_home anti join housed using (cluster)")
    _at_home_of(connection, "housed", "reach")
    connection.execute("""
        create table rehoused as
        from redescribed union select p.person_id from housed join person as p using (cluster)
    """)
    connection.execute("drop table at_home")


def _at_home_of(connection: DuckDBPyConnection, clusters: str, neighbours: str) -> None:
    """Table `neighbours` (cluster): whoever has an address of somebody in `clusters`, these among them."""
    connection.execute(f"""
        create table {neighbours} as
        with address as (
            select tok_uprn from identity
            where tok_uprn is not null
            and record in (select record from linked semi join {clusters} using (cluster))
        )
        select distinct cluster from linked
        where record in (select record from identity where tok_uprn in (from address))
    """)


def _is_first(connection: DuckDBPyConnection, basis: str) -> bool:
    """Whether everybody is to be described: in a full run, or on another basis than last time."""
    rows = connection.execute(
        "select basis from registry.linkage_runs "
        "where run_number = (select max(run_number) from registry.linkage_runs)"
    ).fetchall()
    return is_all_new(connection) or not rows or rows[0][0] != basis


def _touched(connection: DuckDBPyConnection, everything: bool) -> None:
    """Tables `described` (cluster), and `vanished` (supplier, record_key, person_id): delivered no more."""
    connection.execute("""
        create table vanished as
        select k.supplier, k.record_key, k.person_id
        from registry.record_person as k
        anti join record as r on r.supplier = k.supplier and r.record_key = k.record_key
        where k.last_run is null
    """)
    connection.execute(f"""
        create table described as
        with new as (
            select record from identity where is_new
            union
            select record from record anti join known using (record)
        )
        select cluster from linked where {everything}
        union select l.cluster from linked as l semi join new using (record)
        union select p.cluster from vanished as v join person as p on p.person_id = v.person_id
        union select p.cluster from id_change as c join person as p on p.person_id in (c.old_id, c.new_id)
    """)
