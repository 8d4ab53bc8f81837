"""Every block of a specification with the way to it, as the file writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel

from outcome_linkage.evaluation.source import KeyPath

B = TypeVar("B", bound=BaseModel)


def blocks(part: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, BaseModel]]:
    """`part` and every block below it, in the order of the models."""
    if isinstance(part, BaseModel):
        yield path, part
        for name, info in type(part).model_fields.items():
            yield from blocks(getattr(part, name), (*path, info.alias or name))
    elif isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from blocks(item, (*path, number))


def of_kind(part: Any, kind: type[B], path: KeyPath = ()) -> Iterator[tuple[KeyPath, B]]:
    """Every block of a kind."""
    for where, block in blocks(part, path):
        if isinstance(block, kind):
            yield where, block
