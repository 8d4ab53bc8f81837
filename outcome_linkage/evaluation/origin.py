"""Where the columns that are named after parts of a study come from, and how they are made, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from outcome_linkage.evaluation import words
from outcome_linkage.evaluation.costs.uses import cost_window
from outcome_linkage.evaluation.resources import RESOURCES
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate, Covariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Outcome

FORMULAS = {
    "binary": "1 if there was any in the window, 0 if there was none and every day could be seen, else null",
    "count": "episodes on days that could be seen; of events within {dedup} days the first counts",
    "days": "days of spells on days that could be seen; spells up to {gap} days apart are one",
    "time_to_event": "1 if there was any in the window, 0 if there was none and every day could be seen; "
    "days to the first in o_{id}_t",
    "continuous": "the last value in the window",
    "latest": "the last value in the window",
}
_ENDING = re.compile(r"_(st|pt|t|d|w|e|n|fd|fb|u)$")


@dataclass(frozen=True)
class Origin:
    """What a column is of: its label, table and concept with version, days of the window, and formula."""

    column: str = ""
    label: str | None = None
    source: str | None = None
    version: str | None = None
    days: str | None = None
    formula: str | None = None


def stem_of(column: str) -> str:
    """What a column is about: `o_suspended_st` is about `o_suspended`, `k_st` about all costs."""
    if not re.match(r"[oaxk]_", column) or column.startswith("a_score"):
        return column
    return "k_total" if column == "k_st" else _ENDING.sub("", column)


def origins(study: Evaluation, versions: Mapping[str, str]) -> dict[str, Origin]:
    """By column, of outcomes, covariates, domains of adversity, costs and rules."""
    made = [*_outcomes(study, versions), *_covariates(study, versions), *_domains(study), *_costs(study)]
    return {one.column: one for one in made}


def _outcomes(study: Evaluation, versions: Mapping[str, str]) -> Iterator[Origin]:
    for one in study.outcomes:
        formula = FORMULAS[one.kind].format(id=one.id, dedup=one.dedup_days, gap=one.episode_gap_days)
        yield _of_event(f"o_{one.id}", one, one.event, one.window, formula, versions)


def _covariates(study: Evaluation, versions: Mapping[str, str]) -> Iterator[Origin]:
    for one in study.covariates:
        if isinstance(one, AttributeCovariate):
            label = one.label or words.name(one.id)
            yield Origin(f"x_{one.id}", label, one.from_, None, str(one.at_days), "as it was on that day")
        else:
            formula = FORMULAS[one.kind].format(id=one.id, dedup=0, gap=0)
            yield _of_event(f"x_{one.id}", one, one.event, one.event.window, formula, versions)


def _of_event(
    column: str,
    part: Outcome | Covariate,
    event: Event,
    window: tuple[int, int],
    formula: str,
    versions: Mapping[str, str],
) -> Origin:
    return Origin(
        column,
        part.label or words.name(part.id),
        f"{event.source}: {event.concept}",
        versions.get(event.concept),
        _days(window),
        formula,
    )


def _domains(study: Evaluation) -> Iterator[Origin]:
    if study.adversity is None:
        return
    formula = "true if recorded in the window, false if not and every day could be seen, else null"
    for domain in study.adversity.domains:
        label = words.name(domain).capitalize()
        yield Origin(f"a_{domain}", label, None, None, _days(study.adversity.window), formula)


def _costs(study: Evaluation) -> Iterator[Origin]:
    if study.costs is None:
        return
    for sector in [*sorted({item.sector for item in study.costs.items}), "total"]:
        items = [item for item in study.costs.items if sector in (item.sector, "total")]
        sources = ", ".join(f"{RESOURCES[one.resource].source}: {one.resource}" for one in items)
        yield Origin(
            f"k_{sector}",
            f"Costs, {words.name(sector)}" if sector != "total" else "Costs, all sectors",
            sources,
            None,
            _days(cost_window(study)),
            "uses on days that could be seen x price in the price year x discount of whole years after day 0",
        )


def _days(window: tuple[int, int]) -> str:
    return f"{window[0]} to {window[1]}"
