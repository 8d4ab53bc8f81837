"""What is wrong with a specification, and where.

Each code has a file in `bad/` with one fault; a remark in it says on which line which code must be told, and
no other may be.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from outcome_linkage.evaluation.bound_checks import bind
from outcome_linkage.evaluation.codes import CODES
from outcome_linkage.evaluation.load import load, load_files, load_folder
from outcome_linkage.evaluation.source import Source, Unreadable, parse
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from tests.spec.evaluation.installation import (
    GOOD,
    GOOD_RATES,
    TODAY,
    BadFile,
    agreements,
    bad_files,
    installation,
    problems_of,
)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return installation()


@pytest.mark.parametrize("bad", bad_files(), ids=lambda bad: bad.path.stem)
def test_a_fault_is_told_on_its_line_and_nothing_else(
    bad: BadFile, connection: duckdb.DuckDBPyConnection
) -> None:
    """The code of the file's name, on the line with the remark."""
    found = problems_of(bad.path, connection)
    assert [(problem.line, problem.code) for problem in found] == bad.expected
    assert {code for _, code in bad.expected} == {bad.code}
    for problem in found:
        assert str(problem).startswith(f"{bad.path.name}:{problem.line} {problem.code} ")
        assert problem.message[-1] in ".?" and "{" not in problem.message


def test_every_code_has_a_file() -> None:
    """And every file a code."""
    assert {bad.code for bad in bad_files()} == set(CODES)


def test_a_good_file_has_no_problem(connection: duckdb.DuckDBPyConnection) -> None:
    """Neither by itself nor against the data; every block of the format occurs in one of the two."""
    used: set[str] = set()
    for path in (GOOD, GOOD_RATES):
        loaded = bind(load(path), connection, agreements(), TODAY)
        assert loaded.usable and not loaded.problems
        assert loaded.study is not None
        used |= loaded.study.model_fields_set
    assert used == set(Evaluation.model_fields)


@pytest.mark.shared
def test_the_working_example_of_the_specification_is_valid(real_data: Path) -> None:
    """Read as it is."""
    loaded = load(real_data.parent / "evaluation_example.yaml", {})
    assert loaded.study is not None and not loaded.problems
    assert loaded.study.id == "abuse_support_2026"
    assert [example.expect["arm"] for example in loaded.study.examples] == ["support", "usual"]


def test_a_broken_file_leaves_the_others(tmp_path: Path) -> None:
    """In a folder with one that is not YAML and two of one id, the fourth has no problem."""
    text = GOOD.read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text.replace("id: seen_soon", "id: alone"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text("title: [", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "d.yaml").write_text(text, encoding="utf-8")
    told = {one.path.name: [problem.code for problem in one.problems] for one in load_folder(tmp_path)}
    assert told == {"a.yaml": [], "b.yaml": ["EV001"], "c.yaml": ["EV002"], "d.yaml": ["EV002"]}


def test_files_given_by_name_do_not_share_an_id(tmp_path: Path) -> None:
    """Neither with each other, wherever they lie, nor with a file that lies beside one of them."""
    text = GOOD.read_text(encoding="utf-8")
    paths = [tmp_path / "here" / "a.yaml", tmp_path / "here" / "b.yaml", tmp_path / "there" / "c.yaml"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    told = [[problem.code for problem in one.problems] for one in load_files([paths[0], paths[2]])]
    assert told == [["EV002"], ["EV002"]]
    (beside,) = load_files([paths[1]])
    assert [problem.message for problem in beside.problems] == [
        "study `seen_soon` is already on line 4 of a.yaml. Take one of them out, or give it another id."
    ]
    (alone, *more) = load_files([paths[2], paths[2]])
    assert alone.usable and not more


def test_every_part_has_its_line() -> None:
    """Also of what is missing: that of what it is missing from."""
    source = parse("a: 1\nb:\n  - {c: 2}\n  -\n    d: 3\n", Path("x.yaml"))
    assert source.data == {"a": 1, "b": [{"c": 2}, {"d": 3}]}
    parts = [("a",), ("b",), ("b", 0, "c"), ("b", 1, "d"), ("b", 1, "missing"), ("nothing",)]
    assert [source.line(part) for part in parts] == [1, 2, 3, 5, 5, 1]


def test_values_are_what_they_look_like() -> None:
    """Days, versions and short words are not turned into something else."""
    text = "day: 2024-04-01\nversion: 1.2.0\nsex: no\ncode: 012\ntime: 12:30\nyes: ~\nshare: 0.5\non: true"
    assert parse(text, Path("x.yaml")).data == {
        "day": "2024-04-01",
        "version": "1.2.0",
        "sex": "no",
        "code": "012",
        "time": "12:30",
        "yes": None,
        "share": 0.5,
        "on": True,
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\na: 2", 2),
        ("a: 1\nb: &x 1", 2),
        ("a: 1\n\nb: *x", 3),
        ("a: 1\nb: !!str 1", 2),
        ("a: 1\nb: {c: ! x}", 2),
        ("a: 1\nb: 1.0e999", 2),
        (f"a: 1\nb: {'9' * 5000}", 2),
        ("a:\n  b: !!python/name:os.system x", 2),
        ("a: 1\n---\nb: 2", 2),
        ("a: 1\n\tb: 2", 2),
        ("a: 1\n[b]: 2", 2),
        ("", 1),
        ("[" * 5000, 1),
    ],
    ids=[
        "key twice",
        "anchor",
        "reference",
        "tag of a kind",
        "bare tag",
        "infinite",
        "huge",
        "tag",
        "two documents",
        "tab",
        "list as name",
        "empty",
        "nested too deep",
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str, line: int) -> None:
    """With the line; nothing in a file can run or multiply."""
    with pytest.raises(Unreadable) as refused:
        parse(text, Path("x.yaml"))
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("was", "becomes", "hint"),
    [
        ("type: cohort", "type: cohrt", "Did you mean `cohort`?"),
        ("horizon_days", "horizen_days", "Did you mean `horizon_days`?"),
        ("age_at_index:", "age:", "Did you mean `age_at_index`?"),
        ("kind: binary", "knd: binary", "Did you mean `kind`?"),
        ("when: otherwise", "when: others", "Did you mean `otherwise`?"),
        ("version: 0.1.0", "version: 0.1", 'Put it in quotes: "1.0.0".'),
        ("concept: suspension", "concept: suspention", "Did you mean `suspension`?"),
        ("source: school_exclusions", "source: school_exclusion", "Did you mean `school_exclusions`?"),
    ],
)
def test_a_slip_gets_the_nearest_known_name(
    was: str, becomes: str, hint: str, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """Names of blocks, words, concepts and sources alike."""
    text = GOOD.parents[1].joinpath("bad", "EV201_immortal_time.yaml").read_text(encoding="utf-8")
    text = text.replace("[1, 425]", "[61, 425]")
    assert was in text
    path = tmp_path / "slip.yaml"
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    messages = [problem.message for problem in bind(load(path), connection).problems]
    assert len([message for message in messages if hint in message]) == 1


def test_messages_fill_every_fact() -> None:
    """No code has a message whose facts nobody knows: each occurs in the message of its bad file."""
    for code in CODES.values():
        assert code.message.count("{") == len(re.findall(r"\{[a-z]+\}", code.message)), code.code


def test_a_line_that_nobody_knows_is_the_first() -> None:
    assert Source(Path("x"), "", None, {}).line(("a", 3)) == 1
