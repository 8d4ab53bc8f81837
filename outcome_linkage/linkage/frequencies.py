"""How common names and dates of birth are in each supplier: what the chance guard of a pass looks up."""

from __future__ import annotations

from collections.abc import Iterable

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.passes import Chance, Pass

# A small supplier borrows from the knowledge that birthdays are spread over at least 10,000 days.
_PRIOR_RECORDS = 10_000


def names_table(names: tuple[str, ...]) -> str:
    """The table of (supplier_no, names…, n): records of the supplier with these names, where in new rows."""
    return "frequency_of_" + "_and_".join(names)


def dates_table(dob: str) -> str:
    """The table of (supplier_no, date, share): share of the supplier's records with the date, of new rows."""
    return f"frequency_of_{dob}"


def count_frequencies(connection: DuckDBPyConnection, passes: Iterable[Pass]) -> None:
    """Make the tables that the chance guards of `passes` need; needs `identity`."""
    guards = [rule.guard for rule in passes if isinstance(rule.guard, Chance)]
    for names in dict.fromkeys(guard.names for guard in guards):
        _count_names(connection, names)
    for dob in dict.fromkeys(guard.dob for guard in guards):
        _share_of_dates(connection, dob)


def _count_names(connection: DuckDBPyConnection, names: tuple[str, ...]) -> None:
    columns = ", ".join(names)
    known = " and ".join(f"{name} is not null" for name in names)
    same = " and ".join(f"fresh.{name} = identity.{name}" for name in names)
    connection.execute(f"""
        create table {names_table(names)} as
        with fresh as (select distinct {columns} from identity where is_new and {known})
        select supplier_no, {columns}, count(distinct record) as n
        from identity semi join fresh on {same} group by supplier_no, {columns}
    """)


def _share_of_dates(connection: DuckDBPyConnection, dob: str) -> None:
    connection.execute(f"""
        create table {dates_table(dob)} as
        with size as (
            select supplier_no, count(distinct record) as records
            from identity where {dob} is not null group by supplier_no
        ),
        fresh as (select distinct {dob} from identity where is_new and {dob} is not null),
        counted as (
            select supplier_no, {dob}, count(distinct record) as n
            from identity semi join fresh using ({dob}) group by supplier_no, {dob}
        )
        select supplier_no, {dob}, (n + 1) / (records + {_PRIOR_RECORDS}) as share
        from counted join size using (supplier_no)
    """)
