"""A YAML file read with the line of every part of it, and nothing guessed.

Values follow the YAML core schema, as JSON has them: a date stays text, `no` and `on` stay words, `012` is
no octal number. Each key may occur once; anchors, references to them, tags and several documents are refused,
since a researcher does not need them and a reader trips over them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

KeyPath = tuple[str | int, ...]
"""The names and positions that lead to a part of the file: `("outcomes", 0, "window")`."""

_CORE = {
    "tag:yaml.org,2002:null": (r"^(?:null|~|)$", "~n\0"),
    "tag:yaml.org,2002:bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    "tag:yaml.org,2002:int": (r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    "tag:yaml.org,2002:float": (r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-0123456789"),
}


class Unreadable(Exception):
    """The text is not the YAML that is expected; `line` says where, counted from 1."""

    def __init__(self, line: int, expected: str, found: str, remedy: str) -> None:
        super().__init__(f"line {line}: expected {expected}; found {found}. {remedy}")
        self.line, self.expected, self.found, self.remedy = line, expected, found, remedy


@dataclass(frozen=True)
class Source:
    """What a file holds, as JSON has it, and the line on which each part stands."""

    path: Path
    text: str
    data: Any
    lines: Mapping[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of a part, counted from 1; of what is missing, that of what it is missing from."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(path: Path) -> Source:
    """Read a file. Raises Unreadable, or OSError when there is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(1, "text in UTF-8", "other bytes", "Save the file as UTF-8.") from error
    return parse(text, path)


def parse(text: str, path: Path) -> Source:
    """What `text` holds; `path` is only for messages. Raises Unreadable."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        found = f"something else: {(error.problem or 'a mistake').removeprefix('but ')}"
        line = mark.line + 1 if mark else 1
        raise Unreadable(line, "YAML", found, "Look at this line and the one above.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(1, "YAML", "characters or nesting that cannot be read", "Save it anew.") from error
    if root is None:
        raise Unreadable(1, "a specification", "an empty file", "Begin with `schema_version: 1`.")
    lines: dict[KeyPath, int] = {}
    return Source(path, text, _value(root, (), lines), lines)


class _Loader(yaml.SafeLoader):
    """The core schema only: no anchors, no references to them, and no tags."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable(
                line,
                "a value",
                f"`*{event.anchor}`, a reference",
                "Write the value out, or put text in quotes.",
            )
        if getattr(event, "anchor", None):
            raise Unreadable(
                line,
                "a plain value",
                f"the anchor `&{event.anchor}`",
                "Leave the anchor out, or put text in quotes.",
            )
        if getattr(event, "tag", None):
            raise Unreadable(line, "a plain value", f"the tag `{event.tag}`", "Leave the tag out.")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
for _tag, (_pattern, _first) in _CORE.items():
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), [*_first, ""])


def _value(node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, n), lines) for n, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: KeyPath, lines: dict[KeyPath, int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable(line, "a name before the colon", "a list or mapping", "Write a plain name.")
        if key.value in values:
            first = lines[(*path, key.value)]
            raise Unreadable(line, f"`{key.value}` once", f"it on line {first} too", "Take one of them out.")
        lines[(*path, key.value)] = line
        values[key.value] = _value(value, (*path, key.value), lines)
    return values


def _scalar(node: Any) -> Any:
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return node.value.lower() == "true"
    return _number(node, kind) if kind in ("int", "float") else node.value


def _number(node: Any, kind: str) -> int | float:
    number = float(node.value)
    if not math.isfinite(number):
        line = node.start_mark.line + 1
        raise Unreadable(line, "a number", "one that is too large to be read", "Write a smaller number.")
    return int(node.value) if kind == "int" else number
