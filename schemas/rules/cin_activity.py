"""CIN census rules on what follows a referral: assessments and child-protection plans."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_TIME = "Time under assessment or under a plan is counted twice, lost, or negative."
_ORDER = "What came first is wrong: an exposure is dated before the referral that found it."
_FACTORS = "Factors, the adversities of the census, are missing, invented or contradict each other."
_CLOSED = "Work goes on in a closed case: the closure, or the work, is dated wrongly."
_NOTHING = "A referral that led to nothing is counted as need, or need as a referral that led to nothing."
_YEAR = "The event is outside the year that the census speaks of, or was miscopied from another."
_DEATH = "Something happens to a child after its death: the record, or the death, is another child's."

_assessment = rules_of("cin", "cin_assessments")
_of_referral = rules_of("cin", "cin_assessments", "assessment_of_referral")
_plan = rules_of("cin", "cin_protection_plans")
_plan_order = rules_of("cin", "cin_protection_plans", "plan_in_order")
_plan_referral = rules_of("cin", "cin_protection_plans", "plan_of_referral")
_plan_child = rules_of("cin", "cin_protection_plans", "plan_of_child")

_OTHER_ASSESSMENT = """
    select 1 from cin_assessments as other
    where other.record_key = this.record_key
      and other.assessment_start_date <> this.assessment_start_date
