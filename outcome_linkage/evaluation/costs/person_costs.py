"""What each person's use of services costs, in `ev_person`, `ev_period` and `ev_event`."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from outcome_linkage.evaluation.answers.frames import get, put
from outcome_linkage.evaluation.costs.by_sector import Priced, by_person, costed
from outcome_linkage.evaluation.engine.step import Step, take
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

_STATUS = """
-- one row per person: which sectors' costs are known, and the status of all, by what weighs most
select v.candidate_id, min_by(v.status, list_position([6, 5, 1, 7, 2, 3, 4, 0], v.status)) as k_st{known}
from use_value as v
inner join cost_price as r on r.resource = v.item
group by v.candidate_id
"""
_PERSON = """
-- costs beside what else is known of a person; 0 only where every use could be seen
select p.*{columns}, s.k_st
from ev_person as p
inner join study_member as m
    on m.person_id = p.person_key and m.trial_no = p.trial_no and m.arm is not distinct from p.arm
inner join cost_status as s on s.candidate_id = m.candidate_id
left join cost_person as k on k.candidate_id = m.candidate_id
"""
_PERIOD_STATUS = """
-- one row per person and period: which sectors' uses could be seen on some day of it
with days as (
    select d.candidate_id, d.period, w.item_no,
        sum(least(d.period_end, w.seen_to, i.interval_to)
            - greatest(d.period_start, w.seen_from, i.interval_from) + 1) as n_days
    from study_period as d
    inner join use_window as w
        on w.candidate_id = d.candidate_id and w.seen_from <= d.period_end and w.seen_to >= d.period_start
    inner join study_set_interval as i
        on i.person_id = w.person_id and i.source_set = w.source_set and i.worth = 'usable'
        and i.interval_from <= least(d.period_end, w.seen_to)
        and i.interval_to >= greatest(d.period_start, w.seen_from)
    group by d.candidate_id, d.period, w.item_no
),
judged as (
    select d.candidate_id, d.period, r.sector, coalesce(days.n_days, 0) as n_days,
        least(d.period_end, w.full_to) - greatest(d.period_start, w.full_from) + 1 as wanted
    from study_period as d
    inner join use_window as w on w.candidate_id = d.candidate_id
    inner join cost_price as r on r.resource = w.item
    left join days
        on days.candidate_id = d.candidate_id and days.period = d.period and days.item_no = w.item_no
)
select j.candidate_id, j.period,
    cast(case
        when any_value(s.k_st) in (1, 5, 6, 7) then any_value(s.k_st)
        when sum(j.n_days) = 0 then 2
        when bool_and(j.n_days >= j.wanted) then 0
        else 3
    end as integer) as k_st{known}
from judged as j
inner join cost_status as s on s.candidate_id = j.candidate_id
group by j.candidate_id, j.period
"""
_PERIOD = """
-- costs of each period; null where nobody could see any
select v.*{columns}, s.k_st
from ev_period as v
inner join study_member as m
    on m.person_id = v.person_key and m.trial_no = v.trial_no{same_arm}
inner join cost_period_status as s on s.candidate_id = m.candidate_id and s.period = v.period
left join cost_period as k on k.candidate_id = m.candidate_id and k.period = v.period
"""
_EVENT = """
-- one row per recorded use: what its covered days cost
with costs as (
    select candidate_id, item_no, event_id, sum(units) as units
    from use_piece
    group by candidate_id, item_no, event_id
)
select p.person_id as person_key, p.trial_no, p.arm, h.event_id, 'resource' as role, w.item, h.concept,
    h.source, h.whose_record, h.event_date, h.day,
    cast(greatest(0, date_sub('year', p.born_on, h.event_date)) as integer) as age_years,
    cast(case when date_sub('month', p.born_on, h.event_date) < 24
        then greatest(0, date_sub('month', p.born_on, h.event_date)) end as integer) as age_months,
    true as is_kept, c.units is not null as is_covered, 1 as n_merged, r.unit_cost_id,
    coalesce(c.units, 0) * r.base as cost_gbp
from use_happened as h
inner join use_window as w on w.candidate_id = h.candidate_id and w.item_no = h.item_no
inner join study_member as p on p.candidate_id = h.candidate_id
inner join cost_price as r on r.resource = w.item
left join costs as c
    on c.candidate_id = h.candidate_id and c.item_no = h.item_no and c.event_id = h.event_id
"""


def sectors_of(study: Evaluation) -> list[str]:
    """Who pays for something, by name."""
    return sorted({item.sector for item in study.costs.items}) if study.costs else []


def put_person_costs(connection: duckdb.DuckDBPyConnection, study: Evaluation, prices: Priced) -> None:
    """Costs by sector in `ev_person`. Needs the tables of `uses`."""
    assert study.costs is not None
    sectors, rate = sectors_of(study), study.costs.discount.costs
    put(connection, "cost_price", prices.table)
    uses = get(connection, "use_piece").select("candidate_id", "resource", "day", "units")
    put(connection, "cost_person", by_person(costed(uses, prices, rate), sectors, ("candidate_id",)))
    known = _by_sector(sectors, "bool_and(v.value is not null) filter (where r.sector = {sector})")
    columns = _columns(sectors, undiscounted=True, total=True)
    take(
        connection,
        [
            Step("cost_status", _STATUS.format(known=known)),
            Step("ev_person", _PERSON.format(columns=columns)),
        ],
    )


def put_uses(connection: duckdb.DuckDBPyConnection) -> None:
    """What was used in `ev_event`, with its price. Needs `put_person_costs` before."""
    connection.execute(f"insert into ev_event by name {_EVENT}")


def put_period_costs(connection: duckdb.DuckDBPyConnection, study: Evaluation, prices: Priced) -> None:
    """Costs by sector in `ev_period`. Needs `put_person_costs` before."""
    assert study.costs is not None
    sectors = sectors_of(study)
    keys = ("candidate_id", "period")
    uses = get(connection, "period_use")
    put(connection, "cost_period", by_person(costed(uses, prices, study.costs.discount.costs), sectors, keys))
    known = _by_sector(
        sectors,
        "bool_or(j.n_days > 0) filter (where j.sector = {sector}) and any_value(s.known_{name})",
    )
    changes = study.assignment is not None and study.assignment.strategy == "time_varying"
    same_arm = "" if changes else " and m.arm is not distinct from v.arm"
    period = _PERIOD.format(columns=_columns(sectors), same_arm=same_arm)
    take(
        connection,
        [
            Step("cost_period_status", _PERIOD_STATUS.format(known=known)),
            Step("ev_period", period),
        ],
    )


def _by_sector(sectors: Sequence[str], sql: str) -> str:
    return "".join(f",\n    {sql.format(sector=literal(one), name=one)} as known_{one}" for one in sectors)


def _columns(sectors: Sequence[str], undiscounted: bool = False, total: bool = False) -> str:
    known = {one: f"s.known_{one}" for one in sectors}
    if total:
        known["total"] = " and ".join(known.values())
    return "".join(
        f",\n    case when {known[one]} then coalesce(k.k_{one}{ending}, 0) end as k_{one}{ending}"
        for ending in ("", "_u")[: 1 + undiscounted]
        for one in known
    )
