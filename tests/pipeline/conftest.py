"""A small invented region, delivered, and a home on which the whole road has been run once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from outcome_linkage.home import Home
from outcome_linkage.synthetic.generate import generate
from schemas.catalogue import CONTRACTS
from tests.command import command_line

PEOPLE, SEED = 800, 11


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries of an invented region, with the truth beside them."""
    folder = tmp_path_factory.mktemp("region") / "region"
    generate(PEOPLE, SEED, folder, contracts=CONTRACTS)
    return folder


@pytest.fixture(scope="session")
def run_once(region: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with every delivery received and everything run. Read-only: use `ran` to change it."""
    home = Home(tmp_path_factory.mktemp("run") / "home").ensure()
    received = command_line(home, "receive", str(region / "deliveries"))
    assert received.returncode == 0, received.stdout + received.stderr
    ran = command_line(home, "run")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return home


@pytest.fixture
def ran(run_once: Home, tmp_path: Path) -> Home:
    """A copy of the home that was run, for a test to change."""
    shutil.copytree(run_once.root, tmp_path / "ran")
    return Home(tmp_path / "ran")


@pytest.fixture
def received(region: Path, tmp_path: Path) -> Home:
    """A home with every delivery received and nothing run."""
    home = Home(tmp_path / "received").ensure()
    command_line(home, "receive", str(region / "deliveries"))
    return home
