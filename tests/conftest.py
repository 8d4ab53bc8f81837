"""Shared by every test: the real-format files, a home of its own, and a small region with its road run.

The region is invented and run once for all workers, which takes longer than any test that reads it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from outcome_linkage.home import Home
from tests.command import command_line

REPOSITORY = Path(__file__).parents[1]
PEOPLE, SEED = 800, 11
REAL_DATA = REPOSITORY.parent / "shared" / "real_data"
os.environ["OUTCOME_LINKAGE_STUDIES"] = str(REPOSITORY / "tests" / "no studies")
"""Nights of tests make no study: tests of studies name their own folder, or the shipped ones."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A user's clone has no shared folder: tests marked for it are left out there. CI always has it."""
    if REAL_DATA.exists():
        return
    left_out = [item for item in items if item.get_closest_marker("shared")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def real_data() -> Path:
    """The real-format files that others wrote; only for tests marked `shared`."""
    return REAL_DATA


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home").ensure()


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first worker to ask makes and all share."""
    root = factory.getbasetemp()
    shared = (root.parent if root.name.startswith("popen-") else root) / name
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            made = shared.with_suffix(".made")
            shutil.rmtree(made, ignore_errors=True)
            make(made)
            made.rename(shared)
    return shared


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw returns and deliveries of an invented region, with the truth beside them. Read-only."""
    from outcome_linkage.synthetic.generate import generate
    from schemas.catalogue import CONTRACTS

    return _once(tmp_path_factory, "region", lambda to: generate(PEOPLE, SEED, to, contracts=CONTRACTS))


@pytest.fixture(scope="session")
def run_once(region: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with every delivery received and everything run. Read-only: use `ran` to change it."""

    def make(to: Path) -> None:
        home = Home(to).ensure()
        for arguments in (["receive", str(region / "deliveries")], ["run"]):
            result = command_line(home, *arguments)
            assert result.returncode == 0, result.stdout + result.stderr

    return Home(_once(tmp_path_factory, "run_once", make))


@pytest.fixture
def ran(run_once: Home, tmp_path: Path) -> Home:
    """A copy of the home that was run, for a test to change."""
    shutil.copytree(run_once.root, tmp_path / "ran")
    return Home(tmp_path / "ran")


@pytest.fixture
def received(region: Path, tmp_path: Path) -> Home:
    """A home with every delivery received and nothing run."""
    home = Home(tmp_path / "received").ensure()
    took = command_line(home, "receive", str(region / "deliveries"))
    assert took.returncode == 0, took.stderr
    return home
