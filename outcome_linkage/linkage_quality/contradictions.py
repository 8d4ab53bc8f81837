"""Links that cannot be right, whatever the tokens say: two sexes, two years of birth, events after death.

An event counts as after death from 32 days on, since dates of death and of events are entered late, and
only if another supplier than the one that knows of the death recorded it: a supplier that contradicts itself
has made an error of its own, not of linkage.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.people import CHARACTERISTICS, counted

KINDS: dict[str, str] = {
    "sex": "recorded as male and as female",
    "birth year": "years of birth more than one apart",
    "NHS number": "two NHS numbers",
    "after death": "events of another supplier more than a month after death",
}
_DAYS_AFTER_DEATH = 31
# Per person: what must be known of it by two records, and what contradicts.
_OF_TOKENS = {
    "sex": ("count(distinct record) filter (sex <> 'unknown')", "count(distinct sex) > 1"),
    "birth year": (
        "count(distinct record) filter (birth_month is not null)",
        "year(max(birth_month)) - year(min(birth_month)) > 1",
    ),
    "NHS number": (
        "count(distinct record) filter (sid_nhs is not null)",
        "count(distinct sid_nhs) > 1",
    ),
}


def find_contradictions(connection: DuckDBPyConnection, deaths_sql: str, events_sql: str) -> list[Figure]:
    """`contradiction`: people with several records who contradict themselves, of those who could.

    Both queries give (supplier, record_key, date); no other column of any delivered table is read. Needs
    `known`, `record`, `identity` and `people`. The item `all` is any contradiction, by characteristic too.
    """
    _look_at_tokens(connection)
    _look_after_death(connection, deaths_sql, events_sql)
    rows = {
        kind: (n, of)
        for kind, n, of in connection.execute(
            "select kind, count(*) filter (contradicts), count(*) from contradiction group by kind"
        ).fetchall()
    }
    by_kind = [Figure("contradiction", kind, ALL, ALL, *rows.get(kind, (0, 0))) for kind in KINDS]
    return [*by_kind, *_by_people(connection)]


def _look_at_tokens(connection: DuckDBPyConnection) -> None:
    """Table `contradiction` (person_id, kind, contradicts): one row per person who could contradict."""
    connection.execute(
        "create or replace table contradiction (person_id varchar, kind varchar, contradicts boolean)"
    )
    connection.execute("""
        create or replace temp table several as
        select k.person_id, i.record, nullif(i.sex, 'unknown') as sex, i.birth_month, i.sid_nhs
        from known as k join identity as i on i.record = k.record
        where k.person_id in (select person_id from known group by person_id having count(*) > 1)
    """)
    for kind, (records, contradicts) in _OF_TOKENS.items():
        connection.execute(f"""
            insert into contradiction
            select person_id, '{kind}', {contradicts} from several group by person_id having {records} > 1
        """)


def _look_after_death(connection: DuckDBPyConnection, deaths_sql: str, events_sql: str) -> None:
    connection.execute(f"""
        insert into contradiction
        with death as (
            select k.person_id, r.supplier_no, min(d.day) as day
            from ({deaths_sql}) as d(supplier, record_key, day)
            join record as r on r.supplier = d.supplier and r.record_key = d.record_key
            join known as k on k.record = r.record where d.day is not null
            group by k.person_id, r.supplier_no
        ),
        event as (
            select k.person_id, r.supplier_no, max(e.day) as day
            from ({events_sql}) as e(supplier, record_key, day)
            join record as r on r.supplier = e.supplier and r.record_key = e.record_key
            join known as k on k.record = r.record where e.day is not null
            group by k.person_id, r.supplier_no
        )
        select d.person_id, 'after death', bool_or(e.day > d.day + {_DAYS_AFTER_DEATH})
        from death as d join event as e on e.person_id = d.person_id and e.supplier_no <> d.supplier_no
        group by d.person_id
    """)


def _by_people(connection: DuckDBPyConnection) -> list[Figure]:
    """Any contradiction, by what the person's records say, the first that says anything."""
    said = ", ".join(
        f"max(p.{name}) as {name}"
        if name in ("looked_after", "mobile")
        else f"arg_min(p.{name}, p.record) filter (p.{name} is not null) as {name}"
        for name in CHARACTERISTICS
    )
    connection.execute(f"""
        create or replace temp table contradicting as
        with judged as (
            select person_id, bool_or(contradicts)::integer as n, 1 as of
            from contradiction group by person_id
        ),
        said as (
            select k.person_id, {said} from known as k join people as p on p.record = k.record
            where k.person_id in (select person_id from judged) group by k.person_id
        )
        select j.n, j.of, said.* exclude (person_id)
        from judged as j join said on said.person_id = j.person_id
    """)
    return counted(connection, "contradiction", ALL, "contradicting", CHARACTERISTICS)
