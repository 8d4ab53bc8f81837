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
    """Make `person` (cluster, person_id, mint_number: null unless new) and `id_change`.

    Needs `linked` (record, cluster), `known` (record, person_id) and `minted` (person_id, mint_number). A
    cluster's number is that of its first record.
    """
    _keep(connection)
    _mint(connection, secret)
    _changes(connection)


def _keep(connection: DuckDBPyConnection) -> None:
    """Table `keeper` (cluster, person_id): each prior id chooses a cluster, each cluster one of those."""
    connection.execute("""
        create table keeper as
        with part as (
            select l.cluster, k.person_id, any_value(m.mint_number) as mint_number, count(*) as records
            from known as k join linked as l using (record) join minted as m on m.person_id = k.person_id
            group by l.cluster, k.person_id
        ),
        largest as (
            select * from part
            qualify row_number() over (partition by person_id order by records desc, cluster) = 1
        )
        select cluster, person_id from largest
        qualify row_number() over (partition by cluster order by records desc, mint_number) = 1
    """)


def _mint(connection: DuckDBPyConnection, secret: bytes) -> None:
    connection.execute(
        f"""
        create table person as
        with last as (select coalesce(max(mint_number), 0) as mint_number from minted),
        fresh as (
            select cluster,
                row_number() over (order by cluster) + (select mint_number from last) as mint_number
            from (select distinct cluster from linked) as c
            where not exists (select 1 from keeper where keeper.cluster = c.cluster)
        )
        select cluster, person_id, null::bigint as mint_number from keeper
        union all
        select cluster, {keyed_hash("mint_number::varchar")}, mint_number from fresh
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
            select k.person_id as old_id, p.person_id as new_id,
                any_value(p.mint_number) is not null as is_new, count(*)::integer as records
            from known as k join linked as l using (record) join person as p on p.cluster = l.cluster
            where k.person_id <> p.person_id group by k.person_id, p.person_id
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
