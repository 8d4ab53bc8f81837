"""docs/rules.md and the list of statutory rules say what the rules are now."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from docs.generate_rules import COMMAND, PAGE, numbers, page
from schemas.rules import RULES


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"docs/rules.md is stale. Write it anew: {COMMAND}"


def test_the_list_says_of_each_statutory_rule_whether_there_is_a_rule() -> None:
    """And of each that has none, why."""
    listed = {f"{n.standard}.{n.number}" for n in numbers() if n.dealt_with == "rule"}
    assert listed == {rule.id for rule in RULES.rules if rule.standard != "ours"}
    assert all((n.dealt_with == "rule") == (n.because == "") for n in numbers())
    assert len(numbers()) == len({(n.standard, n.number) for n in numbers()})


def test_enough_statutory_rules_are_judged() -> None:
    judged = [n.standard for n in numbers() if n.dealt_with == "rule"]
    assert judged.count("ssda903") >= 40 and judged.count("cin") >= 20


@pytest.mark.shared
def test_the_list_names_every_rule_of_the_standards(real_data: Path) -> None:
    """No number is missing and none is made up."""
    standards = real_data.parent / "standards"
    for standard, file, column in (
        ("ssda903", "rules_ssda903_2024_25.csv", "Rule code"),
        ("cin", "rules_cin.csv", "rule_code"),
    ):
        with (standards / file).open(encoding="utf-8-sig", newline="") as rules:
            published = [row[column] for row in csv.DictReader(rules)]
        assert [n.number for n in numbers() if n.standard == standard] == published
