"""One way to open DuckDB, and the lock that lets one process write at a time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from outcome_linkage.home import Home


class WriterBusy(RuntimeError):
    """Another process holds the writer's lock."""


def connect(path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file (in memory without one) with the settings that every caller shares."""
    connection = duckdb.connect(str(path) if path else ":memory:", read_only=read_only)
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set enable_progress_bar = false")
    if path:
        connection.execute(f"set temp_directory = '{path.parent / '.duckdb_spill'}'")
    return connection


@contextmanager
def writer_lock(home: Home, wait_seconds: float = 3600) -> Iterator[None]:
    """Hold the writer's lock; wait for it up to `wait_seconds`.

    Raises WriterBusy, naming the process that holds it, when the wait is over.
    """
    home.ensure()
    with home.writer_lock.open("a+") as file:
        _acquire(file.fileno(), home.writer_lock, wait_seconds)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _acquire(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = path.read_text() or "unknown"
                raise WriterBusy(
                    f"another run is writing (process {holder}); waited {wait_seconds:.0f} s. "
                    "Wait for it to end, or stop it, and start again."
                ) from None
            time.sleep(0.2)
