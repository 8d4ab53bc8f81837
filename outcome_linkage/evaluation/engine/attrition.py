"""Where people were lost between delivered rows and the analysis, and who they were. It must add up."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.evaluation.engine.cohort import criteria
from outcome_linkage.evaluation.engine.rules import Rules
from outcome_linkage.evaluation.engine.step import Step, listed, value
from outcome_linkage.evaluation.spec.evaluation import Evaluation


class Delivered(NamedTuple):
    """Rows of the tables that a study uses: read from suppliers' files, and of these valid and current."""

    read: int
    current: int


class DoesNotAddUp(OutcomeLinkageError):
    """The flow of people contradicts itself or the table of people; nothing of the run is kept."""


class Stage(NamedTuple):
    """One step of the flow."""

    step: int
    id: str
    label: str


_FLOW = """
-- one row per person of the spine: the step at which they were lost; null for whoever is analysed. Somebody
-- with several trials is lost where the last of them is
with numbers as (select * from flow_stage),
trials as (
    select c.person_id, c.trial_no, c.arm_later as arm, c.age_index_years as age, c.n_records,
        case
            when m.cohort_id is not null then null
            when c.is_eligible then (select step from numbers where id = 'matched')
            else (select step from numbers where id = c.first_failed)
        end as left_at
    from study_cohort as c
    left join study_member as m on m.cohort_id = c.candidate_id and m.arm is not distinct from c.arm
),
last_trial as (
    select person_id, max_by(left_at, (coalesce(left_at, 999), trial_no)) as left_at,
        min_by(arm, (coalesce(-left_at, -999), trial_no)) as arm, min(age) as age,
        max(n_records) as n_records, bool_or(left_at is null) as is_analysed
    from trials
    group by person_id
),
linked as (
    select distinct l.person_id from in_link as l
    inner join in_source as s on s.supplier = l.supplier
    where l.linked
),
covered as (
    select distinct person_id from in_coverage
    where covered and interval_from <= {end} and interval_to >= {start}
)
select
    p.person_id, t.arm, cast(coalesce(t.n_records, 0) as bigint) as n_records,
    case
        when t.person_id is not null then case when not t.is_analysed then t.left_at end
        when linked.person_id is null then 2
        when covered.person_id is null then 3
        else 4
    end as left_at,
    cast(p.sex = 'female' as double) as female,
    cast(coalesce(t.age, date_sub('year', p.birth_month + 14, {start})) as double) as age,
    cast(p.imd_quintile = 1 as double) as imd1,
    case when p.ethnicity5 <> 'Unknown' then cast(p.ethnicity5 <> 'White' as double) end as minority
from in_person as p
left join last_trial as t on t.person_id = p.person_id
left join linked on linked.person_id = p.person_id
left join covered on covered.person_id = p.person_id
"""
_ATTRITION = """
-- one row per step, for all and by arm: how many came, were lost and stayed, as persons and records
with profiles as (
    select s.step, s.id as criterion_id, s.label, a.arm, f.*
        exclude (arm), f.left_at is not distinct from s.step as is_lost
    from flow_stage as s
    cross join (select 'all' as arm union select distinct arm from flow_person where arm is not null) as a
    inner join flow_person as f
        on coalesce(f.left_at >= s.step, true) and (a.arm = 'all' or (f.arm = a.arm and s.step >= 4))
),
counted as (
    select step, criterion_id, label, arm,
        count(*) as n_persons_in, count(*) filter (where is_lost) as n_persons_excluded,
        count(*) filter (where not is_lost) as n_persons_out,
        sum(n_records) as n_in, sum(n_records) filter (where not is_lost) as n_out,
        {means}
    from profiles
    group by step, criterion_id, label, arm
)
select
    step, criterion_id, label, arm, n_persons_in, n_persons_excluded, n_persons_out,
    cast(case when step <= 1 then {read} when step < 4 then {current} {records_in} end as bigint)
        as n_records_in,
    cast(case when step = 0 then {read} when step < 4 then {current} {records_out} end as bigint)
        as n_records_out,
    round(100 * female_1, 6) as excl_pct_female, round(age_1, 6) as excl_mean_age,
    round(100 * imd1_1, 6) as excl_pct_imd1, round(100 * minority_1, 6) as excl_pct_minority,
    case when n_persons_excluded > 0 and n_persons_out > 0 then round(greatest({smds}), 6) end as smd_max
from counted
"""
PROFILE = ("female", "age", "imd1", "minority")


