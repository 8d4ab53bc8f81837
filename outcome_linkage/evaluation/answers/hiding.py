"""Outcomes and costs by arm, taken out of the tables of a run until its gate is open.

Negative controls stay: they are there to be looked at before, as far as the numbers of people allow. So do
outcomes of everybody together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

import duckdb

from outcome_linkage.evaluation.answers.asking import NO_ESTIMATOR
from outcome_linkage.evaluation.engine.step import Step, in_list, take
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.estimates.self_controlled import METHOD as OWN_CONTROLS
from outcome_linkage.evaluation.spec.evaluation import Evaluation

WITHHELD = 6
"""Status of a hidden value."""
SHOWN_ROLE = "negative_control"
VALUES = ("", "_pt", "_t", "_d", "_e", "_w")
"""Endings of the columns of an outcome that say what happened."""
FIGURES: Mapping[str, tuple[str, ...]] = {
    "ev_costs": ("n_users", "units", "units_pp", "cost_pp", "lo", "hi"),
    "ev_consequences": ("n_known", "total", "per_person"),
    "ev_cea": (
        *(f"d_{what}{ending}" for what in ("cost", "effect") for ending in ("", "_lo", "_hi")),
        *(f"share_{where}" for where in ("ne", "nw", "se", "sw")),
        *("icer", "net_benefit", "probability", "reason"),
    ),
}
"""Columns of costs by arm."""
HAPPENED = ("events_a", "events_b", "pdays_a", "pdays_b", "est", "lo", "hi", "se", "p", "e_value")
"""Columns of an estimate that say what happened."""
_CENSORING = """
select outcome, case when outcome in ({hidden}) then 'all' else arm end as arm, day_band, reason,
    cast(sum(n) as bigint) as n
from ev_censoring group by all
"""
_CENSORING_OF_ALL = """
select outcome, 'all' as arm, day_band, reason, cast(sum(n) as bigint) as n from ev_censoring group by all
"""
_EVENT = "select * from ev_event where role <> 'resource' and not (role = 'outcome' and item in ({hidden}))"


def compares(study: Evaluation) -> bool:
    """Whether there is anything that tells groups or times apart."""
    return len(study.arms) > 1 or study.design.type in ("did", "its", "stepped", "self_controlled")


def hidden_estimate(estimate: Estimate, why: str) -> Estimate:
    """How many people were compared, and nothing of what happened to them.

    Those who are compared with themselves are the ones to whom something happened.
    """
    if estimate.role == SHOWN_ROLE:
        return replace(estimate, unblinded=True)
    if estimate.method == NO_ESTIMATOR:
        return estimate
    happened = (*HAPPENED, "n_a", "n_b") if estimate.method == OWN_CONTROLS else HAPPENED
    kept = {name: value for name, value in asdict(estimate).items() if name not in happened}
    return Estimate(**{**kept, "unblinded": False, "reason": f"hidden: {why}"})


def hide(connection: duckdb.DuckDBPyConnection, study: Evaluation, tables: Iterable[str]) -> None:
    """Take what happened by arm out of the working tables."""
    outcomes = [one.id for one in study.outcomes if one.role != SHOWN_ROLE]
    hidden = in_list(outcomes)
    wanted = set(tables)
    steps = [
        _blank(connection, table, _withheld(study, outcomes))
        for table in ("ev_person", "ev_period")
        if table in wanted
    ]
    steps += [
        _blank(connection, table, _unless_shown(study, table, columns))
        for table, columns in FIGURES.items()
        if table in wanted
    ]
    more = {
        "ev_event": _EVENT.format(hidden=hidden),
        "ev_censoring": _CENSORING_OF_ALL if _end_time(study) else _CENSORING.format(hidden=hidden),
        "ev_survival": f"select * from ev_survival where outcome not in ({hidden})",
        "ev_area_period": _rates(study),
    }
    take(connection, [*steps, *(Step(table, sql) for table, sql in more.items() if table in wanted)])


def _unless_shown(study: Evaluation, table: str, columns: Iterable[str]) -> dict[str, str]:
    """Figures of costs and consequences; of the latter, those of negative controls stay."""
    if table != "ev_consequences":
        return dict.fromkeys(columns, "null")
    shown = in_list(f"o_{one.id}" for one in study.outcomes if one.role == SHOWN_ROLE)
    return {name: f"case when outcome in ({shown}) then {name} end" for name in columns}


def _withheld(study: Evaluation, outcomes: list[str]) -> dict[str, str]:
    """Columns of people and what stands in them instead."""
    found = {f"o_{name}{ending}": "null" for name in outcomes for ending in VALUES}
    found |= {f"o_{name}_st": str(WITHHELD) for name in outcomes}
    if _end_time(study):
        found |= dict.fromkeys(("fu_end", "fu_days", "censor_reason"), "null")
        controls = [one.id for one in study.outcomes if one.id not in outcomes]
        found |= {f"o_{name}{ending}": "null" for name in controls for ending in ("_pt", "_t", "_d")}
    return found


def _end_time(study: Evaluation) -> bool:
    """Whether an outcome that is hidden ends follow-up as well, so that the ends would tell it."""
    ends = {"death"} | {event.concept for event in (study.followup.censor_events if study.followup else ())}
    return any(one.event.concept in ends for one in study.outcomes if one.role != SHOWN_ROLE)


def _blank(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> Step:
    """A table with these columns replaced where it has them, and every cost column of people blank."""
    there = connection.execute(f"describe temp.{table}").fetchall()
    costs = {name: "null" for name, *_ in there if name.startswith("k_")}
    instead = {**costs, **({"k_st": str(WITHHELD)} if "k_st" in costs else {}), **columns}
    replaced = ", ".join(
        f"cast({instead[name]} as {kind}) as {name}" for name, kind, *_ in there if name in instead
    )
    return Step(
        table, f"select * replace ({replaced}) from {table}" if replaced else f"select * from {table}"
    )


def _rates(study: Evaluation) -> str:
    """Rates after the start, of measures that are no negative controls."""
    names = in_list(one.id for one in study.measures if one.role != SHOWN_ROLE)
    when = f"phase = 'post' and measure_id in ({names})"
    columns = ", ".join(
        f"case when not coalesce({when}, false) then {name} end as {name}" for name in ("numerator", "rate")
    )
    return f"select * replace ({columns}) from ev_area_period"
