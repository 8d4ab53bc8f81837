"""Our own rules for what councils deliver."""

from __future__ import annotations

from schemas.rules.ours import BIRTH, NOBODY, future
from schemas.rules.rule import Rule, rules_of

RULES: tuple[Rule, ...] = (
    rules_of("ours", "cin_referrals")(
        "C01",
        column="record_key",
        says="The referral is of a child that the census does not list.",
        matters=NOBODY,
        broken="not exists (select 1 from cin_children as child where child.record_key = this.record_key)",
    ),
    rules_of("ours", "cin_assessments")(
        "C02",
        column="referral_date",
        says="The assessment belongs to no referral.",
        matters=NOBODY,
        broken="""
        not exists (
            select 1 from cin_referrals as referral
            where referral.record_key = this.record_key and referral.referral_date = this.referral_date
        )
        """,
    ),
    rules_of("ours", "cin_protection_plans")(
        "C03",
        column="referral_date",
        says="The protection plan belongs to no referral.",
        matters=NOBODY,
        broken="""
        not exists (
            select 1 from cin_referrals as referral
            where referral.record_key = this.record_key and referral.referral_date = this.referral_date
        )
        """,
    ),
    rules_of("ours", "ssda903_header")(
        "C04",
        column="birth_month",
        says="The month of birth differs from the one that the children-in-need census gives.",
        matters=BIRTH,
        severity="warning",
        broken="""
        exists (
            select 1 from so_far.cin_children as child
            where child.record_key = this.record_key and child.birth_month <> this.birth_month
        )
        """,
    ),
    future("C05", "school_exclusions", "start_date"),
)
