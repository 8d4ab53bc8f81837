"""SSDA903 rules on what becomes of children: health in care (OC2) and after it (OC3)."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_AGES = "The child's age is wrong, or the row is another child's."
_TWELVE = "Health is compared among children of whom some were not in care for the year."
_MISUSE = "Substance misuse, and help with it, contradict each other."
_LEAVERS = "Outcomes of care leavers are counted for people who are none, or are missing."

_oc2 = rules_of("ssda903", "ssda903_oc2")
_oc3 = rules_of("ssda903", "ssda903_oc3")

HEALTH: tuple[Rule, ...] = (
    _oc2(
        "185",
        column="sdq_score",
        says="There is a score of strengths and difficulties, but no year of care up to 31 March.",
        matters=_TWELVE,
        among="sdq_score is not null",
        broken="not exists (select 1 from in_care_all_year as care where care.record_key = this.record_key)",
    ),
    _oc2(
        "190",
        column="health_assessment",
        says="Health is reported, but there is no year of care up to 31 March.",
        matters=_TWELVE,
        among="""
        coalesce(
            convicted, health_check, immunisations, teeth_check, health_assessment, substance_misuse
        ) is not null
        """,
        broken="not exists (select 1 from in_care_all_year as care where care.record_key = this.record_key)",
    ),
    _oc2(
        "188",
        column="sdq_score",
        says="There is a score, or a reason for none, of a child under 4 at the end of the year.",
        matters=_AGES,
        among="sdq_score is not null or sdq_reason is not null",
        broken="younger_than(year_end, 4, birth_month)",
    ),
    _oc2(
        "189",
        column="sdq_score",
        says="There is a score, or a reason for none, of a person of 17 at the start of the year.",
        matters=_AGES,
        among="sdq_score is not null or sdq_reason is not null",
        broken="aged_at_least(year_start, 17, birth_month)",
    ),
    _oc2(
        "197a",
        column="sdq_reason",
        says="There is a score and a reason for having none.",
        matters="The score is trusted or left out by chance.",
        severity="warning",
        among="sdq_score is not null",
        broken="sdq_reason is not null",
    ),
    _oc2(
        "192",
        column="intervention_received",
        says="The child misuses substances, and it is not said whether help was received.",
        matters=_MISUSE,
        among="substance_misuse",
        broken="intervention_received is null",
    ),
    _oc2(
        "193",
        column="substance_misuse",
        says="Help with substance misuse is reported of a child who is not said to need it.",
        matters=_MISUSE,
        among="intervention_received is not null or intervention_offered is not null",
        broken="substance_misuse is distinct from true",
    ),
    _oc2(
        "542",
        column="convicted",
        says="It is said whether a child under 10 was convicted.",
        matters="Children below the age of criminal responsibility are counted among those not convicted.",
        among="convicted is not null",
        broken="younger_than(year_end, 10, birth_month)",
    ),
    _oc2(
        "546",
        column="health_check",
        says="Development checks of early childhood are reported of a child of 5 or older.",
        matters="Uptake of checks is counted among children who are not due for any.",
        severity="warning",
        among="health_check is not null",
        broken="aged_at_least(year_end, 5, birth_month)",
    ),
)

LEAVERS: tuple[Rule, ...] = (
    _oc3(
        "391",
        column="birth_month",
        says="The care leaver does not turn 17, 18, 19, 20 or 21 in the year.",
        matters=_LEAVERS,
        broken="younger_than(year_end, 17, birth_month) or aged_at_least(year_start, 22, birth_month)",
    ),
    _oc3(
        "344",
        column="in_touch",
        says="The person died or went home for good, but activity or accommodation is reported.",
        matters=_LEAVERS,
        among="in_touch in ('DIED', 'RHOM')",
        broken="activ <> '0' or accom <> '0'",
    ),
    _oc3(
        "345",
        column="activ",
        says="The council is in touch, but does not know activity or accommodation.",
        matters=_LEAVERS,
        severity="warning",
        among="in_touch = 'YES'",
        broken="activ = '0' or accom = '0'",
    ),
    _oc3(
        "1000",
        column="record_key",
        says="The care leaver had died in care.",
        matters=_LEAVERS,
        broken="""
        exists (
            select 1 from so_far.ssda903_episodes as episode
            where episode.record_key = this.record_key and episode.rec = 'E2'
        )
        """,
    ),
)

RULES = (*HEALTH, *LEAVERS)
