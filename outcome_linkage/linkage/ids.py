"""Which person id each cluster of records gets: mint, keep, merge or split.

- no prior id: mint a new one;
- one: keep it;
- several (merge): the one with most of the records stays, then the oldest; the others are retired;
- one prior id over several clusters (split): the largest part keeps it, then the one with the first record.

New ids are minted in the order of (supplier, record_key) of each person's first record, from a number that
only rises: equal history gives equal ids, and an id holds nothing about the person.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.keyed import key_pads, keyed_hash


def assign_ids(connection: DuckDBPyConnection, secret: bytes) -> None:
    """Make `person` (cluster, person_id, person_no, mint_number: null unless new) and `id_change`.

    Needs `linked` (record, cluster), `known` (record, person_id, person_no) and the registry. A cluster's
    number is that of its first record.
    """
    connection.execute("""
        create table part as
        select l.cluster, k.person_no, count(*) as records
        from known as k join linked as l using (record) group by l.cluster, k.person_no
    """)
    _keep(connection)
    _mint(connection, secret)
    _changes(connection)
    connection.execute("drop table part; drop table keeper")


def _keep(connection: DuckDBPyConnection) -> None:
    """Table `keeper` (cluster, person_id, person_no): prior ids choose a cluster, clusters one of those."""
    connection.execute("""
        create table keeper as
        with largest as (
            select person_no, max_by(cluster, (records, -cluster)) as cluster, max(records) as records
            from part group by person_no
        ),
        chosen as (
            select cluster, max_by(person_no, (records, -person_no)) as person_no
            from largest group by cluster
        )
        select c.cluster, p.person_id, c.person_no from chosen as c join registry.person_registry as p
        on p.mint_number = c.person_no
    """)


def _mint(connection: DuckDBPyConnection, secret: bytes) -> None:
    connection.execute(
        f"""
        create table person as
        with last as (select coalesce(max(mint_number), 0) as mint_number from registry.person_registry),
        fresh as (
            select cluster,
                row_number() over (order by cluster) + (select mint_number from last) as mint_number
            from (select distinct cluster from linked) as c
            where not exists (select 1 from keeper where keeper.cluster = c.cluster)
        )
        select cluster, person_id, person_no, null::bigint as mint_number from keeper
        union all
        select cluster, {keyed_hash("mint_number::varchar")}, mint_number, mint_number from fresh
        """,
        key_pads(secret),
    )


def _changes(connection: DuckDBPyConnection) -> None:
    """Table `id_change` (old_id, new_id, reason, records, retired).

    A prior id that no cluster keeps is retired, into the person who got most of its records.
    """
    connection.execute("""
        create table id_change as
        with change as (
            select old.person_id as old_id, p.person_id as new_id,
                any_value(p.mint_number) is not null as is_new, sum(c.records)::integer as records
            from (from part anti join keeper using (cluster, person_no)) as c
            join person as p on p.cluster = c.cluster
            join registry.person_registry as old on old.mint_number = c.person_no
            group by old.person_id, p.person_id
        ),
        judged as (
            select c.*, kept.person_id is null as is_gone,
                row_number() over (partition by c.old_id order by c.records desc, c.new_id) = 1 as is_largest
            from change as c left join person as kept on kept.person_id = c.old_id
        )
        select old_id, new_id, records, is_gone and is_largest as retired,
            case when is_gone and is_largest then 'merge' when is_new then 'split' else 'move' end as reason
        from judged
    """)
