"""A study as Dagster sees it: a family of assets that is made together, or left alone with a reason."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from assets.evaluation_family import FLOW, code_version, key_of
from outcome_linkage.evaluation.engine.plan import tables_of
from outcome_linkage.evaluation.load import VARIABLE, load
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.starting import write_starting_file
from outcome_linkage.home import Home
from pipelines.definitions import build_defs
from pipelines.doctor import examine
from pipelines.instance import opened
from pipelines.run import run_nightly
from pipelines.studies import studies_of
from tests.demo_study import STUDY

EXAMPLE = """
examples:
  - given:
      person: {dob: 2011-05-01, sex: F, area: bristol, linkable: [ecds_attendances]}
      events: [[police_crime_persons, police_victim, 2024-06-01]]
    expect: {arm: seen}
"""


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    """A right study, one whose example disappoints, one without agreement, and a broken file."""
    folder = tmp_path / "studies"
    folder.mkdir()
    files = {
        "after_a_crime": STUDY,
        "disappointed": STUDY.replace("id: after_a_crime", "id: disappointed") + EXAMPLE,
        "not_agreed": STUDY.replace("id: after_a_crime", "id: not_agreed").replace("-ICB]", "-NOBODY]"),
        "broken": "title: [",
    }
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def the_study(studies: Path) -> Evaluation:
    """The right one."""
    study = load(studies / "after_a_crime.yaml").study
    assert study is not None
    return study


def run(home: Home, studies: Path, *keys: dg.AssetKey) -> dg.ExecuteInProcessResult:
    """The nightly job cut down to these assets; to every family without any."""
    defs = build_defs(home, studies)
    families = [k for k in defs.resolve_asset_graph().get_all_asset_keys() if k.path[0].startswith("ev_")]
    selected = list(keys) or [k for k in families if k.path[0] != "ev_standing"]
    return defs.resolve_job_def("nightly").execute_in_process(asset_selection=selected, raise_on_error=False)


def made(result: dg.ExecuteInProcessResult) -> dict[dg.AssetKey, dict[str, object]]:
    """What was materialised, with its metadata."""
    events = [event.step_materialization_data for event in result.get_asset_materialization_events()]
    return {
        one.materialization.asset_key: {name: v.value for name, v in one.materialization.metadata.items()}
        for one in events
    }


def test_a_family_is_made_and_one_that_cannot_be_run_leaves_the_others(ran: Home, studies: Path) -> None:
    """The run succeeds; the studies that are not run say why, and every count is one that may be shown."""
    result = run(ran, studies)
    assert result.success
    study, shown = the_study(studies), made(result)
    family = {key_of(study, name) for name in ("protocol", *tables_of(study), "report")}
    assert family <= set(shown) and {key.path[0] for key in shown} == {"ev_after_a_crime"}
    assert (ran.root / "evaluations" / study.id / "report.html").exists()
    assert "are hidden" in str(shown[key_of(study, "report")]["answer"])
    told = {(e.asset_key.path[0], e.check_name): e for e in result.get_asset_check_evaluations()}
    assert told["ev_after_a_crime", "can_be_run"].passed and told["ev_after_a_crime", "examples"].passed
    assert told["ev_after_a_crime", "adds_up"].passed and told["ev_after_a_crime", "blinded"].passed
    assert "a draft" in str(told["ev_after_a_crime", "blinded"].metadata["outcomes by arm"].value)
    assert "| max_smd | " in str(told["ev_after_a_crime", "diagnostics"].metadata["diagnostics"].value)
    assert "EV402" in str(told["ev_not_agreed", "can_be_run"].metadata["problems"].value)
    assert "EV160" in str(told["ev_disappointed", "examples"].metadata["problems"].value)
    counts = [str(v) for m in shown.values() for name, v in m.items() if name.startswith("rows")]
    counts += re.findall(r"(?<=\| )(?:1 to 7|[\d,]+)(?= \|)", str(shown[key_of(study, FLOW)]["flow"]))
    assert counts and all(n == "1 to 7" or int(n.replace(",", "")) % 5 == 0 for n in counts)


def test_a_part_of_a_family_can_be_made_alone(ran: Home, studies: Path) -> None:
    """The tables belong together and all are made; the one that was asked for is told. Then all stand."""
    study = the_study(studies)
    asked = key_of(study, "ev_person")
    assert list(made(run(ran, studies, asked))) == [asked]
    again = made(run(ran, studies, asked, key_of(study, FLOW)))
    assert len(again) == 2 and all(metadata["unchanged"] for metadata in again.values())


def test_the_code_version_is_that_of_the_study_and_the_engine(studies: Path) -> None:
    """Words of the file that are no part of the study, such as remarks, do not count."""
    path, study = studies / "after_a_crime.yaml", the_study(studies)
    path.write_text(f"# a remark\n{STUDY}", encoding="utf-8")
    assert code_version(the_study(studies)) == code_version(study)
    path.write_text(STUDY.replace("[31, 365]", "[31, 364]"), encoding="utf-8")
    assert code_version(the_study(studies)) != code_version(study)


def test_a_study_that_breaks_leaves_the_night_done(
    ran: Home, studies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it died of is told without a value; everything else of the night is made and published."""

    def broken(*_: object) -> None:
        raise ValueError("Ada Lovelace")

    monkeypatch.setattr("outcome_linkage.evaluation.at_home.run", broken)
    monkeypatch.setenv(VARIABLE, str(studies))
    said: list[str] = []
    with opened(ran) as instance:
        night = run_nightly(build_defs(ran, studies), instance, said.append)
    assert {"linking records", "making person", "evaluation after_a_crime: tables"} <= set(said)
    assert list(night.studies_failed) == ["ev_after_a_crime__tables"]
    assert "ValueError" in night.studies_failed["ev_after_a_crime__tables"]
    assert "Ada" not in str(night.studies_failed)
    assert not night.withheld and "published/outcomes" in night.unchanged
    failed = {one.study: one.failed for one in studies_of(ran)}
    assert failed == {
        "after_a_crime": ("tables",),
        "broken": ("its file",),
        "disappointed": ("examples",),
        "not_agreed": ("can_be_run",),
    }
    write_starting_file(studies / "of_today.yaml")
    (found,) = (one for one in examine(ran, date.today()) if one.what == "studies")
    assert not found.ok and "0 of 4 without a failure" in found.found and "not in it: of_today" in found.found
