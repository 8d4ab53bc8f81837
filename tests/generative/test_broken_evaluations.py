"""Whatever stands in a file of an evaluation, reading it ends in a study or in problems, never in a crash."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcome_linkage.evaluation.bound_checks import bind
from outcome_linkage.evaluation.codes import CODES
from outcome_linkage.evaluation.diff import tell
from outcome_linkage.evaluation.explain import explain
from outcome_linkage.evaluation.load import load
from outcome_linkage.evaluation.source import KeyPath, read
from tests.spec.evaluation.installation import GOOD, GOOD_RATES, TODAY, agreements, installation

GONE = "taken out"
VALUES = (GONE, None, [], {}, "x", -1, 0, 1.5, True, [1, 2], [2, 1], {"a": 1}, 10**30)
DATA = {path: read(path).data for path in (GOOD, GOOD_RATES)}


def places(part: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The way to every part below `part`."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, below in items:
        yield (*path, step)
        yield from places(below, (*path, step))


PLACES = [(file, place) for file, data in DATA.items() for place in places(data)]


def spoilt(data: Any, place: KeyPath, value: Any) -> Any:
    """A copy with one part replaced or taken out."""
    whole = part = copy.deepcopy(data)
    for step in place[:-1]:
        part = part[step]
    if value == GONE:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return whole


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return installation()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.sampled_from(PLACES), value=st.sampled_from(VALUES))
def test_a_spoilt_file_is_told_and_never_crashes(
    where: tuple[Path, KeyPath], value: Any, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """Each problem has a known code, a line of the file and a whole sentence."""
    file, place = where
    text = json.dumps(spoilt(DATA[file], place, value), indent=0)
    shutil.copy(GOOD_RATES.parent / "areas.csv", tmp_path)
    path = tmp_path / "spoilt.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = bind(load(path), connection, agreements(), TODAY)
    for problem in loaded.problems:
        assert problem.code in CODES and 1 <= problem.line <= text.count("\n") + 1
        assert problem.message.endswith((".", "?"))
    if loaded.study is not None:
        assert explain(loaded.study).startswith("# ")
        assert tell(loaded.study, loaded.study) == "Nothing that the study says has changed."
