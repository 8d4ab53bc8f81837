"""The conditions of the law that an agreement may name, and which of them need one another.

Sources: UK GDPR, Articles 6(1), 9(2) and 10(1); Data Protection Act 2018, sections 10 and 11 and Schedule 1
(Part 1: paragraphs 1 to 4, Part 2: 5 to 28, Part 3: 29 to 37; paragraph 5 is no condition of its own);
National Health Service Act 2006, section 251. Whether a condition is met is for people to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from outcome_linkage.agreements.terms import Terms

ARTICLE_6 = tuple(f"6(1)({letter})" for letter in "abcdef")
ARTICLE_9 = tuple(f"9(2)({letter})" for letter in "abcdefghij")
ARTICLE_10 = "10(1)"
NEITHER = "neither"
"""Said in place of a condition where no data of Article 9 or 10 are in the table."""
NOT_NEEDED = "not needed"
SECTION_251, CONSENT, NOT_CONFIDENTIAL = "section 251", "consent", "not confidential"

# The paragraphs of Schedule 1 by which a condition is met in the law of the United Kingdom (DPA 2018, s. 10).
_PART_1 = tuple(range(1, 5))
_PART_2 = tuple(range(6, 29))
_PARAGRAPHS = {
    **dict.fromkeys(("9(2)(b)", "9(2)(h)", "9(2)(i)", "9(2)(j)"), _PART_1),
    "9(2)(g)": _PART_2,
    ARTICLE_10: (*_PART_1, *_PART_2, *range(29, 38)),
}
_PARAGRAPH = re.compile(r"paragraph (\d{1,2})")


def unlawful(terms: Terms) -> Iterator[str]:
    """What the legal basis of a table lacks, in words."""
    if terms.article_6 not in ARTICLE_6:
        yield _lacks("a condition of Article 6, such as 6(1)(e)", terms.article_6)
    yield from _special(terms)
    yield from _confidential(terms)


def _special(terms: Terms) -> Iterator[str]:
    named = tuple(terms.article_9_or_10)
    if (
        not named
        or not set(named) <= {*ARTICLE_9, ARTICLE_10, NEITHER}
        or (NEITHER in named and len(named) > 1)
    ):
        yield _lacks(f"conditions of Article 9 or 10, or `{NEITHER}`", ", ".join(named))
        return
    wanted = [_PARAGRAPHS[condition] for condition in named if condition in _PARAGRAPHS]
    found = _PARAGRAPH.fullmatch(terms.schedule_1 or "")
    if wanted and not (found and all(int(found[1]) in paragraphs for paragraphs in wanted)):
        yield _lacks("a paragraph of Schedule 1 by which those conditions are met", terms.schedule_1)
    if not wanted and not (found or terms.schedule_1 == NOT_NEEDED):
        yield _lacks(f"a paragraph of Schedule 1, or `{NOT_NEEDED}`", terms.schedule_1)


def _confidential(terms: Terms) -> Iterator[str]:
    basis = terms.confidentiality
    if basis not in (SECTION_251, CONSENT, NOT_CONFIDENTIAL):
        yield _lacks(
            f"a basis for confidential patient information: {SECTION_251}, {CONSENT}, {NOT_CONFIDENTIAL}",
            basis,
        )
    elif basis != NOT_CONFIDENTIAL and not terms.confidentiality_reference:
        yield f"the reference of {basis} is missing"


def _lacks(wanted: str, found: str | None) -> str:
    return f"{wanted}: {f'`{found}` is none' if found else 'missing'}"
