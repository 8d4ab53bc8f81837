"""The dictionary of one home's published database, written beside it: what this copy holds."""

from __future__ import annotations

import json
from collections.abc import Iterable

from outcome_linkage.dictionary.data_package import published_package
from outcome_linkage.dictionary.facts import CodeLists, Dictionary, Table, published_only
from outcome_linkage.dictionary.page import html
from outcome_linkage.files import write_text
from outcome_linkage.home import Home

PAGE = "dictionary.html"
PACKAGE = "datapackage.json"


def write_beside(home: Home, research: Iterable[Table], codes: CodeLists, fingerprint: str) -> None:
    """Write the page and the Data Package of the published columns of `research`.

    `fingerprint` is that of the published state; the package is written last and holds it.
    """
    dictionary = Dictionary((), published_only(research), codes)
    folder = home.published.parent
    write_text(folder / PAGE, html(dictionary, "The published database"))
    write_text(folder / PACKAGE, published_package(dictionary, fingerprint))


def described(home: Home) -> str | None:
    """The fingerprint of the published state that the dictionary beside it is about; None without one."""
    path = home.published.parent / PACKAGE
    if not path.exists():
        return None
    fingerprint = json.loads(path.read_text(encoding="utf-8")).get("fingerprint")
    return str(fingerprint) if fingerprint else None
