"""`ev_area_period`: rates over calendar time by place, before and after a rollout.

Read from the inputs, not from the people of a cohort: everybody who lives in the area, or is with the
organisation, counts, whether or not the study has an index. What is counted, and what it is per, is on days
that the table of the numerator covers.
"""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.evaluation.engine.index import interval
from outcome_linkage.evaluation.engine.place import GROUPS, Place, place_steps
from outcome_linkage.evaluation.engine.started import rollout_step, share_step
from outcome_linkage.evaluation.engine.step import Step, value
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Events, Measure, PersonTime, Possible
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
    -- person-days that the table covers, at the place where each was spent
    select {of_time} as area_code, {groups}d.period_start,
        sum(least(d.period_end, u.interval_to, h.valid_to)
            - greatest(d.period_start, u.interval_from, h.valid_from) + 1) as person_days,
        count(distinct case when d.middle
            between greatest(u.interval_from, h.valid_from) and least(u.interval_to, h.valid_to)
            then p.person_id end) as people
    from area_usable as u
    inner join in_person as p on p.person_id = u.person_id
    inner join {place} as h on h.person_id = u.person_id
        and h.valid_from <= u.interval_to and h.valid_to >= u.interval_from
    inner join periods as d
        on d.period_start <= least(u.interval_to, h.valid_to)
        and d.period_end >= greatest(u.interval_from, h.valid_from)
    where u.source = {source}
    group by all
),
lived as (
    select {of_time} as area_code, {groups}d.period_start,
        sum(least(d.period_end, h.valid_to, coalesce(p.death_date, h.valid_to))
            - greatest(d.period_start, h.valid_from, coalesce(p.birth_month, h.valid_from)) + 1) as all_days
    from {place} as h
    inner join in_person as p on p.person_id = h.person_id
    inner join periods as d
        on d.period_start <= least(h.valid_to, coalesce(p.death_date, h.valid_to))
        and d.period_end >= greatest(h.valid_from, coalesce(p.birth_month, h.valid_from))
    group by all
),
happened as (
    {happened}
),
other as (
    {other}
),
places as (
    select area_code, {names}period_start from days
    union
    select area_code, {names}period_start from other
),
cells as (
    select g.*, coalesce(h.n, 0) as numerator, l.all_days, coalesce(d.person_days, 0) as person_days,
        {denominator} as denominator
    from places as g
    left join days as d on d.period_start = g.period_start and {d_same}
    left join happened as h on h.period_start = g.period_start and {h_same}
    left join lived as l on l.period_start = g.period_start and {l_same}
    left join other as o on o.period_start = g.period_start and {o_same}
),
doses as (
    -- share of each unit that was reached, mean over the days of the period
    select s.unit, d.period_start,
        sum(s.share / (d.period_end - d.period_start + 1) * greatest(
            0, least(d.period_end, s.valid_to) - greatest(d.period_start, s.valid_from) + 1
        )) as dose
    from area_share as s
    cross join periods as d
    group by s.unit, d.period_start
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
        as integer) as trend,
    cast(round(x.dose, 6) as double) as dose
from cells as c
inner join periods as d on d.period_start = c.period_start
left join area_rollout as r on r.unit = c.area_code
left join doses as x on x.unit = c.area_code and x.period_start = c.period_start
-- a rollout that names places of the measure says which are in the study
where r.unit is not null
    or not exists (select 1 from area_rollout as n inner join places as g on g.area_code = n.unit)