def stages(study: Evaluation) -> list[Stage]:
    """Every step, in order."""
    named = [
        ("delivered", "People of the region, rows as delivered"),
        ("accepted", "Rows that are valid and current"),
        *_with_a_day_0(study),
        *((one.id, one.label) for one in criteria(study, Rules(study))),
        ("arm", "In one of the arms"),
        *([("matched", "Matched")] if study.match else []),
        ("final", "Analysed"),
    ]
    return [Stage(number, *one) for number, one in enumerate(named)]


def _with_a_day_0(study: Evaluation) -> list[tuple[str, str]]:
    """Steps to day 0. Where it is one date for all, nobody needs a record to have it: they must be alive."""
    record, cover = "Has a record with a supplier of the study's tables", "Covered by one of them on some day"
    if study.index is None or study.index.date is None:
        return [
            ("linked", record),
            ("covered", f"{cover} of the study, or with an index event"),
            ("index", "Has a day 0 within the study period (from here on, records are index events)"),
        ]
    day = study.index.date
    return [
        ("linked", f"{record}, or is alive on {day}, day 0"),
        ("covered", f"{cover} of the study, or alive on day 0"),
        ("index", f"Alive on day 0: born by {day}, and not dead before"),
    ]


def attrition_steps(study: Evaluation, delivered: Delivered) -> list[Step]:
    """`ev_attrition`. Needs the cohort and `study_member`."""
    columns = {"step": "integer", "id": "varchar", "label": "varchar"}
    period = {"start": value(study.study_period.start), "end": value(study.study_period.end)}
    means = ",\n        ".join(
        f"avg({name}) filter (where is_lost) as {name}_1, "
        f"avg({name}) filter (where not is_lost) as {name}_0, "
        f"var_pop({name}) filter (where is_lost) as {name}_v1, "
        f"var_pop({name}) filter (where not is_lost) as {name}_v0"
        for name in PROFILE
    )
    smds = ", ".join(
        f"abs({name}_1 - {name}_0) / nullif(sqrt(({name}_v1 + {name}_v0) / 2), 0)" for name in PROFILE
    )
    by_event = study.index is not None and study.index.event is not None
    attrition = _ATTRITION.format(
        means=means,
        smds=smds,
        read=delivered.read,
        current=delivered.current,
        records_in="else n_in" if by_event else "",
        records_out="else n_out" if by_event else "",
    )
    return [
        Step("flow_stage", listed(columns, stages(study))),
        Step("flow_person", _FLOW.format(**period)),
        Step("ev_attrition", attrition),
    ]


_BROKEN = """
with flow as (
    select *, lag(n_persons_out) over (partition by arm order by step) as before,
        lag(n_records_out) over (partition by arm order by step) as records_before
    from ev_attrition
)
select
    count(*) filter (where n_persons_in <> n_persons_excluded + n_persons_out),
    count(*) filter (where n_persons_in <> before),
    count(*) filter (where n_persons_out > before or (step <> 4 and n_records_in > records_before)
        or n_records_out > n_records_in)
from flow
"""
_ENDS = """
select
    (select max(n_persons_out) from ev_attrition where criterion_id = 'final' and arm = 'all'),
    (select count(distinct person_key) from ev_person)
"""


def check_attrition(connection: duckdb.DuckDBPyConnection) -> None:
    """Raises DoesNotAddUp unless in = lost + stayed, nothing grows, and who stayed is in `ev_person`."""
    broken = connection.execute(_BROKEN).fetchone()
    ends = connection.execute(_ENDS).fetchone()
    if any(broken or ()):
        raise DoesNotAddUp("ev_attrition: people or records come, go or appear that no step accounts for.")
    if ends and (ends[0] or 0) != ends[1]:
        raise DoesNotAddUp("ev_attrition: its last step holds other people than ev_person.")
