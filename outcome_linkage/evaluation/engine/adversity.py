"""Service-recorded adversity before day 0: dose, timing, breadth, and how much of it could have been seen."""

from __future__ import annotations

from outcome_linkage.evaluation.engine.episodes import EPISODE
from outcome_linkage.evaluation.engine.index import band_label
from outcome_linkage.evaluation.engine.step import BEGINNING, Step, in_list, listed
from outcome_linkage.evaluation.spec.adversity import Adversity, Weighted
from outcome_linkage.models.engine import literal

SHARE = 0.8
"""Share of a person's window that a source must cover for its silence to count."""
_HAPPENED = """
-- one row per person, domain and recorded event of the window
select p.candidate_id, p.person_id, d.item_no, d.domain, cast(null as varchar) as source_set,
    {dedup} as dedup_days, e.event_id, e.concept, e.source, e.whose_record, e.event_date, e.end_date, e.value,
    e.organisation_id, e.in_score,
        true as counts, cast(e.event_date - p.index_date as integer) as day
from study_eligible as p
inner join study_event as e on e.person_id = p.person_id and e.is_adversity
inner join adv_domain as d on d.domain = e.concept
where e.event_date between p.index_date + {first} and p.index_date + {last}
    and e.whose_record in ({whose})
    and (p.index_event_id is null or e.event_id <> p.index_event_id)
"""
_SOURCE = """
-- one row per person, domain and table that can show it: what its silence is worth. A parent's record says
-- nothing without a linked parent, nor the factors of an assessment without one
with windows as (
    select candidate_id, person_id, greatest(index_date + {first}, coalesce(born_on, {beginning})) as opens,
        index_date + {last} as closes
    from study_eligible
),
days as (
    select w.candidate_id, i.source,
        sum(least(i.interval_to, w.closes) - greatest(i.interval_from, w.opens) + 1)
            filter (where i.worth = 'usable') as n_days,
        bool_or(i.worth = 'unlinked') as has_unlinked
    from windows as w
    inner join study_interval as i
        on i.person_id = w.person_id and i.interval_from <= w.closes and i.interval_to >= w.opens
    group by w.candidate_id, i.source
),
assessed as (
    select w.candidate_id
    from windows as w
    inner join in_assessed as a on a.person_id = w.person_id and a.event_date between w.opens and w.closes
    group by w.candidate_id
),
links as (
    select person_id, source, bool_or(linkable) as linkable, bool_or(withheld) as withheld
    from study_link group by person_id, source
)
select
    w.candidate_id, d.domain, m.source, assessed.candidate_id is not null as is_assessed,
    case
        when coalesce(l.withheld, false) then 6
        when w.opens > w.closes then 5
        when m.read_from = 'parent' and parent.person_id is null then 2
        when m.source = 'cin_assessments' and assessed.candidate_id is null then 4
        when not coalesce(l.linkable, false) then 1
        when coalesce(days.n_days, 0) >= {share} * (w.closes - w.opens + 1) then 0
        when days.n_days > 0 then 3
        when days.has_unlinked then 7
        else 2
    end as status
from windows as w
cross join adv_domain as d
inner join (select domain, source, read_from from in_domain where read_from in ({whose})) as m
    on m.domain = d.domain
left join links as l on l.person_id = w.person_id and l.source = m.source
left join days on days.candidate_id = w.candidate_id and days.source = m.source
left join assessed on assessed.candidate_id = w.candidate_id
left join in_parent as parent on parent.person_id = w.person_id
"""
_DOMAIN = """
-- one row per person and domain: seen or not, how often, since when, and whether a silence counts; scored:
-- seen by a record of the score's set
with silence as (
    -- the best that any of its tables offers
    select candidate_id, domain,
        min_by(status, case status when 0 then 0 when 3 then 1 when 6 then 2 when 5 then 3 when 4 then 4
            when 7 then 5 when 2 then 6 else 7 end) as status
    from adv_source
    group by candidate_id, domain
),
seen as (
    select candidate_id, concept as domain, count(*) filter (where is_kept) as n, min(day) as first_day,
        min(event_date) as first_date, bool_or(in_score) as counts
    from adv_episode
    group by candidate_id, concept
)
select
    p.candidate_id, d.domain, d.in_score, d.weight,
    case when s.n > 0 then true when q.status = 0 then false end as seen,
    case when s.n > 0 then s.n when q.status = 0 then 0 end as n,
    s.first_day,
    case when s.n > 0 then coalesce(s.counts, false) when q.status = 0 then false end as scored,
    b.label as first_band,
    case when s.n > 0 and coalesce(q.status, 2) <> 0 then 3 else coalesce(q.status, 2) end as status
from study_eligible as p
cross join adv_domain as d
left join silence as q on q.candidate_id = p.candidate_id and q.domain = d.domain
left join seen as s on s.candidate_id = p.candidate_id and s.domain = d.domain
left join study_age_band as b
    on s.first_date is not null and greatest(0, date_sub('year', p.born_on, s.first_date)) >= b.low
    and greatest(0, date_sub('year', p.born_on, s.first_date)) < b.high
"""
_SCORE = """
-- one row per person: domains seen and observable; bounds take domains that nobody could see as 0 and as 1
with added as (
    select candidate_id,
        count(*) filter (where in_score and scored is not null) as observable,
        cast(coalesce(sum(weight) filter (where in_score and scored), 0) as {kind}) as lowest,
        cast(coalesce(sum(weight) filter (where in_score and coalesce(scored, true)), 0) as {kind}) as highest
    from adv_domain_of
    group by candidate_id
),
assessed as (
    select candidate_id, bool_or(is_assessed) as is_assessed from adv_source group by candidate_id
)
select added.candidate_id, coalesce(assessed.is_assessed, false) as a_assessed,
    cast(observable as integer) as a_domains_obs, {scored} as a_score, lowest as a_score_min,
    highest as a_score_max, {category} as a_score_cat
from added
left join assessed on assessed.candidate_id = added.candidate_id
"""


