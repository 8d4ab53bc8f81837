"""Pages that need no network: one way to fill a template, and one look (`page_style.css`, by `include`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(template: Path, filters: Mapping[str, Callable[..., Any]], **facts: Any) -> str:
    """The template filled in: everything is escaped, and a fact that is missing is an error.

    A template may include what lies beside it, and `page_style.css` for the look that all pages share.
    """
    environment = Environment(
        loader=FileSystemLoader([template.parent, Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment.get_template(template.name).render(facts)
