"""Files of evaluations as Dagster sees them."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets.evaluation_files import KEY
from outcome_linkage.evaluation.load import load
from outcome_linkage.home import Home
from pipelines.definitions import build_defs
from tests.spec.evaluation.installation import BAD


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    """A folder with a study, one with immortal time, and one that is not YAML."""
    folder = tmp_path / "studies"
    folder.mkdir()
    immortal = (BAD / "EV201_immortal_time.yaml").read_text(encoding="utf-8")
    right = immortal.replace("[1, 425]", "[61, 425]").replace("id: seen_soon", "id: right")
    (folder / "right.yaml").write_text(right, encoding="utf-8")
    (folder / "immortal-time.yaml").write_text(immortal, encoding="utf-8")
    (folder / "broken.yaml").write_text("title: [", encoding="utf-8")
    assert load(folder / "right.yaml").usable
    return folder


def test_each_file_has_a_check_and_a_broken_one_leaves_the_others(home: Home, studies: Path) -> None:
    """The run succeeds. The check of a file with a problem says where and what, as the command does."""
    defs = build_defs(home, studies)
    job = defs.resolve_job_def("nightly")
    result = job.execute_in_process(asset_selection=[KEY], raise_on_error=False)
    assert result.success
    told = {e.check_name: e for e in result.get_asset_check_evaluations()}
    assert {name: check.passed for name, check in told.items()} == {
        "right": True,
        "immortal_time": False,
        "broken": False,
    }
    words = {name: str(check.metadata["problems"].value) for name, check in told.items()}
    assert "immortal-time.yaml:30 EV201 outcomes.0.window: " in words["immortal_time"]
    assert "broken.yaml:1 EV001 file: " in words["broken"]
    assert all(told[name].severity == dg.AssetCheckSeverity.ERROR for name in ("immortal_time", "broken"))
