"""SSDA903 rules that hold the modules of the return together: every row is of a child of the header."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_NOBODY = "The row has no sex, age or episode to stand beside, and nobody to link."
_WHO = "The row is of another child, or a month of birth is wrong: ages and links."
_HEADER = """
_BIRTH = """

_HEADER = """
    not exists (select 1 from ssda903_header as child where child.record_key = this.record_key)
"""
_BIRTH = """
    exists (
        select 1 from ssda903_header as child
        where child.record_key = this.record_key and child.birth_month <> this.birth_month
    )
"""


def _unlisted(number: str, table: str) -> Rule:
    return rules_of("ssda903", table)(
        number,
        column="record_key",
        says="The row is of a child that the header does not list.",
        matters=_NOBODY,
        broken=_HEADER,
    )


def _other_birth(number: str, table: str) -> Rule:
    return rules_of("ssda903", table)(
        number,
        column="birth_month",
        says="The month of birth differs from the header's.",
        matters=_WHO,
        among="birth_month is not null",
        broken=_BIRTH,
    )


RULES: tuple[Rule, ...] = (
    _unlisted("INT01", "ssda903_ad1"),
    _unlisted("INT02", "ssda903_placed_adoption"),
    _unlisted("INT04", "ssda903_missing"),
    _unlisted("INT05", "ssda903_oc2"),
    _unlisted("INT06", "ssda903_oc3"),
    _unlisted("INT07", "ssda903_prev_perm"),
    _unlisted("INT08", "ssda903_reviews"),
    _unlisted("INT09", "ssda903_uasc"),
    _other_birth("INT11", "ssda903_ad1"),
    _other_birth("INT12", "ssda903_placed_adoption"),
    _other_birth("INT13", "ssda903_missing"),
    _other_birth("INT14", "ssda903_oc2"),
    _other_birth("INT15", "ssda903_oc3"),
    _other_birth("INT16", "ssda903_prev_perm"),
    _other_birth("INT17", "ssda903_reviews"),
    _other_birth("INT18", "ssda903_uasc"),
    rules_of("ssda903", "ssda903_uasc")(
        "INT21",
        column="sex",
        says="The sex differs from the header's.",
        matters=_WHO,
        among="sex is not null",
        broken="""
        exists (
            select 1 from ssda903_header as child
            where child.record_key = this.record_key and child.sex <> this.sex
        )
        """,
    ),
)
