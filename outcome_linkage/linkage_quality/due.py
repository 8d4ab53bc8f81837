"""When accuracy is to be measured again: linking once more costs about as much as a full linkage.

A night that looked only at what is new rests on the last full measurement, unless that is too old, too much
has changed since, or it was made otherwise. One that closes the release gate is never rested on: what was
mended must show.
"""

from __future__ import annotations

import json

from outcome_linkage.home import Home
from outcome_linkage.linkage.identities import open_linkage
from outcome_linkage.linkage_quality.damage import damage_version
from outcome_linkage.linkage_quality.kept import Kept, all_kept
from outcome_linkage.linkage_quality.measure import LastRun, attach

# A measurement holds for so many later runs.
MOST_RUNS_BETWEEN = 7
# And for as long as at most this share of the records is new, changed or gone since.
MOST_CHANGED = 0.01


def rests_on(home: Home, run: LastRun, quality_version: str) -> Kept | None:
    """The full measurement that still holds for `run`; None when accuracy is to be measured again."""
    measured = [kept for kept in all_kept(home) if kept.number < run.number and kept.is_full]
    if run.full or not measured:
        return None
    last = measured[-1]
    alike = (last.model_version, last.damage_version, last.quality_version) == (
        *(run.model_version, damage_version(), quality_version),
    )
    if last.closes or not alike or run.number - last.number > MOST_RUNS_BETWEEN:
        return None
    return last if _changed_since(home, last) <= MOST_CHANGED else None


def _changed_since(home: Home, last: Kept) -> float:
    """Share of the records of the last run that came, changed or went since `last`; 1 for another registry's.

    A record that changes twice counts twice.
    """
    connection = open_linkage(home.restricted / ".duckdb_spill")
    try:
        attach(connection, home)
        runs = connection.execute(
            "select run_number, run_id, report from registry.linkage_runs where run_number >= ? order by 1",
            [last.number],
        ).fetchall()
        if not runs or runs[0][:2] != (last.number, last.run_id):
            return 1.0
        since = [run_id for _, run_id, _ in runs]
        looked_at = sum(json.loads(report).get("looked_at", 0) for *_, report in runs[1:])
        ((records, gone, withdrawn),) = connection.execute(
            """
            select (select count(*) from registry.record_person where last_run is null),
                (select count(*) from registry.record_person where list_contains($earlier, last_run)),
                (select count(*) from registry.tombstones where list_contains($later, run_id))
            """,
            {"earlier": since[:-1], "later": since[1:]},
        ).fetchall()
    finally:
        connection.close()
    return float((looked_at + gone + withdrawn) / records) if records else 1.0
