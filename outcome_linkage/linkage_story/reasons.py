"""Passes and refusals in plain words. A table of facts; it names what was compared, never a value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from outcome_linkage.linkage.evidence import DUPLICATE_BY_MODEL
from outcome_linkage.linkage.passes import DUPLICATES, PASSES, Chance, Pass
from outcome_linkage.linkage.relatives import AT_MOST
from outcome_linkage.linkage.residual import MARGIN, PASS, THRESHOLDS
from outcome_linkage.linkage.tokens import TOKENS
from outcome_linkage.linkage_story.story import Named

_PARTS = {
    "dob": "birthday",
    "nhs_number": "NHS number",
    "upn": "unique pupil number",
    "pnc_id": "PNC id",
    "sector": "postcode sector",
    "forename_canonical": "forename or its short form",
    "previous_surname": "previous surname",
    "previous_postcode": "previous postcode",
}
_CONTRADICTIONS = {
    "nhs_number": "they have two NHS numbers",
    "sex": "their sex differs, and no other agreement explains it",
    "birth_year": "their years of birth are more than one apart",
    "forename": "their forenames have nothing in common",
}
_RELATIVES = {
    "twins": "The birthday is the same, but the forenames have nothing in common: they may be twins.",
    "brothers and sisters": "Neither forename nor birthday is the same, in spite of all else: they may be"
    " brothers and sisters.",
    "namesakes": "The forenames are alike, but not the birthdays: they may be namesakes, such as father"
    " and son.",
}
# What the model weighs instead of refusing it, see `residual`.
_WEIGHED = ("forename", "birth_year")
# More rivals than these are counted, not named.
_MOST_NAMED = 3


class Rival(NamedTuple):
    """A record that stood in the way, and what it weighed where the model had scored it.

    `by_number`: it is of another supplier, and another NHS number keeps it and the candidate apart.
    """

    record: Named
    weight: float | None
    by_number: bool = False


class Counted(NamedTuple):
    """What counting said of a pattern of relatives: candidates, and how many of them may be wrong."""

    candidates: int
    expected: float


class Facts(NamedTuple):
    """What is known of one refusal beyond its reason.

    `clashes`: pairs of records of one supplier, here and there, that would have come into one person.
    """

    passed: str
    weight: float | None
    rivals: Sequence[Rival] = ()
    clashes: Sequence[tuple[Named, Named]] = ()
    contradictions: Sequence[str] = ()
    counted: Counted | None = None


def refusal_words(reason: str, facts: Facts) -> str:
    """Why the candidate was refused, in a sentence or two."""
    tell = {
        "tie": _tie,
        "margin": _margin,
        "conflict": _conflict,
        "contradiction": _contradiction,
        "below the threshold": _below,
        "too common": _too_common,
        "strong id alone": _strong_id_alone,
        "too little agreement": _too_little,
    }.get(reason)
    if tell:
        return tell(facts)
    if reason in _RELATIVES:
        return f"{_RELATIVES[reason]} {_counted(facts.counted)}"
    return f"Refused as `{reason}`."


def pass_words(passed: str | None) -> str:
    """What a pass goes by, as the rest of a sentence that starts with the name of the pass."""
    if passed in (PASS, DUPLICATE_BY_MODEL):
        return "no key decided; what agrees and what differs was weighed"
    rule = _rules().get(passed or "")
    if rule is None:
        return "a rule of an earlier version of the software"
    unique = "" if rule in DUPLICATES else ", which nobody else had at either supplier"
    return key_words(rule) + unique


INDIRECT = (
    "By what these two have in common alone they would not be linked: other records of the person tie them, "
    "or a link of an earlier run that nothing contradicts."
)


def shared_words(passes: Iterable[str]) -> str:
    """The keys that two records share, each with what it is made of."""
    return "; ".join(f"`{passed}` ({key_words(_rules()[passed])})" for passed in passes)


def key_words(rule: Pass) -> str:
    """What must be equal for a pass by key."""
    here, there = _parts(rule.left), _parts(rule.right)
    crossed = [f"the {a} of one is the {b} of the other" for a, b in zip(here, there, strict=True) if a != b]
    same = _listed([a for a, b in zip(here, there, strict=True) if a == b])
    told = [f"equal {same}"] if same else []
    return ", and ".join([*told, *crossed])


def _rules() -> dict[str, Pass]:
    return {rule.name: rule for rule in (*PASSES, *DUPLICATES)}


def _parts(columns: Iterable[str]) -> list[str]:
    made_of = {token.name: token.parts for token in TOKENS}
    return [_PARTS.get(part, part) for column in columns for part in made_of[column]]


def _tie(facts: Facts) -> str:
    who = _named(facts.rivals) if facts.rivals else "Another record"
    number = " but has another NHS number," if facts.rivals and facts.rivals[0].by_number else ""
    return f"{who} fits equally well,{number} and nothing decides between them: neither is linked."


def _margin(facts: Facts) -> str:
    told = f"A link must lead the runner-up by {MARGIN:g} bits, seen from either side."
    best = next((rival for rival in facts.rivals if rival.weight is not None), None)
    if best is None or best.weight is None or facts.weight is None:
        return f"Another record fits nearly as well. {told}"
    place = "the runner-up" if best.weight <= facts.weight else "the first"
    return f"It weighs {facts.weight:.1f}; {place}, {best.record}, weighs {best.weight:.1f}. {told}"


def _conflict(facts: Facts) -> str:
    if not facts.clashes:
        return "The two persons have different NHS numbers, from other records of theirs."
    here, there = facts.clashes[0]
    return (
        f"A person has at most one record of a supplier, duplicates apart. Both persons have one of "
        f"{here.supplier}: {here.record_key} here, {there.record_key} there. Stronger links came first."
    )


def _contradiction(facts: Facts) -> str:
    rule = _rules().get(facts.passed)
    despite = rule.despite if rule else _WEIGHED
    told = "; ".join(_CONTRADICTIONS[name] for name in facts.contradictions if name not in despite)
    return f"They contradict each other: {told or 'so it was on the night; their tokens have changed'}."


def _below(facts: Facts) -> str:
    weight = "less" if facts.weight is None else f"{facts.weight:.1f}"
    return f"It weighs {weight}. A link needs {THRESHOLDS['main']} bits, odds of 19 to 1."


def _too_common(facts: Facts) -> str:
    rule = _rules().get(facts.passed)
    shared = _listed(_parts(rule.guard.names)) if rule and isinstance(rule.guard, Chance) else "values"
    return f"The key `{facts.passed}` fits, but so many share the {shared} that others may fit by chance."


def _strong_id_alone(facts: Facts) -> str:
    rule = _rules().get(facts.passed)
    number = _listed(_parts(rule.left)) if rule else "number"
    return f"The {number} is equal, but neither a name nor the birthday: a number may have been mistyped."


def _too_little(facts: Facts) -> str:
    return f"The key `{facts.passed}` fits, but too little else agrees."


def _counted(counted: Counted | None) -> str:
    if counted is None:
        return "Too few such pairs of these two suppliers were seen to tell, so none is linked."
    most = counted.expected + 2 * math.sqrt(counted.expected)  # as in `relatives`: the upper 95% bound
    wrong = min(most, counted.candidates)
    return (
        f"Of {counted.candidates:,} such candidates of these two suppliers up to {wrong:.1f} may be two "
        f"people, judging by pairs that certainly are. More than {AT_MOST:.0%} is too many: none is linked."
    )


def _named(rivals: Sequence[Rival]) -> str:
    named = [str(rival.record) for rival in rivals[:_MOST_NAMED]]
    more = len(rivals) - len(named)
    return _listed([*named, f"{more} more"] if more else named)


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))
