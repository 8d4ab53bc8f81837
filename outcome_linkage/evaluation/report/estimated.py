"""Estimates as they may be shown, in words.

Plain risks, differences and ratios of independent people are made again from released counts. Where errors
are by cluster, the plain figure is that of released counts and the interval moves with it. What comes from a
model (weighted, adjusted for censoring) is exempt in the rules of HES; it is given to two or three figures,
and not at all where few had the outcome in an arm or few people are behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from outcome_linkage.evaluation.estimates.dose import DOSE
from outcome_linkage.evaluation.estimates.estimate import RATIOS, SCHEMA, Estimate
from outcome_linkage.evaluation.estimates.interrupted import TERMS
from outcome_linkage.evaluation.report.from_counts import from_counts, is_plain, moved, why_few
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import counts, fixed, shares, significant
from outcome_linkage.evaluation.words import name as plain
from outcome_linkage.linkage_quality.released import Shown

MAIN, ALL = "main", "all"
HIDDEN = "hidden: "
LEAST_FREEDOM = 10
"""Residual degrees of freedom below which no model is shown (SACRO, NHS profile)."""
_SHARES, _AMOUNTS = ("binary", "time_to_event"), ("days", "continuous")
_FROM_COUNTS = ("risk_newcombe", "risk_score")
TERM_WORDS = {"level": "the step at the start", "trend": "the slope after it, for each period"}
"""What the terms of an interrupted series say."""
SCALES = {
    "rd": "difference in risk",
    "rr": "ratio of risks",
    "irr": "ratio of rates",
    "rmst_diff": "difference in days without it",
    "mean_diff": "difference in means or rates",
    "mean_diff_gbp": "difference in cost, GBP",
}


@dataclass(frozen=True)
class Told:
    """One estimate as it may be shown: `row` holds no figure where `why_not` says why.

    `is_of_counts`: its figure is that of the released counts `a` and `b`.
    """

    row: Estimate
    a: Shown
    b: Shown
    why_not: str = ""
    is_of_counts: bool = False

    @property
    def is_weighted(self) -> bool:
        """Whether the arms were made alike first."""
        return "weighted" in self.row.method or "ipt" in self.row.method

    @property
    def is_main(self) -> bool:
        """Whether it is of everybody and of the study as it stands."""
        row = self.row
        everybody = row.subgroup in (ALL, *TERMS) or row.subgroup.startswith(DOSE)
        return everybody and row.sensitivity_id == MAIN

    @property
    def is_hidden(self) -> bool:
        """Whether it is hidden until outcomes may be shown by arm."""
        return self.row.est is None and (self.row.reason or "").startswith(HIDDEN)

    @property
    def people(self) -> tuple[str, str]:
        """How many had it of how many in each arm, or what is known of that."""
        sides = ((self.row.n_a, self.a), (self.row.n_b, self.b))
        return (
            "" if sides[0][0] is None else sides[0][1].counts,
            "" if sides[1][0] is None else sides[1][1].counts,
        )

    @property
    def figure(self) -> str:
        """The estimate; empty without one."""
        return "" if self.why_not else _figure(self.row.scale, self.row.est)

    @property
    def interval(self) -> str:
        """Such as `-8.0 to 0.6`, with a true minus."""
        if self.why_not or self.row.lo is None or self.row.hi is None:
            return ""
        return f"{_figure(self.row.scale, self.row.lo)} to {_figure(self.row.scale, self.row.hi)}"

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves out no effect."""
        row = self.row
        none = 1.0 if row.scale in RATIOS else 0.0
        return not self.why_not and row.lo is not None and row.hi is not None and not row.lo <= none <= row.hi


def _figure(scale: str, value: float | None) -> str:
    if value is None:
        return ""
    if scale == "rd":
        return fixed(100 * value, 1, plus=True)
    if scale in RATIOS:
        return fixed(value, 2)
    return significant(value, 2 if scale == "mean_diff_gbp" else 3, plus=True)


UNITS = {"rd": " percentage points", "rmst_diff": " days", "mean_diff_gbp": " GBP"}


def told(run: Gathered) -> list[Told]:
    """Every estimate of a run, as it may be shown, in its order."""
    table = run.table("ev_estimates")
    if not table.height:
        return []
    rows = [Estimate(**row) for row in table.select(list(SCHEMA)).iter_rows(named=True)]
    return [_told(row, run) for row in rows]


def _told(row: Estimate, run: Gathered) -> Told:
    a, b = _arms(row, run)
    why_not = _why_not(row, run)
    is_of_counts = row.method in _FROM_COUNTS or is_plain(row)
    if not why_not and row.method in _FROM_COUNTS:
        row, why_not = from_counts(row, a, b, run.study.estimates.confidence, run.profile)
    elif not why_not and is_of_counts:
        row, why_not = moved(row, a, b, run.profile)
    if why_not:
        row = replace(row, est=None, lo=None, hi=None, se=None, p=None, e_value=None)
    return Told(row, a, b, why_not, is_of_counts)


def _arms(row: Estimate, run: Gathered) -> tuple[Shown, Shown]:
    """What is known of each arm: people with the outcome of all; events, or people, of what is no share."""
    kinds = {one.id: one.kind for one in run.study.outcomes}
    if row.events_a is None or row.events_b is None or kinds.get(row.outcome) in _AMOUNTS:
        a, b = counts((row.n_a, row.n_b), run.profile)
    elif kinds.get(row.outcome) in _SHARES and _is_part(row):
        a, b = shares(((row.events_a, row.n_a), (row.events_b, row.n_b)), run.profile)
    else:
        a, b = counts((row.events_a, row.events_b), run.profile)
    return a, b


