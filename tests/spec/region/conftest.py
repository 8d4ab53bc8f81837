"""An invented region for reading: lives of 20,000 people, and the raw files of 6,000 with their truth."""

from __future__ import annotations

import pytest

from outcome_linkage.synthetic.life import Lives, live
from outcome_linkage.synthetic.people import blocks
from outcome_linkage.synthetic.places import load_places
from outcome_linkage.synthetic.region import Region, invent_region


@pytest.fixture(scope="session")
def lives() -> Lives:
    """What happened to 20,000 people: one block, without any record of it."""
    return live(blocks(20_000, 7)[0], load_places(20_000))


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The raw files of 6,000 people, their keys and their truth."""
    return invent_region(6_000, 3, tmp_path_factory.mktemp("invented") / "region")
