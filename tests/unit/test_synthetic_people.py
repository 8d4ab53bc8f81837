"""Names, places and random draws of the invented region."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outcome_linkage.linkage import normalise
from outcome_linkage.synthetic.cultures import CULTURES
from outcome_linkage.synthetic.households import _child_group
from outcome_linkage.synthetic.names import load_names
from outcome_linkage.synthetic.people import blocks
from outcome_linkage.synthetic.places import dwellings, load_places
from outcome_linkage.synthetic.randomness import pick, pick_by_row, stream


def test_every_culture_has_names_of_every_kind() -> None:
    """At least ten of each, and all in letters that fold to ASCII."""
    names = load_names()
    assert len(names.pools) == len(CULTURES)
    assert all(len(pool.positions) >= 10 for pools in names.pools for pool in pools.values())
    sample = pl.Series(names.forenames[::7] + names.surnames[::7])
    assert normalise.surname(sample).null_count() <= 3


def test_common_names_are_common() -> None:
    """The commonest British surname is borne by one person in fifty to a hundred; most by hardly anybody."""
    drawn = load_names().draw(np.random.default_rng(1), np.zeros(50_000, dtype=np.int64), "surname_m")
    counts = np.sort(np.bincount(drawn))[::-1] / 50_000
    assert 0.01 < counts[0] < 0.02
    assert (counts > 0).sum() > 3_000


@pytest.mark.parametrize(
    ("one", "other", "child"),
    [
        ("WBRI", "WBRI", "WBRI"),
        ("WBRI", "WOTH", "WBRI"),
        ("WBRI", "BCRB", "MWBC"),
        ("BAFR", "WIRI", "MWBA"),
        ("AIND", "WBRI", "MWAS"),
        ("CHNE", "WBRI", "MWAS"),
        ("OOTH", "WBRI", "MOTH"),
        ("AIND", "BCRB", "MOTH"),
    ],
)
def test_children_of_two_groups(one: str, other: str, child: str) -> None:
    """Are of the mixed group that the two make."""
    assert _child_group(one, other) == child


@pytest.mark.parametrize("people", [20_000, 1_000_000])
def test_postcodes_are_different_well_formed_and_not_real(people: int) -> None:
    """Districts BS60 to BS79 and BA60 to BA79 do not exist."""
    lookup = load_places(people).postcodes
    assert lookup["postcode"].n_unique() == lookup.height
    assert lookup["postcode"].str.contains(r"^B[AS][67]\d \d[A-Z]{2}$").all()
    assert lookup["lsoa21"].n_unique() == 581 + 118


def test_a_dwelling_lies_in_its_area() -> None:
    """Its postcode is one of the area's; its property number is its own."""
    places = load_places(1_000_000)
    area = np.arange(0, places.areas.height, 3)
    built = dwellings(np.random.default_rng(0), places, area, block=2)
    found = places.postcodes["lsoa21"].gather(built["postcode"])
    assert found.to_list() == places.areas["lsoa21"].gather(area).to_list()
    assert built["uprn"].n_unique() == built.height


def test_blocks_hold_everyone_once() -> None:
    """Runs of consecutive numbers."""
    made = blocks(60_001, 1)
    assert [block.first for block in made] == [0, 25_000, 50_000]
    assert sum(block.size for block in made) == 60_001


def test_streams_depend_on_seed_block_and_purpose_only() -> None:
    """Equal for equal arguments, different if one differs."""
    first = stream(1, 2, "death").random(5)
    assert (stream(1, 2, "death").random(5) == first).all()
    for other in (stream(2, 2, "death"), stream(1, 3, "death"), stream(1, 2, "care")):
        assert (other.random(5) != first).all()


def test_draws_follow_their_weights() -> None:
    """As a list for all, and as a matrix with a row for each."""
    random = np.random.default_rng(3)
    assert np.bincount(pick(random, [1, 0, 3], 20_000), minlength=3)[1] == 0
    assert np.bincount(pick(random, [1, 0, 3], 20_000))[2] == pytest.approx(15_000, rel=0.05)
    weights = np.array([[1.0, 1.0], [0.0, 2.0]])
    rows = np.repeat([0, 1], 10_000)
    drawn = pick_by_row(random, weights, rows)
    assert (drawn[10_000:] == 1).all()
    assert drawn[:10_000].mean() == pytest.approx(0.5, abs=0.03)
