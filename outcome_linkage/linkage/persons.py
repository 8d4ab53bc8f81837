"""From tokens to persons: duplicates, keys, the model of the residual, links of before, in this order."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.candidates import find_candidates, is_all_new, judge_candidates, pass_name
from outcome_linkage.linkage.duplicates import collapse_duplicates
from outcome_linkage.linkage.evidence import describe_conflicts, describe_links
from outcome_linkage.linkage.frequencies import count_frequencies
from outcome_linkage.linkage.held import held_edges
from outcome_linkage.linkage.mixed import set_aside_mixed
from outcome_linkage.linkage.model import Model, train
from outcome_linkage.linkage.passes import DUPLICATES, PASSES
from outcome_linkage.linkage.residual import link_broadly, link_residual
from outcome_linkage.linkage.resolve import resolve
from outcome_linkage.linkage.scoring import count_tokens


def find_persons(
    connection: DuckDBPyConnection, model: Model | None = None, count_relatives: bool | None = None
) -> None:
    """Make `linked`, `broader` and `conflict`; needs `supplier`, `record`, `identity` and `prior`.

    Without a model one is trained on these records. Where no row is new nothing is looked for.
    `count_relatives`: whether to count anew how far people who share a home can be told apart, as happens
    when every row is new; else table `pattern_verdict` has the counts of before.
    """
    set_aside_mixed(connection)
    if count_relatives is None:
        count_relatives = is_all_new(connection)
    model = model or train(connection)
    connection.execute(
        "create table refused (a integer, b integer, pass varchar, weight double, reason varchar)"
    )
    count_frequencies(connection, (*PASSES, *DUPLICATES))
    count_tokens(connection, model)
    collapse_duplicates(connection, model)
    start_clusters(connection)
    _link_by_key(connection)
    link_residual(connection, model, count_relatives)
    _hold(connection, model)
    link_broadly(connection)
    describe_links(connection)
    describe_conflicts(connection)


def start_clusters(connection: DuckDBPyConnection) -> None:
    """Table `cluster`: units that were one person before and have not changed since are so still.

    A unit of which no tokens are delivered any more has not changed.
    """
    connection.execute("""
        create table cluster as
        with numbered as (
            select unit, min(sid_nhs) as nhs from identity where sid_nhs is not null group by unit
        ),
        known as (
            select m.unit, min(p.person_no) as person_no
            from prior as p join member as m using (record)
            where m.unit not in (select unit from identity where is_new) group by m.unit
        ),
        first as (select person_no, min(unit) as unit from known group by person_no)
        select m.unit, m.supplier_no, n.nhs, coalesce(first.unit, m.unit) as cluster
        from member as m
        left join numbered as n on n.unit = m.unit
        left join known as k on k.unit = m.unit
        left join first on first.person_no = k.person_no
        where m.record = m.unit
    """)


def _link_by_key(connection: DuckDBPyConnection) -> None:
    """Stages 0 to 3: strong ids and link keys."""
    find_candidates(connection)
    judge_candidates(connection)
    _merge(connection, "select a, b, support - 100 * pass as weight from edge")
    connection.execute(f"""
        insert into refused
        select d.a, d.b, {pass_name(PASSES)}, null, d.reason
        from dropped as d join edge as e on e.a = d.a and e.b = d.b
    """)


def _hold(connection: DuckDBPyConnection, model: Model) -> None:
    """Links of earlier runs that nothing displaces and nothing contradicts."""
    held_edges(connection, model)
    _merge(connection, "select a, b, 0 as weight from held_edge")


def _merge(connection: DuckDBPyConnection, edges: str) -> None:
    """Resolve the edges that the query gives; table `dropped` has those that gave way."""
    connection.execute(f"create or replace table ranked as {edges}")
    connection.execute("create or replace table dropped (a integer, b integer, reason varchar)")
    resolve(connection, "ranked", "dropped")
    connection.execute("drop table ranked")
