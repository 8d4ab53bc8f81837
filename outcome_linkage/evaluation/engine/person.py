"""`ev_person`: one wide row per included person and trial, ready for analysis; and each person's sources."""

from __future__ import annotations

from outcome_linkage.evaluation.attributes import ORGANISATIONS
from outcome_linkage.evaluation.engine.adversity import bands_of
from outcome_linkage.evaluation.engine.facts import FOLLOW_UP, TIMED, is_cloned, outcome_items
from outcome_linkage.evaluation.engine.started import unit_of
from outcome_linkage.evaluation.engine.step import Step
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate, EventCovariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

OF_FOLLOW_UP = {"fu_start": "date", "fu_end": "date", "fu_days": "integer", "censor_reason": "varchar"}
INTEGER_KINDS = ("binary", "count", "days", "time_to_event")
_WIDE = """
-- one row per member with the value, status and time of each outcome side by side
select p.candidate_id{columns}
from study_member as p
left join study_followup as f on f.candidate_id = p.candidate_id
left join out_value as v on v.candidate_id = f.candidate_id and v.item_no = f.item_no
left join study_time as t on t.candidate_id = f.candidate_id and t.item_no = f.item_no
{weights}
group by p.candidate_id
"""
_WEIGHTS = "left join study_weight as w on w.candidate_id = f.candidate_id and w.item = f.item"
_WIDE_COVARIATE = """
select p.candidate_id{columns}
from study_eligible as p
left join cov_value as v on v.candidate_id = p.candidate_id
group by p.candidate_id
"""
_WIDE_ADVERSITY = """
select p.candidate_id{columns}
from study_eligible as p
left join adv_domain_of as d on d.candidate_id = p.candidate_id
group by p.candidate_id
"""
_PERSON = """
-- one row per included person and trial
select
    p.person_id as person_key, p.trial_no, {cluster} as cluster_key, p.match_set, p.match_weight,
    {weight} as assignment_weight, p.arm,
    p.index_date, p.index_quarter, p.age_index_years, p.age_band, p.sex, p.ethnicity5, p.imd_quintile,
    p.la_code as area_code, p.organisation_id,
    {entry} as entry_days,
    {follow_up}{adversity}{covariates}{outcomes}
from study_member as p
{joins}
"""
_PERSON_SOURCE = """
-- one row per included person, trial and table: could they be found there, were they, on how many days
with days as (
    select p.candidate_id, c.source,
        sum(case when c.worth = 'usable' then greatest(0, least(c.interval_to, p.index_date + {last})
            - greatest(c.interval_from, p.index_date + {first}) + 1) else 0 end) as covered_days
    from study_member as p
    inner join study_interval as c on c.person_id = p.person_id
    group by p.candidate_id, c.source
),
gaps as (
    select p.candidate_id, c.source, min(c.reason) as gap_reason
    from study_member as p
    inner join study_coverage as c
        on c.person_id = p.person_id and not c.covered
        and c.interval_from <= p.index_date + {last} and c.interval_to >= p.index_date + {first}
    group by p.candidate_id, c.source
),
links as (
    select person_id, source, bool_or(linkable) as linkable,
        min(case when linkable then linkable_from end) as linkable_from, bool_or(linked) as linked,
        min(link_weight) as link_weight, bool_or(withheld) as withheld
    from study_link group by person_id, source
)
select p.person_id as person_key, p.trial_no, p.arm, l.source, l.linkable, l.linkable_from, l.linked,
    l.withheld, l.link_weight, cast(coalesce(days.covered_days, 0) as integer) as covered_days,
    gaps.gap_reason
from study_member as p
inner join links as l on l.person_id = p.person_id
left join days on days.candidate_id = p.candidate_id and days.source = l.source
left join gaps on gaps.candidate_id = p.candidate_id and gaps.source = l.source
"""


def wide_before(study: Evaluation) -> list[Step]:
    """What is known at day 0, wide: `cov_wide` and `adv_wide`, for matching and for `ev_person`."""
    covariates = [one for one in study.covariates if isinstance(one, EventCovariate)]
    columns = "".join(_covariate(one) for one in covariates)
    steps = [Step("cov_wide", _WIDE_COVARIATE.format(columns=columns))]
    if study.adversity is not None:
        columns = "".join(_domain(name) for name in study.adversity.domains)
        columns += "".join(
            f",\n    cast(count(*) filter (where d.in_score and d.scored and d.first_band = {literal(label)})"
            f" as integer) as a_score_b{number}"
            for number, label in enumerate(bands_of(study.adversity), 1)
        )
        steps.append(Step("adv_wide", _WIDE_ADVERSITY.format(columns=columns)))
    return steps


def _covariate(one: EventCovariate) -> str:
    mine = f"filter (where v.item = {literal(one.id)})"
    kind = "double" if one.kind == "latest" else "integer"
    return (
        f",\n    cast(any_value(v.value) {mine} as {kind}) as x_{one.id},"
        f"\n    any_value(v.status) {mine} as x_{one.id}_st"
    )


