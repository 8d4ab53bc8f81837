"""Day 0: who has one, on which day, and what is known of them on it."""

from __future__ import annotations

from outcome_linkage.evaluation.attributes import ORGANISATIONS
from outcome_linkage.evaluation.engine.step import Step, listed, value
from outcome_linkage.evaluation.spec.cohort import Index
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

PER_UNIT = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}

_BY_EVENT = """
-- one row per person and day with an index event within the study period
select person_id, event_date as day, count(*) as n_records,
    min(event_id) as index_event_id, min(source_event_id) as index_source_event_id,
    min_by(organisation_id, event_id) as index_organisation_id
from in_event
where concept = {concept} and source = {source} and counts = 'yes'
    and event_date between {start} and {end}
group by person_id, event_date
"""
_BY_DATE = """
-- everybody who is alive on the day
select person_id, {date} as day, 1 as n_records,
    cast(null as varchar) as index_event_id, cast(null as varchar) as index_source_event_id,
    cast(null as varchar) as index_organisation_id
from in_person
where coalesce(birth_month <= {date}, true) and coalesce(death_date >= {date}, true)
"""
_BY_ENROLMENT = """
-- the first day of the study period on which the register holds the person
select c.person_id, min(greatest(c.interval_from, {start})) as day, count(*) as n_records,
    cast(null as varchar) as index_event_id, cast(null as varchar) as index_source_event_id,
    cast(null as varchar) as index_organisation_id
from in_coverage as c
inner join in_source as s on s.source = c.source and s.supplier = c.supplier and s.register
inner join in_link as l on l.person_id = c.person_id and l.supplier = c.supplier and l.linked
where c.source = {source} and c.covered and c.interval_to >= {start} and c.interval_from <= {end}
group by c.person_id
"""
_PICKED = """
-- which of a person's days, numbered as trials
with numbered as (
    select *, row_number() over (partition by person_id order by day {direction}) as nth,
        sum(n_records) over (partition by person_id) as n_records_of_person
    from study_anchor
)
select person_id, day as index_date, {trial} as trial_no, n_records_of_person as n_records,
    index_event_id, index_source_event_id, index_organisation_id
from numbered
where {which}
"""
_SEQUENTIAL = """
-- the study begun anew at regular times
select person_id, cast(index_date + {every} * k as date) as index_date, k + 1 as trial_no, n_records,
    index_event_id, index_source_event_id, index_organisation_id
from ({picked}) as picked
cross join (select unnest(range({most})) as k) as trials
where cast(index_date + {every} * k as date) <= {end}
"""
_CANDIDATE = """
-- one row per person and trial, with what is known on day 0; ages count from the 15th of the month of birth
with placed as (
    select
        c.*, p.birth_month, p.death_date, p.sex, p.ethnicity5, p.la_code as last_la_code,
        p.lsoa21 as last_lsoa21, p.imd_quintile as last_imd_quintile,
        (extract(year from c.index_date) - extract(year from p.birth_month)) * 12
        + extract(month from c.index_date) - extract(month from p.birth_month)
        - case when extract(day from c.index_date) < 15 then 1 else 0 end as months_old
    from study_day_0 as c
    inner join in_person as p on p.person_id = c.person_id
),
homes as (
    select placed.person_id, placed.trial_no, max_by(r.la_code, r.valid_from) as la_code,
        max_by(r.lsoa21, r.valid_from) as lsoa21, max_by(r.imd_quintile, r.valid_from) as imd_quintile
    from placed
    inner join in_residence as r
        on r.person_id = placed.person_id and placed.index_date between r.valid_from and r.valid_to
    group by placed.person_id, placed.trial_no
),
stays as (
    select placed.person_id, placed.trial_no,
        max_by(o.organisation_id, (o.valid_from, o.organisation_id)) as organisation_id
    from placed
    inner join in_organisation as o
        on o.person_id = placed.person_id and o.kind = {kind}
        and placed.index_date between o.valid_from and o.valid_to
    group by placed.person_id, placed.trial_no
),
areas as (
    select a.person_id, max(a.area_to) as last_area_to from in_area as a
    inner join (select distinct person_id from placed) as p on p.person_id = a.person_id
    group by a.person_id
),
aged as (
    select placed.*, homes.la_code, homes.lsoa21, homes.imd_quintile, areas.last_area_to,
        coalesce(stays.organisation_id, placed.index_organisation_id) as organisation_id,
        case when months_old < 0 then 0 else cast(floor(months_old / 12) as integer) end as age
    from placed
    left join homes on homes.person_id = placed.person_id and homes.trial_no = placed.trial_no
    left join stays on stays.person_id = placed.person_id and stays.trial_no = placed.trial_no
    left join areas on areas.person_id = placed.person_id
)
select
    cast(row_number() over (order by person_id, trial_no) as bigint) as candidate_id,
    person_id, cast(trial_no as integer) as trial_no, index_date, cast(n_records as bigint) as n_records,
    index_event_id, index_source_event_id, birth_month + 14 as born_on, birth_month, death_date,
    sex, ethnicity5,
    coalesce(la_code, last_la_code) as la_code,
    coalesce(lsoa21, last_lsoa21) as lsoa21,
    cast(coalesce(imd_quintile, last_imd_quintile) as integer) as imd_quintile,
    cast(extract(year from birth_month) as integer) as birth_year,
    age as age_index_years,
    coalesce(
        (select any_value(b.label) from study_age_band as b where age >= b.low and age < b.high),
        case when age is not null then {outside} end
    ) as age_band,
    extract(year from index_date) || '-Q' || extract(quarter from index_date) as index_quarter,
    organisation_id, last_area_to
from aged
"""


