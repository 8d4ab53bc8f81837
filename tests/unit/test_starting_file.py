"""The file that `evaluation new` writes."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.at_home import tried
from outcome_linkage.evaluation.load import VARIABLE, load
from outcome_linkage.evaluation.schema import json_schema
from outcome_linkage.evaluation.source import read
from outcome_linkage.evaluation.starting import JSON_SCHEMA, write_starting_file
from pipelines.cli.app import app

pytestmark = pytest.mark.slow
GUIDE = Path(__file__).parents[2] / "docs" / "researcher.md"


def test_it_is_right_by_itself_and_its_example_comes_out(tmp_path: Path) -> None:
    """As the command and an editor see it."""
    path = tmp_path / "a_study.yaml"
    write_starting_file(path)
    loaded = tried(load(path))
    assert loaded.problems == []
    assert loaded.study is not None and loaded.study.id == "a_study" and loaded.study.examples
    jsonschema.validate(read(path).data, json_schema())


def test_an_editor_finds_the_schema_wherever_the_file_lies(tmp_path: Path) -> None:
    for path in (tmp_path / "a_study.yaml", tmp_path / "deep" / "er" / "a_study.yaml"):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_starting_file(path)
        _, _, schema = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")
        assert (path.parent / schema).resolve() == JSON_SCHEMA.resolve() and JSON_SCHEMA.exists()


def test_an_id_alone_is_not_written_among_the_studies_of_the_software(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But to the folder that is named, else to the current one; the whole way there is told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    told = CliRunner().invoke(app, ["evaluation", "new", "a_study"])
    assert "a_study.yaml is written" in told.output and (tmp_path / "a_study.yaml").exists()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "own"))
    told = CliRunner().invoke(app, ["evaluation", "new", "a_study"])
    assert "own/a_study.yaml is written" in told.output and VARIABLE in told.output
    assert load(tmp_path / "own" / "a_study.yaml").problems == []


def test_exposed_are_compared_with_unexposed_as_the_guide_says(tmp_path: Path) -> None:
    """The example of docs/researcher.md in place of those parts of a new study: right, and matched."""
    (block,) = re.findall(
        r"^```yaml\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    path = tmp_path / "a_study.yaml"
    write_starting_file(path)
    study = {**yaml.safe_load(path.read_text(encoding="utf-8")), **yaml.safe_load(block)}
    path.write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
    loaded = tried(load(path))
    assert loaded.problems == []
    assert loaded.study is not None and loaded.study.match is not None and loaded.study.index is not None
    assert loaded.study.index.date is not None and loaded.study.index.event is None


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a_study.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputRefused, match="exists"):
        write_starting_file(path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_name_that_no_study_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="begins with a letter"):
        write_starting_file(tmp_path / "2nd study.yaml")
