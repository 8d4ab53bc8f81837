"""Tables about the tables: why time ended, what is missing, who was linked, who knew."""

from __future__ import annotations

from outcome_linkage.evaluation.engine.facts import outcome_items
from outcome_linkage.evaluation.engine.step import Step
from outcome_linkage.evaluation.engine.values import STATUSES
from outcome_linkage.evaluation.spec.evaluation import Evaluation

_COHORT = """
-- one row per candidate and trial: each rule with its day, and the first that was not met
select c.person_id as person_key, c.trial_no, c.index_date, {rules}c.first_failed,
    m.candidate_id is not null as included, c.arm, c.arm_decided_day,
    v.assignment_weight
from study_cohort as c
left join study_member as m on m.cohort_id = c.candidate_id and m.arm is not distinct from c.arm
left join ev_person as v
    on v.person_key = m.person_id and v.trial_no = m.trial_no and v.arm is not distinct from m.arm
"""
_EVENT = """
-- one row per included person, trial, role and recorded event
with events as (
    {roles}
)
select p.person_id as person_key, p.trial_no, p.arm, e.event_id, e.role, e.item, e.concept, e.domain,
    e.source, e.organisation_id, e.whose_record, e.event_date, e.day,
    cast(greatest(0, date_sub('year', p.born_on, e.event_date)) as integer) as age_years,
    cast(case when date_sub('month', p.born_on, e.event_date) < 24
        then greatest(0, date_sub('month', p.born_on, e.event_date)) end as integer) as age_months,
    cast(e.episode_no as integer) as episode_no, e.is_kept, e.is_covered, e.dup_of,
    cast(e.n_merged as integer) as n_merged, cast(null as varchar) as unit_cost_id,
    cast(null as double) as cost_gbp
from events as e
inner join study_member as p on p.candidate_id = e.candidate_id
"""
_ITEM_ROLE = """select e.candidate_id, e.event_id, i.role, i.item, e.concept, cast(null as varchar) as domain,
        e.source, e.whose_record, e.event_date, e.day, e.episode_no, e.is_kept, e.is_covered, e.dup_of,
        e.n_merged, e.organisation_id
    from {episode} as e inner join {items} as i on i.item_no = e.item_no"""
_ADVERSITY_ROLE = """select candidate_id, event_id, 'adversity', concept, concept, concept, source,
        whose_record, event_date, day, episode_no, is_kept, is_covered, dup_of, n_merged, organisation_id
    from adv_episode"""
_EXPOSURE_ROLE = """select m.candidate_id, e.event_id, 'exposure', m.arm, e.concept, null, e.source,
        e.whose_record, e.event_date, e.day, e.episode_no, e.is_kept, e.is_covered, e.dup_of, e.n_merged,
        e.organisation_id
    from rule_episode as e
    inner join rule_item as i on i.item_no = e.item_no and i.role = 'exposure'
    inner join study_member as m on m.cohort_id = e.candidate_id"""
_INDEX_ROLE = """select m.candidate_id, m.index_event_id as event_id, 'index' as role, 'index' as item,
        e.concept, cast(null as varchar) as domain, e.source, e.whose_record, e.event_date, 0 as day,
        1 as episode_no, true as is_kept, true as is_covered, cast(null as varchar) as dup_of, 1 as n_merged,
        e.organisation_id
    from study_member as m
    inner join study_event as e on e.person_id = m.person_id and e.event_id = m.index_event_id"""
