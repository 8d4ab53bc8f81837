"""The top floor: Dagster wiring and the command line. Definitions, jobs, schedules, sensors, alerts."""
