"""SSDA903 rules on reviews, social workers, and children who came alone to seek asylum."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_AGES = "The child's age is wrong, or the row is another child's."
_WORKER = "Continuity of social work is miscounted."

_review = rules_of("ssda903", "ssda903_reviews")
_worker = rules_of("ssda903", "ssda903_social_worker", "social_worker_in_order")

RULES: tuple[Rule, ...] = (
    _review(
        "440",
        column="review_code",
        says="The child is said to be under 4 at the review, and was older.",
        matters=_AGES,
        among="review_code = 'PN0'",
        broken="aged_at_least(review, 4, birth_month)",
    ),
    _review(
        "441",
        column="review_code",
        says="The child took part in the review as one of 4 or older, and was younger.",
        matters=_AGES,
        among="review_code <> 'PN0'",
        broken="younger_than(review, 4, birth_month)",
    ),
    rules_of("ssda903", "ssda903_uasc")(
        "304",
        column="duc",
        says="Status as an unaccompanied asylum-seeking child ends after the 18th birthday.",
        matters=_AGES,
        among="duc is not null",
        broken="duc > last_day(birth_month) + to_years(18)",
    ),
    _worker(
        "SW108STG2",
        column="sw_dec",
        says="A social worker is responsible although a later one has begun.",
        matters=_WORKER,
        among="next_decom is not null",
        broken="sw_dec is null",
    ),
    _worker(
        "SW10STG2",
        column="sw_decom",
        says="A social worker begins before the one before has ended.",
        matters=_WORKER,
        among="previous_dec is not null",
        broken="sw_decom < previous_dec",
    ),
)
