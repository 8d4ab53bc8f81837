"""Ids that stay, in numbers.

An invented region of 5,000 people whom three suppliers know without NHS numbers. Ninety-nine of a hundred
records are linked first; the rest comes a night later.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage.registry import LinkageReport
from tests.tiny_linkage import NOBODY, person_ids, registry

pytestmark = pytest.mark.slow


class Nights(NamedTuple):
    """A home after four runs, and what each said."""

    home: Home
    first: LinkageReport
    night: LinkageReport
    full: LinkageReport
    retrained: LinkageReport
    ids: dict[str, dict[str, str]]
    models: list[tuple[str]]


@pytest.fixture(scope="module")
def nights(region_tokens: str, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Run 1 lacks every hundredth record, run 2 has it, run 3 is full, run 4 trains a new model."""
    home = Home(tmp_path_factory.mktemp("year") / "home").ensure()
    most = f"from ({region_tokens}) where ('0x' || record_key[:4])::integer % 100 <> 0"
    ids, models = {}, []
    reports = []
    for run, tokens, full, retrain in (
        ("run 1", f"select * {most}", False, False),
        ("run 2", region_tokens, False, False),
        ("run 3", region_tokens, True, False),
        ("run 4", region_tokens, False, True),
    ):
        reports.append(link(home, tokens, NOBODY, run, full=full, retrain=retrain))
        ids[run] = person_ids(home)
        models = registry(home, "model_version", "linkage_models")
    return Nights(home, *reports, ids, models)


def moved(before: dict[str, str], after: dict[str, str]) -> int:
    """How many of the records known before have another person id."""
    return sum(after[record] != person for record, person in before.items())


def test_one_new_record_in_a_hundred_changes_at_most_one_old_id_in_a_thousand(nights: Nights) -> None:
    """And a night looks at the new ones only."""
    before, after = nights.ids["run 1"], nights.ids["run 2"]
    new = len(after) - len(before)
    assert 0.005 * len(after) < new < 0.02 * len(after)
    assert nights.night.looked_at == new
    assert moved(before, after) <= 0.001 * len(before)
    assert nights.night.churn is not None and nights.night.churn <= 0.001


def test_a_full_run_hardly_differs_from_the_nights_before_it(nights: Nights) -> None:
    """It looks at every record; links that need the whole picture to be seen may change, few do."""
    assert nights.full.looked_at == nights.full.records
    assert moved(nights.ids["run 2"], nights.ids["run 3"]) <= 0.001 * nights.full.records


def test_a_new_model_is_trained_on_demand_only(nights: Nights) -> None:
    """The nights before use the one of the first run; a new one has a version of its own and looks at all."""
    assert nights.first.model_version == nights.night.model_version == nights.full.model_version
    assert nights.retrained.model_version != nights.first.model_version
    assert nights.retrained.looked_at == nights.retrained.records
    assert len(nights.models) == 2
    assert moved(nights.ids["run 3"], nights.ids["run 4"]) <= 0.01 * nights.full.records


def test_deleted_and_run_again_the_ids_are_identical(
    nights: Nights, region_tokens: str, tmp_path: Path
) -> None:
    """Equal history, equal secret: equal ids, down to the last record."""
    again = Home(tmp_path / "again").ensure()
    (again.restricted / "secrets" / "registry").write_bytes(nights.home.secret("registry"))
    most = f"select * from ({region_tokens}) where ('0x' || record_key[:4])::integer % 100 <> 0"
    link(again, most, NOBODY, "run 1")
    assert person_ids(again) == nights.ids["run 1"]
    link(again, region_tokens, NOBODY, "run 2")
    assert person_ids(again) == nights.ids["run 2"]
