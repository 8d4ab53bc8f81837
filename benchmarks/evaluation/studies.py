"""The studies of the coverage benchmark: what is drawn, what is asked, and what the answer is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from benchmarks.evaluation import by_design, changing, cloned, costed, dosed
from benchmarks.evaluation import generators as made
from outcome_linkage.evaluation.estimates.estimate import Asked, Estimate
from outcome_linkage.evaluation.estimates.incidence import incidences
from outcome_linkage.evaluation.estimates.interrupted import interrupted
from outcome_linkage.evaluation.estimates.means import difference_of_means
from outcome_linkage.evaluation.estimates.rates import rate_ratio
from outcome_linkage.evaluation.estimates.resampling import Weighting
from outcome_linkage.evaluation.estimates.risk import risks
from outcome_linkage.evaluation.estimates.self_controlled import self_controlled, split_time
from outcome_linkage.evaluation.estimates.staggered import staggered
from outcome_linkage.evaluation.estimates.stepped import stepped
from outcome_linkage.evaluation.estimates.weighted import weighted, weighted_incidences

MILLION, CHUNK = 1_000_000, 100_000
Truth = Mapping[str, float]
Found = Mapping[str, Estimate]


@dataclass(frozen=True)
class Study:
    """One design: its planted effect, the answer, and one run of it.

    `quick` runs take under a tenth of a second. `bootstrapped` intervals come from draws or permutations.
    """

    name: str
    planted: float
    truth: Callable[[float], Truth]
    run: Callable[[np.random.Generator, float], Found]
    bootstrapped: bool = False
    quick: bool = True
    size: str = ""
    why_over: str = ""


def asked(outcome: str, estimand: str = "ate") -> Asked:
    """The question of every run."""
    target = "att" if estimand == "att" else "ate"
    return Asked(outcome, made.A, made.B, estimand=target)  # type: ignore[arg-type]


@cache
def _million(effect: float) -> made.People:
    return made.people(np.random.default_rng(2_026), MILLION, effect)


def _answers(effect: float, chosen: np.ndarray | None = None) -> Truth:
    """Effects on everybody, or on those chosen, from both outcomes of a million people."""
    of = _million(effect)
    here = np.ones(MILLION, dtype=bool) if chosen is None else chosen
    pairs = {
        "risk": of.risk[:, here].mean(axis=1),
        "rate": of.events[:, here].sum(axis=1) / of.days[here].sum(),
        "mean": of.mean[:, here].mean(axis=1),
        "horizon": of.by_horizon()[:, here].mean(axis=1),
        "time": of.time_without()[:, here].mean(axis=1),
    }
    return {
        "risk rd": pairs["risk"][1] - pairs["risk"][0],
        "risk rr": pairs["risk"][1] / pairs["risk"][0],
        "rate irr": pairs["rate"][1] / pairs["rate"][0],
        "mean mean_diff": pairs["mean"][1] - pairs["mean"][0],
        "horizon rd": pairs["horizon"][1] - pairs["horizon"][0],
        "horizon rr": pairs["horizon"][1] / pairs["horizon"][0],
        "horizon rmst_diff": pairs["time"][1] - pairs["time"][0],
    }


@cache
def _everybody(effect: float) -> Truth:
    return _answers(effect)


@cache
def _treated(effect: float) -> Truth:
    chosen = made.assigned(np.random.default_rng(2_027), _million(effect).x, by_x=True)
    return _answers(effect, chosen)


@cache
def _matched_truth(effect: float) -> Truth:
    """On those in arm a, of whom nearly all are matched."""
    x = _million(effect).x
    chosen = made.assigned(np.random.default_rng(2_034), x, True, by_design.FEW_TREATED)
    return _answers(effect, chosen)


def _changing_truth(effect: float) -> Truth:
    return changing.truth(effect, MILLION // CHUNK, CHUNK)


def _cloned_truth(effect: float) -> Truth:
    return cloned.truth(effect, MILLION)


def _costs_truth(effect: float) -> Truth:
    return costed.truth(effect, MILLION)


def _cohort(
    random: np.random.Generator,
    effect: float,
    size: int = 1000,
    by_x: bool = False,
    censored_by_x: bool = False,
) -> pl.DataFrame:
    of = made.people(random, size, effect)
    return made.observed(random, of, made.assigned(random, of.x, by_x), censored_by_x)


def _named(prefix: str, estimates: list[Estimate]) -> dict[str, Estimate]:
    return {f"{prefix} {one.scale}": one for one in estimates}


def _crude(random: np.random.Generator, effect: float) -> Found:
    frame = _cohort(random, effect)
    return {
        **_named("risk", risks(frame, asked("risk"))),
        **_named("rate", [rate_ratio(frame, asked("events"))]),
        **_named("mean", [difference_of_means(frame, asked("mean"))]),
        **_named("horizon", incidences(frame, asked("time"), made.HORIZON)),
    }


def _censored(random: np.random.Generator, effect: float) -> Found:
    frame = _cohort(random, effect, censored_by_x=True)
    return _named("horizon", incidences(frame, asked("time"), made.HORIZON, ["x_x"]))


def _weighted(random: np.random.Generator, effect: float, estimand: str = "ate") -> Found:
    frame = _cohort(random, effect, by_x=True)
    by = Weighting(["x_x"], truncate_at=1.0)
    return {
        **_named("risk", weighted(frame, asked("risk", estimand), by, "binary")),
        **_named("rate", weighted(frame, asked("events", estimand), by, "count")),
        **_named("mean", weighted(frame, asked("mean", estimand), by, "continuous")),
        **_named("horizon", weighted_incidences(frame, asked("time", estimand), by, made.HORIZON)),
    }


def _weighted_att(random: np.random.Generator, effect: float) -> Found:
    return _weighted(random, effect, "att")


@cache
def _clusters_truth(effect: float) -> Truth:
    _, both = made.clustered(np.random.default_rng(2_028), 20_000, 50, effect, False)
    b, a = both.mean(axis=1)
    return {"risk rd": a - b, "risk rr": a / b}


def _clusters(clusters: int, within: bool) -> Callable[[np.random.Generator, float], Found]:
    def run(random: np.random.Generator, effect: float) -> Found:
        frame, _ = made.clustered(random, clusters, 50, effect, within)
        return _named("risk", risks(frame, asked("risk")))

    return run


DID_STARTS, STEPPED_STARTS = (0, 4, 6, 8), (3, 5, 7, 9)


def _rollout_truth(growing: bool, starts: tuple[int, ...]) -> Callable[[float], Truth]:
    @cache
    def truth(effect: float) -> Truth:
        _, mean = made.rollout(np.random.default_rng(2_029), 4000, 25, effect, growing, starts)
        return {"value mean_diff": mean}

    return truth


def _did(units: int, growing: bool) -> Callable[[np.random.Generator, float], Found]:
    def run(random: np.random.Generator, effect: float) -> Found:
        frame, _ = made.rollout(random, units, 20, effect, growing, DID_STARTS)
        return _named("value", [staggered(frame, asked("value"), "mean_diff")])

    return run


def _stepped(units: int) -> Callable[[np.random.Generator, float], Found]:
    def run(random: np.random.Generator, effect: float) -> Found:
        frame, _ = made.rollout(random, units, 20, effect, False, STEPPED_STARTS)
        return _named("value", [stepped(frame, asked("value"), "mean_diff")])

    return run


def _series_truth(effect: float) -> Truth:
    """By construction: the change of the log rate of the 100 million person-months that are drawn from."""
    return {"level": float(np.exp(-effect)), "trend": float(np.exp(-0.02 * effect))}


def _series(random: np.random.Generator, effect: float) -> Found:
    frame = made.series(random, 96, 100_000, effect)
    return {one.subgroup: one for one in interrupted(frame, asked("value"))}


@cache
def _exposed_truth(effect: float) -> Truth:
    _, _, (with_effect, without) = made.exposed(np.random.default_rng(2_030), MILLION, effect)
    return {"days 1 to 90": with_effect / without}


def _exposed(random: np.random.Generator, effect: float) -> Found:
    people, events, _ = made.exposed(random, 400, effect)
    rows = split_time(people, events, "seen", {"risk": (1, 90)}, 30, (12, 15, 18))
    return {"days 1 to 90": self_controlled(rows, asked("seen"), ["risk"])[0]}


KNOWN_WEIGHTS = "weights of clones are taken as known; fitted ones vary less"
DISCRETE = (
    "randomisation inference and the wild bootstrap keep at least their level; few clusters, few values"
)
STUDIES = (
    Study("crude", 0.5, _everybody, _crude, size="1,000 people"),
    Study("censoring by a covariate", 0.5, _everybody, _censored, size="1,000 people"),
    Study("60 clusters", 0.5, _clusters_truth, _clusters(60, False), size="60 x 50 people"),
    Study("self-controlled", 0.5, _exposed_truth, _exposed, size="400 people"),
    Study("interrupted series", 0.2, _series_truth, _series, size="96 months"),
    Study(
        "staggered, 60 units, growing effect",
        1.0,
        _rollout_truth(True, DID_STARTS),
        _did(60, True),
        size="60 x 10 x 20",
    ),
    Study("stepped, 60 units", 1.0, _rollout_truth(False, STEPPED_STARTS), _stepped(60), size="60 x 10 x 20"),
    Study("weighted, ate", 0.5, _everybody, _weighted, True, False, "1,000 people"),
    Study("weighted, att", 0.5, _treated, _weighted_att, True, False, "1,000 people"),
    Study("20 clusters", 0.5, _clusters_truth, _clusters(20, False), True, False, "20 x 50 people", DISCRETE),
    Study(
        "20 clusters, arms within",
        0.5,
        _clusters_truth,
        _clusters(20, True),
        True,
        False,
        "20 x 50 people",
        DISCRETE,
    ),
    Study(
        "staggered, 24 units",
        1.0,
        _rollout_truth(False, DID_STARTS),
        _did(24, False),
        True,
        False,
        "24 x 10 x 20",
        DISCRETE,
    ),
    Study(
        "stepped, 16 units",
        1.0,
        _rollout_truth(False, STEPPED_STARTS),
        _stepped(16),
        True,
        False,
        "16 x 10 x 20",
        DISCRETE,
    ),
    Study("costs and effects", 0.5, _costs_truth, costed.plain, True, False, "1,000 people"),
    Study("exposure that changes", 0.5, _changing_truth, changing.changing, size="1,000 people x 12 months"),
    Study("matched, one to one", 0.5, _matched_truth, by_design.paired, size="1,500 people"),
    Study("matched, two to one, shared", 0.5, _matched_truth, by_design.shared, size="1,500 people"),
    Study("clones", 0.5, _cloned_truth, cloned.cloned, size="1,000 people, twice", why_over=KNOWN_WEIGHTS),
    Study("costs and effects, weighted", 0.5, _costs_truth, costed.weighted, True, False, "1,000 people"),
    Study("share reached, 60 units", 0.4, dosed.truth, dosed.run(60), False, False, "60 x 12 x 1,800 days"),
    Study("share reached, 24 units", 0.4, dosed.truth, dosed.run(24), True, False, "24 x 12 x 1,800 days"),
)