"""

ASSESSMENTS: tuple[Rule, ...] = (
    _assessment(
        "1103",
        column="assessment_start_date",
        says="The assessment starts before the referral.",
        matters=_ORDER,
        broken="assessment_start_date < referral_date",
    ),
    _assessment(
        "8608",
        column="authorisation_date",
        says="The assessment is completed before it starts.",
        matters=_TIME,
        among="authorisation_date is not null",
        broken="authorisation_date < assessment_start_date",
    ),
    _assessment(
        "8696",
        column="authorisation_date",
        says="The assessment is completed outside the census year.",
        matters=_YEAR,
        among="authorisation_date is not null",
        broken="authorisation_date not between year_start and year_end",
    ),
    _assessment(
        "8736",
        column="assessment_start_date",
        says="An assessment that is not completed starts outside the census year.",
        matters=_YEAR,
        among="authorisation_date is null",
        broken="assessment_start_date not between year_start and year_end",
    ),
    _assessment(
        "8863Q",
        column="assessment_start_date",
        says="The assessment starts while another of the child is under way.",
        matters=_TIME,
        severity="warning",
        broken=f"""
        exists (
            {_OTHER_ASSESSMENT}
              and other.assessment_start_date < this.assessment_start_date
              and other.authorisation_date > this.assessment_start_date
        )
        """,
    ),
    _assessment(
        "8896",
        column="authorisation_date",
        says="Two assessments of one case are open.",
        matters=_TIME,
        among="authorisation_date is null",
        broken=f"""
        exists (
            {_OTHER_ASSESSMENT}
              and other.referral_date = this.referral_date and other.authorisation_date is null
        )
        """,
    ),
    _of_referral(
        "8867",
        column="authorisation_date",
        says="The case is closed and the assessment is not completed.",
        matters=_CLOSED,
        among="closure_date is not null",
        broken="authorisation_date is null",
    ),
    _of_referral(
        "8565",
        column="assessment_start_date",
        says="The assessment starts or is completed after the case was closed.",
        matters=_CLOSED,
        among="closure_date is not null",
        broken="greatest(assessment_start_date, authorisation_date) > closure_date",
    ),
    _of_referral(
        "8831",
        column="assessment_start_date",
        says="A referral that led to nothing has an assessment.",
        matters=_NOTHING,
        broken="no_further_action",
    ),
)

FACTORS: tuple[Rule, ...] = (
    _assessment(
        "8614",
        column="factor",
        says="An assessment that is not completed has factors.",
        matters=_FACTORS,
        among="factor is not null",
        broken="authorisation_date is null",
    ),
    _assessment(
        "8897Q",
        column="factor",
        says="A completed assessment has no factors, not even that none were found.",
        matters=_FACTORS,
        severity="warning",
        among="authorisation_date is not null",
        broken="factor is null",
    ),
    _of_referral(
        "8869",
        column="factor",
        says="No factor was identified, and another was.",
        matters=_FACTORS,
        among="factor = '21'",
        broken="factors > 1",
    ),
    _of_referral(
        "8873Q",
        column="factor",
        says="The only assessment found nothing, but the case closed for another reason than that.",
        matters=_FACTORS,
        severity="warning",
        among="factor = '21' and assessments = 1 and closure_reason is not null",
        broken="closure_reason not in ('RC8', 'RC9')",
    ),
    _assessment(
        "8945Q",
        column="factor",
        says="The old code for physical abuse does not say whether by a child or by an adult.",
        matters=_FACTORS,
        severity="warning",
        among="factor like '18_'",
        broken="factor = '18A' and year_end > date '2020-04-01'",
    ),
    _assessment(
        "8950Q",
        column="factor",
        says="The old code for sexual abuse does not say whether by a child or by an adult.",
        matters=_FACTORS,
        severity="warning",
        among="factor like '19_'",
        broken="factor = '19A' and year_end > date '2020-04-01'",
    ),
)

PLANS: tuple[Rule, ...] = (
    _plan(
        "1105",
        column="plan_start_date",
        says="The protection plan starts before the referral.",
        matters=_ORDER,
        broken="plan_start_date < referral_date",
    ),
    _plan(
        "8720",
        column="plan_start_date",
        says="The protection plan starts after the end of the census year.",
        matters=_YEAR,
        broken="plan_start_date > year_end",
    ),
    _plan(
        "8840",
        column="plan_end_date",
        says="The protection plan starts and ends on one day.",
        matters="It adds a plan and no time.",
        among="plan_end_date is not null",
        broken="plan_end_date = plan_start_date",
    ),
    _plan(
        "8925",
        column="plan_end_date",
        says="The protection plan ends before it starts.",
        matters=_TIME,
        among="plan_end_date is not null",
        broken="plan_end_date < plan_start_date",
    ),
    _plan(
        "8930",
        column="plan_end_date",
        says="The protection plan ends outside the census year.",
        matters=_YEAR,
        among="plan_end_date is not null",
        broken="plan_end_date not between year_start and year_end",
    ),
    _plan_order(
        "8935",
        column="plan_end_date",
        says="The child has more than one open protection plan.",
        matters=_TIME,
        among="plan_end_date is null",
        broken="open_plans > 1",
    ),
    _plan_order(
        "8940",
        column="plan_start_date",
        says="The protection plan starts before the one before it has ended.",
        matters=_TIME,
        among="previous_end_date is not null",
        broken="plan_start_date < previous_end_date",
    ),
    _plan_referral(
        "8832",
        column="plan_start_date",
        says="A referral that led to nothing has a protection plan.",
        matters=_NOTHING,
        broken="no_further_action",
    ),
    _plan_referral(
        "8565",
        column="plan_end_date",
        says="The protection plan starts, ends or goes on after the case was closed.",
        matters=_CLOSED,
        among="closure_date is not null",
        broken="plan_end_date is null or greatest(plan_start_date, plan_end_date) > closure_date",
    ),
    _plan_child(
        "8915",
        column="plan_start_date",
        says="The protection plan starts after the child's death.",
        matters=_DEATH,
        among="death_date is not null",
        broken="plan_start_date > death_date",
    ),
    _plan_child(
        "8920",
        column="plan_end_date",
        says="The protection plan ends after the child's death.",
        matters=_DEATH,
        among="death_date is not null and plan_end_date is not null",
        broken="plan_end_date > death_date",
    ),
)

RULES = (*ASSESSMENTS, *FACTORS, *PLANS)
