"""docs/spells.md says what the rules and their examples are now."""

from __future__ import annotations

from docs.generate_spells import COMMAND, PAGE, declared, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"docs/spells.md is stale. Write it anew: {COMMAND}"


def test_every_rule_has_a_section() -> None:
    """A rule of a new kind would have no chapter."""
    text = page()
    assert all(f"### {rule['rule']}\n" in text for rule in declared())
