"""Every measure of a linkage run, in the order in which one table in memory serves the next.

Reads tokens, the registry and a minimal extract for contradictions; writes nothing. The links themselves
are not touched: what is linked again, without strong ids and with planted records, is forgotten at the end.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from outcome_linkage.linkage.identities import load, open_linkage
from outcome_linkage.linkage.model import Model
from outcome_linkage.linkage.persons import find_persons
from outcome_linkage.linkage.registry import load_known, model_in_use
from outcome_linkage.linkage.residual import PASS as MODEL
from outcome_linkage.linkage.tombstones import BURIED, take_out
from outcome_linkage.linkage_quality.contradictions import find_contradictions
from outcome_linkage.linkage_quality.expected import expected_precision
from outcome_linkage.linkage_quality.figures import Figure
from outcome_linkage.linkage_quality.held_out import hold_out, judge_links
from outcome_linkage.linkage_quality.inputs import measure_inputs
from outcome_linkage.linkage_quality.people import describe_people
from outcome_linkage.linkage_quality.planting import judge_planted, plant
from outcome_linkage.linkage_quality.process import count_scored, measure_process
from outcome_linkage.linkage_quality.unlinked import count_linked

NOBODY = "select null::varchar, null::varchar where false"
NEVER = "select null::varchar, null::varchar, null::date where false"


@dataclass(frozen=True)
class Provision:
    """One delivery that was linked, as its manifest describes it. `tables`: rows by table."""

    supplier: str
    title: str
    period: str
    number: str
    key_version: str | None
    encoder_version: str
    tables: dict[str, int]


@dataclass(frozen=True)
class Extract:
    """What the quality run may read. SQL gives (supplier, record_key), and a date where it says dates.

    `tokens`, `records`: as for `link`; `looked_after`: records in returns on looked-after children; `deaths`
    and `events`: dates of death, and dates on which somebody must have been alive. `registers`: suppliers
    that hold nearly everybody of their area, where others' people should be found.
    """

    tokens: str
    records: str
    as_of: date
    looked_after: str = NOBODY
    deaths: str = NEVER
    events: str = NEVER
    provisions: tuple[Provision, ...] = ()
    registers: tuple[str, ...] = ()


# What takes a second linkage to know, with the model's own candidates of it.
BY_LINKING_AGAIN = (
    *("recall", "precision", "expected_right"),
    *("planted_found", "planted_wrong", "trap_linked"),
)


@dataclass(frozen=True)
class LastRun:
    """The last linkage run of a registry. `full`: whether it looked at every record."""

    number: int
    run_id: str
    model_version: str
    content_hash: str
    full: bool


def last_run(home: Home) -> LastRun | None:
    """The last linkage run of `home`; None when nothing is linked yet."""
    if not home.registry.exists():
        return None
    connection = open_linkage(home.restricted / ".duckdb_spill")
    try:
        attach(connection, home)
        rows = connection.execute(
            "select run_number, run_id, model_version, content_hash, report from registry.linkage_runs "
            "order by run_number desc limit 1"
        ).fetchall()
    finally:
        connection.close()
    if not rows:
        return None
    ((number, run_id, model_version, content_hash, report),) = rows
    return LastRun(number, run_id, model_version, content_hash, bool(json.loads(report).get("full")))


def is_by_linking_again(figure: Figure) -> bool:
    """Whether a figure took a second linkage."""
    return figure.measure in BY_LINKING_AGAIN or figure[:2] == ("candidates", MODEL)


def measure(home: Home, extract: Extract, link_again: bool = True) -> list[Figure]:
    """All figures of the last linkage run of `home`, with true counts.

    `link_again`: whether to link once more, which costs about a full linkage; without it those figures are
    left out. `extract` must be what that run linked. Raises OutcomeLinkageError when it is not.
    """
    connection = open_linkage(home.restricted / ".duckdb_spill")
    try:
        load(connection, extract.tokens, extract.records)
        attach(connection, home)
        take_out(connection, BURIED)
        _load_links(connection)
        model = model_in_use(connection)
        describe_people(connection, extract.looked_after, extract.as_of)
        figures = [
            *measure_inputs(connection),
            *measure_process(connection),
            *find_contradictions(connection, extract.deaths, extract.events),
            *count_linked(connection),
        ]
        if not link_again:
            return figures
        again = _link_again(connection, model)
        return [*figures, *again, *expected_precision(connection, again)]
    finally:
        connection.close()


def attach(connection: DuckDBPyConnection, home: Home) -> None:
    """Attach the registry of `home` as `registry`, to read."""
    path = str(home.registry).replace("'", "''")
    connection.execute(f"attach '{path}' as registry (read_only)")


def _load_links(connection: DuckDBPyConnection) -> None:
    """Tables `known` (record, person_id, …) and `known_weight`, and an empty `prior`: nothing is held."""
    load_known(connection)
    connection.execute("truncate prior")
    connection.execute("""
        create table known_weight as
        select r.record, p.weight from registry.record_person as p
        join record as r on r.supplier = p.supplier and r.record_key = p.record_key
    """)
    ((strangers,),) = connection.execute(
        "select count(*) from record where record not in (select record from known)"
    ).fetchall()
    if strangers:
        raise OutcomeLinkageError(
            f"{strangers} records were delivered since the last linkage run. Link them, then measure again."
        )


def _link_again(connection: DuckDBPyConnection, model: Model) -> list[Figure]:
    """Figures of a second linkage, without strong ids and with planted records, by the model in use.

    What was counted of relatives is taken as it stands: the planted would disturb the counting.
    """
    connection.execute("update identity set unit = record where unit <> record")
    hold_out(connection)
    plant(connection)
    find_persons(connection, model, count_relatives=False)
    return [*count_scored(connection), *judge_links(connection), *judge_planted(connection)]
