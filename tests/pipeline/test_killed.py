"""A run that is killed at any stage: the last published database stays, and the next run completes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from outcome_linkage.home import Home
from outcome_linkage.release.query import query
from tests.command import command_line

pytestmark = pytest.mark.slow

# Where the process kills itself: module, function, and whether the function's work is done first.
STAGES = {
    "while landing is looked at": ("assets.landing", "land", False),
    "after a table was validated, before its verdict on the delivery": ("assets.validated", "settle", False),
    "before linkage": ("assets.linkage", "link", False),
    "after linkage": ("assets.linkage", "link", True),
    "before the first model": ("assets.models", "build", False),
    "after the first model": ("assets.models", "build", True),
    "before publishing": ("assets.releases", "publish", False),
    "after publishing": ("assets.releases", "publish", True),
}
KILLED_RUN = """
import importlib, os, signal, sys
from outcome_linkage.home import Home
from pipelines.run import run_all

module, name, after = sys.argv[1], sys.argv[2], sys.argv[3] == "True"
target = importlib.import_module(module)
work = getattr(target, name)

def killed(*arguments, **options):
    if after:
        work(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(target, name, killed)
run_all(Home.from_environment(), lambda text: None)
"""


@pytest.mark.parametrize("stage", STAGES)
def test_the_last_good_state_survives(stage: str, received: Home, run_once: Home) -> None:
    """Kill -9, then read, then run: nothing is lost and nothing is stuck."""
    shutil.copytree(run_once.published.parent, received.published.parent, dirs_exist_ok=True)
    before = query(received, "select count(*) as n from person")
    module, name, after = STAGES[stage]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_RUN, module, name, str(after)],
        env={**os.environ, "OUTCOME_LINKAGE_HOME": str(received.root)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert query(received, "select count(*) as n from person").equals(before)
    completed = command_line(received, "run")
    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert query(received, "select count(*) as n from person")["n"][0] > 0
    assert command_line(received, "run").stdout.startswith("Nothing new")
