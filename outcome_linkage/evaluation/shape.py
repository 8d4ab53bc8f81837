"""Whether a file has the published shape, and where not: pydantic's findings in words that help."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from outcome_linkage.evaluation.problems import Fault, close_to, fault, nearest
from outcome_linkage.evaluation.schema import names_at, schemas_at
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec import base
from outcome_linkage.evaluation.spec.evaluation import Evaluation

PATTERNS = {
    base.ID: "a name of at most 24 small letters, digits and _, that begins with a letter",
    base.NAME: "a name of small letters, digits and _, that begins with a letter",
    base.VERSION: "a version of three numbers, such as 1.0.0",
    base.FINANCIAL_YEAR: "a financial year, such as 2024-25",
    base.TEXT: "text",
    base.EVERY: "a length of time, such as 1 month or 2 weeks",
}
KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "names with values",
    "model_type": "a block of names with values",
    "model_attributes_type": "a block of names with values",
    "date_type": "a day, such as 2024-04-01",
    "date_parsing": "a day, such as 2024-04-01",
    "date_from_datetime_parsing": "a day, such as 2024-04-01",
    "date_from_datetime_inexact": "a day, such as 2024-04-01",
}
LIMITS = {
    "greater_than_equal": ("ge", "at least {}"),
    "greater_than": ("gt", "more than {}"),
    "less_than_equal": ("le", "at most {}"),
    "less_than": ("lt", "less than {}"),
    "too_short": ("min_length", "at least {} in the list"),
    "too_long": ("max_length", "at most {} in the list"),
    "string_too_short": ("min_length", "text"),
}
_QUOTED = 60
"""Characters of a found value that are repeated."""


def shaped(data: Any) -> Evaluation | list[Fault]:
    """The study that a file describes, or what is wrong with its shape, as faults EV001."""
    try:
        return Evaluation.model_validate_json(json.dumps(data))
    except ValidationError as error:
        found = [_fault(one, data) for one in error.errors(include_url=False)]
        once = {(one.path, one.facts["expected"]): one for one in found}
        return _without_echoes(list(once.values()))


def _without_echoes(faults: list[Fault]) -> list[Fault]:
    """Without what is missing only because its name is misspelt: the misspelt name is told already."""
    meant = {(one.path[:-1], one.facts["remedy"]) for one in faults if "a name that" in one.facts["expected"]}
    return [one for one in faults if (one.path[:-1], f"Did you mean `{_last(one)}`?") not in meant]


def _last(one: Fault) -> str:
    return str(one.path[-1]) if one.path else ""


def _fault(error: Mapping[str, Any], data: Any) -> Fault:
    path = _path(error, data)
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return _missing(path, data)
        case "extra_forbidden":
            return _unknown(path, names_at(data, path[:-1]))
        case "literal_error" | "union_tag_invalid" | "union_tag_not_found":
            return _choice(path, data, context)
        case "string_pattern_mismatch":
            words = PATTERNS.get(context["pattern"], f"text like `{context['pattern']}`")
            return _wrong(path, words, data)
        case kind if kind in LIMITS:
            name, words = LIMITS[kind]
            return _wrong(path, words.format(context.get(name)), data)
        case kind:
            return _wrong(path, KINDS.get(kind, error["msg"].lower()), data)


def _path(error: Mapping[str, Any], data: Any) -> KeyPath:
    """Where the error is in the file: pydantic also names the variant of a union that it tried."""
    path: list[str | int] = []
    last = len(error["loc"]) - 1
    for place, step in enumerate(error["loc"]):
        at_end = place == last and error["type"] == "missing"
        if _has(data, step):
            data = data[step]
        elif not at_end:
            continue
        path.append(step)
    return tuple(path)


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _missing(path: KeyPath, data: Any) -> Fault:
    name = f"`{path[-1]}`" if isinstance(path[-1], str) else "one more value"
    says = _description(data, path)
    return fault(
        "EV001", path, expected=f"{name}{says}", found="nothing", remedy="Add it, or see the reference."
    )


def _unknown(path: KeyPath, names: list[str]) -> Fault:
    return fault(
        "EV001",
        path,
        expected="a name that this block has",
        found=f"`{path[-1]}`",
        remedy=nearest(str(path[-1]), names, most=12),
    )


def _choice(path: KeyPath, data: Any, context: Mapping[str, Any]) -> Fault:
    """A word that is not among those allowed."""
    by = str(context.get("discriminator", "")).strip("'")
    if by and by != "_which()":
        return _kind(path, data, by)
    value = _at(data, path)
    allowed = _listed(context) or _names_of(schemas_at(data, path))
    if isinstance(value, dict) and len(value) > 1:
        return _one_of(
            path, allowed, f"`{'` and `'.join(value)}`", "Put them in a list under `all` or `any`."
        )
    word = next(iter(value), "") if isinstance(value, dict) else value
    return _one_of(path, allowed, _show(word or value), _slip(word, allowed))


def _kind(path: KeyPath, data: Any, by: str) -> Fault:
    """The word that tells variants of a block apart is missing or unknown."""
    value = _at(data, path)
    if not isinstance(value, dict):
        return _wrong(path, f"a block with `{by}`", data)
    allowed = sorted({word for schema in schemas_at(data, path) for word in _constants(schema, by)})
    if by in value:
        return _one_of((*path, by), allowed, _show(value[by]), _slip(value[by], allowed))
    misspelt = close_to(by, [name for name in value if name != "id"])
    remedy = f"Is `{misspelt}` meant to be `{by}`?" if misspelt else f"Add `{by}`."
    return _one_of((*path, by), allowed, "nothing", remedy)


def _one_of(path: KeyPath, allowed: list[str], found: str, remedy: str) -> Fault:
    words = ", ".join(f"`{word}`" for word in allowed)
    expected = f"one of {words}" if len(allowed) > 1 else words
    return fault("EV001", path, expected=expected, found=found, remedy=remedy)


def _slip(word: Any, allowed: list[str]) -> str:
    close = close_to(str(word), allowed)
    return f"Did you mean `{close}`?" if close else "Choose one of them."


def _listed(context: Mapping[str, Any]) -> list[str]:
    """The words that pydantic lists, as `'a', 'b' or 'c'`."""
    text = str(context.get("expected") or context.get("expected_tags") or "")
    return [word.strip().strip("'") for word in text.replace(" or ", ", ").split(",") if word.strip()]


def _names_of(schemas: list[dict[str, Any]]) -> list[str]:
    return sorted({name for schema in schemas for name in schema.get("properties", ())})


def _constants(schema: Mapping[str, Any], name: str) -> Iterator[str]:
    kind = schema.get("properties", {}).get(name, {})
    yield from [kind["const"]] if "const" in kind else kind.get("enum", [])


def _wrong(path: KeyPath, expected: str, data: Any) -> Fault:
    says, value = _description(data, path), _at(data, path)
    examples = [e for s in schemas_at(data, path) for e in s.get("examples", ())]
    remedy = f"Write it like `{examples[0]}`." if examples and "such as" not in expected else "Put it right."
    if expected == "text" and isinstance(value, int | float):
        remedy = f'Put it in quotes: "{examples[0] if examples else value}".'
    return fault("EV001", path, expected=f"{expected}{says}", found=_show(value), remedy=remedy)


def _description(data: Any, path: KeyPath) -> str:
    """What the reference says of a part, in brackets."""
    texts = {s["description"] for s in schemas_at(data, path) if "description" in s}
    text = next(iter(sorted(texts)), "") if len(texts) == 1 else ""
    return f" ({text[0].lower() + text[1:].rstrip('.')})" if text else ""


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _show(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a block" if value else "an empty block"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    kind = "the number " if isinstance(value, int | float) and not isinstance(value, bool) else ""
    return f"{kind}`{text[:_QUOTED]}{'…' if len(text) > _QUOTED else ''}`"
