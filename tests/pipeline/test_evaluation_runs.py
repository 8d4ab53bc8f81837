"""`outcome-linkage evaluation preview` and `run` against a home that was run."""

from __future__ import annotations

import json
from pathlib import Path

from outcome_linkage.files import sha256_of
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect
from tests.command import command_line
from tests.demo_study import STUDY

REFUSED = 3


def test_a_study_is_previewed_and_run(ran: Home, tmp_path: Path) -> None:
    """Counts as they may be shown; then tables that agree with them, and again the same bytes."""
    path = tmp_path / "study.yaml"
    path.write_text(STUDY, encoding="utf-8")
    told = command_line(ran, "evaluation", "preview", str(path), "--json")
    assert told.returncode == 0, told.stderr
    counts = {(row["of"], row["what"]): row for row in json.loads(told.stdout)}
    analysed = counts["flow", "Analysed"]
    assert all(row["people"] is None or row["people"] % 5 == 0 for row in counts.values())

    assert command_line(ran, "evaluation", "run", str(path)).returncode == 0
    folder = ran.root / "evaluations" / "after_a_crime"
    before = {file.name: sha256_of(file) for file in folder.glob("*.parquet")}
    with connect(ran.warehouse) as connection:
        rows = connection.execute(
            "select count(*), any_value(run_id) from ev_after_a_crime.ev_person"
        ).fetchone()
        assert rows is not None and analysed["people"] == (2 * rows[0] + 5) // 10 * 5
        raw = "select n_records_in from ev_after_a_crime.ev_attrition where step = 0 and arm = 'all'"
        assert connection.execute(raw).fetchone() > (rows[0],)
        persons = {row[0] for row in connection.execute("select person_id from person").fetchall()}
        keys = connection.execute("select distinct person_key from ev_after_a_crime.ev_cohort").fetchall()
        assert keys and not persons & {row[0] for row in keys}
        connection.execute("drop schema ev_after_a_crime cascade")
        connection.execute("delete from _models where name like 'ev_after_a_crime%'")

    again = command_line(ran, "evaluation", "run", str(path))
    assert f"Run {rows[1]}" in again.stdout
    assert {file.name: sha256_of(file) for file in folder.glob("*.parquet")} == before
    assert "unchanged" in command_line(ran, "evaluation", "run", str(path)).stdout


def test_a_study_with_a_wrong_example_is_refused(ran: Home, tmp_path: Path) -> None:
    """Before anything of the data is looked at."""
    example = """
examples:
  - given:
      person: {dob: 2011-05-01, sex: F, area: bristol, linkable: [ecds_attendances]}
      events: [[police_crime_persons, police_victim, 2024-06-01]]
    expect: {arm: seen}
"""
    path = tmp_path / "study.yaml"
    path.write_text(STUDY + example, encoding="utf-8")
    refused = command_line(ran, "evaluation", "run", str(path))
    assert refused.returncode == REFUSED
    assert "EV160 examples.0.expect.arm: expected arm: seen; got not_seen." in refused.stderr
