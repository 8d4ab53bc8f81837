"""Invented people with both of their outcomes: what happens in arm a and what happens in arm b.

Every generator takes a random generator, a size and an effect (0: none planted), and returns what an
estimator is given together with what only the generator knows. The effect asked for is computed from both
outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HORIZON = 365
A, B = "support", "usual"


@dataclass(frozen=True)
class People:
    """People with a characteristic, and what happens to them by arm (first axis: 0 arm b, 1 arm a)."""

    x: Floats
    risk: Floats
    days: Floats
    events: Floats
    mean: Floats
    outcome_day: Floats
    death_day: Floats

    def by_horizon(self) -> Floats:
        """Whether the outcome comes by the horizon and before death, by arm."""
        return ((self.outcome_day <= HORIZON) & (self.outcome_day <= self.death_day)).astype(float)

    def time_without(self) -> Floats:
        """Days without the outcome up to the horizon, by arm; whoever dies first never has it."""
        first = np.where(self.outcome_day <= self.death_day, self.outcome_day, np.inf)
        return np.minimum(first, HORIZON)


def people(random: np.random.Generator, size: int, effect: float) -> People:
    """Independent people; the effect acts on log odds, log rates, means and hazards, more where x is high."""
    x = random.normal(size=size)
    arms = np.array([[0.0], [1.0]]) * effect * (1 + 0.2 * np.clip(x, -2, 2))
    chance, gamma = random.random(size), random.gamma(2.0, 0.5, size)
    risk = (chance < 1 / (1 + np.exp(1.2 - 0.5 * x + arms))).astype(float)
    days = np.ceil(random.uniform(100, HORIZON, size))
    events = np.stack([random.poisson(0.004 * days * gamma * np.exp(0.4 * x - arm)) for arm in arms])
    mean = 100 * gamma * np.exp(0.3 * x) - 20 * arms
    outcome = np.ceil(random.exponential(size=size) * 700 * np.exp(-0.5 * x + arms))
    death = np.broadcast_to(np.ceil(random.exponential(1500, size)), outcome.shape)
    return People(x, risk, days, events, mean, outcome, death)


def assigned(random: np.random.Generator, x: Floats, by_x: bool, log_odds: float = 0.0) -> NDArray[np.bool_]:
    """Who is in arm a: half, or more of those with a high x, by `log_odds` where x is 0."""
    chance = 1 / (1 + np.exp(-log_odds - 0.6 * x)) if by_x else np.full(len(x), 0.5)
    return random.random(len(x)) < chance


def observed(random: np.random.Generator, of: People, treated: NDArray[np.bool_], by_x: bool) -> pl.DataFrame:
    """`ev_person` as it would be seen: one arm each, follow-up censored, by x or not."""
    arm, place = treated.astype(int), np.arange(len(of.x))
    leaves = np.ceil(random.exponential(900, len(of.x)) * np.exp(-0.6 * of.x if by_x else 0.0))
    outcome, death = of.outcome_day[arm, place], of.death_day[arm, place]
    day = np.minimum(np.minimum(outcome, death), np.minimum(leaves, HORIZON))
    kind = np.where(day == outcome, 1, np.where(day == death, 2, 0))
    return pl.DataFrame(
        {
            "person_key": [f"p{n}" for n in place],
            "arm": np.where(treated, A, B),
            "x_x": of.x,
            "o_risk": of.risk[arm, place],
            "o_events": of.events[arm, place],
            "o_events_pt": of.days,
            "o_mean": of.mean[arm, place],
            "o_time_t": day.astype(int),
            "o_time_d": kind,
        }
    )


def clustered(
    random: np.random.Generator, clusters: int, size: int, effect: float, within: bool
) -> tuple[pl.DataFrame, Floats]:
    """People in clusters, arms given to clusters or (`within`) to people; risks of both arms for each
    person.
    """
    cluster = np.repeat(np.arange(clusters), size)
    alike = random.normal(0, 0.4, clusters)[cluster]
    dealt = random.permutation(clusters) < clusters // 2
    treated = random.random(clusters * size) < 0.5 if within else dealt[cluster]
    chance = random.random(clusters * size)
    both = np.stack([chance < 1 / (1 + np.exp(0.8 - alike + arm * effect)) for arm in (0, 1)]).astype(float)
    seen = both[treated.astype(int), np.arange(clusters * size)]
    frame = pl.DataFrame(
        {
            "person_key": [f"p{n}" for n in range(clusters * size)],
            "cluster_key": [f"c{n}" for n in cluster],
            "arm": np.where(treated, A, B),
            "o_risk": seen,
        }
    )
    return frame, both


def rollout(
    random: np.random.Generator, units: int, size: int, effect: float, growing: bool, starts: tuple[int, ...]
) -> tuple[pl.DataFrame, float]:
    """Units by ten periods, unit effects, autocorrelated shocks; the mean effect on treated people and
    periods.
    """
    periods = np.arange(1, 11)
    first = random.permutation(np.resize(np.array(starts), units))
    gap = np.where(first[:, None] > 0, periods - first[:, None], -1)
    gain = effect * np.where(gap >= 0, 1 + (0.15 * gap if growing else 0.0), 0.0)
    shock = random.normal(0, 0.5, (units, len(periods)))
    for place in range(1, len(periods)):
        shock[:, place] += 0.5 * shock[:, place - 1]
    level = random.normal(0, 1, (units, 1)) + 0.1 * periods + shock
    without = level[..., None] + random.normal(0, 2, (units, len(periods), size))
    values = without + gain[..., None]
    shape = values.shape
    frame = pl.DataFrame(
        {
            "cluster_key": np.broadcast_to(np.arange(units)[:, None, None], shape).ravel(),
            "period": np.broadcast_to(periods[None, :, None], shape).ravel(),
            "first_treated_period": np.broadcast_to(first[:, None, None], shape).ravel(),
            "o_value": values.ravel(),
        }
    )
    treated = gap >= 0
    return frame, float((values - without)[treated].mean()) if treated.any() else 0.0


def series(random: np.random.Generator, periods: int, people_seen: int, effect: float) -> pl.DataFrame:
    """A monthly rate with a trend, a season and autocorrelated shocks; level and trend change after the
    middle.
    """
    t = np.arange(periods)
    start = periods // 2
    shock = np.zeros(periods)
    noise = random.normal(0, 0.05, periods)
    for place in range(1, periods):
        shock[place] = 0.3 * shock[place - 1] + noise[place]
    level, trend = (t >= start).astype(int), np.maximum(t - start, 0)
    rate = -5 + 0.002 * t + 0.15 * np.sin(2 * np.pi * t / 12) + shock - effect * level - 0.02 * effect * trend
    count = random.poisson(people_seen * np.exp(rate))
    return pl.DataFrame(
        {"t": t, "level": level, "trend": trend, "numerator": count, "denominator": float(people_seen)}
    )


def exposed(
    random: np.random.Generator, size: int, effect: float
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[int, int]]:
    """People with an exposure on day 0; events at a rate that rises with age, by `exp(effect)` on days 1 to
    90.

    The third value: events on those days with the exposure's effect and without it, before it is said who
    is seen.
    """
    first, last = -random.integers(200, 700, size), random.integers(200, 700, size)
    age = random.integers(3700, 6900, size)
    frailty = random.gamma(2, 0.5, size)
    keys = np.array([f"p{n}" for n in range(size)])
    table = pl.DataFrame({"person_key": keys, "first_day": first, "last_day": last, "age_days": age})
    owner, day = _events(random, frailty, age, first, last, 1.0)
    inside = (day >= 1) & (day <= 90)
    without = int(inside.sum())
    kept = ~inside | (random.random(len(day)) < np.exp(min(effect, 0.0)))
    owner, day = owner[kept], day[kept]
    more = max(np.exp(effect) - 1, 0.0)
    added, when = _events(random, frailty, age, np.ones(size, int), np.full(size, 90), more)
    events = pl.DataFrame({"person_key": keys[np.append(owner, added)], "day": np.append(day, when)})
    return table, events, (int((inside & kept).sum()) + len(added), without)


def _events(
    random: np.random.Generator, frailty: Floats, age: Ints, first: Ints, last: Ints, times: float
) -> tuple[Ints, Ints]:
    """Owners and days of events: a Poisson process, 1.6 times as fast from the age of 15."""
    many = random.poisson(times * frailty * 0.0016 * 1.6 * (last - first + 1))
    owner = np.repeat(np.arange(len(age)), many)
    day = random.integers(first[owner], last[owner] + 1)
    kept = ((age[owner] + day) / 365.25 >= 15) | (random.random(len(owner)) < 1 / 1.6)
    return owner[kept], day[kept]