_CENSORING = """
-- how many stopped being followed in which 90 days, by outcome and arm, and why
select f.item as outcome, p.arm, cast(floor(greatest(0, f.fu_days - 1) / 90) * 90 as integer) as day_band,
    f.censor_reason as reason, count(*) as n
from study_followup as f
inner join study_member as p on p.candidate_id = f.candidate_id
group by all
"""
_MISSINGNESS = """
-- how many have each status, by variable and arm
with statuses as (
    {variables}
),
counted as (
    select variable, arm, status, count(*) as n from statuses group by variable, arm, status
)
select variable, arm, case status {words} end as status, n,
    round(100.0 * n / sum(n) over (partition by variable, arm), 6) as pct
from counted
"""
_LINKAGE = """
-- who could be linked, and who was, by table and group
with people as (
    select p.person_id, p.trial_no, s.source, s.linkable, s.linked, s.link_weight, g.subgroup, g.level
    from study_member as p
    inner join ev_person_source as s
        on s.person_key = p.person_id and s.trial_no = p.trial_no and s.arm is not distinct from p.arm
    cross join lateral (values
        ('all', 'all'), ('arm', p.arm), ('sex', p.sex), ('ethnicity5', p.ethnicity5),
        ('imd_quintile', coalesce(cast(p.imd_quintile as varchar), 'unknown')),
        ('age_band', coalesce(p.age_band, 'unknown'))
    ) as g (subgroup, level)
),
counted as (
    select source, subgroup, level, count(*) as n, count(*) filter (where linkable) as n_linkable,
        count(*) filter (where linked) as n_linked, median(link_weight) as median_weight
    from people
    group by source, subgroup, level
),
totals as (
    select *, sum(n_linked) over w as linked, sum(n - n_linked) over w as unlinked
    from counted
    window w as (partition by source, subgroup)
),
shares as (
    select *, n_linked / nullif(linked, 0) as p1, (n - n_linked) / nullif(unlinked, 0) as p0 from totals
),
registers as (
    select source, bool_and(register) as register from in_source group by source
)
select shares.source, shares.subgroup, shares.level, registers.register, shares.n, shares.n_linkable,
    shares.n_linked, round(100.0 * n_linked / n, 6) as pct,
    round((p1 - p0) / nullif(sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2), 0), 6) as smd_linked_vs_not,
    median_weight
from shares
inner join registers on registers.source = shares.source
"""
_ASCERTAINMENT = """
-- which tables knew of the same thing: people by the tables that hold it, whether or not they were merged
-- of day 0: whether a record of another table is matched to it
with held as (
    select item as outcome, role, person_key, trial_no, arm, source, cast(null as varchar) as linked_source
    from ev_event
    where role in ('adversity', 'outcome')
    union all
    select m.measure, 'index', p.person_id, p.trial_no, p.arm, m.source, m.linked_source
    from in_match as m
    cross join study_member as p
    union all
    select m.measure, 'index', p.person_id, p.trial_no, p.arm, m.linked_source, m.linked_source
    from in_match as m
    inner join study_event as e on e.concept = m.measure and e.source = m.source and e.counts = 'yes'
    inner join study_member as p on p.person_id = e.person_id and p.index_date = e.event_date
),
tables as (
    select outcome, role, linked_source, person_key, trial_no, arm,
        string_agg(distinct source, '+' order by source) as sources
    from held
    group by outcome, role, linked_source, person_key, trial_no, arm
)
select outcome, role, linked_source, sources, count(*) as n
from tables
group by outcome, role, linked_source, sources
"""


def told_steps(study: Evaluation) -> list[Step]:
    """`ev_cohort`, `ev_event`, and the tables that tell of a run. Needs every other table but the flow."""
    roles = [_INDEX_ROLE]
    if outcome_items(study):
        roles.append(_ITEM_ROLE.format(episode="out_episode", items="out_item"))
    roles.append(_ITEM_ROLE.format(episode="cov_episode", items="cov_item"))
    roles += [_EXPOSURE_ROLE, *([_ADVERSITY_ROLE] if study.adversity else [])]
    words = " ".join(f"when {code} then '{word}'" for code, word in STATUSES.items())
    return [
        Step("ev_event", _EVENT.format(roles="\n    union all\n    ".join(roles))),
        Step("ev_censoring", _CENSORING),
        Step("ev_missingness", _MISSINGNESS.format(variables=_statuses(study), words=words)),
        Step("ev_linkage", _LINKAGE),
        Step("ev_ascertainment", _ASCERTAINMENT),
    ]


def cohort_table(rules: list[str]) -> Step:
    """`ev_cohort`: a boolean and a day for each rule of `rules`."""
    columns = "".join(f"c.crit_{name}, c.crit_{name}_date, " for name in rules)
    return Step("ev_cohort", _COHORT.format(rules=columns))


def _statuses(study: Evaluation) -> str:
    names = [f"o_{outcome.id}" for outcome in study.outcomes]
    names += [f"x_{covariate.id}" for covariate in study.covariates]
    names += [f"a_{domain}" for domain in (study.adversity.domains if study.adversity else ())]
    selects = [f"select '{name}' as variable, arm, {name}_st as status from ev_person" for name in names]
    return "\n    union all ".join(selects) or (
        "select cast(null as varchar) as variable, cast(null as varchar) as arm, 0 as status where false"
    )
