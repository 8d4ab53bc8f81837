"""What the registry says of one record: its person, candidates that were refused, rivals, changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.registry import LAST_RUN
from outcome_linkage.linkage.tombstones import BURIED
from outcome_linkage.linkage_story.reasons import Counted, Rival
from outcome_linkage.linkage_story.story import Change, Named, Run

_ENTRY = (
    "supplier, record_key, person_id, pass, level, weight, runner_up_weight, model_version,"
    f" first_run, coalesce(last_run, {LAST_RUN}) as last_run"
)


class Entry(NamedTuple):
    """A row of `record_person`."""

    record: Named
    person_id: str
    passed: str | None
    level: str | None
    weight: float | None
    runner_up_weight: float | None
    model_version: str
    first_run: str
    last_run: str


class Candidate(NamedTuple):
    """A record that was refused, with every pass that refused it: its name, the weight, the reason."""

    record: Named
    person_id: str
    reasons: tuple[tuple[str, float | None, str], ...]


class Conflict(NamedTuple):
    """A row of `link_conflicts`, with the person of either side."""

    record: Named
    person_id: str
    other: Named
    other_person_id: str
    passed: str
    weight: float | None
    reason: str


@dataclass(frozen=True)
class Recorded:
    """The registry's part of the story. `persons`: records by person, of everybody who is named in it."""

    entry: Entry
    persons: dict[str, tuple[Named, ...]]
    conflicts: tuple[Conflict, ...]
    patterns: dict[tuple[str, str, str], Counted]
    one_broadly: frozenset[str]
    runs: dict[str, int]
    changes: tuple[Change, ...]

    def members(self, person_id: str) -> tuple[Named, ...]:
        """The records of a person, in order."""
        return self.persons.get(person_id, ())

    def unit(self, person_id: str, supplier: str) -> tuple[Named, ...]:
        """The records of a person at one supplier, which are duplicates of each other."""
        return tuple(member for member in self.members(person_id) if member.supplier == supplier)

    def run(self, run_id: str) -> Run:
        """The run of this id, with its number."""
        return Run(self.runs.get(run_id), run_id)

    @property
    def is_current(self) -> bool:
        """Whether the record was delivered when records were last linked."""
        last = max(self.runs, key=lambda run_id: self.runs[run_id], default=None)
        return last in (None, self.entry.last_run)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Who was refused to this record or its duplicates; a candidate's duplicates count as one."""
        mine = self.entry
        found: dict[tuple[str, str], list[Conflict]] = {}
        for c in self.conflicts:
            if c.person_id == mine.person_id and c.record.supplier == mine.record.supplier:
                found.setdefault((c.other_person_id, c.other.supplier), []).append(c)
        return tuple(
            Candidate(rows[0].other, person_id, tuple(dict.fromkeys(row[4:] for row in rows)))
            for (person_id, _), rows in found.items()
        )

    def rivals(self, candidate: Candidate, passed: str) -> tuple[Rival, ...]:
        """Who else the pass could not decide about, from either side; the strongest first.

        Where nobody of the same supplier stood in the way, it was somebody with another NHS number.
        """
        mine, theirs = self.entry.person_id, candidate.person_id
        beside = {(mine, theirs): self._suppliers(theirs), (theirs, mine): self._suppliers(mine)}
        found = set()
        for c in self.conflicts:
            for (end, other_end), suppliers in beside.items():
                undecided = c.passed == passed and c.reason in ("tie", "margin")
                if undecided and c.person_id == end and c.other_person_id != other_end:
                    found.add(Rival(c.other, c.weight, by_number=c.other.supplier not in suppliers))
        of_one_supplier = {rival for rival in found if not rival.by_number}
        return tuple(
            sorted(of_one_supplier or found, key=lambda rival: (-(rival.weight or 0.0), rival.record))
        )

    def _suppliers(self, person_id: str) -> set[str]:
        return {member.supplier for member in self.members(person_id)}

    def clashes(self, candidate: Candidate) -> tuple[tuple[Named, Named], ...]:
        """Pairs of records, here and there, of a supplier that both persons have."""
        there = {member.supplier: member for member in reversed(self.members(candidate.person_id))}
        return tuple(
            (member, there[member.supplier])
            for member in self.members(self.entry.person_id)
            if member.supplier in there
        )

    def counted(self, candidate: Candidate, pattern: str) -> Counted | None:
        """What counting said of a pattern of relatives between the two suppliers."""
        one, other = sorted((self.entry.record.supplier, candidate.record.supplier))
        return self.patterns.get((pattern, one, other))


