"""What a run may say about an error: never a value from the data, since Dagster stores every message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from outcome_linkage.errors import OutcomeLinkageError, safe_words

RETRY = dg.RetryPolicy(max_retries=2, delay=2, backoff=dg.Backoff.EXPONENTIAL)


@contextmanager
def no_values_in_errors(step: str) -> Iterator[None]:
    """Turn any error inside the block into one that is safe to store.

    Only an error of the machine (a file or the memory) may pass by itself, so only that is tried again.
    """
    try:
        yield
    except dg.Failure:
        raise
    except OutcomeLinkageError as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    except Exception as error:
        passing = isinstance(error, OSError | MemoryError)
        raise dg.Failure(f"{step}: {safe_words(error)}", allow_retries=passing) from None
