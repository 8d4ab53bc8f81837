"""CIN census rules on the child and the referral: who, when it began, and how it ended."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_AGES = "The month of birth or death is wrong: ages, follow-up and links by birthday."
_DEATH = "Something happens to a child after its death: the record, or the death, is another child's."
_TIME = "Time in need is counted twice, lost, or negative."
_YEAR = "The event is outside the year that the census speaks of, or was miscopied from another."
_WHY = "Why a child was referred, or why the case was closed, is missing or contradicts the rest."
_NOTHING = "A referral that led to nothing is counted as need, or need as a referral that led to nothing."

_child = rules_of("cin", "cin_children")
_referral = rules_of("cin", "cin_referrals")
_order = rules_of("cin", "cin_referrals", "referral_in_order")
_of_child = rules_of("cin", "cin_referrals", "referral_of_child")

CHILD: tuple[Rule, ...] = (
    _child(
        "8520",
        column="birth_month",
        says="The child is born after the end of the census year.",
        matters=_AGES,
        among="birth_month is not null",
        broken="birth_month > year_end",
    ),
    _child(
        "8525Q",
        column="birth_month",
        says="A month of birth and an expected month of birth are both given, or neither is.",
        matters=_AGES,
        severity="warning",
        broken="(birth_month is null) = (expected_birth_month is null)",
    ),
    _child(
        "8530Q",
        column="expected_birth_month",
        says="The expected birth is not between March and December of the year in which the census ends.",
        matters=_AGES,
        severity="warning",
        among="expected_birth_month is not null",
        broken="""
        expected_birth_month not between make_date(year(year_end), 3, 1) and make_date(year(year_end), 12, 31)
        """,
    ),
    _child(
        "8535Q",
        column="death_date",
        says="The child died before the month of birth.",
        matters=_AGES,
        among="death_date is not null",
        broken="death_date < birth_month",
    ),
    _child(
        "8545Q",
        column="death_date",
        says="The child died outside the census year.",
        matters=_YEAR,
        severity="warning",
        among="death_date is not null",
        broken="death_date not between year_start and year_end",
    ),
    _child(
        "8750",
        column="sex",
        says="An unborn child has a sex.",
        matters="The row is of a child who was born: its birth, and its links, are lost.",
        among="birth_month is null and expected_birth_month is not null",
        broken="sex not in ('U', '0', '9')",
    ),
    _child(
        "8772",
        column="upn_unknown",
        says="There is no pupil number because the referral led to nothing, but another referral led on.",
        matters=_NOTHING,
        severity="warning",
        among="upn_unknown = 'UN7'",
        broken="""
        exists (
            select 1 from cin_referrals as referral
            where referral.record_key = this.record_key and not referral.no_further_action
        )
        """,
    ),
    _child(
        "8590",
        column="record_key",
        says="The child has no referral.",
        matters="A child in need is counted without any time in need.",
        broken="""
        not exists (select 1 from cin_referrals as referral where referral.record_key = this.record_key)
        """,
    ),
    _of_child(
        "8775Q",
        column="referral_date",
        says="The person is over 25 when the case closes, or at the end of the year.",
        matters=_AGES,
        severity="warning",
        broken="aged_at_least(least(coalesce(closure_date, year_end), year_end), 25, birth_month)",
    ),
)

REFERRAL: tuple[Rule, ...] = (
    _of_child(
        "8555Q",
        column="referral_date",
        says="The child is referred after its death.",
        matters=_DEATH,
        among="death_date is not null",
        broken="referral_date > death_date",
    ),
    _of_child(
        "8606",
        column="referral_date",
        says="The referral is more than 40 weeks before the birth.",
        matters=_AGES,
        broken="referral_date < coalesce(birth_month, expected_birth_month) - 280",
    ),
    _of_child(
        "8585Q",
        column="closure_reason",
        says="The case closed because the child died, but there is no date of death.",
        matters="Follow-up goes on after death, and a quiet life is read from it.",
        severity="warning",
        among="closure_reason = 'RC2'",
        broken="death_date is null",
    ),
    _referral(
        "8600",
        column="referral_date",
        says="The referral is after the end of the census year.",
        matters=_YEAR,
        broken="referral_date > year_end",
    ),
    _referral(
        "8610",
        column="primary_need",
        says="The referral led on and has no primary need.",
        matters=_WHY,
        among="not no_further_action",
        broken="primary_need is null",
    ),
    _referral(
        "8866",
        column="referral_source",
        says="The referral has no source.",
        matters="Who first saw the need, police or school or hospital, is unknown.",
        broken="referral_source is null",
    ),
    _referral(
        "8569Q",
        column="no_further_action",
        says="A referral of before the census year is one that led to nothing.",
        matters=_NOTHING,
        severity="warning",
        among="no_further_action",
        broken="referral_date < year_start - 5",
    ),
    _referral(
        "8825Q",
        column="closure_reason",
        says="The case closed after an assessment that is not there.",
        matters="Its factors, the adversities, are missing.",
        severity="warning",
        among="closure_reason in ('RC8', 'RC9')",
        broken="""
        not exists (
            select 1 from cin_assessments as assessment
            where assessment.record_key = this.record_key and assessment.referral_date = this.referral_date
        )
        """,
    ),
    _referral(
        "2990",
        column="closure_reason",
        says="The case closed after assessment without further action, but has a protection plan.",
        matters=_NOTHING,
        among="closure_reason in ('RC8', 'RC9')",
        broken="""
        exists (
            select 1 from cin_protection_plans as plan
            where plan.record_key = this.record_key and plan.referral_date = this.referral_date
        )
        """,
    ),
)

CLOSURE: tuple[Rule, ...] = (
    _referral(
        "8620",
        column="closure_date",
        says="The case closes outside the census year.",
        matters=_YEAR,
        among="closure_date is not null",
        broken="closure_date not between year_start and year_end",
    ),
    _referral(
        "8630",
        column="closure_date",
        says="The case closes before it was referred.",
        matters=_TIME,
        among="closure_date is not null",
        broken="closure_date < referral_date",
    ),
    _referral(
        "8805",
        column="closure_reason",
        says="The case is closed without a reason.",
        matters=_WHY,
        among="closure_date is not null",
        broken="closure_reason is null",
    ),
    _referral(
        "8810",
        column="closure_date",
        says="There is a reason for closure, but the case is open.",
        matters=_TIME,
        among="closure_reason is not null",
        broken="closure_date is null",
    ),
    _order(
        "8815",
        column="closure_date",
        says="The child has more than one open case.",
        matters=_TIME,
        among="not no_further_action and closure_date is null",
        broken="""
        (
            select count(*) from cin_referrals as other
            where other.record_key = this.record_key and not other.no_further_action
              and other.closure_date is null
        ) > 1
        """,
    ),
    _order(
        "8816",
        column="closure_date",
        says="The case is open although it is not the child's latest.",
        matters=_TIME,
        among="not no_further_action and closure_date is null",
        broken="next_referral_date is not null",
    ),
    _order(
        "8820",
        column="referral_date",
        says="The case starts before the one before it has closed.",
        matters=_TIME,
        among="not no_further_action and previous_closure_date is not null",
        broken="referral_date < previous_closure_date",
    ),
)

RULES = (*CHILD, *REFERRAL, *CLOSURE)
