"""Covariates that are taken anew in each period of a panel, as if its first day were day 0."""

from __future__ import annotations

from outcome_linkage.evaluation.engine.facts import covariate_items, items_step
from outcome_linkage.evaluation.engine.step import NEVER, Step
from outcome_linkage.evaluation.engine.values import value_steps
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate, Covariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

_PEOPLE = f"""
-- one row per member and period, as somebody whose day 0 is its first day
select cast(row_number() over (order by d.candidate_id, d.period) as bigint) as candidate_id,
    d.candidate_id as member_id, d.period, p.person_id, d.period_start as index_date,
    cast(null as varchar) as index_source_event_id, p.born_on, p.death_date, p.entry_date, {NEVER} as end_date
from study_period as d
inner join study_member as p on p.candidate_id = d.candidate_id
"""
_ANEW = """
-- one row per member and period with what is known on its first day
select r.member_id as candidate_id, r.period{columns}
from anew_people as r
left join anew_value as v on v.candidate_id = r.candidate_id
left join in_residence as h on h.person_id = r.person_id and r.index_date between h.valid_from and h.valid_to
group by r.member_id, r.period, r.index_date, r.born_on
"""
_AGE = "greatest(0, date_sub('year', r.born_on, r.index_date))"
_ATTRIBUTES = {
    "imd_quintile": "max_by(h.imd_quintile, h.valid_from)",
    "la_code": "max_by(h.la_code, h.valid_from)",
    "lsoa21": "max_by(h.lsoa21, h.valid_from)",
    "age_index_years": f"cast({_AGE} as integer)",
    "age_band": (
        f"(select any_value(b.label) from study_age_band as b where {_AGE} >= b.low and {_AGE} < b.high)"
    ),
}
"""Characteristics that change with time, on the first day of a period."""


def taken_anew(study: Evaluation) -> list[Covariate]:
    """Covariates that a panel has anew in each period; what cannot change stays as it is on day 0."""
    return [
        one
        for one in study.covariates
        if one.time_varying and (not isinstance(one, AttributeCovariate) or one.id in _ATTRIBUTES)
    ]


def anew_steps(study: Evaluation) -> list[Step]:
    """`period_anew`, where some covariate is taken anew. Needs `study_period`."""
    names = {one.id for one in taken_anew(study)}
    if not names:
        return []
    items = [one for one in covariate_items(study) if one.item in names]
    columns = "".join(f",\n    {_column(one)} as x_{one.id}" for one in taken_anew(study))
    return [
        Step("anew_people", _PEOPLE),
        items_step("anew_item", items),
        *value_steps("anew", "anew_people", "anew_item"),
        Step("period_anew", _ANEW.format(columns=columns)),
    ]


def _column(one: Covariate) -> str:
    if isinstance(one, AttributeCovariate):
        return _ATTRIBUTES[one.id]
    kind = "double" if one.kind == "latest" else "integer"
    return f"cast(any_value(v.value) filter (where v.item = {literal(one.id)}) as {kind})"