def adversity_steps(adversity: Adversity) -> list[Step]:
    """`adv_domain_of` by person and domain, `adv_score` by person. Needs `study_eligible`."""
    first, last = adversity.window
    facts = {
        "first": first,
        "last": last,
        "dedup": adversity.dedup_days,
        "whose": in_list(adversity.whose_record),
        "beginning": BEGINNING,
        "share": SHARE,
    }
    return [
        Step("adv_domain", _domains(adversity)),
        Step("adv_happened", _HAPPENED.format(**facts)),
        Step("adv_episode", EPISODE.format(name="adv")),
        Step("adv_source", _SOURCE.format(**facts)),
        Step("adv_domain_of", _DOMAIN),
        Step("adv_score", _score(adversity)),
    ]


def _domains(adversity: Adversity) -> str:
    weights = adversity.score.weights if isinstance(adversity.score, Weighted) else {}
    kind = "double" if weights else "integer"
    rows = [(n, name, weights.get(name, 1)) for n, name in enumerate(adversity.domains, 1)]
    facts = listed({"item_no": "integer", "domain": "varchar", "weight": kind}, rows)
    scored = "domain in (select d.domain from in_domain as d where d.in_score)"
    return f"select *, {scored} as in_score\nfrom ({facts})"


def _score(adversity: Adversity) -> str:
    kind = "double" if isinstance(adversity.score, Weighted) else "integer"
    if adversity.score is None:
        return _SCORE.format(scored="cast(null as integer)", category="cast(null as varchar)", kind=kind)
    scored = f"case when observable >= {adversity.score.min_observable} then lowest end"
    cases = [_category(label, scored) for label in adversity.score.categories]
    category = f"case {' '.join(cases)} end" if cases else "cast(null as varchar)"
    return _SCORE.format(scored=scored, category=category, kind=kind)


def _category(label: str, scored: str) -> str:
    """`2`, `2-3` or `4+` as a test of the score."""
    low, _, high = label.strip().rstrip("+").partition("-")
    if label.strip().endswith("+"):
        return f"when {scored} >= {float(low):g} then {literal(label)}"
    return f"when {scored} between {float(low):g} and {float(high or low):g} then {literal(label)}"


def bands_of(adversity: Adversity) -> list[str]:
    """The labels of the age bands, youngest first."""
    return [band_label(*band) for band in adversity.age_bands_years]
