"""The judge in a process of its own, which imports Great Expectations while the marts are still being built.

The import takes seconds of one processor; a run has another to spare. The process ends with
the run, also with one that is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from types import TracebackType

from outcome_linkage.release.expectations.judge import Batch, Judged, judge, make_ready
from outcome_linkage.release.expectations.measures import Sets


class JudgeBeside:
    """Judges as `judge` does, beside this process, which it makes ready for from its first moment."""

    def __init__(self) -> None:
        self._process = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _end_with_parent)
        self._ready = self._process.submit(make_ready)

    def __enter__(self) -> JudgeBeside:
        return self

    def __call__(self, batches: Sequence[Batch], sets: Sets) -> list[Judged]:
        """Judge every expectation, in the order given."""
        self._ready.result()
        return self._process.submit(judge, batches, sets).result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Else a killed run would leave this process waiting for ever, with the run's output open."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent,), daemon=True).start()


def _wait_and_end(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
