"""Estimates of people compared with themselves at other times."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl

from outcome_linkage.evaluation.answers.asking import asked_of
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.estimates.self_controlled import BASELINE, self_controlled, split_time
from outcome_linkage.evaluation.spec.design import SelfControlled
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Outcome

AGE_BANDS = (1, 5, 8, 11, 14, 16, 18, 25, 40, 65)
"""Years at which a new band of age begins; our own rule."""
_PEOPLE = """
-- days of a person, from the exposure, on which the outcome could be seen, up to the first break of cover
select v.candidate_id as person_key, v.seen_from - v.index_date as first_day,
    least(v.seen_to, v.run_to) - v.index_date as last_day, v.index_date - m.born_on as age_days
from out_value as v
inner join study_member as m on m.candidate_id = v.candidate_id
where v.item = $item and v.status not in (1, 5, 6, 7) and m.born_on is not null
    and v.seen_from <= least(v.seen_to, v.run_to)
order by 1
"""
_EVENTS = """
select e.candidate_id as person_key, e.day from out_episode as e
inner join out_item as i on i.item_no = e.item_no
where i.item = $item and e.is_kept and e.is_covered
order by 1, 2
"""


def own_control_answers(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, design: SelfControlled, sensitivity_id: str
) -> Iterator[Estimate]:
    """Every outcome in each window after the exposure, against the same person's other days."""
    windows = {one.id: one.window for one in design.risk_windows}
    for outcome in study.outcomes:
        asked = asked_of(study, outcome, next(iter(windows)), BASELINE, sensitivity_id)
        people = connection.sql(_PEOPLE, params={"item": outcome.id}).pl()
        events = _events(connection, outcome)
        time = split_time(people, events, outcome.id, windows, design.pre_exposure_days, AGE_BANDS)
        yield from self_controlled(time, asked, list(windows))


def _events(connection: duckdb.DuckDBPyConnection, outcome: Outcome) -> pl.DataFrame:
    """Days of events; of a yes or no only the first."""
    events = connection.sql(_EVENTS, params={"item": outcome.id}).pl()
    return (
        events.unique("person_key", keep="first", maintain_order=True) if outcome.kind == "binary" else events
    )
