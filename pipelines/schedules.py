"""The schedules: every night, every Sunday and every January, and the daily purge; UK time."""

import dagster as dg

from assets.resources import HomeFolder
from pipelines.jobs import NIGHTLY, PURGE
from pipelines.tonight import request


def _nightly(name: str, cron: str, description: str, **how_much: bool) -> dg.ScheduleDefinition:
    """The nightly job; `how_much`: linkage looks at more than what is new."""

    @dg.schedule(
        name=name,
        job=NIGHTLY,
        cron_schedule=cron,
        execution_timezone="Europe/London",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
    )
    def schedule(context: dg.ScheduleEvaluationContext, home_folder: HomeFolder) -> dg.RunRequest:
        config = {"ops": {"linkage__links": {"config": how_much}}} if how_much else {}
        return request(home_folder.home, context.repository_def, config)

    return schedule


NIGHTLY_SCHEDULE = _nightly(
    "nightly_at_two", "0 2 * * *", "Link what is new, build every table that changed, and publish."
)
RELINK_SCHEDULE = _nightly(
    "relink_on_sundays",
    "0 3 * * 0",
    "Look at every pair again; its metadata say for how many records the nights had missed something.",
    full=True,
)
RETRAIN_SCHEDULE = _nightly(
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
