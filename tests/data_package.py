"""What the Data Package standard demands of a description (datapackage.org, version 2), as JSON Schema.

Written from the text of the standard for the parts that we use. Neither of its libraries is a dependency:
frictionless brings 40 packages and no profile of version 2, dplib-py an HTTP client. With the profiles of the
latter, what we write was found valid by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PROFILES = "https://datapackage.org/profiles/2.0"
_NAMES = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}}
_RELATIVE = {"type": "string", "pattern": r"^(?![/.~])(?!.*\.\.)(?!.*\\)[^:]+$"}
_NUMERIC = ("integer", "number")
# Which constraints a type of column may have.
_CONSTRAINTS = {
    "string": ("required", "unique", "pattern", "enum", "minLength", "maxLength"),
    "integer": ("required", "unique", "pattern", "enum", "minimum", "maximum"),
    "number": ("required", "unique", "pattern", "enum", "minimum", "maximum"),
    "boolean": ("required", "enum"),
    "date": ("required", "unique", "enum", "minimum", "maximum"),
    "datetime": ("required", "unique", "enum", "minimum", "maximum"),
    "array": ("required", "unique", "enum", "minLength", "maxLength"),
    "any": ("required", "unique", "enum"),
}
_CATEGORY = {
    "type": "object",
    "required": ["value"],
    "properties": {"value": {"type": "string"}, "label": {"type": "string", "minLength": 1}},
    "additionalProperties": False,
}


def _field(kind: str, constraints: tuple[str, ...]) -> dict[str, Any]:
    bound = {"type": "integer" if kind == "integer" else "number" if kind == "number" else "string"}
    allowed = {
        "required": {"type": "boolean"},
        "unique": {"type": "boolean"},
        "pattern": {"type": "string", "format": "regex"},
        "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
        "minimum": bound,
        "maximum": bound,
        "minLength": {"type": "integer"},
        "maxLength": {"type": "integer"},
    }
    categories = {"type": "array", "minItems": 1, "uniqueItems": True, "items": _CATEGORY}
    return {
        "required": ["name", "type"],
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "type": {"const": kind},
            "description": {"type": "string", "minLength": 1},
            "categories": categories if kind in ("string", "integer") else False,
            "constraints": {
                "type": "object",
                "properties": {name: allowed[name] for name in constraints},
                "additionalProperties": False,
            },
        },
    }


_TABLE_SCHEMA = {
    "type": "object",
    "required": ["$schema", "fields"],
    "properties": {
        "$schema": {"const": f"{_PROFILES}/tableschema.json"},
        "fields": {
            "type": "array",
            "minItems": 1,
            "items": {"oneOf": [_field(kind, names) for kind, names in _CONSTRAINTS.items()]},
        },
        "primaryKey": _NAMES,
        "uniqueKeys": {"type": "array", "minItems": 1, "items": _NAMES},
        "foreignKeys": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["fields", "reference"],
                "properties": {
                    "fields": _NAMES,
                    "reference": {
                        "type": "object",
                        "required": ["fields"],
                        "properties": {"resource": {"type": "string", "minLength": 1}, "fields": _NAMES},
                        "additionalProperties": False,
                    },
                },
            },
        },
    },
}
_RESOURCE = {
    "type": "object",
    "required": ["$schema", "name", "type", "path", "schema"],
    "properties": {
        "$schema": {"const": f"{_PROFILES}/dataresource.json"},
        "name": {"type": "string", "pattern": "^[-a-z0-9._]+$"},
        "type": {"const": "table"},
        "path": _RELATIVE,
        "data": False,
        "profile": False,
        "dialect": {
            "type": "object",
            "properties": {
                "$schema": {"const": f"{_PROFILES}/tabledialect.json"},
                "table": {"type": "string", "minLength": 1},
            },
            "additionalProperties": False,
        },
        "schema": _TABLE_SCHEMA,
    },
}
PACKAGE: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["$schema", "name", "resources"],
    "properties": {
        "$schema": {"const": f"{_PROFILES}/datapackage.json"},
        "name": {"type": "string", "pattern": "^[-a-z0-9._]+$"},
        "profile": False,
        "resources": {"type": "array", "minItems": 1, "items": _RESOURCE},
    },
}


def broken_promises(package: dict[str, Any]) -> Iterator[str]:
    """What the standard demands and no JSON Schema can say: names that name something, keys that fit."""
    resources = {resource["name"]: resource["schema"] for resource in package["resources"]}
    if len(resources) < len(package["resources"]):
        yield "two resources have one name"
    fields = {name: [field["name"] for field in schema["fields"]] for name, schema in resources.items()}
    for name, schema in resources.items():
        if len(set(fields[name])) < len(fields[name]):
            yield f"{name}: two fields have one name"
        required = {f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")}
        if not required.issuperset(schema.get("primaryKey", ())):
            yield f"{name}: a column of the primary key may be null"
        for key in (schema.get("primaryKey", ()), *schema.get("uniqueKeys", ())):
            yield from (f"{name}: no key {column}" for column in key if column not in fields[name])
        yield from (f"{name}: {words}" for words in _foreign(name, schema, fields))
        yield from (f"{name}.{f['name']}: codes differ" for f in schema["fields"] if not _codes_agree(f))


def _foreign(name: str, schema: dict[str, Any], fields: dict[str, list[str]]) -> Iterator[str]:
    for key in schema.get("foreignKeys", ()):
        reference = key["reference"]
        if reference.get("resource") == name:
            yield "a table that refers to itself is not named"
        other = fields.get(reference.get("resource", name), [])
        if len(reference["fields"]) != len(key["fields"]):
            yield "a foreign key of another length"
        if not (set(key["fields"]) <= set(fields[name]) and set(reference["fields"]) <= set(other)):
            yield f"a foreign key {key} of columns that are not there"


def _codes_agree(field: dict[str, Any]) -> bool:
    values = [category["value"] for category in field.get("categories", ())]
    return not values or field["constraints"]["enum"] == values
