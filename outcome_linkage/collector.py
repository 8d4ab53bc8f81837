"""Python's garbage collector, for processes that hold many objects from beginning to end.

It would look through thousands of modules and definitions dozens of times a minute, and find nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def look_rarely() -> None:
    """Let the collector wait for more objects than modules make while they are imported."""
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def all_kept() -> Iterator[None]:
    """Tell the collector that what is there stays.

    Until the block is over: what is frozen is never collected, and DuckDB reports it as leaked at exit.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
