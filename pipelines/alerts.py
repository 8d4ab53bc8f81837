"""What happens when a step fails: one line in `<home>/alerts.jsonl`, which a team's own tools can follow.

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
    home: Home = context.resources.warehouse.home
    error = context.op_exception
    alert = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "job": context.job_name,
        "run": context.run_id,
        "step": context.op.name,
        "error": type(error).__name__ if error else "a blocking check failed",
    }
    with (home.root / "alerts.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(alert) + "\n")
