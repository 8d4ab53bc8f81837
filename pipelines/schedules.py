"""The schedule: the nightly run at two o'clock, UK time."""

from __future__ import annotations

import dagster as dg

from pipelines.jobs import NIGHTLY

NIGHTLY_SCHEDULE = dg.ScheduleDefinition(
    name="nightly_at_two",
    job=NIGHTLY,
    cron_schedule="0 2 * * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
