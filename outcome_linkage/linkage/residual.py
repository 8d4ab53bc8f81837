"""Stage 4: what the keys leave. The model scores pairs of records that could still be one person.

Units are records of one supplier that are one person; a cluster is what has been linked so far. A pair is
looked at only while its clusters have no supplier in common.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.blocking import BLOCKS, block_pairs, columns_of
from outcome_linkage.linkage.compare import compare, contradiction
from outcome_linkage.linkage.model import Model
from outcome_linkage.linkage.relatives import refuse_relatives
from outcome_linkage.linkage.resolve import resolve
from outcome_linkage.linkage.scoring import score

# Match weights (log2 odds): even odds, 19 to 1, 97 to 1. A link must lead the runner-up by MARGIN.
THRESHOLDS: dict[str, float] = {"strict": 6.6, "main": 4.25, "broad": 0.0}
MARGIN = 3.0
PASS = "model"


def link_residual(connection: DuckDBPyConnection, model: Model, count_relatives: bool) -> None:
    """Score the residual and merge clusters along what the model accepts.

    Makes `scored` (a, b, weight, levels) and `block_count` (block, pairs), and inserts into `refused` (a, b,
    pass, weight, reason); needs `identity`, `cluster`, the token frequencies and, unless relatives are to be
    counted anew, `pattern_verdict`.
    """
    _open_rows(connection)
    apart = "(l.suppliers & r.suppliers) = 0"
    found = block_pairs(connection, BLOCKS, "seeking_row", "open_row", apart, "pair")
    connection.execute("create or replace table block_count (block varchar, pairs bigint)")
    connection.executemany("insert into block_count values (?, ?)", list(found.items()))
    score(connection, model, "pair", "scored")
    connection.execute("drop table seeking_row; drop table open_row; drop table pair")
    connection.execute(
        "create or replace table candidate as "
        "select a, b, weight, forename, birthday, null::bigint as birth_years_apart from scored"
    )
    connection.execute(
        "create or replace table set_aside (a integer, b integer, weight double, reason varchar)"
    )
    _refuse_contradictions(connection)
    refuse_relatives(connection, "candidate", "set_aside", THRESHOLDS["main"], count_relatives)
    connection.execute("create or replace table dropped (a integer, b integer, reason varchar)")
    resolve(connection, "candidate", "dropped", MARGIN, THRESHOLDS["main"])
    _record_refusals(connection)


def _open_rows(connection: DuckDBPyConnection) -> None:
    """Tables `open_row` and `seeking_row`: rows of units whose person lacks a supplier.

    `suppliers` has a bit for each that the person has. A row seeks in each supplier that its person lacks and
    that has more records than its own: of two suppliers the smaller one does the looking.
    """
    columns = ", ".join(f"i.{column}" for column in columns_of(BLOCKS))
    connection.execute(f"""
        create or replace table open_row as
        with held as (
            select cluster, bit_or(1::bigint << supplier_no) as suppliers from cluster group by cluster
        )
        select i.row, i.is_new, i.supplier_no, h.suppliers, {columns}
        from identity as i join cluster as c on c.unit = i.unit join held as h on h.cluster = c.cluster
        where bit_count(h.suppliers) < (select count(*) from supplier)
    """)
    connection.execute("""
        create or replace table seeking_row as
        with size as (select supplier_no, count(*) as records from record group by supplier_no)
        select o.*, larger.supplier_no as seeks
        from open_row as o
        join size as own on own.supplier_no = o.supplier_no
        join size as larger on (larger.records, larger.supplier_no) > (own.records, own.supplier_no)
        where (o.suppliers & (1::bigint << larger.supplier_no)) = 0
    """)


def _refuse_contradictions(connection: DuckDBPyConnection) -> None:
    """Move candidates with two NHS numbers, or two sexes that no other agreement explains, to `set_aside`.

    Another forename or year of birth is weighed by the model, and by counting in `relatives`.
    """
    connection.execute(
        f"create or replace table likely as select a, b from candidate where weight >= {THRESHOLDS['broad']}"
    )
    compare(connection, "likely", "likely_comparison")
    connection.execute("""
        update candidate set birth_years_apart = x.birth_years_apart
        from likely_comparison as x where x.a = candidate.a and x.b = candidate.b
    """)
    connection.execute(f"""
        insert into set_aside
        select c.a, c.b, c.weight, 'contradiction'
        from candidate as c semi join (
            from likely_comparison where {contradiction(("forename", "birth_year"))}
        ) as x on x.a = c.a and x.b = c.b
    """)
    connection.execute("""
        delete from candidate using set_aside as s where s.a = candidate.a and s.b = candidate.b
    """)
    connection.execute("drop table likely; drop table likely_comparison")


def _record_refusals(connection: DuckDBPyConnection) -> None:
    """Everything that might have linked and did not, with the reason, into `refused`."""
    broad = THRESHOLDS["broad"]
    connection.execute(f"""
        insert into refused
        with reason as (
            select a, b, weight, reason from set_aside
            union all
            select d.a, d.b, c.weight, any_value(d.reason)
            from dropped as d join candidate as c on c.a = d.a and c.b = d.b group by d.a, d.b, c.weight
            union all
            select c.a, c.b, c.weight, 'below the threshold'
            from candidate as c anti join dropped as d on d.a = c.a and d.b = c.b
            where c.weight < {THRESHOLDS["main"]}
        )
        select r.a, r.b, '{PASS}', r.weight, r.reason
        from reason as r join cluster as p on p.unit = r.a join cluster as q on q.unit = r.b
        where r.weight >= {broad} and p.cluster <> q.cluster
    """)
    connection.execute("drop table set_aside; drop table dropped")


def link_broadly(connection: DuckDBPyConnection) -> None:
    """Table `broader` (cluster, broad_cluster, weight): persons that even odds would make one.

    Carries the resolution on from the main level down to the broad one; `cluster` itself stays.
    """
    connection.execute("create or replace table main_cluster as from cluster")
    connection.execute("create or replace table dropped (a integer, b integer, reason varchar)")
    resolve(connection, "candidate", "dropped", MARGIN, THRESHOLDS["broad"])
    connection.execute("""
        create or replace table broader as
        with person as (
            select distinct m.cluster, c.cluster as broad_cluster
            from main_cluster as m join cluster as c on c.unit = m.unit
        ),
        tie as (
            select c.cluster as broad_cluster, min(e.weight) as weight
            from candidate as e
            join main_cluster as p on p.unit = e.a join main_cluster as q on q.unit = e.b
            join cluster as c on c.unit = e.a join cluster as d on d.unit = e.b
            where c.cluster = d.cluster and p.cluster <> q.cluster group by c.cluster
        )
        select p.cluster, p.broad_cluster, t.weight from person as p join tie as t using (broad_cluster)
    """)
    connection.execute("drop table cluster; alter table main_cluster rename to cluster")
    connection.execute("drop table candidate; drop table dropped")