def _domain(name: str) -> str:
    mine = f"filter (where d.domain = {literal(name)})"
    return (
        f",\n    any_value(d.seen) {mine} as a_{name}, cast(any_value(d.n) {mine} as integer) as a_{name}_n,"
        f"\n    cast(any_value(d.first_day) {mine} as integer) as a_{name}_fd,"
        f" any_value(d.first_band) {mine} as a_{name}_fb,"
        f"\n    cast(any_value(d.status) {mine} as integer) as a_{name}_st"
    )


def person_steps(study: Evaluation) -> list[Step]:
    """`out_wide`, `ev_person` and `ev_person_source`, still with person_id where the key will be."""
    days = (study.followup.start_days, study.followup.horizon_days) if study.followup else (0, 0)
    columns = "".join(_outcome(study, one.item) for one in outcome_items(study))
    return [
        Step("out_wide", _WIDE.format(columns=columns, weights=_WEIGHTS if is_cloned(study) else "")),
        Step("ev_person", _person(study)),
        Step("ev_person_source", _PERSON_SOURCE.format(first=days[0], last=days[1])),
    ]


def _outcome(study: Evaluation, item: str) -> str:
    mine = f"filter (where f.item = {literal(item)})"
    weight = f",\n    any_value(w.weight) {mine} as {{}}" if is_cloned(study) else ""
    if item == FOLLOW_UP:
        return "".join(
            f",\n    cast(any_value(f.{name}) {mine} as {kind}) as {name}"
            for name, kind in OF_FOLLOW_UP.items()
        ) + weight.format("assignment_weight")
    kind = next(one.kind for one in study.outcomes if one.id == item)
    column = "integer" if kind in INTEGER_KINDS else "double"
    text = (
        f",\n    cast(any_value(v.value) {mine} as {column}) as o_{item},"
        f" any_value(v.status) {mine} as o_{item}_st,"
    )
    days = f"any_value(t.t - t.e) {mine}" if kind == "time_to_event" else f"any_value(v.n_days) {mine}"
    text += f" cast({days} as integer) as o_{item}_pt" + weight.format(f"o_{item}_w")
    return text + (_time(item, mine) if kind in TIMED else "")


def _time(item: str, mine: str) -> str:
    return "".join(
        f",\n    cast(any_value(t.{name}) {mine} as integer) as o_{item}_{name}" for name in ("t", "d", "e")
    )


def _person(study: Evaluation) -> str:
    joins = ["left join out_wide as o on o.candidate_id = p.candidate_id"]
    joins.append("left join cov_wide as x on x.candidate_id = p.candidate_id")
    adversity = ""
    if study.adversity is not None:
        joins.append("left join adv_wide as a on a.candidate_id = p.candidate_id")
        joins.append("left join adv_score as s on s.candidate_id = p.candidate_id")
        adversity = ",\n    s.* exclude (candidate_id), a.* exclude (candidate_id)"
    follow = study.followup is not None and bool(study.outcomes)
    weighted = follow and is_cloned(study)
    attributes = "".join(
        f",\n    {attribute(one.id)} as x_{one.id}, {_known(one.id)} as x_{one.id}_st"
        for one in study.covariates
        if isinstance(one, AttributeCovariate)
    )
    own = ["candidate_id", *(OF_FOLLOW_UP if follow else []), *(["assignment_weight"] if weighted else [])]
    return _PERSON.format(
        cluster=_cluster(study),
        entry=f"cast(p.entry_date - p.index_date - {study.followup.start_days} as integer)"
        if study.followup
        else "0",
        follow_up="o.fu_start, o.fu_end, o.fu_days, o.censor_reason"
        if follow
        else "p.index_date as fu_start, p.end_date as fu_end, cast(p.end_date - p.index_date + 1 as integer) "
        "as fu_days, 'study_end' as censor_reason",
        adversity=adversity,
        covariates=attributes
        + _more("x", "candidate_id", any(isinstance(c, EventCovariate) for c in study.covariates)),
        weight="o.assignment_weight" if weighted else "cast(1 as double)",
        outcomes=_more("o", ", ".join(own), bool(study.outcomes)),
        joins="\n".join(joins),
    )


def _cluster(study: Evaluation) -> str:
    """What people share that makes them alike: as the design says, else the unit of the design.

    Those of whom it is not known are one cluster, so that nobody counts as independent for want of a record.
    """
    if study.design.cluster:
        return f"coalesce({attribute(_shared(study.design.cluster))}, 'unknown')"
    unit = attribute(_shared(study.design.unit))
    known = [*([unit_of("unit")] if study.rollout is not None else []), unit, "'unknown'"]
    return f"coalesce({', '.join(known)})"


def _shared(name: str) -> str:
    """The characteristic that a kind of unit or cluster is."""
    units = {"person": "person_id", "area": "la_code"}
    return "organisation_id" if name in ORGANISATIONS else units.get(name, name)


def _more(alias: str, exclude: str, there: bool) -> str:
    return f",\n    {alias}.* exclude ({exclude})" if there else ""


def attribute(name: str) -> str:
    """SQL for a characteristic of a member `p`, or of their score `s`."""
    return "s.a_score_cat" if name == "a_score_cat" else f"p.{name}"


def _known(name: str) -> str:
    """A characteristic that is blank, or recorded as unknown, is missing in its source."""
    text = f"lower(cast({attribute(name)} as varchar))"
    return f"case when {text} is null or {text} = 'unknown' then 4 else 0 end"
