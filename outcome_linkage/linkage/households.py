"""Who lived with whom, and when: people at one address on the same days. Makes `person_household`.

Only from an address-level token (UPRN) with a first day; never from a postcode or a small area, which would
make families of neighbours. An address with more than ten people at once is taken for a communal one (a
hostel, a ward, a placeholder) and is left out for as long as that lasts. A day on which suppliers place a
person at two addresses tells nothing, and is left out for that person.

Everything is counted along the days on which something changes, so that the work grows with the number of
stays, and an address that thousands share costs no more than its stays.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

MOST_PEOPLE = 10
"""People at one address on one day; with more the address is communal."""
_STILL = "date '9999-12-31'"


def describe_households(connection: DuckDBPyConnection) -> None:
    """Make `person_household` for those in `housed`; needs `identity`, `linked`, `person` and `reach`.

    `reach` (cluster): whoever lives or lived where they did, and so on one step further.

    One row per pair of people, each way round, and unbroken time at one address: person_id,
    related_person_id, valid_from, valid_to (null: still there), people (the most at the address at once in
    that time) and confidence: `several_suppliers` where at least two place both people there in that time,
    else `one_supplier`.
    """
    _stays(connection)
    _crowds(connection)
    _settled(connection)
    _pairs(connection)
    for table in ("stay", "crowd", "settled"):
        connection.execute(f"drop table {table}")


def _stays(connection: DuckDBPyConnection) -> None:
    """Table `stay` (stay, cluster, uprn, first, last, suppliers): a person's unbroken times at an address.

    Rows of several records and suppliers are one stay where they overlap or follow each other.
    """
    connection.execute(f"""
        create table stay as
        with told as (
            select distinct l.cluster, i.tok_uprn as uprn, i.supplier_no,
                i.valid_from as first, coalesce(i.valid_to, {_STILL}) as last
            from (from linked semi join reach using (cluster)) as l
            join identity as i on i.record = l.record
            where i.tok_uprn is not null and i.valid_from <= coalesce(i.valid_to, {_STILL})
        ),
        begun as (
            select *, coalesce(first > max(last) over (
                partition by cluster, uprn order by first, last, supplier_no
                rows between unbounded preceding and 1 preceding
            ) + 1, true) as is_new
            from told
        ),
        numbered as (
            select *, sum(is_new::integer) over (
                partition by cluster, uprn order by first, last, supplier_no rows unbounded preceding
            ) as nth
            from begun
        )
        select row_number() over ()::bigint as stay, cluster, uprn, min(first) as first, max(last) as last,
            list_sort(list(distinct supplier_no)) as suppliers
        from numbered group by cluster, uprn, nth
    """)


def _crowds(connection: DuckDBPyConnection) -> None:
    """Table `crowd` (uprn, first, last, people, run): how many were at an address, from change to change.

    `run` numbers the unbroken times in which there were at most MOST_PEOPLE; null while there were more.
    """
    connection.execute(f"""
        create table crowd as
        with {_changes("uprn", "people", "1")},
        crowded as (
            select uprn, first, last, people, people > {MOST_PEOPLE} as is_communal
            from change where people > 0
        ),
        turned as (
            select *, coalesce(
                is_communal or lag(is_communal) over by_day or lag(last) over by_day < first - 1, true
            ) as is_turn
            from crowded window by_day as (partition by uprn order by first)
        )
        select uprn, first, last, people::integer as people,
            case when not is_communal then sum(is_turn::integer)
                over (partition by uprn order by first rows unbounded preceding) end as run
        from turned
    """)


def _settled(connection: DuckDBPyConnection) -> None:
    """Table `settled` (cluster, uprn, run, first, last, suppliers): stays cut to what they are worth.

    Left are days on which the person is placed at this address alone, and the address is not communal.
    """
    connection.execute(f"""
        create table settled as
        with {_changes("cluster", "places", "1", "stay", "stay")},
        alone as (select stay, first, last from change where places = 1),
        run as (
            select uprn, run, min(first) as first, max(last) as last
            from crowd where run is not null group by uprn, run
        )
        select s.cluster, s.uprn, r.run, greatest(a.first, r.first) as first, least(a.last, r.last) as last,
            s.suppliers
        from alone as a
        join stay as s on s.stay = a.stay
        join run as r on r.uprn = s.uprn and r.first <= a.last and r.last >= a.first
    """)


def _pairs(connection: DuckDBPyConnection) -> None:
    """Table `person_household`, from stays in the same run of the same address that overlap."""
    connection.execute(f"""
        create table person_household as
        with together as (
            select a.cluster as a, b.cluster as b, a.uprn, greatest(a.first, b.first) as first,
                least(a.last, b.last) as last,
                len(list_intersect(a.suppliers, b.suppliers)) > 1 as is_confirmed
            from settled as a
            join settled as b on b.uprn = a.uprn and b.run = a.run and b.cluster <> a.cluster
            and b.first <= a.last and b.last >= a.first
            where a.cluster in (from housed) or b.cluster in (from housed)
        ),
        counted as (
            select t.a, t.b, t.first, t.last, t.is_confirmed, max(c.people) as people
            from together as t
            join crowd as c on c.uprn = t.uprn and c.first <= t.last and c.last >= t.first
            group by t.a, t.b, t.uprn, t.first, t.last, t.is_confirmed
        )
        select p.person_id, q.person_id as related_person_id, c.first as valid_from,
            nullif(c.last, {_STILL}) as valid_to, c.people,
            case when c.is_confirmed then 'several_suppliers' else 'one_supplier' end as confidence
        from counted as c
        join person as p on p.cluster = c.a
        join person as q on q.cluster = c.b
    """)


def _changes(of: str, total: str, each: str, name: str | None = None, number: str = "0") -> str:
    """CTEs that end in `change` (`of`, first, last, `total`[, `name`]): sums from change to change.

    `total` adds up `each` over the stays of one `of` that hold from `first` to `last`. Where that is one
    stay, `name` is its `number`: the sum of the numbers of those that hold is then its own.
    """
    named = f", sum(sum(number)) over by_day as {name}" if name else ""
    return f"""
        event as (
            select {of}, first as day, {each} as n, {number} as number from stay
            union all
            select {of}, last + 1, -{each}, -({number}) from stay where last < {_STILL}
        ),
        change as (
            select {of}, day as first, coalesce(lead(day) over by_day - 1, {_STILL}) as last,
                sum(sum(n)) over by_day as {total}{named}
            from event group by {of}, day
            window by_day as (partition by {of} order by day)
        )
    """
