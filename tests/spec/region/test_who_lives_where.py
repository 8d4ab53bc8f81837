"""Who lives where in the invented region: families, moves, births, deaths."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.places import AUTHORITIES
from outcome_linkage.synthetic.window import NEVER, WINDOW_END, WINDOW_START, YEAR

pytestmark = pytest.mark.slow


def test_a_person_lives_at_one_place_at_a_time(lives: Lives) -> None:
    """Stays of one person follow one another and never overlap."""
    stays = lives.residences.stays
    following = stays.select(pl.col("since").shift(-1).over("who"), "until").drop_nulls()
    assert (following["since"] > following["until"]).all()
    assert (stays["since"] <= stays["until"]).all()


def test_nobody_lives_anywhere_before_birth_or_after_death(lives: Lives) -> None:
    """Residence lies within life."""
    stays = lives.residences.stays.with_columns(
        birth=lives.people["birth"].gather(lives.residences.stays["who"]),
        death=lives.people["death"].gather(lives.residences.stays["who"]),
    )
    assert stays.filter((pl.col("since") < pl.col("birth")) | (pl.col("until") > pl.col("death"))).is_empty()


def test_parents_are_older_than_their_children(lives: Lives) -> None:
    """A mother is 15 to 55 at the birth of her child."""
    children = lives.people.filter(pl.col("mother") >= 0)
    age = (children["birth"] - lives.people["birth"].gather(children["mother"])) / YEAR
    assert 15 < age.min() < age.max() < 55


def test_some_children_are_twins(lives: Lives) -> None:
    """Two children of one household on one day, with different forenames: they must never be linked."""
    children = lives.people.filter(pl.col("role") < 0)
    twins = children.filter(pl.struct("household", "birth").is_duplicated())
    assert twins.height >= 20
    assert not twins.select("household", "birth", "forename").is_duplicated().any()


def test_households_move_and_take_over_dwellings(lives: Lives) -> None:
    """A third of people move within the window, into homes that others have left among them."""
    stays = lives.residences.stays.filter(pl.col("until") >= WINDOW_START)
    moved = stays.group_by("who").len()["len"] > 1
    assert 0.2 < moved.mean() < 0.6
    households = stays.with_columns(household=lives.people["household"].gather(stays["who"]))
    tenants = households.group_by("dwelling").agg(pl.col("household").n_unique())
    assert (tenants["household"] > 1).sum() > 50


def test_some_people_come_and_some_go(lives: Lives) -> None:
    """Moves into and out of the region, and a few who leave between two stays in it."""
    spans = lives.residences.stays.group_by("who").agg(pl.col("since").min(), pl.col("until").max())
    born = lives.people["birth"].gather(spans["who"])
    arrived = (spans["since"] > WINDOW_START) & (spans["since"] > born)
    died = lives.people["death"].gather(spans["who"])
    left = (spans["until"] < WINDOW_END) & (spans["until"] < died)
    assert arrived.mean() > 0.05
    assert left.mean() > 0.05


def test_most_live_in_the_three_authorities_and_some_next_door(lives: Lives) -> None:
    """People of Bath and North East Somerset are known to the police only: records that match nothing."""
    authority = lives.places.authority[lives.column("home_area")]
    share = np.bincount(authority, minlength=4) / len(authority)
    assert share[AUTHORITIES.index("E06000023")] > 0.4
    assert 0.03 < share[AUTHORITIES.index("E06000022")] < 0.08


def test_a_child_in_care_lives_away_from_home(lives: Lives) -> None:
    """During care at another dwelling than on the day before; afterwards back, or gone."""
    children = lives.people.filter(pl.col("care_from").is_between(WINDOW_START + 1, WINDOW_END - 40))
    who, start = children["who"].to_numpy(), children["care_from"].to_numpy()
    before, during = lives.residences.on(who, start - 1), lives.residences.on(who, start)
    at_home = before >= 0
    assert at_home.sum() > 20
    assert (before[at_home] != during[at_home]).all()


def test_some_were_born_on_the_first_of_january(lives: Lives) -> None:
    """More often than one in 365 where people came from countries that record no day of birth."""
    born = lives.people["birth"].cast(pl.Int32).cast(pl.Date)
    january = (born.dt.month() == 1) & (born.dt.day() == 1)
    share = dict(
        lives.people.select("ethnic", january=january)
        .group_by("ethnic")
        .agg(pl.col("january").mean())
        .iter_rows()
    )
    assert share["BAFR"] > 0.02 > share["WBRI"]


def test_a_name_may_change(lives: Lives) -> None:
    """On marriage, or when a family changes: about one person in a hundred."""
    assert 0.005 < (lives.column("renamed") < NEVER).mean() < 0.03