"""
_IN_PERIODS = """select {of_event} as area_code, {groups}d.period_start, {number} as n
    from ({events}) as e
    inner join in_person as p on p.person_id = e.person_id
    {joined}
    inner join area_usable as u on u.person_id = e.person_id and u.source = {source} and {covered}
    inner join periods as d on {within}
    group by all"""
_ON_A_DAY = (
    "e.event_date between u.interval_from and u.interval_to",
    "e.event_date between d.period_start and d.period_end",
)
_FOR_DAYS = (
    "u.interval_from <= coalesce(e.end_date, u.interval_to) and u.interval_to >= e.event_date",
    "greatest(e.event_date, u.interval_from) <= d.period_end "
    "and least(coalesce(e.end_date, u.interval_to), u.interval_to) >= d.period_start",
)
_WHOLE = (
    "u.interval_from <= e.event_date and u.interval_to >= coalesce(e.end_date, e.event_date)",
    "e.event_date >= d.period_start and coalesce(e.end_date, e.event_date) <= d.period_end",
)
"""When an event is covered, and when it is within a period: on its day, on some days, on all."""
_DAYS = (
    "sum(least(d.period_end, u.interval_to, coalesce(e.end_date, d.period_end)) "
    "- greatest(d.period_start, u.interval_from, e.event_date) + 1)"
)


class NotRecorded(OutcomeLinkageError):
    """A measure is split by something that no input holds."""


def area_steps(study: Evaluation, folder: Path | None) -> list[Step]:
    """`ev_area_period`. The study has measures; `folder` holds the file of its rollout."""
    period = {"start": value(study.study_period.start), "end": value(study.study_period.end)}
    measures = "\nunion all\n".join(
        f"select * from ({_measure(study, one)}) as one" for one in study.measures
    )
    return [
        Step("area_usable", _USABLE.format(**period)),
        *place_steps(study),
        rollout_step(study, folder),
        share_step(study, folder),
        Step("ev_area_period", measures),
    ]


def _measure(study: Evaluation, measure: Measure) -> str:
    """Raises NotRecorded."""
    if unknown := [name for name in measure.group_by if name not in GROUPS]:
        known = ", ".join(GROUPS)
        raise NotRecorded(f"{measure.id}: a rate cannot be grouped by {unknown}. Use some of {known}.")
    period = {"start": value(study.study_period.start), "end": value(study.study_period.end)}
    names = [f"group{n}" for n in range(1, len(measure.group_by) + 1)]
    place = Place(measure)
    same = {
        f"{alias}_same": " and ".join(
            f"{alias}.{key} is not distinct from g.{key}" for key in ["area_code", *names]
        )
        for alias in ("d", "h", "l", "o")
    }
    other, denominator = _denominator(measure, place)
    return _MEASURE.format(
        periods=_PERIODS.format(every=interval(measure.every), **period),
        of_time=place.of_time,
        groups=place.groups,
        names="".join(f"{name}, " for name in names),
        place=place.table,
        source=literal(measure.numerator.source),
        happened=_numerator(measure, place),
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


def _numerator(measure: Measure, place: Place) -> str:
    if isinstance(measure.denominator, Possible):
        return _counted(measure, place, "sum(e.value)", _WHOLE)
    return _counted(measure, place, "count(*)", _ON_A_DAY)


def _counted(
    measure: Measure, place: Place, number: str, when: tuple[str, str], events: str | None = None
) -> str:
    covered, within = when
    return _IN_PERIODS.format(
        of_event=place.of_event,
        groups=place.groups,
        number=number,
        events=events or place.events(measure.numerator),
        joined=place.joined,
        source=literal(measure.numerator.source),
        covered=covered,
        within=within,
    )


def _denominator(measure: Measure, place: Place) -> tuple[str, str]:
    """What a rate is per: a table to join as `o`, and the number."""
    asked = measure.denominator
    if isinstance(asked, Possible):
        return _counted(measure, place, "sum(e.denominator)", _WHOLE), "o.n"
    if isinstance(asked, Events):
        number, when = (_DAYS, _FOR_DAYS) if asked.kind == "days" else ("count(*)", _ON_A_DAY)
        return _counted(measure, place, number, when, place.events(asked.event)), "o.n"
    none = "".join(f"cast(null as varchar) as group{n}, " for n in range(1, len(measure.group_by) + 1))
    empty = f"select cast(null as varchar) as area_code, {none}cast(null as date) as period_start, 0 as n"
    return f"{empty} where false", "d.person_days" if isinstance(asked, PersonTime) else "d.people"
