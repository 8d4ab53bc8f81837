"""Studies as whoever looks after a home sees them: what stands, and what failed in the last night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import dagster as dg

from assets.evaluation_files import KEY, check_name
from outcome_linkage.evaluation.kept import kept_in
from outcome_linkage.evaluation.load import load_folder, shipped_ids, studies_folder
from outcome_linkage.home import Home
from pipelines.instance import opened
from pipelines.tonight import waiting_in

OWN_VERDICTS = ("diagnostics", "measures", "prices")
"""Checks that say what a study found out about itself, for its report: no failure of a night."""
EVENTS = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.ASSET_CHECK_EVALUATION}
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
FINE, NO_FILE, NOT_MADE = "made", "no file: see `evaluation remove`", "not made yet"
NOT_RUN = "its file is in the software's own folder, which this installation does not run"


@dataclass(frozen=True)
class Standing:
    """A study: its file, whether the home keeps tables of it, and what failed in the last night, by name.

    `shipped`: whether its file comes with the software; without a `file` it is not run here.
    `in_last_night`: whether that night ran it, or found that it could not. `waits_for`: tables that it reads
    and that nobody ever delivered; until then a night leaves it out.
    """

    study: str
    file: str
    has_tables: bool
    failed: tuple[str, ...]
    shipped: bool = False
    in_last_night: bool = False
    waits_for: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """In words, the worst first."""
        if self.failed:
            return f"FAILED in the last night: {', '.join(self.failed)}"
        if not self.file:
            return NOT_RUN if self.shipped else NO_FILE
        if self.waits_for:
            return f"waits for the first delivery of {', '.join(self.waits_for)}"
        return FINE if self.has_tables else NOT_MADE


def studies_of(home: Home) -> list[Standing]:
    """Every study that has a file or of which the home keeps tables, by id."""
    night, kept, shipped = last_night(home), set(kept_in(home)), shipped_ids()
    files = load_folder(studies_folder())
    waits_for = waiting_in(home, files).studies
    found = {}
    for one in files:
        name = one.study.id if one.study else one.path.stem
        why = (*night.failed.get(check_name(one.path), ()), *night.failed.get(f"ev_{name}", ()))
        was_in = bool(why) or f"ev_{name}" in night.ran
        failed = tuple(dict.fromkeys(why))
        found[name] = Standing(
            name,
            one.path.name,
            name in kept,
            failed,
            in_last_night=was_in,
            waits_for=waits_for.get(f"ev_{name}", ()),
        )
    left = {name: Standing(name, "", True, (), name in shipped) for name in kept - set(found)}
    return [one for _, one in sorted({**found, **left}.items())]


class LastNight(NamedTuple):
    """Schemas that the night ran, and what failed, by schema of a study or by the check of a file."""

    ran: set[str]
    failed: dict[str, list[str]]


def last_night(home: Home) -> LastNight:
    """What there was when the night last ran to its end; nothing where none has."""
    found = LastNight(set(), {})
    with opened(home) as instance:
        nights = instance.get_run_records(dg.RunsFilter(job_name="nightly", statuses=ENDED), limit=1)
        for night in nights:
            steps = night.dagster_run.step_keys_to_execute or ()
            found.ran.update(step.partition("__")[0] for step in steps)
            for whose, what in _failures(instance, night.dagster_run.run_id):
                found.failed.setdefault(whose, []).append(what)
    return found


def _failures(instance: dg.DagsterInstance, run_id: str) -> Iterator[tuple[str, str]]:
    """Steps that broke, and checks that failed as an error: whose they are, and what."""
    for entry in instance.all_logs(run_id, of_type=EVENTS):
        event = entry.dagster_event
        if event is None:
            continue
        if event.is_step_failure and event.step_key:
            schema, _, part = event.step_key.partition("__")
            yield schema, part
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            found = event.asset_check_evaluation_data
            is_error = not found.passed and found.severity == dg.AssetCheckSeverity.ERROR
            if is_error and found.asset_key == KEY:
                yield found.check_name, "its file"
            elif is_error and found.check_name not in OWN_VERDICTS:
                yield found.asset_key.path[0], found.check_name
