"""What the warehouse may know of each person: birth month, sex, ethnic group, area, and where linkable.

Makes `person_spine`, `person_area` and `person_linkable`. Where records differ, the value that most records
hold counts, then that of the supplier named first. No token leaves this module.
"""

from __future__ import annotations

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.passes import LEVELS

# A person's link is as good as the weakest of its records' links.
_LEVEL_ORDER = " ".join(f"when '{level}' then {place}" for place, level in enumerate(LEVELS))
_ALWAYS = "date '0001-01-01'"
_STILL = "date '9999-12-31'"
_WAYS = {
    "names": "tok_forename is not null and tok_surname is not null and tok_dob is not null",
    "nhs": "sid_nhs is not null",
    "upn": "sid_upn is not null",
    "pnc": "sid_pnc is not null",
}


def describe_persons(connection: DuckDBPyConnection, suppliers: Sequence[str] = ()) -> None:
    """Make the three tables; needs `identity`, `record`, `supplier`, `linked`, `person` and `described`.

    `described` (cluster): whom the tables are about. `suppliers`: all there are, in order of trust; suppliers
    of records come after them by name.
    """
    _order_suppliers(connection, suppliers)
    connection.execute("create table told_link as from linked semi join described using (cluster)")
    connection.execute("create table told_person as from person semi join described using (cluster)")
    connection.execute("""
        create table person_row as
        select l.cluster, o.trust, i.*
        from identity as i
        join told_link as l on l.record = i.record
        join supplier as s on s.supplier_no = i.supplier_no
        join supplier_order as o on o.supplier = s.supplier
    """)
    _spine(connection)
    _areas(connection)
    _linkable(connection)
    connection.execute("drop table person_row; drop table told_link; drop table told_person")


def _order_suppliers(connection: DuckDBPyConnection, suppliers: Sequence[str]) -> None:
    present = [name for (name,) in connection.execute("select supplier from supplier order by 1").fetchall()]
    connection.execute("create table supplier_order (supplier varchar, trust integer)")
    for trust, name in enumerate(dict.fromkeys((*suppliers, *present))):
        connection.execute("insert into supplier_order values (?, ?)", [name, trust])


def _spine(connection: DuckDBPyConnection) -> None:
    _most_frequent(connection, "birth_month", "birth_month is not null")
    _most_frequent(connection, "sex", "sex <> 'unknown'")
    _most_frequent(connection, "ethnicity5", "ethnicity5 <> 'Unknown'")
    _latest(connection, "la_code")
    _latest(connection, "imd_quintile")
    connection.execute(f"""
        create table person_spine as
        with link as (
            select l.cluster, count(*)::integer as n_records,
                count(distinct r.supplier_no)::integer as n_suppliers,
                arg_max({{'pass': l.pass, 'level': l.level}}, (case l.level {_LEVEL_ORDER} end, l.pass))
                    filter (l.level is not null) as weakest
            from told_link as l join record as r using (record) group by l.cluster
        )
        select person.person_id, birth_month.value as birth_month, coalesce(sex.value, 'unknown') as sex,
            coalesce(ethnicity5.value, 'Unknown') as ethnicity5, la_code.value as la_code,
            imd_quintile.value::integer as imd_quintile, link.n_records, link.n_suppliers,
            link.weakest['pass'] as link_pass, link.weakest['level'] as link_level
        from link
        join told_person as person on person.cluster = link.cluster
        left join person_birth_month as birth_month on birth_month.cluster = link.cluster
        left join person_sex as sex on sex.cluster = link.cluster
        left join person_ethnicity5 as ethnicity5 on ethnicity5.cluster = link.cluster
        left join person_la_code as la_code on la_code.cluster = link.cluster
        left join person_imd_quintile as imd_quintile on imd_quintile.cluster = link.cluster
    """)


