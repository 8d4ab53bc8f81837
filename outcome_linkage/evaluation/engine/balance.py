"""`ev_balance`: are the arms alike on day 0? Weights are those of matching; the estimates add their own."""

from __future__ import annotations

from outcome_linkage.evaluation.engine.facts import covariate_items
from outcome_linkage.evaluation.engine.person import attribute
from outcome_linkage.evaluation.engine.step import Step
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

_LEVELS = """
-- every characteristic of every member, as text for groups and as a number for numbers
{variables}
"""
_BALANCE = """
-- are the arms alike? Each other is compared with the first; a level that only one has is told
with people as (
    select variable, level, number, arm, weight, status from balance_value
),
arms as (
    select arm, count(*) as n_arm, sum(weight) as w_arm from study_weighted group by arm
),
of_levels as (
    select p.variable, coalesce(p.level, 'number') as level, p.arm,
        count(*) filter (where status = 0) as n,
        sum(weight) filter (where status = 0) as w,
        avg(number) as mean, stddev_samp(number) as sd, var_samp(number) as var,
        sum(weight * number) / nullif(sum(weight) filter (where number is not null), 0) as w_mean,
        quantile_cont(number, 0.25) as p25, quantile_cont(number, 0.5) as p50,
        quantile_cont(number, 0.75) as p75
    from people as p
    where status = 0
    group by p.variable, coalesce(p.level, 'number'), p.arm
),
statuses as (
    select variable, arm, count(*) filter (where status = 4) as n_missing,
        count(*) filter (where status in (1, 7)) as n_not_linkable,
        count(*) filter (where status in (2, 3)) as n_not_covered,
        count(*) filter (where status = 0) as n_known, sum(weight) filter (where status = 0) as w_known
    from people
    group by variable, arm
),
grid as (
    select l.variable, l.level, a.arm
    from (select distinct variable, level from of_levels) as l cross join arms as a
),
filled as (
    select g.variable, g.level, g.arm, coalesce(o.n, 0) as n, s.n_missing, s.n_not_linkable, s.n_not_covered,
        case when g.level <> 'number' then coalesce(o.n, 0) / nullif(s.n_known, 0) end as share,
        case when g.level <> 'number' then coalesce(o.w, 0) / nullif(s.w_known, 0) end as w_share,
        o.mean, o.sd, o.var, o.w_mean, o.p25, o.p50, o.p75
    from grid as g
    left join of_levels as o on o.variable = g.variable and o.level = g.level and o.arm = g.arm
    left join statuses as s on s.variable = g.variable and s.arm = g.arm
),
compared as (
    select b.*,
        case when b.level = 'number' then (b.mean - a.mean) / nullif(sqrt((a.var + b.var) / 2), 0)
            else (b.share - a.share)
                / nullif(sqrt((a.share * (1 - a.share) + b.share * (1 - b.share)) / 2), 0) end as smd_raw,
        case when b.level = 'number' then (b.w_mean - a.w_mean) / nullif(sqrt((a.var + b.var) / 2), 0)
            else (b.w_share - a.w_share)
                / nullif(sqrt((a.share * (1 - a.share) + b.share * (1 - b.share)) / 2), 0)
        end as smd_weighted,
        b.var / nullif(a.var, 0) as var_ratio,
        b.arm <> {first} and (a.share = 0) <> (b.share = 0) as is_disjoint
    from filled as b
    left join filled as a on a.variable = b.variable and a.level = b.level and a.arm = {first}
)
select variable, level, arm, n, n_missing, n_not_linkable, n_not_covered, round(100 * share, 6) as pct,
    round(mean, 6) as mean, round(sd, 6) as sd, p25, p50, p75,
    case when arm <> {first} then case when is_disjoint and smd_raw is null then 'infinity'::double
        else round(smd_raw, 6) end end as smd_raw,
    case when arm <> {first} then round(smd_weighted, 6) end as smd_weighted,
    case when arm <> {first} then round(var_ratio, 6) end as var_ratio,
    case when arm = {first} then null when is_disjoint then 'disjoint'
        when abs(coalesce(smd_weighted, 0)) > 0.1 then 'imbalanced' else 'ok' end as flag
from compared
"""


def balance_steps(study: Evaluation) -> list[Step]:
    """`ev_balance`. Needs `study_member` and what is known at day 0."""
    first = literal(study.arms[0].id if study.arms else "all")
    return [
        Step("study_weighted", "select candidate_id, arm, match_weight as weight from study_member"),
        Step("balance_value", _LEVELS.format(variables=_values(study))),
        Step("ev_balance", _BALANCE.format(first=first)),
    ]


BASIC = ("age_index_years", "sex", "ethnicity5", "imd_quintile")


def _values(study: Evaluation) -> str:
    """Characteristics of every member: the basic ones, and the study's own."""
    attributes = [one.id for one in study.covariates if isinstance(one, AttributeCovariate)]
    names = list(dict.fromkeys([*BASIC, *attributes]))
    selects = [_of_attribute(name) for name in names]
    selects += [
        f"select p.candidate_id, p.arm, p.match_weight as weight, '{one.item}' as variable, "
        "cast(null as varchar) as level, v.value as number, v.status "
        "from study_member as p inner join cov_value as v on v.candidate_id = p.candidate_id "
        f"and v.item = {literal(one.item)}"
        for one in covariate_items(study)
    ]
    return "\nunion all\n".join(selects)


def _of_attribute(name: str) -> str:
    numeric = name in ("age_index_years", "birth_year")
    column = attribute(name)
    joined = "left join adv_score as s on s.candidate_id = p.candidate_id" if column[0] == "s" else ""
    known = f"case when {column} is null or lower(cast({column} as varchar)) = 'unknown' then 4 else 0 end"
    level = "cast(null as varchar)" if numeric else f"cast({column} as varchar)"
    number = f"cast({column} as double)" if numeric else "cast(null as double)"
    return (
        f"select p.candidate_id, p.arm, p.match_weight as weight, '{name}' as variable, "
        f"{level} as level, {number} as number, {known} as status from study_member as p {joined}"
    )
