"""The story of one record: whose it is, what tied it to them, and who was refused, each with its weights.

Reads the registry and the tokens of the records concerned; links nothing and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from duckdb import DuckDBPyConnection

from outcome_linkage.access import record_access
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from outcome_linkage.linkage.identities import open_linkage
from outcome_linkage.linkage.model import Model, from_json
from outcome_linkage.linkage_story.reasons import Facts, refusal_words
from outcome_linkage.linkage_story.recorded import (
    Candidate,
    Entry,
    Recorded,
    entries_of_key,
    is_withdrawn,
    read_recorded,
    suppliers_of,
)
from outcome_linkage.linkage_story.remarks import headline, notes
from outcome_linkage.linkage_story.story import Named, Other, Refusal, Story
from outcome_linkage.linkage_story.weighing import Pair, Weighed, weigh_pairs

NOTHING_LINKED = "Nothing is linked yet. Start `outcome-linkage run`, then ask again."
_RUN_AGAIN = "Start `outcome-linkage run`, which links with a model of this version, then ask again."
# What a registry of an earlier version may lack.
_READ = {
    ("record_person", "weight"),
    ("record_person", "digest"),
    ("link_conflicts", "other_record_key"),
    ("relative_patterns", "expected"),
    ("person_broad", "broad_person_id"),
    ("linkage_models", "model"),
    ("linkage_runs", "run_number"),
    ("tombstones", "record_key"),
}


def explain(home: Home, record_key: str, tokens_sql: str, supplier: str | None = None) -> Story:
    """The story of the record that `record_key` names, of `supplier` where several hold the key.

    `tokens_sql`: columns of the contract `link_tokens` and `_supplier`, as for `link`. Writes a line to the
    access log, whatever comes of it. Raises OutcomeLinkageError when nothing is linked yet, when no record or
    more than one has the key, and when the model by which it was linked is not there.
    """
    if not home.registry.exists():
        raise OutcomeLinkageError(NOTHING_LINKED)
    asked = f"{supplier or ''} {record_key}"
    try:
        with _opened(home) as connection:
            story = _tell(connection, record_key.strip(), tokens_sql, supplier)
    except Exception:
        record_access(home, "explain", asked, None)
        raise
    record_access(home, "explain", asked, 1 + len(story.others))
    return story


@contextmanager
def _opened(home: Home) -> Iterator[DuckDBPyConnection]:
    """A database in memory with the registry attached to read."""
    connection = open_linkage(home.restricted / ".duckdb_spill")
    path = str(home.registry).replace("'", "''")
    try:
        try:
            connection.execute(f"attach '{path}' as registry (read_only)")
        except duckdb.IOException:
            raise OutcomeLinkageError(
                "The registry cannot be read: a run is linking just now, or the file is another user's. "
                "Wait for the run to end, or ask as the linker."
            ) from None
        _check_tables(connection)
        yield connection
    finally:
        connection.close()


def _check_tables(connection: DuckDBPyConnection) -> None:
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'registry'"
    ).fetchall()
    if not _READ.issubset(rows):
        raise OutcomeLinkageError(f"The registry was written by an earlier version. {_RUN_AGAIN}")


def _tell(connection: DuckDBPyConnection, record_key: str, tokens_sql: str, supplier: str | None) -> Story:
    entry = _the_one(connection, record_key, supplier)
    model = _model_of(connection, entry)
    recorded = read_recorded(connection, entry)
    weighed = weigh_pairs(connection, model, tokens_sql, entry.record, _pairs(recorded))
    return Story(
        record=entry.record,
        person_id=entry.person_id,
        members=recorded.members(entry.person_id),
        passed=entry.passed,
        level=entry.level,
        weight=entry.weight,
        runner_up_weight=entry.runner_up_weight,
        model_version=entry.model_version,
        first_run=recorded.run(entry.first_run),
        last_run=recorded.run(entry.last_run),
        headline=headline(recorded, weighed),
        notes=tuple(notes(recorded, weighed)),
        changes=recorded.changes,
        linked=_linked(recorded, weighed),
        refused=_refused(recorded, weighed),
    )


def _the_one(connection: DuckDBPyConnection, record_key: str, supplier: str | None) -> Entry:
    found = entries_of_key(connection, record_key)
    chosen = [entry for entry in found if supplier in (None, entry.record.supplier)]
    if len(chosen) == 1:
        return chosen[0]
    if chosen:
        held = ", ".join(entry.record.supplier for entry in chosen)
        raise OutcomeLinkageError(f"Several suppliers hold this key: {held}. Name one with --supplier.")
    if is_withdrawn(connection, record_key, supplier):
        raise OutcomeLinkageError(
            "The record of this key was withdrawn by an objection: it is linked to nobody, and nothing is "
            "told of it."
        )
    known = suppliers_of(connection)
    if not known:
        raise OutcomeLinkageError(NOTHING_LINKED)
    if supplier and supplier not in known:
        raise OutcomeLinkageError(
            f"No records of that supplier are linked. Expected one of {', '.join(known)}."
        )
    where = f" of {supplier}" if supplier else ""
    raise OutcomeLinkageError(
        f"No linked record{where} has this key. Expected a record_key, 32 hex digits, as "
        "`outcome-linkage links --out FILE` lists them; a supplier's own number is none."
    )


def _model_of(connection: DuckDBPyConnection, entry: Entry) -> Model:
    """The model by which the record was linked."""
    rows = connection.execute(
        "select model from registry.linkage_models where ends_with(?, '.' || model_version)",
        [entry.model_version],
    ).fetchall()
    model = from_json(rows[0][0]) if rows else None
    if model is None:
        what = "compares something else than this version of the software" if rows else "is not stored"
        raise OutcomeLinkageError(f"The model by which this record was linked {what}. {_RUN_AGAIN}")
    return model


def _pairs(recorded: Recorded) -> list[Pair]:
    """The record beside the others of its person; it and its duplicates beside those of each candidate."""
    asked, person = recorded.entry.record, recorded.entry.person_id
    members = recorded.members(person)
    pairs = [(asked, other) for other in members if other != asked]
    for mine in recorded.unit(person, asked.supplier):
        pairs += [(mine, other) for other in members if other.supplier != asked.supplier]
    for candidate in recorded.candidates:
        theirs = recorded.unit(candidate.person_id, candidate.record.supplier)
        pairs += [(mine, other) for mine in recorded.unit(person, asked.supplier) for other in theirs]
    return pairs


def _linked(recorded: Recorded, weighed: Weighed) -> tuple[Other, ...]:
    asked, person = recorded.entry.record, recorded.entry.person_id
    others = [
        Other(
            record=other,
            person_id=person,
            keys=weighed.keys.get((asked, other), ()),
            waterfall=weighed.waterfalls.get((asked, other)),
            compared=(asked, other),
        )
        for other in recorded.members(person)
        if other != asked
    ]
    return tuple(sorted(others, key=_strongest_first))


def _refused(recorded: Recorded, weighed: Weighed) -> tuple[Other, ...]:
    others = [_one_refused(candidate, recorded, weighed) for candidate in recorded.candidates]
    return tuple(sorted(others, key=_strongest_first))


def _one_refused(candidate: Candidate, recorded: Recorded, weighed: Weighed) -> Other:
    """A candidate, compared by the two records of both units that agree best."""
    asked = recorded.entry
    pairs = [
        (mine, theirs)
        for mine in recorded.unit(asked.person_id, asked.record.supplier)
        for theirs in recorded.unit(candidate.person_id, candidate.record.supplier)
    ]
    compared = [pair for pair in pairs if pair in weighed.waterfalls]
    best = max(compared, key=lambda pair: weighed.waterfalls[pair].total, default=pairs[0])
    return Other(
        record=candidate.record,
        person_id=candidate.person_id,
        keys=tuple(dict.fromkeys(key for pair in pairs for key in weighed.keys.get(pair, ()))),
        waterfall=weighed.waterfalls.get(best),
        compared=best,
        refusals=tuple(_refusals(candidate, recorded, weighed, pairs)),
        is_one_broadly=candidate.person_id in recorded.one_broadly,
    )


def _refusals(
    candidate: Candidate, recorded: Recorded, weighed: Weighed, pairs: list[Pair]
) -> Iterator[Refusal]:
    """One for each thing that is to be said, with all passes of which it is true."""
    contradictions = dict.fromkeys(name for pair in pairs for name in weighed.contradictions.get(pair, ()))
    said: dict[tuple[str, str], list[tuple[str, float | None]]] = {}
    for passed, weight, reason in candidate.reasons:
        facts = Facts(
            passed=passed,
            weight=weight,
            rivals=recorded.rivals(candidate, passed),
            clashes=recorded.clashes(candidate),
            contradictions=tuple(contradictions),
            counted=recorded.counted(candidate, reason),
        )
        said.setdefault((reason, refusal_words(reason, facts)), []).append((passed, weight))
    for (reason, words), by in said.items():
        weights = [weight for _, weight in by if weight is not None]
        yield Refusal(tuple(passed for passed, _ in by), max(weights, default=None), reason, words)


def _strongest_first(other: Other) -> tuple[float, Named]:
    return (-other.waterfall.total if other.waterfall else float("inf"), other.record)
