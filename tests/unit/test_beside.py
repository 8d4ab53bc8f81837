"""The process beside this one: it ends with its parent, and is replaced when it was killed."""

import os
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from outcome_linkage.beside import Beside

PROJECT = Path(__file__).parents[2]
_RUN = """
import os, time
from outcome_linkage.beside import beside
beside().begin(os.getpid).result()
print("begun", flush=True)
time.sleep(600)
"""


def test_it_ends_with_a_run_that_is_killed() -> None:
    """It holds the run's output open: who reads that would wait for ever."""
    run = subprocess.Popen([sys.executable, "-c", _RUN], stdout=subprocess.PIPE, cwd=PROJECT)
    assert run.stdout is not None and run.stdout.readline() == b"begun\n"
    run.kill()
    rest, _ = run.communicate(timeout=30)
    assert rest == b""


def test_one_that_was_killed_is_replaced() -> None:
    """What it was at is lost and said to be; what comes next is done."""
    with Beside() as beside:
        first = beside.begin(os.getpid).result()
        with pytest.raises(BrokenProcessPool):
            beside.begin(os.kill, first, signal.SIGKILL).result()
        assert beside.begin(os.getpid).result() != first
