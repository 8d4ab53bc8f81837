"""The linkage run: tokens in, stable person ids out. Each step is a function over one database in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from duckdb import DuckDBPyConnection

from outcome_linkage.home import Home
from outcome_linkage.linkage.candidates import find_candidates, judge_candidates
from outcome_linkage.linkage.duplicates import collapse_duplicates
from outcome_linkage.linkage.evidence import describe_conflicts, describe_links
from outcome_linkage.linkage.frequencies import count_frequencies
from outcome_linkage.linkage.held import held_edges
from outcome_linkage.linkage.homes import add_home_passes
from outcome_linkage.linkage.households import describe_households
from outcome_linkage.linkage.identities import input_hash, load, open_linkage
from outcome_linkage.linkage.ids import assign_ids
from outcome_linkage.linkage.passes import DUPLICATES, PASSES
from outcome_linkage.linkage.registry import (
    LinkageReport,
    attach_registry,
    commit_run,
    last_report,
    load_known,
)
from outcome_linkage.linkage.resolve import resolve
from outcome_linkage.linkage.spine import describe_persons

# Raise it when the same input is to be linked or described otherwise; the passes have a version of their own.
LINKAGE_VERSION = "2"
Stage = Callable[[DuckDBPyConnection], None]


def _keys(connection: DuckDBPyConnection) -> None:
    """Stages 0 to 3: strong ids and link keys."""
    find_candidates(connection)
    judge_candidates(connection)
    add_home_passes(connection)


# Each stage adds to `edge` (a, b, pass, support) and `refused`. A model on the residual comes after the keys.
STAGES: tuple[Stage, ...] = (_keys,)


def link(
    home: Home, tokens_sql: str, records_sql: str, run_id: str, suppliers: Sequence[str] = ()
) -> LinkageReport:
    """Link all records that the two queries give, and bring the registry of `home` up to date.

    `tokens_sql`: columns of the contract `link_tokens` and `_supplier`; `records_sql`: (supplier, record_key)
    of every other table. `suppliers`: all there are, the most trusted first where they differ about a person.
    The registry changes in one transaction, and not at all when the input, the suppliers and the passes are
    those of the last run.
    """
    home.ensure()
    connection = open_linkage(home.restricted / ".duckdb_spill")
    try:
        load(connection, tokens_sql, records_sql)
        attach_registry(connection, home)
        digest = input_hash(connection, LINKAGE_VERSION, *suppliers)
        if unchanged := last_report(connection, digest):
            return unchanged
        load_known(connection)
        find_persons(connection)
        assign_ids(connection, home.secret("registry"))
        describe_persons(connection, suppliers)
        describe_households(connection)
        return commit_run(connection, run_id, digest)
    finally:
        connection.close()


def find_persons(connection: DuckDBPyConnection, stages: Sequence[Stage] = STAGES) -> None:
    """Make `linked` and `conflict`; needs `supplier`, `record`, `identity` and `prior`."""
    count_frequencies(connection, (*PASSES, *DUPLICATES))
    collapse_duplicates(connection)
    for stage in stages:
        stage(connection)
    _resolve(connection)
    describe_links(connection)
    describe_conflicts(connection)


def _resolve(connection: DuckDBPyConnection) -> None:
    """Table `cluster` from the edges of this run, then from links of earlier runs that nothing displaces."""
    connection.execute("""
        create table cluster as
        with number as (select unit, min(sid_nhs) as nhs from identity group by unit)
        select distinct m.unit, m.supplier_no, n.nhs, m.unit as cluster
        from member as m left join number as n on n.unit = m.unit
    """)
    connection.execute("create table dropped (a integer, b integer, reason varchar)")
    connection.execute("create table ranked as select a, b, 100 * pass - support as strength from edge")
    resolve(connection, "ranked", "dropped")
    connection.execute("""
        insert into refused
        select d.a, d.b, e.pass, d.reason from dropped as d join edge as e on e.a = d.a and e.b = d.b
    """)
    held_edges(connection)
    connection.execute("create or replace table ranked as select a, b, 0 as strength from held_edge")
    resolve(connection, "ranked", "dropped")
