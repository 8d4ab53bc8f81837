"""`outcome-linkage evaluation preview` and `run` against a home that was run."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.agreements.destruction import read_record
from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.kept import ZONE, may_go, place_of
from outcome_linkage.evaluation.load import VARIABLE, shipped_ids
from outcome_linkage.evaluation.locked import Locked
from outcome_linkage.files import sha256_of
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect
from pipelines.studies import NO_FILE, NOT_RUN, studies_of
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
    verdicts = [line for line in again.stdout.splitlines() if line.startswith(("│ max_", "│ min_"))]
    assert len(verdicts) == 5 and not any("waived" in line or "-0.00" in line for line in verdicts)
    assert {file.name: sha256_of(file) for file in folder.glob("*.parquet")} == before
    assert "unchanged" in command_line(ran, "evaluation", "run", str(path)).stdout
    told = json.loads(command_line(ran, "evaluation", "tables", str(path), "--json").stdout)
    assert {one["table"] for one in told} == {Path(name).stem for name in before}
    assert all(one["rows"] == "1 to 7" or int(one["rows"].replace(",", "")) % 5 == 0 for one in told)


def test_tables_without_a_file_are_taken_out_by_hand(ran: Home) -> None:
    """Files and schema go, and the record of them stays."""
    folder = place_of(ran, "forgotten")
    folder.mkdir(parents=True)
    pl.DataFrame({"person_key": ["a", "b"]}).write_parquet(folder / "ev_person.parquet")
    with connect(ran.warehouse) as connection:
        connection.execute("create schema ev_forgotten; create table ev_forgotten.ev_person as select 1 as n")
        connection.execute("insert into _models values ('ev_forgotten.ev', 'f', 'd', 0, 'r')")
    assert {one.study: one.state for one in studies_of(ran)}["forgotten"] == NO_FILE
    gone = command_line(ran, "evaluation", "remove", "forgotten", "--yes")
    assert gone.returncode == 0 and "1 files destroyed" in gone.stdout, gone.stderr
    assert not folder.exists() and "forgotten" not in {one.study for one in studies_of(ran)}
    with connect(ran.warehouse) as connection:
        assert not connection.execute("from duckdb_schemas() where schema_name = 'ev_forgotten'").fetchall()
        assert not connection.execute("from _models where starts_with(name, 'ev_forgotten.')").fetchall()
    (record,) = read_record(ran)
    assert (record.path, record.rows, record.zone) == ("evaluations/forgotten/ev_person.parquet", 2, ZONE)
    assert command_line(ran, "evaluation", "remove", "forgotten", "--yes").returncode == REFUSED


@pytest.mark.parametrize(("with_file", "locked"), [(["kept"], {}), ([], {("kept", "1.0.0"): "sha"})])
def test_what_may_be_made_again_or_is_evidence_stays(with_file: list[str], locked: Locked) -> None:
    may_go("kept", ["kept"], [], {})
    with pytest.raises(InputRefused):
        may_go("kept", ["kept"], with_file, locked)


def test_a_study_of_the_software_that_is_not_run_here_is_not_without_a_file(
    ran: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables of a shipped study stay unless somebody says that they know."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    place_of(ran, "many_needs").mkdir(parents=True)
    pl.DataFrame({"n": [1]}).write_parquet(place_of(ran, "many_needs") / "ev_person.parquet")
    assert {one.study: one.state for one in studies_of(ran)}["many_needs"] == NOT_RUN
    with pytest.raises(InputRefused, match="software's own folder"):
        may_go("many_needs", ["many_needs"], [], {}, shipped_ids())
    refused = command_line(ran, "evaluation", "remove", "many_needs", "--yes")
    assert refused.returncode == REFUSED and place_of(ran, "many_needs").exists()
    gone = command_line(ran, "evaluation", "remove", "many_needs", "--yes", "--shipped")
    assert gone.returncode == 0 and not place_of(ran, "many_needs").exists()


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
