"""What lies beside the published database says what is in it."""

from __future__ import annotations

import json

import duckdb
from jsonschema import Draft7Validator

from outcome_linkage.dictionary.published import PACKAGE, PAGE, described
from outcome_linkage.home import Home
from outcome_linkage.release.publish import INFO
from tests import data_package


def test_the_package_describes_the_tables_columns_and_words_of_the_database(run_once: Home) -> None:
    """And stands for this published state. Words in the database tell the unit too."""
    package = json.loads((run_once.published.parent / PACKAGE).read_text(encoding="utf-8"))
    assert list(Draft7Validator(data_package.PACKAGE).iter_errors(package)) == []
    assert list(data_package.broken_promises(package)) == []
    with duckdb.connect(str(run_once.published), read_only=True) as reader:
        tables = reader.execute(
            "select concat_ws('.', nullif(schema_name, 'main'), table_name), comment from duckdb_tables()"
        ).fetchall()
        columns = reader.execute(
            "select concat_ws('.', nullif(schema_name, 'main'), table_name), column_name, comment "
            "from duckdb_columns() where not internal order by all"
        ).fetchall()
        fingerprint = reader.execute(f"select any_value(publication_fingerprint) from {INFO}").fetchone()
    resources = {resource["name"]: resource for resource in package["resources"]}
    words = {name: about for name, about in tables if name != INFO}
    assert {n: r["description"].partition("\n\n")[0] for n, r in resources.items()} == words
    found = [(table, column, words) for table, column, words in columns if table != INFO]
    told = [
        (name, field["name"], " ".join([field["description"], *_unit(field)]))
        for name, resource in resources.items()
        for field in resource["schema"]["fields"]
    ]
    assert sorted(told) == sorted(found)
    assert fingerprint == (described(run_once),)


def test_the_page_shows_what_is_published_and_nothing_else(run_once: Home) -> None:
    page = (run_once.published.parent / PAGE).read_text(encoding="utf-8")
    assert 'id="adversity_outcome.status_365"' in page and 'id="codes-cin.primary_need"' in page
    assert "adversity_outcome.end_day" not in page and "What to send" not in page
    assert ">not published<" not in page


def _unit(field: dict[str, str]) -> list[str]:
    return [f"Unit: {field['unit']}."] if field.get("unit") else []