def entries_of_key(connection: DuckDBPyConnection, record_key: str) -> list[Entry]:
    """The records that have this key, one for each supplier."""
    rows = connection.execute(
        f"select {_ENTRY} from registry.record_person where record_key = ? order by supplier", [record_key]
    ).fetchall()
    return [Entry(Named(supplier, key), *rest) for supplier, key, *rest in rows]


def is_withdrawn(connection: DuckDBPyConnection, record_key: str, supplier: str | None) -> bool:
    """Whether a tombstone stands for the record of this key, of any supplier without one."""
    rows = connection.execute(
        f"select 1 from ({BURIED}) where record_key = $key and supplier = coalesce($supplier, supplier)",
        {"key": record_key, "supplier": supplier},
    ).fetchall()
    return bool(rows)


def suppliers_of(connection: DuckDBPyConnection) -> list[str]:
    """The suppliers of which records are linked."""
    rows = connection.execute("select distinct supplier from registry.record_person order by 1").fetchall()
    return [supplier for (supplier,) in rows]


def read_recorded(connection: DuckDBPyConnection, entry: Entry) -> Recorded:
    """Everything on record of one record, from the database attached as `registry`."""
    conflicts = _conflicts(connection, entry.person_id)
    named = {entry.person_id, *(c.other_person_id for c in conflicts)}
    runs = dict(connection.execute("select run_id, run_number from registry.linkage_runs").fetchall())
    return Recorded(
        entry=entry,
        persons=_persons(connection, named),
        conflicts=conflicts,
        patterns=_patterns(connection),
        one_broadly=_one_broadly(connection, entry.person_id),
        runs=runs,
        changes=_changes(connection, entry.person_id, runs),
    )


def _conflicts(connection: DuckDBPyConnection, person_id: str) -> tuple[Conflict, ...]:
    """What was refused to the person, and what else was refused to those candidates; the strongest first."""
    rows = connection.execute(
        """
        with refused as (
            select p.supplier, p.record_key, p.person_id, q.supplier as other_supplier,
                q.record_key as other_record_key, q.person_id as other_person_id, c.pass, c.weight, c.reason
            from registry.link_conflicts as c
            join registry.record_person as p on p.supplier = c.supplier and p.record_key = c.record_key
            join registry.record_person as q
            on q.supplier = c.other_supplier and q.record_key = c.other_record_key
            where p.person_id <> q.person_id
        ),
        beside as (select other_person_id from refused where person_id = $person)
        select * from refused where person_id = $person or person_id in (from beside)
        order by weight desc nulls last, supplier, record_key, other_supplier, other_record_key, pass, reason
        """,
        {"person": person_id},
    ).fetchall()
    return tuple(Conflict(Named(*row[:2]), row[2], Named(*row[3:5]), *row[5:]) for row in rows)


def _persons(connection: DuckDBPyConnection, person_ids: set[str]) -> dict[str, tuple[Named, ...]]:
    rows = connection.execute(
        "select person_id, list((supplier, record_key) order by supplier, record_key) "
        "from registry.record_person where person_id in (select unnest($ids)) group by person_id",
        {"ids": sorted(person_ids)},
    ).fetchall()
    return {person_id: tuple(Named(*member) for member in members) for person_id, members in rows}


def _patterns(connection: DuckDBPyConnection) -> dict[tuple[str, str, str], Counted]:
    rows: list[tuple[Any, ...]] = connection.execute(
        "select pattern, supplier, other_supplier, candidates, expected from registry.relative_patterns"
    ).fetchall()
    return {(pattern, one, other): Counted(n, expected) for pattern, one, other, n, expected in rows}


def _one_broadly(connection: DuckDBPyConnection, person_id: str) -> frozenset[str]:
    """The persons that even odds would make one with this one."""
    rows = connection.execute(
        """
        with first as (
            select coalesce(min(broad_person_id), $person) as first
            from registry.person_broad where person_id = $person
        )
        select person_id from registry.person_broad where broad_person_id in (from first)
        union select first from first
        """,
        {"person": person_id},
    ).fetchall()
    return frozenset(other for (other,) in rows if other != person_id)


def _changes(connection: DuckDBPyConnection, person_id: str, runs: dict[str, int]) -> tuple[Change, ...]:
    """The changes of ids that touched the person, the oldest first."""
    rows = connection.execute(
        "select run_id, old_person_id, new_person_id, reason, records from registry.id_changes "
        "where $person in (old_person_id, new_person_id)",
        {"person": person_id},
    ).fetchall()
    changes = (Change(Run(runs.get(run_id), run_id), *rest) for run_id, *rest in rows)
    return tuple(sorted(changes, key=lambda change: (change.run.number or 0, change[1:])))
