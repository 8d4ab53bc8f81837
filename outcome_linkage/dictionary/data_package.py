"""The dictionary as Frictionless Data Packages, version 2 of the standard (datapackage.org, June 2024).

A package describes files that lie beside it: the Parquet files of a delivery, or the published database,
where each resource is a table of the one file (`dialect.table`). Resources hold no data of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from outcome_linkage.dictionary.facts import CodeLists, Column, Dictionary, ForeignKey, Table, years

_PROFILES = "https://datapackage.org/profiles/2.0"
DATABASE = "outcomes.duckdb"
_MODES = {
    "snapshot": "A later delivery replaces the table.",
    "period": "A later delivery replaces what was delivered for its collection year.",
    "append": "A later delivery adds rows, and replaces those of the same key.",
}
Json = dict[str, Any]


def deliveries_package(dictionary: Dictionary) -> str:
    """What a delivery may hold: one Parquet file a table. Foreign keys count earlier deliveries too."""

    def place(table: Table) -> Json:
        return {"path": f"{table.name}.parquet", "format": "parquet"}

    about = (
        "Every table that a supplier may deliver. A delivery holds some of them. Foreign keys hold over all "
        "that one supplier has delivered, and not within each delivery."
    )
    return _package("deliveries", "What suppliers deliver", about, dictionary.delivered, dictionary, place)


def published_package(dictionary: Dictionary, fingerprint: str | None = None) -> str:
    """The published database: its tables, and those of their columns that are published.

    `fingerprint` says which published state it is about.
    """

    def place(table: Table) -> Json:
        return {"path": DATABASE, "format": "duckdb", "dialect": _dialect(table)}

    about = "The database that researchers query: no identifiers, small areas or months of birth."
    title = "What researchers query"
    return _package("published", title, about, dictionary.research, dictionary, place, fingerprint)


def _dialect(table: Table) -> Json:
    return {"$schema": f"{_PROFILES}/tabledialect.json", "table": table.name}


def _package(
    name: str,
    title: str,
    description: str,
    tables: Iterable[Table],
    dictionary: Dictionary,
    place: Callable[[Table], Json],
    fingerprint: str | None = None,
) -> str:
    state = {"fingerprint": fingerprint} if fingerprint else {}
    package = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": f"outcome-linkage-{name}",
        "title": title,
        "description": description,
        **state,
        "resources": [_resource(table, dictionary.code_lists, place(table)) for table in tables],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _resource(table: Table, codes: CodeLists, place: Mapping[str, Any]) -> Json:
    words = (table.description, table.caveat, _MODES.get(table.mode, ""))
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": table.name,
        "type": "table",
        "description": "\n\n".join(word for word in words if word),
        **place,
        "schema": {
            "$schema": f"{_PROFILES}/tableschema.json",
            "fields": [_field(column, codes) for column in table.columns],
            **_keys(table),
        },
    }


def _keys(table: Table) -> Json:
    """A key with a column that may be null is no primary key: the standard would require the column."""
    nullable = {column.name for column in table.columns if column.nullable}
    key = list(table.key)
    found: Json = {}
    if key:
        found |= {"uniqueKeys": [key]} if nullable.intersection(key) else {"primaryKey": key}
    if table.foreign_keys:
        found["foreignKeys"] = [_foreign_key(one) for one in table.foreign_keys]
    return found


def _foreign_key(key: ForeignKey) -> Json:
    """A table that refers to itself is not named."""
    other = {} if key.to_table == key.table else {"resource": key.to_table}
    return {"fields": list(key.columns), "reference": {**other, "fields": list(key.to_columns)}}


def _field(column: Column, codes: CodeLists) -> Json:
    listed = codes[column.code_list] if column.code_list else ()
    labels: dict[str, list[str]] = {}
    for code in listed:
        labels.setdefault(code.code, []).append(
            f"{code.meaning} ({when})" if (when := years(code)) else code.meaning
        )
    constraints: Json = {
        "required": not column.nullable or None,
        "minimum": column.low,
        "maximum": column.high,
        # the standard's patterns match whole values, as XML Schema's do
        "pattern": column.pattern and column.pattern.removeprefix("^").removesuffix("$"),
        "enum": list(labels) or None,
    }
    field: Json = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
        "unit": column.unit,
        "codeList": column.code_list,
        "madeOf": [origin.words for origin in column.origins] or None,
        "constraints": {name: value for name, value in constraints.items() if value is not None} or None,
        "categories": [{"value": code, "label": "; ".join(words)} for code, words in labels.items()] or None,
    }
    return {name: value for name, value in field.items() if value is not None}