def _is_part(row: Estimate) -> bool:
    """Whether those with the outcome are some of the people; in a design within people they need not be."""
    return (row.events_a or 0) <= (row.n_a or 0) and (row.events_b or 0) <= (row.n_b or 0)


def _why_not(row: Estimate, run: Gathered) -> str:
    of_places = row.outcome in {measure.id for measure in run.study.measures}
    people = () if of_places else (row.n_a, row.n_b)  # of a rate, units or periods are counted
    numbers = [n for n in (*people, row.events_a, row.events_b) if n is not None]
    if row.est is None and (row.reason or "").startswith(HIDDEN):
        return row.reason or ""
    if any(n <= run.profile.hide_to and (n or row.est is None) for n in numbers):
        return why_few(run.profile)
    if row.est is None:
        return row.reason or "not estimated"
    if people and row.n_a is not None and row.n_b is not None and row.n_a + row.n_b - 2 < LEAST_FREEDOM:
        return why_few(run.profile)
    return ""


METHODS = {
    "risk_newcombe": "as observed",
    "risk_score": "as observed",
    "risk_cluster_robust": "as observed, errors by cluster",
    "risk_robust_poisson": "as observed, errors by cluster",
    "rate_robust_poisson": "as observed",
    "aalen_johansen": "allowing for who left",
    "aalen_johansen_rmst": "allowing for who left",
    "aalen_johansen_censoring_weights": "weighted for who left",
    "aalen_johansen_censoring_weights_rmst": "weighted for who left",
    "mean_robust": "as observed",
    "wild_cluster_bootstrap": "as observed, errors by few clusters",
    "did_group_time": "against units that had not started yet",
    "did_group_time_randomisation_inference": "against units that had not started yet",
    "stepped_gee": "all units together, by step",
    "stepped_randomisation_inference": "all units together, by step",
    "dose_poisson": "with a level for each unit and period",
    "dose_poisson_randomisation_inference": "with a level for each unit and period",
    "its_poisson_ar1": "before and after in one series",
    "sccs_conditional_poisson": "within each person",
    "time_varying_robust_poisson": "by the days spent in each arm",
    "time_varying_cloglog": "by the days spent in each arm up to the first",
    "none": "no estimate",
}


def method_words(method: str) -> str:
    """How an estimate was made."""
    if method in METHODS:
        return METHODS[method]
    if method.startswith(("ipt_weighted", "weighted")):
        rest = method.removeprefix("ipt_weighted").removeprefix("weighted").strip("_")
        rest = rest.removesuffix("att").removesuffix("ate").removeprefix("aalen_johansen").strip("_")
        return f"weighted to be alike{f' ({plain(rest)})' if rest else ''}"
    return plain(method)


def best(rows: Sequence[Told], outcome: str, scales: tuple[str, ...]) -> Told | None:
    """The estimate of an outcome that answers best: weighted before plain, scales in their order."""
    found = [one for one in rows if one.row.outcome == outcome and one.is_main and not one.why_not]
    ranked = [one for scale in scales for one in _weighted_first(found) if one.row.scale == scale]
    return ranked[0] if ranked else None


def by_contrast(rows: Sequence[Told], outcome: str) -> dict[tuple[str, str], list[Told]]:
    """Main estimates of an outcome, by who is set against whom and, of a series, by term."""
    found: dict[tuple[str, str], list[Told]] = {}
    for one in rows:
        if one.row.outcome == outcome and one.is_main:
            found.setdefault((one.row.contrast, one.row.subgroup), []).append(one)
    return found


def about(one: Told, run: Gathered) -> str:
    """What an estimate is about: the outcome, and what sets it apart from others of the same kind."""
    row = one.row
    contrast = [run.contrast(row.contrast)] if len(run.contrasts) > 1 else []
    return ", ".join([run.label(row.outcome), *contrast, *in_whom(one)])


def in_whom(one: Told) -> list[str]:
    """In whom an estimate was made and with what changed; nothing for the study's own of everybody."""
    subgroup, change = one.row.subgroup, one.row.sensitivity_id
    parts = [_part_words(subgroup)] if subgroup != ALL else []
    return [*parts, *([plain(change)] if change != MAIN else [])]


def _part_words(subgroup: str) -> str:
    """A subgroup, a term of a series, or a dose."""
    if subgroup.startswith(DOSE):
        return f"for {100 * float(subgroup.removeprefix(DOSE)):g} points of the share"
    return TERM_WORDS.get(subgroup) or plain(subgroup.replace("=", " "))


def _weighted_first(rows: list[Told]) -> Iterator[Told]:
    yield from sorted(rows, key=lambda one: not one.is_weighted)


def confidence_of(run: Gathered) -> str:
    """How sure an interval is, such as `95%`."""
    return f"{run.study.estimates.confidence:.0%}"


def as_cells(one: Told) -> dict[str, Any]:
    """The figures of an estimate for a picture."""
    row = one.row
    return {"est": round(row.est or 0, 2), "lo": round(row.lo or 0, 2), "hi": round(row.hi or 0, 2)}
