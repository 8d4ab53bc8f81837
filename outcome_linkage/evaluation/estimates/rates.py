"""Rate ratio and rate difference: events per person-time at risk."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, refused
from outcome_linkage.evaluation.estimates.few_clusters import few_clusters
from outcome_linkage.evaluation.estimates.interval import wald
from outcome_linkage.evaluation.estimates.regression import log_linear
from outcome_linkage.evaluation.estimates.sample import sample


def rate_ratio(frame: pl.DataFrame, asked: Asked) -> Estimate:
    """Ratio of the rates of a count, `ev_person` in: `o_<id>` events in `o_<id>_pt` person-days.

    Poisson regression with the logarithm of person-days as offset and errors robust to repeated events and to
    clusters (Zou 2004, American Journal of Epidemiology 159:702; Lin and others 2000, JRSS B 62:711). Window
    covered in part: the days that are covered. Fewer than 40 clusters: `few_clusters`.
    """
    method = "rate_robust_poisson"
    try:
        people = sample(frame, asked, person_time=True, partly=True)
    except CannotEstimate as why:
        return refused(asked, method, "irr", why)
    counts = people.counts(with_days=True)
    if min(counts["events_a"], counts["events_b"]) == 0:
        return refused(asked, method, "irr", "one arm has no events: no finite ratio.", **counts)
    if people.few:
        return replace(few_clusters(people, asked, "irr"), **counts)
    return replace(wald(asked, method, "irr", *log_linear(people), df=people.clusters - 2), **counts)
