"""Our own rules for what councils deliver."""

from __future__ import annotations

from schemas.rules.ours import BIRTH, NOBODY, ORDER, future
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
    rules_of("ours", "hclic_people")(
        "C06",
        column="case_id",
        says="The person's homelessness case was never delivered.",
        matters=NOBODY,
        broken="""
        not exists (select 1 from so_far.hclic_cases as homeless where homeless.case_id = this.case_id)
        """,
    ),
    rules_of("ours", "hclic_cases")(
        "C07",
        column="duty_start_date",
        says="A duty to the household starts before it was assessed.",
        matters=ORDER,
        broken="duty_start_date < assessment_date",
    ),
    rules_of("ours", "school_exclusions")(
        "C08",
        column="record_key",
        says="The excluded pupil was never on the roll of any school.",
        matters="Exclusions are counted of pupils who are not among those at risk.",
        severity="warning",
        broken="""
        not exists (select 1 from so_far.school_pupils as pupil where pupil.record_key = this.record_key)
        """,
    ),
    rules_of("ours", "school_sessions")(
        "C09",
        column="sessions",
        says="There are more half-days with this code than the pupil could attend in the term.",
        matters="Absence is more than all of the time.",
        broken="""
        exists (
            select 1 from so_far.school_pupils as pupil
            where pupil.record_key = this.record_key and pupil.school_id = this.school_id
              and pupil.academic_year = this.academic_year and pupil.term = this.term
              and pupil.roll = this.roll and pupil.termly_sessions_possible < this.sessions
        )
        """,
    ),
    rules_of("ours", "school_pupils")(
        "C10",
        column="leaving_date",
        says="The pupil left the school before joining it.",
        matters="Time on roll, in which anything could be seen, is negative.",
        among="leaving_date is not null",
        broken="leaving_date < entry_date",
    ),
    future("C11", "early_help_episodes", "start_date"),
    future("C12", "hclic_cases", "assessment_date"),
)
