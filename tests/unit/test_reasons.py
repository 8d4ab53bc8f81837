"""Every reason for which a candidate is refused is told in words of its own."""

from __future__ import annotations

import pytest

from outcome_linkage.linkage.passes import DUPLICATES, PASSES
from outcome_linkage.linkage.relatives import PATTERNS
from outcome_linkage.linkage_story.reasons import (
    Counted,
    Facts,
    Rival,
    key_words,
    pass_words,
    refusal_words,
    shared_words,
)
from outcome_linkage.linkage_story.story import Named

HERE, THERE, RIVAL = Named("bristol", "a1"), Named("bristol", "b2"), Named("icb", "c3")
WORDS = {
    "tie": (
        Facts("postcode", None, rivals=[Rival(RIVAL, None)]),
        "icb c3 fits equally well, and nothing decides between them: neither is linked.",
    ),
    "margin": (
        Facts("model", 9.0, rivals=[Rival(RIVAL, 7.5)]),
        "It weighs 9.0; the runner-up, icb c3, weighs 7.5. "
        "A link must lead the runner-up by 3 bits, seen from either side.",
    ),
    "conflict": (
        Facts("model", 9.0, clashes=[(HERE, THERE)]),
        "A person has at most one record of a supplier, duplicates apart. Both persons have one of bristol: "
        "a1 here, b2 there. Stronger links came first.",
    ),
    "contradiction": (
        Facts("sector", None, contradictions=["nhs_number", "birth_year"]),
        "They contradict each other: they have two NHS numbers; "
        "their years of birth are more than one apart.",
    ),
    "below the threshold": (
        Facts("model", 2.04),
        "It weighs 2.0. A link needs 4.25 bits, odds of 19 to 1.",
    ),
    "too common": (
        Facts("name and birthday", None),
        "The key `name and birthday` fits, but so many share the forename and surname that others may fit by "
        "chance.",
    ),
    "strong id alone": (
        Facts("nhs", None),
        "The NHS number is equal, but neither a name nor the birthday: a number may have been mistyped.",
    ),
    "too little agreement": (
        Facts("sector", None),
        "The key `sector` fits, but too little else agrees.",
    ),
}


@pytest.mark.parametrize("reason", WORDS)
def test_words(reason: str) -> None:
    """What stood in the way is named, with the weights that decided."""
    facts, words = WORDS[reason]
    assert refusal_words(reason, facts) == words


def test_what_is_not_known_is_left_out() -> None:
    """A rival, a clash or a count that is not on record leaves a sentence that still holds."""
    bare = Facts("model", None)
    assert refusal_words("tie", bare).startswith("Another record fits equally well")
    assert refusal_words("margin", bare).startswith("Another record fits nearly as well")
    assert "NHS numbers" in refusal_words("conflict", bare)
    assert "Too few such pairs" in refusal_words("twins", bare)


def test_many_rivals_are_counted() -> None:
    """Three are named."""
    rivals = [Rival(Named("icb", str(n)), None) for n in range(9)]
    assert "icb 0, icb 1, icb 2 and 6 more fits" in refusal_words("tie", Facts("postcode", None, rivals))


def test_what_the_model_weighs_is_no_contradiction() -> None:
    """The model refuses two sexes, but weighs two forenames: only the first is told as its reason."""
    both = ["sex", "forename"]
    assert "forenames" not in refusal_words("contradiction", Facts("model", 6.0, contradictions=both))
    assert "forenames" in refusal_words("contradiction", Facts("sector", None, contradictions=both))


@pytest.mark.parametrize("pattern", [pattern.name for pattern in PATTERNS])
def test_relatives_are_told_with_their_counts(pattern: str) -> None:
    """How many candidates there were, and up to how many of them may be wrong: never more than there are."""
    words = refusal_words(pattern, Facts("model", 9.0, counted=Counted(16, 0.5)))
    assert "Of 16 such candidates" in words and "up to 1.9" in words
    assert "up to 16.0" in refusal_words(pattern, Facts("model", 9.0, counted=Counted(16, 40.0)))


def test_a_reason_that_has_no_words_is_named() -> None:
    """A registry may hold a reason of another version: it is repeated, not guessed at."""
    assert refusal_words("of another version", Facts("model", 1.0)) == "Refused as `of another version`."


def test_keys_are_told_by_what_they_are_made_of() -> None:
    """Each pass says what must be equal; a pass between two columns says which is which."""
    rules = {rule.name: rule for rule in (*PASSES, *DUPLICATES)}
    assert key_words(rules["postcode"]) == "equal forename, surname, birthday and postcode"
    assert key_words(rules["previous postcode"]).endswith(
        "and the postcode of one is the previous postcode of the other"
    )
    assert all(key_words(rule) for rule in rules.values())
    assert shared_words(["upn"]) == "`upn` (equal unique pupil number)"


def test_a_pass_of_an_earlier_version() -> None:
    """A link that is held may have been made by a pass that is gone."""
    assert "earlier version" in pass_words("a pass that is gone")
    assert "nobody else" in pass_words("postcode") and "nobody else" not in pass_words("duplicate: postcode")
