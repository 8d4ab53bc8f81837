"""Ids that stay.

A person keeps one id for good, whatever is delivered later. The registry remembers which record is whose,
and every change of an id is written down with its reason.
"""

from __future__ import annotations

import re

import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage import link as linkage
from tests.tiny_linkage import NOBODY, linked, person_ids, record, registry, tokens_of

pytestmark = pytest.mark.slow

ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")
BOB = ("Bob", "Hill", "1990-09-01", "GL1 2ZZ")
RUNS = {"run 1": ("bristol",), "run 2": ("bristol",), "run 3": ("bristol", "icb")}
COUNCIL, HOSPITAL = record("bristol", 1, *ANN), record("icb", 1, *ANN)


def changes(home: Home) -> list[tuple[str, str, str, int]]:
    """Every change of an id: run, reason, records; ids stand for the records that had them."""
    return registry(home, "run_id, reason, records", "id_changes")


def test_an_id_holds_nothing_of_the_person(home: Home) -> None:
    """32 hex digits made from a secret and a number that only rises; not from any identifier."""
    linked(home, [COUNCIL])
    (before,) = person_ids(home).values()
    assert re.fullmatch("[0-9a-f]{32}", before)
    other = Home(home.root.parent / "other").ensure()
    linked(other, [COUNCIL])
    assert person_ids(other)["bristol 1"] != before


def test_mint(home: Home) -> None:
    """A record that nobody has seen gets an id, linked or not."""
    report = linked(home, [COUNCIL, HOSPITAL, record("icb", 2, *BOB)])
    assert (report.minted, report.persons) == (2, 2)


def test_records_without_tokens_get_an_id_too(home: Home) -> None:
    """A record of which only events are delivered is a person of its own."""
    others = "select * from (values ('police', '7'), ('bristol', '1'))"
    report = linked(home, [COUNCIL], others=others)
    assert set(person_ids(home)) == {"bristol 1", "police 7"}
    assert report.records_without_tokens == 1


def test_keep(home: Home) -> None:
    """The id stays when another supplier's record of the person arrives."""
    linked(home, [COUNCIL])
    before = person_ids(home)
    linked(home, [COUNCIL, HOSPITAL], "run 2")
    assert person_ids(home) == {"bristol 1": before["bristol 1"], "icb 1": before["bristol 1"]}
    assert changes(home) == []


def test_nothing_new(home: Home) -> None:
    """The same tokens again change nothing, in whichever order they come."""
    first = linked(home, [COUNCIL, HOSPITAL])
    before = registry(home, "*", "record_person")
    second = linked(home, [HOSPITAL, COUNCIL], "run 2")
    assert (first.unchanged, second.unchanged) == (False, True)
    assert second.content_hash == first.content_hash
    assert registry(home, "*", "record_person") == before


def test_computing_it_again_finds_the_same(home: Home) -> None:
    """Even when everything is looked at anew, links, ids and the hash of the content stay."""
    everyone = [COUNCIL, HOSPITAL, record("icb", 2, *BOB), record("police", 1, *BOB)]
    first = linked(home, everyone)
    before = person_ids(home)
    second = linked(home, everyone, "run 2", full=True)
    assert person_ids(home) == before
    assert second.content_hash == first.content_hash
    assert (second.minted, changes(home)) == (0, [])


def test_merge(home: Home) -> None:
    """Two persons turn out to be one: the id with most of the records stays, the other is retired into it."""
    alone = record("icb", 1, "Ann", "Lee", "2001-05-06", "BS40 9ZZ", sex="female")
    police = record("police", 1, "Ann", "Lee", "2001-05-06", "BS40 9ZZ", sex="female")
    other = record("bristol", 1, "Anna", "Hill", "2001-05-06", "BS1 1AA")
    linked(home, [other, alone, police])
    before = person_ids(home)
    assert before["bristol 1"] != before["icb 1"] == before["police 1"]
    corrected = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS40 9ZZ")
    report = linked(home, [corrected, alone, police], "run 2")
    assert set(person_ids(home).values()) == {before["icb 1"]}
    assert (report.merged, changes(home)) == (1, [("run 2", "merge", 1)])
    retired = [row for row in registry(home, "status, merged_into, retired_run", "person_registry") if row[1]]
    assert retired == [("merged", before["icb 1"], "run 2")]


def test_of_equal_parts_the_oldest_id_stays(home: Home) -> None:
    """With as many records on both sides, the id that was minted first stays."""
    linked(home, [record("icb", 1, *ANN)])
    oldest = person_ids(home)["icb 1"]
    linked(home, [record("icb", 1, *ANN), record("bristol", 1, *BOB)], "run 2")
    linked(home, [record("icb", 1, *ANN), record("bristol", 1, *ANN)], "run 3")
    assert set(person_ids(home).values()) == {oldest}


