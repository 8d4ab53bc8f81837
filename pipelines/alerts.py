"""What happens when a step fails or a run dies: a line in `<home>/alerts.jsonl`, for a team's own tools.

The line names the job, the run and the step. It holds no message, since a message could hold a value.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import dagster as dg

from outcome_linkage.home import Home


@dg.failure_hook(required_resource_keys={"warehouse"})
def tell_of_failure(context: dg.HookContext) -> None:
    """Append an alert for the failed step."""
    error = context.op_exception
    append_alert(
        context.resources.warehouse.home,
        job=context.job_name,
        run=context.run_id,
        step=context.op.name,
        error=type(error).__name__ if error else "a blocking check failed",
    )


def append_alert(home: Home, **about: str) -> None:
    """Append one line of JSON to `<home>/alerts.jsonl`: the time (UTC) and `about`."""
    alert = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **about}
    with (home.root / "alerts.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(alert) + "\n")
