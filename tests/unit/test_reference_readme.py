"""The README of reference/ names source, licence and check of every file and of every code list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from schemas.codes import code_lists

REFERENCE = Path(__file__).parents[2] / "reference"
UNVERIFIED = (
    "unverified",
    "recalled",
    "secondary",
    "not found",
    "general knowledge",
    "is not",
    "are missing",
)


def rows(width: int) -> Iterator[tuple[list[str], list[str]]]:
    """The names in the first cell of each table row of so many cells, and the other cells."""
    for line in (REFERENCE / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if len(cells) == width and (names := re.findall(r"`([^`]+)`", cells[0])):
            yield names, cells[1:]


def test_every_file_is_named_with_source_licence_and_check() -> None:
    described = [name for names, _ in rows(5) for name in names]
    files = {path.name for path in REFERENCE.iterdir()} - {"README.md"}
    assert sorted(described) == sorted(files)
    assert all(all(cells) for _, cells in rows(5))


def test_every_code_list_is_named_with_source_licence_and_check() -> None:
    assert {name for names, _ in rows(4) for name in names} == set(code_lists())
    assert all(all(cells) for _, cells in rows(4))


def test_a_list_with_unverified_codes_is_not_said_to_be_verified() -> None:
    """Nor the other way round: what is all unverified in the file is so in the README."""
    for names, (*_, checked) in rows(4):
        for name in names:
            statuses = {code.status for code in code_lists()[name]}
            if statuses == {"unverified"}:
                assert "unverified" in checked, name
            if any("unverified" in status or "recalled" in status for status in statuses):
                others = " ".join(cells[-1] for listed, cells in rows(4) if name in listed)
                assert any(word in others for word in (*UNVERIFIED, "ours")), name
