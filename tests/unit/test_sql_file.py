"""Reading a `.sql` file: its name, its header, and what is said when either is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.models.header import BadSqlFile
from outcome_linkage.models.sql_file import generated_tests, load_models, load_tests
from tests.sql_models import model_text, sql_folder

PERSON = """\
-- One row per person
-- who is known to a source.
--
-- Internal: this paragraph explains the SQL and is not shown.
-- grain: person_id
-- columns:
--   person_id: Stable id. | not null
--   n_sources: Number of sources that
--     know the person. | unit: sources | not null
with named as (select 1 as person_id) -- a comment
select person_id, 2 as n_sources from named;
"""


def read(tmp_path: Path, **files: str) -> dict[str, object]:
    folder = sql_folder(tmp_path, {f"marts/{name}": text for name, text in files.items()})
    return dict(load_models(folder))


def test_header_gives_words_grain_and_promises(tmp_path: Path) -> None:
    model = load_models(sql_folder(tmp_path, {"marts/person": PERSON}))["person"]
    assert (model.name, model.folder, model.file) == ("person", "marts", "marts/person.sql")
    assert model.description == "One row per person who is known to a source."
    assert model.grain == ("person_id",)
    assert list(model.columns) == ["person_id", "n_sources"]
    column = model.columns["n_sources"]
    assert column.description == "Number of sources that know the person."
    assert (column.unit, column.not_null) == ("sources", True)


def test_layout_and_comments_do_not_change_a_model_but_words_and_sql_do(tmp_path: Path) -> None:
    def text(sql: str) -> str:
        folder = sql_folder(tmp_path, {"marts/person": sql})
        return load_models(folder)["person"].text

    first = text(PERSON)
    assert (
        text(PERSON.replace(" -- a comment", "").replace("select person_id,", "select\n  person_id,"))
        == first
    )
    assert text(PERSON.replace("2 as", "3 as")) != first
    assert text(PERSON.replace("Stable id", "Id")) != first


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select 1 as a", "the header lacks: one sentence on what one row is, grain, columns"),
        ("-- One row.\n-- grain: a\nselect 1 as a", "the header lacks: columns"),
        ("-- One row.\n-- columns:\n--   a: The a.\nselect 1 as a", "the header lacks: grain"),
        ("-- grain: a\n-- columns:\n--   a: The a.\nselect 1 as a", "the header lacks: one sentence"),
        (model_text("select 1 as a", "a", grain="b"), "the grain names ['b']"),
        (model_text("select 1 as a, 2 as b", "a"), "undocumented columns ['b']"),
        (model_text("select 1 as a", "a b"), "documented columns ['b'] are not in the final select"),
        (model_text("select 1 as a", "a a"), "described twice: ['a']"),
        (model_text("select 1 as a", "a").replace("The a.", ""), "column a has no description"),
        (model_text("select 1 as a", "a").replace("The a.", "A. | unique"), "`| unique` is neither"),
        (model_text("select 1 as a", "a").replace("--   a:", "-- a"), "cannot read the column line"),
        (model_text("select 1 as", "a").replace("1 as", "from from"), "not valid SQL near line 1"),
        (model_text("select 'unfinished as a", "a"), "not valid SQL"),
        (model_text("select 1 as a; select 2 as a", "a"), "expected one SELECT, found 2 statements"),
        (model_text("create table t as select 1 as a", "a"), "expected one SELECT"),
    ],
)
def test_bad_file_is_named_with_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadSqlFile) as error:
        read(tmp_path, person=text)
    assert str(error.value).startswith("marts/person.sql: ")
    assert message in str(error.value)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    text = model_text("select 1 as a", "a")
    folder = sql_folder(tmp_path, {"marts/person": text, "staging/person": text})
    with pytest.raises(
        BadSqlFile, match=r"staging/person.sql: model person already comes from marts/person.sql"
    ):
        load_models(folder)


def test_file_names_are_table_names(tmp_path: Path) -> None:
    folder = sql_folder(tmp_path, {"marts/Person Table": model_text("select 1 as a", "a")})
    with pytest.raises(BadSqlFile, match="lower-case letters"):
        load_models(folder)


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadSqlFile, match="there is no such folder"):
        load_models(tmp_path / "nowhere")


def test_columns_behind_a_star_are_left_to_duckdb(tmp_path: Path) -> None:
    assert "a" in read(tmp_path, a=model_text("select * from validated.x", "p q"))


def test_tests_find_their_model_by_name(tmp_path: Path) -> None:
    folder = sql_folder(
        tmp_path,
        {
            "staging/stg_police__crimes": model_text("select 1 as a", "a"),
            "tests/stg_police__crimes__no_cancelled.test": "-- No crime\n-- is kept.\nselect 1 as a",
        },
    )
    models = load_models(folder)
    assert list(models) == ["stg_police__crimes"]
    (test,) = load_tests(folder, models)
    assert (test.model, test.name) == ("stg_police__crimes", "no_cancelled")
    assert test.description == "No crime is kept."


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("person__x.test", "-- Holds.\nselect 1", "no model `person`"),
        ("a.test", "-- Holds.\nselect 1", "expected <model>__<what>.test.sql"),
        ("a__not_null.test", "-- Holds.\nselect 1", "is what the header promises"),
        ("a__x.test", "select 1", "the leading comment must say what holds"),
        ("a__x.test", "-- Holds.\nselect from where", "not valid SQL"),
    ],
)
def test_bad_test_file_is_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    folder = sql_folder(tmp_path, {"marts/a": model_text("select 1 as a", "a"), f"tests/{name}": text})
    with pytest.raises(BadSqlFile, match=f"tests/{name}.sql: ") as error:
        load_tests(folder, load_models(folder))
    assert message in str(error.value)


def test_header_generates_tests_of_grain_and_not_null(tmp_path: Path) -> None:
    folder = sql_folder(
        tmp_path,
        {
            "marts/a": model_text("select 1 as a, 2 as b", "a! b!", "a, b"),
            "marts/c": model_text("select 1 as c", "c"),
        },
    )
    models = load_models(folder)
    unique, not_null = generated_tests(models["a"])
    assert unique.description == "No two rows share a, b."
    assert not_null.description == "Never null: a, b."
    assert [test.name for test in generated_tests(models["c"])] == ["grain_is_unique"]
