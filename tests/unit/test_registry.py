"""The registry survives a process that is killed while it writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from outcome_linkage.home import Home
from tests.tiny_linkage import linked, person_ids, record, registry

pytestmark = pytest.mark.slow
ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")
KILLED = """
import os, signal, sys
from pathlib import Path
from outcome_linkage.home import Home
from outcome_linkage.linkage import commit
from tests.tiny_linkage import linked, record

work = getattr(commit, sys.argv[2])

def killed(*arguments):
    work(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(commit, sys.argv[2], killed)
ann = ("Ann", "Lee", "2001-05-06", "BS1 1AA")
linked(Home(Path(sys.argv[1])), [record("bristol", 1, *ann), record("icb", 1, *ann)], "killed")
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", ["_write_persons", "_write_records"])
def test_killed_within_the_transaction(home: Home, after: str) -> None:
    linked(home, [record("bristol", 1, *ANN)])
    before = {table: registry(home, "*", table) for table in ("record_person", "person_registry")}
    process = subprocess.run(
        [sys.executable, "-c", KILLED, str(home.root), after],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL
    assert {table: registry(home, "*", table) for table in before} == before
    linked(home, [record("bristol", 1, *ANN), record("icb", 1, *ANN)], "next")
    assert len(set(person_ids(home).values())) == 1


def test_the_registry_is_for_its_owner_alone(home: Home) -> None:
    linked(home, [record("bristol", 1, *ANN)])
    assert home.registry.stat().st_mode & 0o077 == 0


def test_no_tokens_at_all(home: Home) -> None:
    """Nothing delivered: no persons, no error, and a report that says so."""
    report = linked(home, [])
    assert (report.records, report.persons) == (0, 0)


def test_a_registry_that_names_the_last_run_of_every_record(home: Home) -> None:
    """So it was before; a record that is delivered no more is told from the others all the same."""
    linked(home, [record("bristol", 1, *ANN), record("icb", 1, *ANN)], "first")
    with duckdb.connect(str(home.registry)) as connection:
        connection.execute("update record_person set last_run = 'first'")
    linked(home, [record("bristol", 1, *ANN)], "second")
    assert registry(home, "supplier, last_run", "record_person") == [("bristol", None), ("icb", "first")]
