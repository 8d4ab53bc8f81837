"""What is asked of a measure is what it records: a value, a share of a term, at an age when it happens."""

from __future__ import annotations

from collections.abc import Iterator

from outcome_linkage.evaluation.bound_checks.known import Known
from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.covariates import EventCovariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Possible
from outcome_linkage.evaluation.static_checks.somebody import DAYS_A_YEAR, ages_kept


def has_values(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV308: a mean, a last value or a share is asked only of what records one."""
    for n, outcome in enumerate(study.outcomes):
        if outcome.kind == "continuous" and not _unit(outcome.event.concept, known):
            kinds = "`binary`, `count` or `time_to_event`"
            yield _no_value(("outcomes", n, "kind"), outcome.event.concept, "continuous", kinds)
    for n, one in enumerate(study.covariates):
        if isinstance(one, EventCovariate) and one.kind == "latest" and not _unit(one.event.concept, known):
            yield _no_value(("covariates", n, "kind"), one.event.concept, "latest", "`binary` or `count`")
    for n, measure in enumerate(study.measures):
        recorded = known.recorded.get(measure.numerator.concept)
        asks = isinstance(measure.denominator, Possible)
        if asks and (recorded is None or recorded.shape != "term"):
            path: KeyPath = ("measures", n, "denominator", "kind")
            yield _no_value(path, measure.numerator.concept, "possible", "`person_time` or `population`")


def _unit(concept: str, known: Known) -> str:
    """The unit of its values; unknown concepts, told elsewhere, pass."""
    if concept not in known.concepts:
        return "unknown"
    return known.recorded[concept].unit if concept in known.recorded else ""


def _no_value(path: KeyPath, name: str, kind: str, kinds: str) -> Fault:
    return fault("EV308", path, name=name, kind=kind, kinds=kinds)


def at_an_age(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV310: some of those who are kept are, within the window, of an age at which the outcome happens."""
    youngest, oldest = ages_kept(study)
    if youngest > oldest:
        return
    for n, outcome in enumerate(study.outcomes):
        recorded = known.recorded.get(outcome.event.concept)
        own = (recorded.from_age, recorded.to_age) if recorded else (None, None)
        low, high = outcome.at_risk_ages or own
        opens, closes = (day // DAYS_A_YEAR for day in outcome.window)
        if (low is not None and oldest + closes + 1 < low) or (high is not None and youngest + opens > high):
            ages = f"from age {low or 0}" if high is None else f"at ages {low or 0} to {high}"
            kept = f"{youngest} or older" if oldest > 150 else f"{youngest} to {oldest}"
            place = "at_risk_ages" if outcome.at_risk_ages else "event"
            facts = {"name": outcome.event.concept, "ages": ages, "kept": kept}
            yield fault("EV310", ("outcomes", n, place), **facts)
