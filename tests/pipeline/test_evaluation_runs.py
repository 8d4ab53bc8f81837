"""`outcome-linkage evaluation preview` and `run` against a home that was run."""

from __future__ import annotations

import json
from pathlib import Path

from outcome_linkage.files import sha256_of
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect
from tests.command import command_line

REFUSED = 3
STUDY = """
schema_version: 1
id: after_a_crime
title: Emergencies after a crime
version: 0.1.0
governance:
  purpose: evaluating whether services for children after adversity help, for whom and at what cost
  data_agreements: [DSA-INVENTED-POLICE, DSA-INVENTED-ICB]
study_period: {start: 2024-04-01, end: 2026-03-31}
sources: {use: [police_crime_persons, ecds_attendances]}
design: {type: cohort}
index: {event: {concept: police_victim, source: police_crime_persons}}
arms:
  - id: seen
    label: Attended within 30 days
    when: {event: {concept: emergency_attendance, source: ecds_attendances, window: [0, 30]}}
  - {id: not_seen, label: Did not, when: otherwise}
assignment: {strategy: landmark, landmark_days: 30}
followup: {start_days: 31, horizon_days: 365}
outcomes:
  - id: attended
    role: primary
    kind: count
    event: {concept: emergency_attendance, source: ecds_attendances}
    window: [31, 365]
panel: {every: 1 month, from_days: -90, to_days: 365}
"""


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