def index_steps(study: Evaluation) -> list[Step]:
    """`study_anchor`, `study_day_0`, `study_age_band`, `study_candidate`. The study has an index."""
    index = study.index
    assert index is not None
    outside = "'other'" if _bands(study) != FIVE_YEARS else "'80+'"
    return [
        Step("study_anchor", _anchor(study, index)),
        Step("study_day_0", _day_0(study, index)),
        Step(
            "study_age_band",
            listed({"label": "varchar", "low": "integer", "high": "integer"}, _bands(study)),
        ),
        Step("study_candidate", _CANDIDATE.format(outside=outside, kind=value(organisation_kind(study)))),
    ]


def organisation_kind(study: Evaluation) -> str | None:
    """The kind of organisation that people of a study are with: its unit, else what they share."""
    asked = (study.design.unit, study.design.cluster)
    return next((kind for kind in asked if kind in ORGANISATIONS), None)


FIVE_YEARS = [(f"{low}-{low + 4}", low, low + 5) for low in range(0, 80, 5)]


def _bands(study: Evaluation) -> list[tuple[str, int, int]]:
    if study.adversity is None or not study.adversity.age_bands_years:
        return FIVE_YEARS
    return [(band_label(*band), *band) for band in study.adversity.age_bands_years]


def band_label(low: int, high: int) -> str:
    """Whole years from `low` up to, without, `high`: `5-10`, or `0` for one year."""
    return f"{low}-{high - 1}" if high - low > 1 else str(low)


def _anchor(study: Evaluation, index: Index) -> str:
    period = {"start": value(study.study_period.start), "end": value(study.study_period.end)}
    if index.event is not None:
        event = {"concept": literal(index.event.concept), "source": literal(index.event.source)}
        return _BY_EVENT.format(**event, **period)
    if index.enrolment is not None:
        return _BY_ENROLMENT.format(source=literal(index.enrolment.source), **period)
    return _BY_DATE.format(date=value(index.date))


def _day_0(study: Evaluation, index: Index) -> str:
    which = {"first": "nth = 1", "last": "nth = 1", "every": "true"}[index.pick]
    direction = "desc" if index.pick == "last" else "asc"
    trial = "nth" if index.pick == "every" else "1"
    picked = _PICKED.format(which=which, direction=direction, trial=trial)
    trials = getattr(study.design, "sequential_trials", None)
    if trials is None:
        return picked
    return _SEQUENTIAL.format(
        picked=picked, every=interval(trials.every), most=trials.max, end=value(study.study_period.end)
    )


def interval(every: str) -> str:
    """A length of time such as `1 month` as SQL."""
    number, unit = every.split(" ")
    return f"interval {int(number)} {PER_UNIT[unit.rstrip('s')]}"
