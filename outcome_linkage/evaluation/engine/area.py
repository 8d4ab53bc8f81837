"""`ev_area_period`: rates over calendar time by place, before and after a rollout.

Read from the inputs, not from the people of a cohort: everybody who lives in the area counts, whether or not
the study has an index. A numerator is an event on a day that its table covers; person-time is covered days.
"""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.evaluation.engine.index import interval
from outcome_linkage.evaluation.engine.started import rollout_step
from outcome_linkage.evaluation.engine.step import Step, value
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Events, Measure, PersonTime
from outcome_linkage.models.engine import literal

_USABLE = """
-- days on which a table could see each person, without those of suppliers that could not find them
with judged as (
    select c.person_id, c.source, c.interval_to,
        greatest(c.interval_from, coalesce(l.linkable_from, c.interval_from)) as interval_from
    from in_coverage as c
    inner join in_link as l on l.person_id = c.person_id and l.supplier = c.supplier
    inner join in_source as s on s.source = c.source and s.supplier = c.supplier
    where c.covered and l.linkable and not l.withheld and not (s.register and not l.linked)
        and c.interval_from <= {end} and c.interval_to >= {start}
),
reached as (
    select *, max(interval_to) over (
        partition by person_id, source order by interval_from, interval_to
        rows between unbounded preceding and 1 preceding
    ) as reached_to
    from judged where interval_from <= interval_to
),
islands as (
    select *, sum(case when reached_to is null or interval_from > reached_to + 1 then 1 else 0 end) over (
        partition by person_id, source order by interval_from, interval_to rows unbounded preceding
    ) as island
    from reached
)
select person_id, source, greatest(min(interval_from), {start}) as interval_from,
    least(max(interval_to), {end}) as interval_to
from islands group by person_id, source, island
"""
_PERIODS = """
select cast({start} + {every} * k as date) as period_start,
    cast({start} + {every} * (k + 1) as date) - 1 as period_end, cast(k as integer) as k,
    cast({start} + {every} * k + {every} / 2 as date) as middle
from (select unnest(range(4000)) as k) as numbers
where cast({start} + {every} * (k + 1) as date) - 1 <= {end}
"""
_MEASURE = """
-- one row per place, period and group; whole periods of the study only
with periods as (
    {periods}
),
days as (
    -- person-days that the table covers, at the place where each was lived
    select {area} as area_code, {groups}d.period_start,
        sum(least(d.period_end, u.interval_to, h.valid_to)
            - greatest(d.period_start, u.interval_from, h.valid_from) + 1) as person_days,
        count(distinct case when d.middle
            between greatest(u.interval_from, h.valid_from) and least(u.interval_to, h.valid_to)
            then p.person_id end) as people
    from area_usable as u
    inner join in_person as p on p.person_id = u.person_id
    inner join area_home as h on h.person_id = u.person_id
        and h.valid_from <= u.interval_to and h.valid_to >= u.interval_from
    inner join periods as d
        on d.period_start <= least(u.interval_to, h.valid_to)
        and d.period_end >= greatest(u.interval_from, h.valid_from)
    where u.source = {source}
    group by all
),
lived as (
    select {area} as area_code, {groups}d.period_start,
        sum(least(d.period_end, h.valid_to, coalesce(p.death_date, h.valid_to))
            - greatest(d.period_start, h.valid_from, coalesce(p.birth_month, h.valid_from)) + 1) as all_days
    from area_home as h
    inner join in_person as p on p.person_id = h.person_id
    inner join periods as d
        on d.period_start <= least(h.valid_to, coalesce(p.death_date, h.valid_to))
        and d.period_end >= greatest(h.valid_from, coalesce(p.birth_month, h.valid_from))
    group by all
),
happened as (
    select {area} as area_code, {groups}d.period_start, count(*) as n
    from ({events}) as e
    inner join in_person as p on p.person_id = e.person_id
    inner join area_home as h
        on h.person_id = e.person_id and e.event_date between h.valid_from and h.valid_to
    inner join area_usable as u on u.person_id = e.person_id and u.source = {source}
        and e.event_date between u.interval_from and u.interval_to
    inner join periods as d on e.event_date between d.period_start and d.period_end
    group by all
),
other as (
    {other}
),
cells as (
    select d.*, coalesce(h.n, 0) as numerator, l.all_days, {denominator} as denominator
    from days as d
    left join happened as h on h.period_start = d.period_start and {h_same}
    left join lived as l on l.period_start = d.period_start and {l_same}
    left join other as o on o.period_start = d.period_start and {o_same}
)
select {id} as measure_id, c.area_code, c.period_start, d.period_end, {group_columns},
    c.numerator, cast(c.denominator as double) as denominator, cast(c.person_days as bigint) as person_days,
    cast(round({per} * c.numerator / nullif(c.denominator, 0), 6) as double) as rate,
    round(least(1.0, c.person_days / nullif(c.all_days, 0)), 6) as covered_share,
    case when r.starts_on is null then null when d.period_start >= r.starts_on then 'post' else 'pre' end
        as phase,
    cast(date_diff('month', r.starts_on, d.period_start) as integer) as months_since_start,
    cast(d.k + 1 as integer) as t,
    case when r.starts_on is null then 0 else cast(d.period_start >= r.starts_on as integer) end as level,
    cast(case when d.period_start >= r.starts_on
        then d.k - (select min(x.k) from periods as x where x.period_start >= r.starts_on) + 1 else 0 end
        as integer) as trend
from cells as c
inner join periods as d on d.period_start = c.period_start
left join area_rollout as r on r.unit = c.area_code or (r.unit = 'all' and c.area_code = 'all')
"""
HOME = """
select person_id, la_code, lsoa21, imd_quintile, valid_from, valid_to from in_residence
"""


