"""CIN census rules on child-in-need plans, section 47 enquiries, reviews and disabilities."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_TIME = "Time under a plan or an enquiry is counted twice, lost, or negative."
_ORDER = "What came first is wrong: an exposure is dated before the referral that found it."
_NOTHING = "A referral that led to nothing is counted as need, or need as a referral that led to nothing."
_YEAR = "The event is outside the year that the census speaks of, or was miscopied from another."
_DEATH = "Something happens to a child after its death: the record, or the death, is another child's."
_CLOSED = "Work goes on in a closed case: the closure, or the work, is dated wrongly."
_BOTH = "A child is counted as in need and as in need of protection at once."
_CONFERENCE = "Child protection is dated wrongly, or a conference is counted twice."

_plan = rules_of("cin", "cin_plans")
_plan_order = rules_of("cin", "cin_plans", "need_plan_in_order")
_plan_referral = rules_of("cin", "cin_plans", "need_plan_of_referral")
_s47 = rules_of("cin", "cin_section47")
_s47_referral = rules_of("cin", "cin_section47", "section47_of_referral")
_protection = rules_of("cin", "cin_protection_plans", "plan_of_referral")

_OTHER_ENQUIRY = """
    select 1 from cin_section47 as other
    where other.record_key = this.record_key and other.s47_start_date <> this.s47_start_date
