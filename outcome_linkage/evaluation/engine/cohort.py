"""Who is in: one boolean and one day for each rule, the arm, and the step at which the others left."""

from __future__ import annotations

from typing import NamedTuple

from outcome_linkage.evaluation.engine.facts import Item, is_cloned, items_step, primary
from outcome_linkage.evaluation.engine.rules import Rule, Rules
from outcome_linkage.evaluation.engine.step import NEVER, Step, value
from outcome_linkage.evaluation.engine.values import value_steps
from outcome_linkage.evaluation.spec.cohort import AtIndex, Landmark, TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.walk import blocks
from outcome_linkage.models.engine import literal

_PEOPLE = f"""
-- rules look at what is known by then: nothing ends a person's time yet
select *, index_date as entry_date, {NEVER} as end_date from study_candidate
"""
_RESIDENT = """
-- days before day 0, without a break back from it, on which a person lived in the area; since birth: all
with areas as (
    select a.*, max(area_to) over (
        partition by person_id order by area_from, area_to rows between unbounded preceding and 1 preceding
    ) as reached_to
    from in_area as a
    where person_id in (select person_id from study_candidate)
),
islands as (
    select *, sum(case when reached_to is null or area_from > reached_to + 1 then 1 else 0 end) over (
        partition by person_id order by area_from, area_to rows unbounded preceding
    ) as island
    from areas
),
stays as (
    select person_id, min(area_from) as area_from, max(area_to) as area_to
    from islands group by person_id, island
)
select c.candidate_id,
    max(case when stays.area_from <= c.born_on then 99999 else c.index_date - stays.area_from end)
        as days_resident
from study_candidate as c
inner join stays on stays.person_id = c.person_id and c.index_date between stays.area_from and stays.area_to
group by c.candidate_id
"""
_JUDGED = """
-- one row per person and trial: every rule answered once, whoever is in or out
select
    c.candidate_id,
    {rules}
    {arm} as arm_found,
    {arm_day} as arm_day
from study_candidate as c
left join rule_resident as r on r.candidate_id = c.candidate_id
{joins}
"""
_COHORT = """
-- one row per person, trial and, where everybody starts in every arm, arm: the first rule that is not met
with started as (
    {started}
),
steps as (
    select *, {first_failed} as first_failed from started
)
select *, first_failed is null as is_eligible from steps
"""


class Criterion(NamedTuple):
    """One step of the way in, in order."""

    id: str
    label: str
    rule: Rule


def cohort_steps(study: Evaluation) -> list[Step]:
    """`study_cohort`: every candidate with their answers. Needs `study_candidate` and what sources saw."""
    rules = Rules(study)
    steps = criteria(study, rules)
    arm, arm_day = _arms(study, rules)
    answers = "\n    ".join(
        f"{one.rule.answer} as crit_{one.id}, {one.rule.day} as crit_{one.id}_date," for one in steps
    )
    judged = _JUDGED.format(rules=answers, arm=arm, arm_day=arm_day, joins=rules.joins())
    return [
        items_step("rule_item", rules.items),
        Step("rule_people", _PEOPLE),
        *value_steps("rule", "rule_people", "rule_item"),
        Step("rule_resident", _RESIDENT),
        Step("study_judged", judged),
        Step("study_cohort", _cohort(study, steps)),
    ]


def rule_items(study: Evaluation) -> list[Item]:
    """What must be looked up to answer the rules."""
    rules = Rules(study)
    criteria(study, rules)
    _arms(study, rules)
    return rules.items


def criteria(study: Evaluation, rules: Rules) -> list[Criterion]:
    """The steps of eligibility: the look-back, each criterion of the file, an arm, and the landmark."""
    found = [*_look_back(study, rules)]
    for one in study.eligibility:
        asked = rules.rule(one.keep if one.keep is not None else one.drop)  # type: ignore[arg-type]
        answer = asked.answer if one.keep is not None else f"not ({asked.answer})"
        found.append(Criterion(one.id, one.label, Rule(answer, asked.day)))
    return [*found, *_landmark(study, rules), *_entry(study)]


def _look_back(study: Evaluation, rules: Rules) -> list[Criterion]:
    index = study.index
    if index is None or index.event is None or not index.lookback_required_days:
        return []
    days, source = index.lookback_required_days, index.event.source
    item = rules.look_up("binary", index.event.concept, source, (-days, -1))
    covered = f"coalesce({item}.n_days >= {item}.full_days, false)"
    first = f" and coalesce({item}.n_seen, 0) = 0" if index.pick == "first" else ""
    none = ", without the same event in it" if first else ""
    label = f"{days} days before day 0 covered by {source}{none}"
    return [Criterion("lookback", label, Rule(f"({covered}{first})", f"{item}.nth_date"))]


