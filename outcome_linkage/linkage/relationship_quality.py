"""How right the relationships are, by kind, against the truth of a generated region; linkage errors count.

A person of ours stands for the true person to whom most of its records belong. A relationship is right when
the two true persons are so related: for a household on each day that it claims, for an incident on its day,
for the others at all. A person in two pieces who shares a home with themselves is wrong. Precision is the
share of what is claimed that is right; recall the share of what is true, among people of whom there is a
record, that is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from outcome_linkage.home import Home
from outcome_linkage.models.engine import literal
from outcome_linkage.warehouse import connect

KINDS = ("mother", "father", "carer", "sibling")
"""Kinds that are true at all times or never; `parent` stands for mother and father together."""
HOUSEHOLD, INCIDENT = "household_member", "named_together"


@dataclass(frozen=True)
class KindAgreement:
    """Counts for one kind, in `unit`: pairs of people, or days of pairs.

    `claimed`: what is said; `right`: the true part of it; `truth`: what is true; `found`: the part of it that
    is said.
    """

    kind: str
    unit: str
    claimed: int
    right: int
    truth: int
    found: int

    @property
    def precision(self) -> float | None:
        """Share of what is claimed that is right; None when nothing is claimed."""
        return self.right / self.claimed if self.claimed else None

    @property
    def recall(self) -> float | None:
        """Share of what is true that is claimed; None when nothing is true."""
        return self.found / self.truth if self.truth else None


def relationships_against_truth(home: Home, truth: Path) -> list[KindAgreement]:
    """Compare `person_relationship` in the warehouse of `home` with the `truth` of a generated region.

    `truth` holds records.parquet (supplier, record_key, person), relationships.parquet (person, related,
    kind), residence.parquet (person, dwelling, valid_from, valid_to) and incidents.parquet (incident, person,
    date).
    """
    connection = connect()
    try:
        for name, path in (("registry", home.registry), ("warehouse", home.warehouse)):
            connection.execute(f"attach {literal(str(path))} as {name} (read_only)")
        for name in ("records", "relationships", "residence", "incidents"):
            file = literal(str(truth / f"{name}.parquet"))
            connection.execute(f"create view true_{name} as select * from read_parquet({file})")
        _claims(connection)
        lasting = [_lasting(connection, kind, (kind,)) for kind in KINDS]
        parents = _lasting(connection, "parent", ("mother", "father", "parent"))
        return [
            lasting[0],
            lasting[1],
            parents,
            *lasting[2:],
            _households(connection),
            _incidents(connection),
        ]
    finally:
        connection.close()


def _claims(connection: DuckDBPyConnection) -> None:
    """Tables `who` (person_id, person: the true one), `someone` and `claim`, with both kinds of person."""
    connection.execute("""
        create table who as
        select o.person_id, t.person, count(*) as records
        from registry.record_person as o
        join true_records as t on t.supplier = o.supplier and t.record_key = o.record_key
        group by o.person_id, t.person
        qualify row_number() over (partition by o.person_id order by records desc, t.person) = 1
    """)
    connection.execute("""
        create table claim as
        select r.person_id, r.related_person_id, p.person, q.person as related, r.kind, r.valid_from,
            r.valid_to
        from warehouse.person_relationship as r
        join who as p on p.person_id = r.person_id
        join who as q on q.person_id = r.related_person_id
    """)
    connection.execute("create table someone as select distinct person from who")


def _lasting(connection: DuckDBPyConnection, name: str, kinds: tuple[str, ...]) -> KindAgreement:
    """Pairs that are so related at all times or never."""
    listed = ", ".join(literal(kind) for kind in kinds)
    counts = _row(
        connection,
        f"""
        with true_pair as (
            select distinct t.person, t.related from true_relationships as t
            join someone as a on a.person = t.person join someone as b on b.person = t.related
            where t.kind in ({listed})
        ),
        claimed as (
            select distinct person_id, related_person_id, person, related from claim where kind in ({listed})
        ),
        said as (select distinct person, related from claimed)
        select
            (select count(*) from claimed),
            (select count(*) from claimed semi join true_pair using (person, related)),
            (select count(*) from true_pair),
            (select count(*) from true_pair semi join said using (person, related))
        """,
    )
    return KindAgreement(name, "pairs", *counts)


def _households(connection: DuckDBPyConnection) -> KindAgreement:
    """Days on which two people are said to share a home, and days on which they do, each pair once."""
    connection.execute("""
        create table together as
        with stay as (
            select r.person, r.dwelling, r.valid_from, coalesce(r.valid_to, (
                select greatest(max(valid_from), max(valid_to)) from true_residence
            )) as valid_to
            from true_residence as r join someone using (person)
        )
        select a.person, b.person as related, greatest(a.valid_from, b.valid_from) as first,
            least(a.valid_to, b.valid_to) as last
        from stay as a
        join stay as b on b.dwelling = a.dwelling and b.person <> a.person
        and b.valid_from <= a.valid_to and b.valid_to >= a.valid_from
    """)
    connection.execute(f"""
        create table said_together as
        select person_id, related_person_id, person, related, valid_from as first,
            least(coalesce(valid_to, date '9999-12-31'), (select max(last) from together)) as last
        from claim where kind = {literal(HOUSEHOLD)}
    """)
    counts = _row(
        connection,
        """
        with both_days as (
            select s.person_id, s.related_person_id,
                sum(least(s.last, t.last) - greatest(s.first, t.first) + 1) as days
            from said_together as s
            join together as t on t.person = s.person and t.related = s.related
            and t.first <= s.last and t.last >= s.first
            group by all
        )
        select
            (select coalesce(sum(last - first + 1), 0) from said_together)::bigint,
            (select coalesce(sum(days), 0) from both_days)::bigint,
            (select coalesce(sum(last - first + 1), 0) from together)::bigint,
            (select coalesce(sum(days), 0) from both_days)::bigint
        """,
    )
    return KindAgreement("household", "days", *counts)


def _incidents(connection: DuckDBPyConnection) -> KindAgreement:
    """Pairs of people and days on which they were in one incident."""
    counts = _row(
        connection,
        f"""
        with true_pair as (
            select distinct a.person, b.person as related, a.date
            from true_incidents as a join true_incidents as b
            on b.incident = a.incident and b.person <> a.person
            join someone as x on x.person = a.person join someone as y on y.person = b.person
        ),
        claimed as (
            select distinct person_id, related_person_id, person, related, valid_from as date
            from claim where kind = {literal(INCIDENT)}
        ),
        said as (select distinct person, related, date from claimed)
        select
            (select count(*) from claimed),
            (select count(*) from claimed semi join true_pair using (person, related, date)),
            (select count(*) from true_pair),
            (select count(*) from true_pair semi join said using (person, related, date))
        """,
    )
    return KindAgreement("same incident", "pairs", *counts)


def _row(connection: DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    ((*counts,),) = connection.execute(sql).fetchall()
    return tuple(int(count) for count in counts)