"""


def _after_death(day: str) -> str:
    return f"""
    exists (
        select 1 from cin_children as child
        where child.record_key = this.record_key and child.death_date < this.{day}
    )
    """


PLANS: tuple[Rule, ...] = (
    _plan_referral(
        "4000",
        column="plan_start_date",
        says="A referral that led to nothing has a child-in-need plan.",
        matters=_NOTHING,
        broken="no_further_action",
    ),
    _plan(
        "4001",
        column="plan_start_date",
        says="The child-in-need plan and a protection plan run at the same time.",
        matters=_BOTH,
        broken="""
        exists (
            select 1 from cin_protection_plans as protection
            where protection.record_key = this.record_key
              and protection.plan_start_date < coalesce(this.plan_end_date, date '9999-12-31')
              and coalesce(protection.plan_end_date, date '9999-12-31') > this.plan_start_date
        )
        """,
    ),
    _plan_order(
        "4004",
        column="plan_end_date",
        says="The child has more than one open child-in-need plan.",
        matters=_TIME,
        among="plan_end_date is null",
        broken="open_plans > 1",
    ),
    _plan(
        "4008",
        column="plan_start_date",
        says="The child-in-need plan starts after the child's death.",
        matters=_DEATH,
        broken=_after_death("plan_start_date"),
    ),
    _plan(
        "4009Q",
        column="plan_end_date",
        says="The child-in-need plan ends after the child's death.",
        matters=_DEATH,
        severity="warning",
        among="plan_end_date is not null",
        broken=_after_death("plan_end_date"),
    ),
    _plan(
        "4010",
        column="plan_start_date",
        says="The child-in-need plan starts after the end of the census year.",
        matters=_YEAR,
        broken="plan_start_date > year_end",
    ),
    _plan(
        "4011",
        column="plan_end_date",
        says="The child-in-need plan ends before it starts.",
        matters=_TIME,
        among="plan_end_date is not null",
        broken="plan_end_date < plan_start_date",
    ),
    _plan(
        "4013",
        column="plan_end_date",
        says="The child-in-need plan ends outside the census year.",
        matters=_YEAR,
        among="plan_end_date is not null",
        broken="plan_end_date not between year_start and year_end",
    ),
    _plan_order(
        "4014",
        column="plan_start_date",
        says="The child-in-need plan starts before the one before it has ended.",
        matters=_TIME,
        among="previous_end_date is not null",
        broken="plan_start_date < previous_end_date",
    ),
    _plan(
        "4015",
        column="plan_start_date",
        says="The child-in-need plan starts before the referral.",
        matters=_ORDER,
        broken="plan_start_date < referral_date",
    ),
    _plan_referral(
        "8565",
        column="plan_end_date",
        says="The child-in-need plan starts, ends or goes on after the case was closed.",
        matters=_CLOSED,
        among="closure_date is not null",
        broken="plan_end_date is null or greatest(plan_start_date, plan_end_date) > closure_date",
    ),
)

ENQUIRIES: tuple[Rule, ...] = (
    _s47(
        "2889",
        column="s47_start_date",
        says="The enquiry starts before the referral.",
        matters=_ORDER,
        broken="s47_start_date < referral_date",
    ),
    _s47(
        "1104",
        column="initial_cpc_date",
        says="The initial conference is before the referral.",
        matters=_ORDER,
        among="initial_cpc_date is not null",
        broken="initial_cpc_date < referral_date",
    ),
    _s47(
        "8615",
        column="initial_cpc_date",
        says="The enquiry starts after its initial conference.",
        matters=_ORDER,
        among="initial_cpc_date is not null",
        broken="s47_start_date > initial_cpc_date",
    ),
    _s47(
        "8715",
        column="initial_cpc_date",
        says="The initial conference is outside the census year.",
        matters=_YEAR,
        among="initial_cpc_date is not null",
        broken="initial_cpc_date not between year_start and year_end",
    ),
    _s47(
        "8740",
        column="s47_start_date",
        says="An enquiry of another year has come to no conference and needs one.",
        matters=_YEAR,
        among="initial_cpc_date is null and not icpc_not_required",
        broken="s47_start_date not between year_start and year_end",
    ),
    _s47(
        "8839",
        column="initial_cpc_date",
        says="Two enquiries of one case are open.",
        matters=_TIME,
        among="initial_cpc_date is null and not icpc_not_required",
        broken=f"""
        exists (
            {_OTHER_ENQUIRY}
              and other.referral_date = this.referral_date
              and other.initial_cpc_date is null and not other.icpc_not_required
        )
        """,
    ),
    _s47(
        "8890",
        column="s47_start_date",
        says="The enquiry starts while another of the child is under way.",
        matters=_TIME,
        severity="warning",
        broken=f"""
        exists (
            {_OTHER_ENQUIRY}
              and other.s47_start_date < this.s47_start_date and other.initial_cpc_date > this.s47_start_date
        )
        """,
    ),
    _s47_referral(
        "8868",
        column="initial_cpc_date",
        says="The case is closed and the enquiry is not.",
        matters=_CLOSED,
        among="closure_date is not null",
        broken="initial_cpc_date is null and not icpc_not_required",
    ),
    _s47_referral(
        "8565",
        column="s47_start_date",
        says="The enquiry or its conference is after the case was closed.",
        matters=_CLOSED,
        among="closure_date is not null",
        broken="greatest(s47_start_date, initial_cpc_date) > closure_date",
    ),
    _s47_referral(
        "8831",
        column="s47_start_date",
        says="A referral that led to nothing has an enquiry.",
        matters=_NOTHING,
        broken="no_further_action",
    ),
    _s47_referral(
        "2884",
        column="initial_cpc_date",
        says="An initial conference is recorded both with the enquiry and with the case.",
        matters=_CONFERENCE,
        among="initial_cpc_date is not null",
        broken="case_cpc_date is not null",
    ),
    _s47(
        "8875",
        column="initial_cpc_date",
        says="The initial conference is on a Saturday or Sunday.",
        matters=_CONFERENCE,
        severity="warning",
        among="initial_cpc_date is not null",
        broken="isodow(initial_cpc_date) >= 6",
    ),
    _s47(
        "2991Q",
        column="referral_date",
        says="There is an enquiry and no assessment in the case.",
        matters="The factors, the adversities of the census, are missing.",
        severity="warning",
        broken="""
        not exists (
            select 1 from cin_assessments as assessment
            where assessment.record_key = this.record_key and assessment.referral_date = this.referral_date
        )
        """,
    ),
    _protection(
        "2885",
        column="plan_start_date",
        says="The protection plan starts on another day than the initial conferences of the case.",
        matters=_CONFERENCE,
        severity="warning",
        among="plan_start_date between year_start and year_end",
        broken="""
        initial_cpc_date is distinct from plan_start_date
        and not exists (
            select 1 from cin_section47 as enquiry
            where enquiry.record_key = this.record_key and enquiry.initial_cpc_date = this.plan_start_date
        )
        """,
    ),
)

OTHERS: tuple[Rule, ...] = (
    rules_of("cin", "cin_reviews")(
        "8841",
        column="review_date",
        says="The review is not after the start of its protection plan.",
        matters=_ORDER,
        broken="review_date <= plan_start_date",
    ),
    rules_of("cin", "cin_reviews")(
        "4003",
        column="review_date",
        says="A protection plan is reviewed while a child-in-need plan is running.",
        matters=_BOTH,
        broken="""
        exists (
            select 1 from cin_plans as plan
            where plan.record_key = this.record_key and plan.plan_start_date < this.review_date
              and coalesce(plan.plan_end_date, date '9999-12-31') > this.review_date
        )
        """,
    ),
    rules_of("cin", "cin_disabilities")(
        "8790",
        column="disability",
        says="The child has no disability, and has one.",
        matters="Disabled children are counted among those who are not.",
        among="disability = 'NONE'",
        broken="""
        exists (
            select 1 from cin_disabilities as other
            where other.record_key = this.record_key and other.disability <> 'NONE'
        )
        """,
    ),
)

RULES = (*PLANS, *ENQUIRIES, *OTHERS)
