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
    model_version,
)
from outcome_linkage.linkage.tokens import LINK_KEYS, TOKEN_COLUMNS

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


def test_stages_without_a_place_are_guarded() -> None:
    """Stage 2, and of stage 3 whatever does not compare a place, has a guard."""
    places = {"k12", "tok_postcode", "tok_street"}
    open_passes = [rule for rule in PASSES if rule.stage in "23" and not places.intersection(rule.left)]
    assert all(rule.guard is not None for rule in open_passes)


def test_every_link_key_is_used() -> None:
    used = {column for rule in EVERY for column in (*rule.left, *rule.right)}
    assert {key.name for key in LINK_KEYS} <= used


def test_columns_joined_to_each_other_share_a_domain() -> None:
    from outcome_linkage.linkage.tokens import TOKENS

    domain = {token.name: token.domain for token in TOKENS} | {"birth_month": "birth_month"}
    for rule in EVERY:
        assert [domain[column] for column in rule.left] == [domain[column] for column in rule.right]


def test_the_model_version_is_stable_and_short() -> None:
    assert model_version() == model_version()
    assert re.fullmatch(r"keys-[0-9a-f]{8}", model_version())
