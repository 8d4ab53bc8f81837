"""`outcome-linkage evaluation report` on the tables of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from outcome_linkage.home import Home
from tests.command import command_line
from tests.invented_run import SPEC, study, write_run

REFUSED = 3


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """The file of the invented study."""
    path = tmp_path / "support.yaml"
    path.write_text(yaml.safe_dump(SPEC, sort_keys=False), encoding="utf-8")
    return path


def test_a_page_is_written_beside_the_tables(home: Home, spec: Path) -> None:
    """Named in what the command says; a home without a run of the study is told what to do."""
    refused = command_line(home, "evaluation", "report", str(spec))
    assert refused.returncode == REFUSED
    assert "evaluation run` on its file first" in " ".join((refused.stdout + refused.stderr).split())
    folder = write_run(home.root / "evaluations" / "support", study())
    told = command_line(home, "evaluation", "report", str(spec))
    assert told.returncode == 0, told.stderr
    assert "report.html" in told.stdout
    assert SPEC["title"] in (folder / "report.html").read_text(encoding="utf-8")
