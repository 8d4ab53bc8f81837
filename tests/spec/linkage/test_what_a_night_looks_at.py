"""What a night looks at.

A nightly run links what is new: records that have come, and records whose tokens have changed. Everything
else was linked before, and stays as it was. A full run looks at everything again and should find the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage.registry import LinkageReport
from tests.tiny_linkage import linked, person_ids, record, registry

pytestmark = pytest.mark.slow
ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")
BOB = ("Bob", "Hill", "1990-09-01", "GL1 2ZZ")
CAT = ("Cat", "Day", "1985-12-24", "BS2 2BB")
COUNCIL = [record("bristol", 1, *ANN), record("bristol", 2, *BOB)]
HOSPITAL = [record("icb", 1, *ANN), record("icb", 2, "Bob", "Hill", "1990-01-09", "GL1 2ZZ")]
ONE_NHS, OTHER_NHS = "9434765870", "9434765919"
TWO_ANNS = [
    record("icb", 7, "Ann", "Moor", "2001-06-05", "BS1 1AA", nhs_number=ONE_NHS),
    record("icb", 8, "Ann", "Moor", "2001-06-05", "BS1 1AA", nhs_number=OTHER_NHS),
]
UNDECIDED = record("bristol", 7, "Ann", "Moor", "2001-05-06", "BS1 1AA")

Nights = dict[str, tuple[LinkageReport, dict[str, str]]]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Four runs in one home: the first, one with a new record, a full one, one with a changed record."""
    home = Home(tmp_path_factory.mktemp("nights") / "home").ensure()
    everyone = [*COUNCIL, *HOSPITAL]
    arrived = [*everyone, record("police", 3, *CAT), record("police", 1, *ANN)]
    corrected = [*arrived[:-2], record("police", 3, *BOB), arrived[-1]]
    runs: Nights = {}
    for name, records, full in (
        ("first", everyone, False),
        ("arrived", arrived, False),
        ("full", arrived, True),
        ("corrected", corrected, False),
    ):
        report = linked(home, records, name, full=full)
        runs[name] = (report, person_ids(home))
    return runs


def test_the_first_run_looks_at_everything(nights: Nights) -> None:
    """Nothing is known yet, so every record is new."""
    report, ids = nights["first"]
    assert (report.looked_at, report.known_before, report.churn) == (4, 0, None)
    assert ids["bristol 2"] == ids["icb 2"]


def test_only_what_has_come_is_looked_at(nights: Nights) -> None:
    """Two police records arrive: those two are looked at, linked, and nobody else's id changes."""
    report, ids = nights["arrived"]
    before = nights["first"][1]
    assert report.looked_at == 2
    assert ids["police 1"] == before["bristol 1"]
    assert {name: ids[name] for name in before} == before


def test_a_full_run_looks_at_everything_and_finds_the_same(nights: Nights) -> None:
    """Full runs check the nights between: the same links, the same ids, the same hash of the content."""
    report, ids = nights["full"]
    assert (report.full, report.looked_at, report.minted) == (True, 6, 0)
    assert ids == nights["arrived"][1]
    assert report.content_hash == nights["arrived"][0].content_hash


def test_a_changed_record_is_linked_anew(nights: Nights) -> None:
    """A correction makes Cat's record Bob's: it alone is looked at, and moves to Bob's person."""
    report, ids = nights["corrected"]
    assert report.looked_at == 1
    assert ids["police 3"] == ids["bristol 2"]


def test_churn(nights: Nights) -> None:
    """The share of the records known before whose person id has changed is reported by every run."""
    assert nights["arrived"][0].churn == 0
    assert nights["corrected"][0].churn == pytest.approx(1 / 6)


def test_refusals_of_records_that_have_not_changed_are_kept(home: Home) -> None:
    """The night after, nobody looks at the two again; why they were not linked can still be read.

    As soon as one of them changes so that the question is decided, the tie is gone.
    """
    columns = "record_key, other_record_key, pass, reason"
    linked(home, [UNDECIDED, *TWO_ANNS])
    refused = registry(home, columns, "link_conflicts")
    assert ("7", "8", "model", "tie") in refused
    report = linked(home, [UNDECIDED, *TWO_ANNS, record("police", 3, *CAT)], "run 2")
    assert report.looked_at == 1
    assert registry(home, columns, "link_conflicts") == refused
    decided = {**UNDECIDED, "nhs_number": ONE_NHS}
    linked(home, [decided, *TWO_ANNS, record("police", 3, *CAT)], "run 3")
    assert person_ids(home)["bristol 7"] == person_ids(home)["icb 7"]
    assert ("7", "7", "model", "tie") not in registry(home, columns, "link_conflicts")


def test_an_existing_link_outlives_a_fall_below_the_threshold(home: Home) -> None:
    """A link falls only below the threshold less 3: what has been decided is not decided again for a little.

    With another surname by then, Ann's records would not be linked for the first time: their weight is
    between 1.25 and 4.25. Linked before, they stay. After a move on top of that, nothing holds them together.
    """
    council = record("bristol", 1, *ANN)
    linked(home, [council, record("icb", 1, *ANN)])
    together = person_ids(home)["bristol 1"]
    doubtful = record("icb", 1, "Ann", "Hilton", "2001-05-06", "BS1 1AA")
    linked(home, [council, doubtful], "run 2")
    assert set(person_ids(home).values()) == {together}
    fresh = Home(home.root.parent / "fresh").ensure()
    linked(fresh, [council, doubtful])
    assert len(set(person_ids(fresh).values())) == 2
    assert all(1.25 <= weight < 4.25 for (weight,) in registry(fresh, "weight", "link_conflicts"))
    linked(home, [council, record("icb", 1, "Ann", "Hilton", "2001-05-06", "GL1 2ZZ")], "run 3")
    assert len(set(person_ids(home).values())) == 2


def test_the_broad_level_is_kept_beside(home: Home) -> None:
    """Who is one at the broad level is written down beside, with the weight; ids are of the main level."""
    council = record("bristol", 1, *ANN, sex="female")
    hospital = record("icb", 1, "Ann", "Lee", "2001-05-16", "GL1 2ZZ", sex="female")
    linked(home, [council, hospital])
    ids = person_ids(home)
    ((person, broad, weight),) = registry(home, "person_id, broad_person_id, weight", "person_broad")
    assert (person, broad) == (ids["icb 1"], ids["bristol 1"])
    assert 0 <= weight < 4.25
    linked(home, [council, hospital, record("police", 3, *CAT)], "run 2")
    assert registry(home, "person_id, broad_person_id", "person_broad") == [(person, broad)]


def test_few_records_are_linked_by_the_shipped_model(home: Home) -> None:
    """Too few pairs are certain to learn from; the model in use stands in the registry, word for word."""
    linked(home, COUNCIL)
    ((origin,),) = registry(home, "json_extract_string(model, '$.origin')", "linkage_models")
    assert "invented region" in origin
    versions = registry(home, "distinct model_version", "record_person")
    assert versions[0][0].endswith(registry(home, "model_version", "linkage_models")[0][0])


def test_equal_history_gives_equal_ids_by_night_and_at_once(home: Home, tmp_path: Path) -> None:
    """Delete the registry and run all nights again: the same ids, given the same secret."""
    again = Home(tmp_path / "again").ensure()
    (again.restricted / "secrets" / "registry").write_bytes(home.secret("registry"))
    for where in (home, again):
        linked(where, COUNCIL, "run 1")
        linked(where, [*HOSPITAL, *COUNCIL], "run 2")
    assert person_ids(home) == person_ids(again)
