"""The specification as a JSON Schema, by which editors complete and underline while a researcher writes.

`docs/evaluation.schema.json` holds it; the first line of a file names it:
`# yaml-language-server: $schema=../docs/evaluation.schema.json`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.evaluation import Evaluation

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


@cache
def json_schema() -> Schema:
    """The JSON Schema of a specification (draft 2020-12)."""
    schema: Schema = _without_titles(Evaluation.model_json_schema(by_alias=True))
    return {"$schema": DIALECT, "title": "Evaluation", **schema}


def _without_titles(part: Any) -> Any:
    """Without the titles that pydantic makes out of names: they say nothing."""
    if isinstance(part, dict):
        kept = {k: v for k, v in part.items() if not (k == "title" and isinstance(v, str))}
        return {name: _without_titles(value) for name, value in kept.items()}
    return [_without_titles(item) for item in part] if isinstance(part, list) else part


def schemas_at(data: Any, path: KeyPath) -> list[Schema]:
    """The schemas that can hold for the part of a file at `path`, given what else the file says."""
    found = _variants(json_schema(), data)
    for step in path:
        found = [s for schema in found for s in _below(schema, step)]
        data = _get(data, step)
        found = [variant for schema in found for variant in _variants(schema, data)]
    return found


def names_at(data: Any, path: KeyPath) -> list[str]:
    """The names that a mapping may hold there."""
    return sorted({name for schema in schemas_at(data, path) for name in schema.get("properties", ())})


def _below(schema: Schema, step: str | int) -> list[Schema]:
    if isinstance(step, str):
        named = schema.get("properties", {}).get(step) or schema.get("additionalProperties")
        return [named] if isinstance(named, dict) else []
    places = schema.get("prefixItems", [])
    if step < len(places):
        return [places[step]]
    return [schema["items"]] if isinstance(schema.get("items"), dict) else []


def _variants(schema: Schema, data: Any) -> list[Schema]:
    """A schema with references followed and alternatives spread out, without those that `data` rules out."""
    if "$ref" in schema:
        target = json_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
        named = {k: v for k, v in schema.items() if k != "$ref"}
        return _variants({**target, **named}, data)
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if not alternatives:
        return [schema]
    spread = [v for one in alternatives for v in _variants(one, data)]
    return [v for v in spread if _can_be(v, data)] or spread


def _can_be(schema: Schema, data: Any) -> bool:
    """Whether the words by which variants are told apart (`kind: count`) fit what the file says."""
    if not isinstance(data, dict):
        return schema.get("type") != "object"
    properties = schema.get("properties")
    if properties is None:
        return "additionalProperties" in schema
    if len(properties) == 1 and len(data) == 1:
        return set(data) == set(properties)
    return all(
        data[name] in words
        for name, words in ((n, _words(p)) for n, p in properties.items())
        if words and name in data and name in schema.get("required", ())
    )


def _words(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else schema.get("enum", [])


def _get(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(str(step))
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None
