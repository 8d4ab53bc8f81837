"""`ev_coverage`: how many people of the study each table could have seen, month by month, and why not."""

from __future__ import annotations

from outcome_linkage.evaluation.engine.step import Step, value
from outcome_linkage.evaluation.spec.evaluation import Evaluation

_COVERAGE = """
-- one row per table, supplier and month of the study: people who were covered on the 15th, and people in a
-- gap that has a reason. Intervals are counted by their first and last month, and only then spread out
with people as (select distinct person_id from study_member),
months as (
    select no, strftime(cast({start} as date) + to_months(cast(no as integer)), '%Y-%m') as month
    from range({months}) as r (no)
),
counted as (
    select c.source, c.supplier, c.covered, c.reason,
        greatest(0, date_diff('month', {start}, c.interval_from) + cast(day(c.interval_from) > 15 as integer))
            as first_no,
        date_diff('month', {start}, c.interval_to) - cast(day(c.interval_to) < 15 as integer) as last_no,
        count(*) as n
    from study_coverage as c
    inner join people on people.person_id = c.person_id
    group by all
),
spread as (
    select c.source, c.supplier, m.month, sum(c.n) filter (where c.covered) as n_covered,
        sum(c.n) filter (where not c.covered and c.reason is not null) as n_gap,
        max_by(c.reason, (c.n, c.reason)) filter (where not c.covered) as reason
    from counted as c
    inner join months as m on m.no between c.first_no and c.last_no
    group by c.source, c.supplier, m.month
),
size as (select count(*) as n from people)
select s.source, s.supplier, m.month, size.n,
    cast(least(size.n, coalesce(spread.n_covered, 0)) as bigint) as n_covered,
    cast(least(size.n, coalesce(spread.n_gap, 0)) as bigint) as n_gap, spread.reason
from (select distinct source, supplier from study_link) as s
cross join months as m
cross join size
left join spread on spread.source = s.source and spread.supplier = s.supplier and spread.month = m.month
"""


def calendar_step(study: Evaluation) -> Step:
    """`ev_coverage`. Needs `study_member`."""
    period = study.study_period
    months = 12 * (period.end.year - period.start.year) + period.end.month - period.start.month + 1
    return Step("ev_coverage", _COVERAGE.format(start=value(period.start.replace(day=1)), months=months))