def area_steps(study: Evaluation, folder: Path | None) -> list[Step]:
    """`ev_area_period`. The study has measures; `folder` holds the file of its rollout."""
    period = {"start": value(study.study_period.start), "end": value(study.study_period.end)}
    measures = "\nunion all\n".join(
        f"select * from ({_measure(study, one)}) as one" for one in study.measures
    )
    return [
        Step("area_usable", _USABLE.format(**period)),
        Step("area_home", HOME),
        rollout_step(study, folder),
        Step("ev_area_period", measures),
    ]


GROUPS = {
    "sex": "p.sex",
    "ethnicity5": "p.ethnicity5",
    "imd_quintile": "cast(h.imd_quintile as varchar)",
    "la_code": "h.la_code",
    "lsoa21": "h.lsoa21",
    "birth_year": "cast(extract(year from p.birth_month) as varchar)",
    "age_band": (
        "cast(5 * (date_sub('year', p.birth_month + 14, d.period_start) // 5) as varchar) || '-' "
        "|| cast(5 * (date_sub('year', p.birth_month + 14, d.period_start) // 5) + 4 as varchar)"
    ),
}
"""What a measure can be grouped by; age is that on the first day of the period."""


class NotRecorded(OutcomeLinkageError):
    """A measure is split by something that no input holds."""


def _check(measure: Measure) -> None:
    """Raises NotRecorded."""
    if measure.area == "organisation":
        raise NotRecorded(
            f"{measure.id}: events do not say at which organisation they were yet. Use an area."
        )
    if unknown := [name for name in measure.group_by if name not in GROUPS]:
        known = ", ".join(GROUPS)
        raise NotRecorded(f"{measure.id}: a rate cannot be grouped by {unknown}. Use some of {known}.")


def _measure(study: Evaluation, measure: Measure) -> str:
    _check(measure)
    period = {"start": value(study.study_period.start), "end": value(study.study_period.end)}
    names = [f"group{n}" for n in range(1, len(measure.group_by) + 1)]
    groups = "".join(f"{GROUPS[by]} as {n}, " for n, by in zip(names, measure.group_by, strict=True))
    area = f"coalesce(h.{measure.area}, 'unknown')" if measure.area in ("la_code", "lsoa21") else "'all'"
    keys = ["area_code", *names]
    same = {
        f"{alias}_same": " and ".join(f"{alias}.{key} is not distinct from d.{key}" for key in keys)
        for alias in ("h", "l", "o")
    }
    source = literal(measure.numerator.source)
    other, denominator = _denominator(measure, area, groups)
    return _MEASURE.format(
        periods=_PERIODS.format(every=interval(measure.every), **period),
        area=area,
        groups=groups,
        source=source,
        events=_events(measure.numerator.concept, measure.numerator.source),
        other=other,
        denominator=denominator,
        id=literal(measure.id),
        per=float(measure.per),
        group_columns=", ".join(
            f"c.group{n} as group{n}" if n <= len(names) else f"cast(null as varchar) as group{n}"
            for n in (1, 2, 3)
        ),
        **same,
    )


def _events(concept: str, source: str) -> str:
    return (
        "select person_id, event_date, end_date from in_event "
        f"where concept = {literal(concept)} and source = {literal(source)} and counts = 'yes'"
    )


def _denominator(measure: Measure, area: str, groups: str) -> tuple[str, str]:
    """What a rate is per: a table to join as `o`, and the number."""
    none = "select cast(null as varchar) as area_code, " + "".join(
        f"cast(null as varchar) as group{n}, " for n in range(1, len(measure.group_by) + 1)
    )
    none += "cast(null as date) as period_start, 0 as n where false"
    asked = measure.denominator
    if isinstance(asked, Events):
        number = (
            "count(*)"
            if asked.kind == "events"
            else (
                "sum(least(d.period_end, coalesce(e.end_date, d.period_end))"
                " - greatest(d.period_start, e.event_date) + 1)"
            )
        )
        within = (
            "e.event_date between d.period_start and d.period_end"
            if asked.kind == "events"
            else "e.event_date <= d.period_end and coalesce(e.end_date, d.period_end) >= d.period_start"
        )
        events = _events(asked.event.concept, asked.event.source)
        other = (
            f"select {area} as area_code, {groups}d.period_start, {number} as n from ({events}) as e "
            "inner join in_person as p on p.person_id = e.person_id "
            "inner join area_home as h on h.person_id = e.person_id "
            "and e.event_date between h.valid_from and h.valid_to "
            f"inner join periods as d on {within} group by all"
        )
        return other, "o.n"
    return none, "d.person_days" if isinstance(asked, PersonTime) else "d.people"
