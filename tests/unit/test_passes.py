"""The table of passes is sound: columns exist, conditions are known, names are unique."""

from __future__ import annotations

import re

import pytest

from outcome_linkage.linkage.passes import (
    AGREEMENTS,
    CONTRADICTIONS,
    DUPLICATES,
    LEVELS,
    PASSES,
    Chance,
    Pass,
    rules_version,
)
from outcome_linkage.linkage.tokens import LINK_KEYS, TOKEN_COLUMNS, TOKENS

EVERY = (*PASSES, *DUPLICATES)
COLUMNS = {*TOKEN_COLUMNS, "birth_month"}


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.name)
def test_a_pass_names_what_exists(rule: Pass) -> None:
    assert COLUMNS.issuperset((*rule.left, *rule.right))
    assert len(rule.left) == len(rule.right)
    assert rule.level in LEVELS
    assert set(CONTRADICTIONS).issuperset(rule.despite)
    words = set(re.findall(r"[a-z_]+", rule.when)) - {"and", "or", "not", "true"}
    assert words <= {*AGREEMENTS, "birth_years_apart"}
    if isinstance(rule.guard, Chance):
        assert COLUMNS.issuperset((*rule.guard.names, rule.guard.dob))


def test_names_are_unique() -> None:
    names = [rule.name for rule in EVERY]
    assert len(names) == len(set(names))


def test_passes_fit_into_the_bits_that_count_them() -> None:
    """The support of an edge is counted in the bits of a signed 64-bit number."""
    assert len(PASSES) <= 62


def test_passes_without_a_place_are_guarded() -> None:
    """A key of names and birthday alone is shared by chance; strong ids and places are not."""
    for rule in EVERY:
        parts = {part for token in TOKENS if token.name in rule.left for part in token.parts}
        has_place = bool(parts & {"postcode", "previous_postcode", "sector"})
        is_strong_id = all(column.startswith("sid_") for column in rule.left)
        assert has_place or is_strong_id or rule.guard is not None, rule.name


def test_every_link_key_is_used() -> None:
    used = {column for rule in EVERY for column in (*rule.left, *rule.right)}
    assert {key.name for key in LINK_KEYS} <= used


def test_columns_joined_to_each_other_share_a_domain() -> None:
    domain = {token.name: token.domain for token in TOKENS} | {"birth_month": "birth_month"}
    for rule in EVERY:
        assert [domain[column] for column in rule.left] == [domain[column] for column in rule.right]


def test_the_version_of_the_rules_is_stable_and_short() -> None:
    assert rules_version() == rules_version()
    assert re.fullmatch(r"keys-[0-9a-f]{8}", rules_version())
