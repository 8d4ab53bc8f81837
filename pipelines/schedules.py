"""The schedules: every night, every Sunday and every January, and the daily purge; UK time."""

from __future__ import annotations

import dagster as dg

from pipelines.jobs import NIGHTLY, PURGE

NIGHTLY_SCHEDULE = dg.ScheduleDefinition(
    name="nightly_at_two",
    job=NIGHTLY,
    cron_schedule="0 2 * * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


def _nightly_with(name: str, cron: str, description: str, **how_much: bool) -> dg.ScheduleDefinition:
    """The nightly job, with linkage looking at more than what is new."""
    return dg.ScheduleDefinition(
        name=name,
        job=NIGHTLY,
        cron_schedule=cron,
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        run_config={"ops": {"linkage__links": {"config": how_much}}},
        description=description,
    )


RELINK_SCHEDULE = _nightly_with(
    "relink_on_sundays",
    "0 3 * * 0",
    "Look at every pair again; its metadata say for how many records the nights had missed something.",
    full=True,
)
RETRAIN_SCHEDULE = _nightly_with(
    "retrain_in_january",
    "0 4 5 1 *",
    "Find the weights of the linkage model anew, then link everything.",
    retrain=True,
)
PURGE_SCHEDULE = dg.ScheduleDefinition(
    name="purge_at_six",
    job=PURGE,
    cron_schedule="0 6 * * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="After the night has buried whoever withdrew.",
)
SCHEDULES = (NIGHTLY_SCHEDULE, RELINK_SCHEDULE, RETRAIN_SCHEDULE, PURGE_SCHEDULE)
