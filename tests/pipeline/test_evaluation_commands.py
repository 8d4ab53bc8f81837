"""`outcome-linkage evaluation` as a researcher types it, without data and against a home that was run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from outcome_linkage.home import Home
from tests.command import command_line
from tests.spec.evaluation.installation import BAD, GOOD

REFUSED, WRONG_USE = 3, 2
DEMO = (
    ("data_agreements: [INVENTED-1]", "data_agreements: [DSA-INVENTED-POLICE, DSA-INVENTED-ICB]"),
    (
        "learning whether being seen soon helps",
        "evaluating whether services for children after adversity help, for whom and at what cost",
    ),
    ("{start: 2020-04-01, end: 2024-03-31}", "{start: 2024-04-01, end: 2026-03-31}"),
    ("[police_incidents, mhsds_referrals, school_exclusions]", "[police_incidents, mhsds_referrals]"),
    ("{concept: suspension, source: school_exclusions}", "{concept: CONCEPT, source: mhsds_referrals}"),
    ("[1, 425] # <- EV201", "[61, 425]"),
)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of what the invented region delivers, under its invented agreements."""
    text = (BAD / "EV201_immortal_time.yaml").read_text(encoding="utf-8")
    for was, becomes in DEMO:
        assert was in text
        text = text.replace(was, becomes)
    path = tmp_path / "study.yaml"
    path.write_text(text.replace("CONCEPT", "mental_health_referral"), encoding="utf-8")
    return path


def test_a_problem_is_told_with_its_line(home: Home, tmp_path: Path) -> None:
    """The command ends with the code for refused input; a script reads the same as JSON."""
    bad = shutil.copy(BAD / "EV201_immortal_time.yaml", tmp_path)
    told = command_line(home, "evaluation", "validate", str(bad))
    assert told.returncode == REFUSED
    assert told.stdout.startswith("EV201_immortal_time.yaml:30 EV201 outcomes.0.window: the outcome window")
    assert "0 of 1 right, checked without data." in told.stdout
    read = command_line(home, "evaluation", "validate", "--json", str(bad))
    assert [(one["line"], one["code"]) for one in json.loads(read.stdout)] == [(30, "EV201")]


def test_a_protocol_is_written_to_a_file(home: Home, tmp_path: Path) -> None:
    to = tmp_path / "protocol.md"
    assert command_line(home, "evaluation", "explain", str(GOOD), "--out", str(to)).returncode == 0
    assert "## The target trial, and how it is emulated" in to.read_text(encoding="utf-8")


def test_two_files_are_compared(home: Home, tmp_path: Path) -> None:
    later = tmp_path / "later.yaml"
    later.write_text(GOOD.read_text(encoding="utf-8").replace("max_years: 15", "max_years: 16"), "utf-8")
    told = command_line(home, "evaluation", "diff", str(GOOD), str(later)).stdout
    assert "## Another question" in told and "15 → 16" in told
    assert "ask for version 1.0.0; 0.3.0 is too low." in told


def test_a_file_that_is_not_there_is_wrong_use(home: Home) -> None:
    told = command_line(home, "evaluation", "explain", "nobodys_study")
    assert told.returncode == WRONG_USE and "no such file" in told.stderr


def test_a_locked_study_is_written_down(home: Home, tmp_path: Path) -> None:
    """And refused from then on when it changes under the same version."""
    text = GOOD.read_text(encoding="utf-8").replace("status: registered", "status: locked")
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    assert command_line(home, "evaluation", "validate", "--lock", str(path)).returncode == 0
    path.write_text(text.replace("ratio: 3", "ratio: 2"), encoding="utf-8")
    told = command_line(home, "evaluation", "validate", str(path))
    assert told.returncode == REFUSED and " EV122 version: " in told.stdout


def test_a_study_is_checked_against_the_data(run_once: Home, study: Path, tmp_path: Path) -> None:
    """Concepts, sources, deliveries and agreements of the home; with a slip in a concept it is refused."""
    right = command_line(run_once, "evaluation", "validate", str(study))
    assert "1 of 1 right, checked against the data of this home." in right.stdout, right.stdout
    assert right.returncode == 0
    slip = tmp_path / "with a slip" / "study.yaml"
    slip.parent.mkdir()
    slip.write_text(study.read_text("utf-8").replace("health_referral,", "health_referal,"), "utf-8")
    told = command_line(run_once, "evaluation", "validate", str(slip))
    assert told.returncode == REFUSED
    assert " EV302 " in told.stdout and "Did you mean `mental_health_referral`?" in told.stdout
    alone = command_line(run_once, "evaluation", "validate", "--static", str(slip))
    assert alone.returncode == 0 and "checked without data" in alone.stdout
