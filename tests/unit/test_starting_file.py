"""The file that `evaluation new` writes."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.at_home import tried
from outcome_linkage.evaluation.load import load
from outcome_linkage.evaluation.schema import json_schema
from outcome_linkage.evaluation.source import read
from outcome_linkage.evaluation.starting import write_starting_file


def test_it_is_right_by_itself_and_its_example_comes_out(tmp_path: Path) -> None:
    """As the command and an editor see it."""
    path = tmp_path / "a_study.yaml"
    write_starting_file(path)
    loaded = tried(load(path))
    assert loaded.problems == []
    assert loaded.study is not None and loaded.study.id == "a_study" and loaded.study.examples
    jsonschema.validate(read(path).data, json_schema())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a_study.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputRefused, match="exists"):
        write_starting_file(path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_name_that_no_study_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="begins with a letter"):
        write_starting_file(tmp_path / "2nd study.yaml")