def _most_frequent(connection: DuckDBPyConnection, column: str, known: str) -> None:
    """Table `person_<column>` (cluster, value): what most records hold, then the most trusted supplier's."""
    connection.execute(f"""
        create table person_{column} as
        with vote as (
            select cluster, {column} as value, count(distinct record) as votes, min(trust) as trust
            from person_row where {known} group by cluster, {column}
        )
        select cluster, arg_min(value, (-votes, trust, value)) as value from vote group by cluster
    """)


def _latest(connection: DuckDBPyConnection, column: str) -> None:
    """Table `person_<column>` (cluster, value): of the row that holds now or held last."""
    connection.execute(f"""
        create table person_{column} as
        select cluster, arg_max(
            {column}, (coalesce(valid_to, {_STILL}), coalesce(valid_from, {_ALWAYS}), -trust, {column})
        ) as value
        from person_row where {column} is not null group by cluster
    """)


def _areas(connection: DuckDBPyConnection) -> None:
    """Table `person_area`: where each supplier says that the person lived, and when."""
    connection.execute("""
        create table person_area as
        with area as (
            select distinct cluster, supplier_no, la_code, valid_from, valid_to
            from person_row where la_code is not null
        )
        select p.person_id, s.supplier, a.la_code, a.valid_from, a.valid_to
        from area as a
        join told_person as p on p.cluster = a.cluster
        join supplier as s on s.supplier_no = a.supplier_no
    """)


def _linkable(connection: DuckDBPyConnection) -> None:
    """Table `person_linkable`: could a record of the supplier have been linked to the person, since when.

    Yes where one was, and where the person has what the supplier holds too: forename, surname and date of
    birth, or a strong id of the same kind. Since the first day on which that held; null: not known.
    """
    _find_ways(connection)
    soonest = ", ".join(f"case when held.{kind} then way.{kind} end" for kind in _WAYS)
    connection.execute(f"""
        create table person_linkable as
        with since as (
            select p.person_id, o.supplier, least(own.since, {soonest}) as day
            from told_person as p
            cross join supplier_order as o
            left join supplier as s on s.supplier = o.supplier
            left join held_kind as held on held.supplier_no = s.supplier_no
            left join way on way.cluster = p.cluster
            left join own_record as own on own.cluster = p.cluster and own.supplier_no = s.supplier_no
        )
        select person_id, supplier, day is not null as linkable, nullif(day, {_ALWAYS}) as linkable_from
        from since
    """)
    connection.execute("drop table way; drop table held_kind; drop table own_record")


def held_kinds(connection: DuckDBPyConnection) -> list[str]:
    """Which kinds of identifiers each supplier holds, as `<supplier>: <kind>` in order."""
    kinds = ", ".join(f"bool_or({present}) as {kind}" for kind, present in _WAYS.items())
    rows = connection.execute(f"""
        with held as (select supplier_no, {kinds} from identity group by supplier_no)
        select s.supplier, {", ".join(_WAYS)} from held join supplier as s using (supplier_no) order by 1
    """).fetchall()
    return [f"{row[0]}: {kind}" for row in rows for kind, held in zip(_WAYS, row[1:], strict=True) if held]


def _find_ways(connection: DuckDBPyConnection) -> None:
    """Tables `way` (cluster, since when by kind), `held_kind` (supplier_no, kinds) and `own_record`."""
    since = f"min(coalesce(valid_from, {_ALWAYS}))"
    ways = ", ".join(f"{since} filter ({present}) as {kind}" for kind, present in _WAYS.items())
    kinds = ", ".join(f"bool_or({present}) as {kind}" for kind, present in _WAYS.items())
    connection.execute(f"create table way as select cluster, {ways} from person_row group by cluster")
    connection.execute(
        f"create table held_kind as select supplier_no, {kinds} from identity group by supplier_no"
    )
    connection.execute(f"""
        create table own_record as
        select l.cluster, r.supplier_no, {since} as since
        from told_link as l
        join record as r on r.record = l.record
        left join identity as i on i.record = l.record
        group by l.cluster, r.supplier_no
    """)
