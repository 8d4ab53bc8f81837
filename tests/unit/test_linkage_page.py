"""docs/linkage.md is what the tables and the spec tests of linkage say now."""

from __future__ import annotations

import ast

from docs.generate_linkage import COMMAND, ORDER, PAGE, SPEC, page, sections, title_of


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"docs/linkage.md is stale. Write it anew: {COMMAND}"


def test_every_section_of_the_order_exists() -> None:
    assert all((SPEC / name).is_file() for name in ORDER)
    assert len(sections()) == len(set(sections()))


def test_every_test_of_linkage_is_on_the_page() -> None:
    written = PAGE.read_text(encoding="utf-8")
    for path in sections():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert f"**{title_of(node.name)}.**" in written


def test_no_sql_and_no_machine_path_is_on_the_page() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert not any(
        word in written for word in ("coalesce", "select ", "_l =", "x.tok", "/home", "/tmp", "/work")
    )
