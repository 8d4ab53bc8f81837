"""What a run may say about an error: never a value from the data.

DuckDB, Polars and Pandera quote the offending value in their messages, and Dagster stores messages in
its event log. Errors of our own carry no values and pass; of every other only the kind is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from outcome_linkage.errors import OutcomeLinkageError

RETRY = dg.RetryPolicy(max_retries=2, delay=2, backoff=dg.Backoff.EXPONENTIAL)


@contextmanager
def no_values_in_errors(step: str) -> Iterator[None]:
    """Turn any error inside the block into one that is safe to store; input faults are not retried."""
    try:
        yield
    except dg.Failure:
        raise
    except OutcomeLinkageError as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    except Exception as error:
        raise dg.Failure(
            f"{step}: {type(error).__module__}.{type(error).__name__} in {_place(error)}. The message is "
            "withheld, because it may quote a value from the data."
        ) from None


def _place(error: Exception) -> str:
    """The innermost line of this project that the error passed through, as `module:line`."""
    place = "an unknown place"
    trace = error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.split(".")[0] in ("assets", "outcome_linkage", "schemas"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
