"""A process of its own for work that needs no more than files, while this one goes on with something else.

A process has one, for all its runs: Dagster takes its steps one after another, and a machine has another
processor to spare. It ends with its parent, also with one that is killed.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import ParamSpec, TypeVar

from outcome_linkage.collector import look_rarely

P = ParamSpec("P")
R = TypeVar("R")


class Beside:
    """Does one piece of work after the other; it starts with the first."""

    def __init__(self) -> None:
        self._process = _process()

    def __enter__(self) -> Beside:
        return self

    def begin(self, work: Callable[P, R], *given: P.args, **named: P.kwargs) -> Future[R]:
        """Begin work when what was begun before is done. `work` must be a function of a module.

        A process that was killed is replaced; what it had not done raises BrokenProcessPool.
        """
        try:
            return self._process.submit(work, *given, **named)
        except BrokenProcessPool:
            self._process = _process()
            return self._process.submit(work, *given, **named)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.shutdown(cancel_futures=True)


@cache
def beside() -> Beside:
    """This process's own."""
    return Beside()


def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _end_with_parent)


def _end_with_parent() -> None:
    """Else a killed run would leave this process waiting for ever, with the run's output open.

    It ends without taking every module apart: a run waits for that, most of a second.
    """
    look_rarely()
    atexit.register(os._exit, 0)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent,), daemon=True).start()


def _wait_and_end(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