def _landmark(study: Evaluation, rules: Rules) -> list[Criterion]:
    """Whoever is gone, or has had the outcome, by the landmark cannot be compared from it on."""
    if not isinstance(study.assignment, Landmark):
        return []
    days, main = study.assignment.landmark_days, primary(study)
    alive = f"coalesce(c.death_date > c.index_date + {days}, true)"
    grace = study.followup.moved_out_grace_days if study.followup else 0
    still_here = f"coalesce(c.last_area_to + {grace} > c.index_date + {days}, {grace} > {days})"
    answers = [alive, still_here]
    if main is not None and main.kind in ("binary", "time_to_event"):
        item = rules.look_up("binary", main.event.concept, main.event.source, (1, days))
        answers.append(f"coalesce({item}.n_seen, 0) = 0")
    label = f"Alive, in the area and without the outcome to day {days}"
    rule = Rule(f"({' and '.join(answers)})", f"c.index_date + {days}")
    return [Criterion("landmark", label, rule)]


def _entry(study: Evaluation) -> list[Criterion]:
    """Whoever becomes linkable too late for the primary outcome enters too late."""
    main = primary(study)
    if main is None or study.followup is None or study.index is None:
        return []
    start = study.followup.start_days
    late = (
        "coalesce((select min(coalesce(l.linkable_from, c.index_date)) from study_link as l "
        f"where l.person_id = c.person_id and l.linkable and l.source = {literal(main.event.source)}) "
        f"<= c.index_date + {start + study.index.max_entry_delay_days}, true)"
    )
    delay = study.index.max_entry_delay_days
    after = f", {delay} days after follow-up begins" if delay else ", when follow-up begins"
    label = f"Could be linked to {main.event.source} by day {start + delay}{after}"
    return [Criterion("entry", label, Rule(late, "cast(null as date)"))]


def _arms(study: Evaluation, rules: Rules) -> tuple[str, str]:
    """The arm, and the day from day 0 on which it was decided: the first that fits."""
    if not study.arms:
        return literal("all"), "0"
    rules.role = "exposure"
    which, when = [], []
    for arm in study.arms:
        if arm.when == "otherwise":
            which.append(f"when true then {literal(arm.id)}")
            when.append(f"when true then {_decided(study)}")
        else:
            rule = rules.rule(arm.when)
            which.append(f"when {rule.answer} then {literal(arm.id)}")
            day = f"coalesce({rule.day} - c.index_date, {_last_day(arm.when)})"
            when.append(f"when {rule.answer} then greatest(0, {day})")
    return f"case {' '.join(which)} end", f"cast(case {' '.join(when)} end as integer)"


def _decided(study: Evaluation) -> int:
    return study.assignment.landmark_days if isinstance(study.assignment, Landmark) else 0


def _cohort(study: Evaluation, steps: list[Criterion]) -> str:
    joined = "from study_candidate as c inner join study_judged as j on j.candidate_id = c.candidate_id"
    columns = "c.*, j.* exclude (candidate_id, arm_found, arm_day)"
    failed = [f"when not crit_{one.id} then {value(one.id)}" for one in steps]
    failed.append("when arm is null then 'arm'")
    started = f"select {columns}, {_arm(study)}\n    {joined}"
    if is_cloned(study):
        names = ", ".join(literal(arm.id) for arm in study.arms)
        started += f"\n    cross join (select unnest([{names}]) as arm) as clones"
    return _COHORT.format(started=started, first_failed=f"case {' '.join(failed)} end")


def _arm(study: Evaluation) -> str:
    """The arm a person is in, when it was decided, and the last day on which they keep to it."""
    never = NEVER
    if isinstance(study.assignment, TimeVarying):
        first = literal(study.arms[-1].id)
        return (
            f"case when j.arm_day <= 0 then j.arm_found else {first} end as arm, "
            f"j.arm_day as arm_decided_day, j.arm_found as arm_later, {never} as keeps_to"
        )
    if study.assignment is None or isinstance(study.assignment, AtIndex | Landmark):
        return (
            f"j.arm_found as arm, j.arm_day as arm_decided_day, j.arm_found as arm_later, {never} as keeps_to"
        )
    return _clone(study)


def _clone(study: Evaluation) -> str:
    """A clone keeps to its arm until the person shows another: when it is decided, else on the last day."""
    latest = max((_last_day(arm.when) for arm in study.arms), default=0)
    keeps = (
        f"case when clones.arm = j.arm_found then {NEVER} "
        f"when j.arm_found = {literal(_otherwise(study))} then c.index_date + {latest} "
        "else c.index_date + j.arm_day - 1 end"
    )
    return f"clones.arm as arm, j.arm_day as arm_decided_day, j.arm_found as arm_later, {keeps} as keeps_to"


def _otherwise(study: Evaluation) -> str:
    return next((arm.id for arm in study.arms if arm.when == "otherwise"), "")


def _last_day(when: object) -> int:
    windows = (getattr(block, "window", None) for _, block in blocks(when))
    return max((window[1] for window in windows if window), default=0)
