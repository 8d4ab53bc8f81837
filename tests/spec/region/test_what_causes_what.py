"""What causes what in the invented region.

Adversities raise the rates of outcomes by known hazard ratios, so that anyone who evaluates the deliveries
can be told how near they came. The ratios are planted in what truly happens; what agencies record of it is a
smaller and uneven part.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outcome_linkage.synthetic.effects import EFFECTS, ratios
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Ints
from outcome_linkage.synthetic.region import Region
from outcome_linkage.synthetic.window import NEVER, WINDOW_END, WINDOW_START, YEAR
from tests.poisson import log_rate_ratios

pytestmark = pytest.mark.slow

POINTS = 120_000


def exposed_time(lives: Lives, outcome: str, exposures: list[str]) -> pl.DataFrame:
    """Person-years and events of children by age, sex, deprivation and which adversities lie behind them.

    Person-time is measured at random days, as many for each child as they have time at risk.
    """
    random = np.random.default_rng(0)
    start = np.maximum(lives.column("birth"), WINDOW_START)
    stop = np.minimum(np.minimum(lives.column("death"), WINDOW_END), lives.column("birth") + int(18 * YEAR))
    length = np.where(lives.column("role") < 0, np.maximum(stop - start, 0), 0)
    who = np.repeat(np.arange(len(length)), random.multinomial(POINTS, length / length.sum()))
    day = start[who] + (random.random(len(who)) * length[who]).astype(int)
    there = lives.residences.on(who, day) >= 0
    share = length.sum() / YEAR / POINTS
    time = described(lives, exposures, who[there], day[there]).with_columns(years=pl.lit(share), n=pl.lit(0))
    found = lives.events(outcome)
    who, day = found["who"].to_numpy(), found["day"].to_numpy()
    child = (day >= start[who]) & (day < start[who] + length[who])
    happened = described(lives, exposures, who[child], day[child]).with_columns(
        years=pl.lit(0.0), n=pl.lit(1)
    )
    cells = pl.concat([time, happened])
    return cells.group_by(pl.all().exclude("years", "n"), maintain_order=True).agg(
        pl.col("years").sum(), pl.col("n").sum()
    )


def described(lives: Lives, exposures: list[str], who: Ints, day: Ints) -> pl.DataFrame:
    """Each person on each day: what the rate of the outcome depends on."""
    state = {"age": lives.age(who, day), "female": lives.column("female")[who]}
    state |= {"quintile": lives.column("quintile")[who]}
    return pl.DataFrame(state | {name: day > lives.onset[name][who] for name in exposures})


@pytest.mark.parametrize(
    ("outcome", "adversity"),
    [
        ("ed_attendance", "domestic_abuse"),
        ("ed_attendance", "neglect"),
        ("mh_referral", "domestic_abuse"),
        ("suspension", "neglect"),
        ("police_suspect", "physical_abuse"),
    ],
)
def test_a_planted_effect_can_be_recovered(lives: Lives, outcome: str, adversity: str) -> None:
    """A Poisson model of what truly happened finds the hazard ratio, within three standard errors."""
    exposures = list(ratios(outcome))
    estimate, error = log_rate_ratios(exposed_time(lives, outcome, exposures), exposures)[adversity]
    assert abs(estimate - np.log(ratios(outcome)[adversity])) < 3 * error
    assert error < 0.14


def test_no_effect_is_found_where_none_was_planted(lives: Lives) -> None:
    """Parental separation does not make a suspect of anyone."""
    exposures = [*ratios("police_suspect"), "parental_separation"]
    cells = exposed_time(lives, "police_suspect", exposures)
    estimate, error = log_rate_ratios(cells, exposures)["parental_separation"]
    assert abs(estimate) < 3 * error
    assert error < 0.14


def test_adversity_is_commoner_where_people_are_poorer(lives: Lives) -> None:
    """In the most deprived fifth about four times as common as in the least deprived."""
    children = lives.people.filter(pl.col("role") < 0).select(
        "quintile", abused=pl.Series(lives.onset["domestic_abuse"] < NEVER).filter(lives.people["role"] < 0)
    )
    share = dict(children.group_by("quintile").agg(pl.col("abused").mean()).iter_rows())
    assert 2.5 < share[1] / share[5] < 6


def test_adversities_come_together(lives: Lives) -> None:
    """A child in a family with domestic abuse is more often neglected, because the one raises the other."""
    child = lives.column("role") < 0
    abused, neglected = (lives.onset[name][child] < NEVER for name in ("domestic_abuse", "neglect"))
    assert neglected[abused].mean() > 1.5 * neglected[~abused].mean()


def test_the_dead_do_nothing(lives: Lives) -> None:
    """Nothing happens to anyone after the day of their death."""
    death = lives.people["death"].gather(lives.happened["who"])
    assert (lives.happened["day"] <= death).all()


def test_the_planted_effects_lie_beside_the_deliveries(region: Region) -> None:
    """`truth/effects.csv` lists each with its hazard ratio."""
    written = pl.read_csv(region.truth / "effects.csv")
    assert written.rows() == [(e.adversity, e.outcome, e.hazard_ratio) for e in EFFECTS]