def test_split(home: Home) -> None:
    """One person turns out to be two: the largest part keeps the id, the rest gets a new one."""
    police = record("police", 1, *ANN)
    linked(home, [COUNCIL, HOSPITAL, police])
    before = person_ids(home)["icb 1"]
    corrected = record("police", 1, *BOB)
    report = linked(home, [COUNCIL, HOSPITAL, corrected], "run 2")
    after = person_ids(home)
    assert after["bristol 1"] == after["icb 1"] == before != after["police 1"]
    assert (report.split, changes(home)) == (1, [("run 2", "split", 1)])


def test_a_record_that_is_not_delivered_any_more_follows_a_merge(home: Home) -> None:
    """Its row stays in the registry, with the id that its person has now."""
    linked(home, [record("bristol", 1, *BOB), record("police", 1, *BOB), HOSPITAL])
    linked(home, [record("bristol", 1, *ANN), HOSPITAL, record("icb", 2, *ANN)], "run 2")
    after = person_ids(home)
    assert after["police 1"] == after["bristol 1"] == after["icb 1"]


def test_a_record_whose_tokens_are_withdrawn_stays_with_its_person(home: Home) -> None:
    """Nothing is left to contradict the link: only events are delivered of it any more."""
    linked(home, [COUNCIL, HOSPITAL])
    before = person_ids(home)
    linked(home, [COUNCIL], "run 2", others="select 'icb', '1'")
    assert person_ids(home) == before


def test_a_new_supplier_in_the_catalogue_is_something_new(home: Home) -> None:
    """The persons must be told whether they could have been linked to it."""
    tokens = tokens_of([COUNCIL], home.restricted / "tokens.parquet")
    reports = [linkage.link(home, tokens, NOBODY, run, names) for run, names in RUNS.items()]
    assert [report.unchanged for report in reports] == [False, True, False]
    assert ("icb", False) in registry(home, "supplier, linkable", "person_linkable")


def test_a_link_outlives_the_key_that_made_it(home: Home) -> None:
    """A namesake arrives and the key is no longer unique: an existing link stays, a new one is not made."""
    newcomer = record("icb", 2, *ANN, nhs_number="9434765919")
    known = record("icb", 1, *ANN, nhs_number="9434765870")
    linked(home, [COUNCIL, known])
    linked(home, [COUNCIL, known, newcomer], "run 2")
    after = person_ids(home)
    assert after["bristol 1"] == after["icb 1"] != after["icb 2"]
    fresh = Home(home.root.parent / "fresh").ensure()
    linked(fresh, [COUNCIL, known, newcomer])
    assert len(set(person_ids(fresh).values())) == 3


def test_a_link_falls_by_contradiction(home: Home) -> None:
    """A second NHS number comes to light: the link is undone, whatever else agrees."""
    linked(home, [record("bristol", 1, *ANN, nhs_number="9434765919"), record("icb", 1, *ANN)])
    assert len(set(person_ids(home).values())) == 1
    contradicting = record("icb", 1, *ANN, nhs_number="9434765870")
    linked(home, [record("bristol", 1, *ANN, nhs_number="9434765919"), contradicting], "run 2")
    assert len(set(person_ids(home).values())) == 2


def test_equal_history_gives_equal_ids(home: Home) -> None:
    """Ids are minted in the order of supplier and record key: two homes with one secret agree."""
    twin = Home(home.root.parent / "twin").ensure()
    (twin.restricted / "secrets" / "registry").write_bytes(home.secret("registry"))
    records = [record("icb", 2, *BOB), COUNCIL, HOSPITAL]
    linked(home, records)
    linked(twin, records[::-1])
    assert person_ids(home) == person_ids(twin)


def test_a_run_that_fails_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry changes in one transaction: a run that dies before the end leaves it as it was."""
    linked(home, [COUNCIL])
    before = registry(home, "*", "record_person")
    from outcome_linkage.linkage import commit

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commit, "_write_records", die)
    with pytest.raises(KeyboardInterrupt):
        linked(home, [COUNCIL, HOSPITAL], "run 2")
    assert registry(home, "*", "record_person") == before
    assert len(registry(home, "*", "person_registry")) == 1
    monkeypatch.undo()
    linked(home, [COUNCIL, HOSPITAL], "run 3")
    assert len(set(person_ids(home).values())) == 1
