"""People who opted out.

A record that somebody withdrew is linked to nobody and never comes back as anybody. Scope `supplier`
withdraws the record that the objection names; scope `project` withdraws every record of its person. What is
withdrawn stays so.
"""

from __future__ import annotations

from datetime import date

import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage.objections import NOBODY_OBJECTS
from outcome_linkage.linkage.registry import LinkageReport
from tests.tiny_linkage import NOBODY, Record, person_ids, record, registry, tokens_of

pytestmark = pytest.mark.slow

ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")
BOB = ("Bob", "Hill", "1990-09-01", "GL1 2ZZ")
COUNCIL, HOSPITAL, POLICE = (record(supplier, 1, *ANN) for supplier in ("bristol", "icb", "police"))
EVERYONE = [COUNCIL, HOSPITAL, POLICE, record("icb", 2, *BOB)]


def objects(*who: str, scope: str = "project", since: str = "2024-05-01") -> str:
    """SQL for an objection of each record, such as `icb 1`."""
    rows = (f"('{name.split()[0]}', '{name.split()[1]}', '{scope}', date '{since}')" for name in who)
    return f"select * from (values {', '.join(rows)})"


def night(
    home: Home,
    records: list[Record],
    opt_outs: str = NOBODY_OBJECTS,
    run: str = "run 1",
    others: str = NOBODY,
    *,
    full: bool = False,
) -> LinkageReport:
    """Link `records` with these objections."""
    tokens = tokens_of(records, home.restricted / "tokens.parquet")
    return link(home, tokens, others, run, opt_outs_sql=opt_outs, full=full)


def buried(home: Home) -> list[tuple[object, ...]]:
    """The tombstones: record, scope, run."""
    return registry(home, "supplier || ' ' || record_key, scope, run_id", "tombstones")


def statuses(home: Home) -> dict[str, str]:
    return dict(registry(home, "person_id, status", "person_registry"))


def described(home: Home) -> set[str]:
    """Every person of whom the registry says anything."""
    tables = ("person_spine", "person_area", "person_linkable", "person_household", "record_person")
    return {str(person) for table in tables for (person,) in registry(home, "person_id", table)}


def test_scope_supplier_withdraws_the_record_that_is_named(home: Home) -> None:
    """Ann objected at the hospital; council and police still know her as one person, with her old id."""
    night(home, EVERYONE)
    before = person_ids(home)
    report = night(home, EVERYONE, objects("icb 1", scope="supplier"), "run 2")
    assert person_ids(home) == {name: before[name] for name in ("bristol 1", "icb 2", "police 1")}
    assert buried(home) == [("icb 1", "supplier", "run 2")]
    assert (report.tombstoned, report.records, report.persons) == (1, 3, 2)
    spine = dict(registry(home, "person_id, n_suppliers", "person_spine"))
    assert spine[before["bristol 1"]] == 2


def test_scope_project_withdraws_the_person(home: Home) -> None:
    """Ann's records at all three suppliers go; nothing is said of her any more, and her id is retired."""
    night(home, EVERYONE)
    before = person_ids(home)
    report = night(home, EVERYONE, objects("icb 1"), "run 2")
    assert person_ids(home) == {"icb 2": before["icb 2"]}
    assert [row[0] for row in buried(home)] == ["bristol 1", "icb 1", "police 1"]
    assert described(home) == {before["icb 2"]}
    assert statuses(home) == {before["icb 1"]: "withdrawn", before["icb 2"]: "active"}
    assert ("withdrawn", "run 2") in registry(home, "status, retired_run", "person_registry")
    assert (report.tombstoned, report.persons) == (3, 1)


def test_who_objects_in_the_first_delivery_never_gets_an_id(home: Home) -> None:
    """All of Ann's records come with her objection: they are linked to find them, and then left out."""
    report = night(home, EVERYONE, objects("icb 1"))
    assert set(person_ids(home)) == {"icb 2"}
    assert (report.minted, report.tombstoned) == (1, 3)
    assert len(statuses(home)) == 1


def test_a_record_that_comes_with_the_objection_is_withdrawn_too(home: Home) -> None:
    """The police's record of Ann is new tonight; it would be linked to her, so that it is hers."""
    night(home, [COUNCIL, HOSPITAL])
    night(home, EVERYONE, objects("icb 1"), "run 2")
    assert set(person_ids(home)) == {"icb 2"}
    assert [row[0] for row in buried(home)] == ["bristol 1", "icb 1", "police 1"]


def test_a_record_that_is_delivered_no_more_goes_with_its_person(home: Home) -> None:
    """The police's record is not delivered on the night of Ann's objection; later it is, and stays out."""
    night(home, EVERYONE)
    without_police = [COUNCIL, HOSPITAL, EVERYONE[3]]
    night(home, without_police, run="run 2")
    night(home, without_police, objects("bristol 1"), "run 3")
    assert set(person_ids(home)) == {"icb 2"}
    night(home, EVERYONE, objects("bristol 1"), "run 4")
    assert set(person_ids(home)) == {"icb 2"}


def test_a_record_that_was_not_linked_yet_can_be_withdrawn(home: Home) -> None:
    """Only the objection names it: no tokens, no events. When they come they find the tombstone."""
    night(home, [COUNCIL], objects("icb 1", scope="supplier"))
    report = night(home, [COUNCIL, HOSPITAL], run="run 2", others="select 'icb', '1'")
    assert set(person_ids(home)) == {"bristol 1"}
    assert report.tombstoned == 1


@pytest.mark.parametrize("full", [False, True])
def test_what_is_delivered_again_stays_out(home: Home, full: bool) -> None:
    """Though no list of objections names it any more, and in a run that looks at everything."""
    night(home, EVERYONE, objects("icb 1"))
    tombstones = buried(home)
    night(home, [EVERYONE[3]], run="run 2")
    report = night(home, EVERYONE, run="run 3", full=full)
    assert set(person_ids(home)) == {"icb 2"}
    assert (report.tombstoned, buried(home)) == (3, tombstones)


def test_a_changed_identity_brings_nobody_back(home: Home) -> None:
    """The record key is what is buried; Ann's new name and home change nothing."""
    night(home, EVERYONE, objects("icb 1", scope="supplier"))
    moved = record("icb", 1, "Ann", "Moor", "2001-05-06", "BS9 9ZZ")
    night(home, [COUNCIL, moved, POLICE, EVERYONE[3]], run="run 2")
    assert set(person_ids(home)) == {"bristol 1", "police 1", "icb 2"}


def test_a_merge_of_persons_brings_nobody_back(home: Home) -> None:
    """Ann withdrew her hospital record; later she and a police record turn out to be one person.

    Her record stays out, and its tombstone follows: the person whose data are withheld is the merged one.
    """
    stranger = record("police", 1, *BOB)
    other = record("bristol", 2, *BOB)
    night(home, [COUNCIL, HOSPITAL, stranger, other])
    night(home, [COUNCIL, HOSPITAL, stranger, other], objects("icb 1", scope="supplier"), "run 2")
    ann = person_ids(home)["bristol 1"]
    assert registry(home, "person_id", "tombstones") == [(ann,)]
    found_out = [record("bristol", 1, *BOB), HOSPITAL, stranger, other]
    assert night(home, found_out, run="run 3").merged == 1
    (merged,) = set(person_ids(home).values())
    assert merged != ann
    assert set(person_ids(home)) == {"bristol 1", "bristol 2", "police 1"}
    assert registry(home, "person_id", "tombstones") == [(merged,)]


def test_an_objection_may_grow(home: Home) -> None:
    """First Ann withdraws her hospital record, then everything: what was left of her person goes too."""
    night(home, EVERYONE)
    night(home, EVERYONE, objects("icb 1", scope="supplier"), "run 2")
    night(home, EVERYONE, objects("icb 1", scope="project"), "run 3")
    assert set(person_ids(home)) == {"icb 2"}
    assert {row[0] for row in buried(home)} == {"bristol 1", "icb 1", "police 1"}


def test_the_person_whose_data_are_withheld_is_known(home: Home) -> None:
    """Also of a record withdrawn before it was ever linked: no table may say `no` where it cannot know."""
    night(home, EVERYONE, objects("icb 1", scope="supplier"))
    assert registry(home, "person_id", "tombstones") == [(person_ids(home)["bristol 1"],)]


def test_links_that_rested_on_a_withdrawn_record_are_looked_at_again(home: Home) -> None:
    """Only the police, with both of Ann's names, tied the council's Ann Lee to the hospital's Ann Moor."""
    numbered = record("bristol", 1, *ANN, upn="A801200001015")
    moor = record("icb", 1, "Ann", "Moor", "2001-11-12", "GL5 5TT", nhs_number="9434765919")
    both = record(
        "police", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number="9434765919", upn="A801200001015"
    )
    night(home, [numbered, moor, both])
    assert len(set(person_ids(home).values())) == 1
    night(home, [numbered, moor, both], objects("police 1", scope="supplier"), "run 2")
    after = person_ids(home)
    assert after["bristol 1"] != after["icb 1"]


def test_conflicts_with_a_withdrawn_record_are_forgotten(home: Home) -> None:
    """The hospital's Zoe was refused as Ann's twin; she withdraws, and no conflict names her any more."""
    twins = [COUNCIL, record("icb", 1, "Zoe", "Lee", "2001-05-06", "BS1 1AA")]
    pair = "supplier || ' ' || record_key, other_supplier || ' ' || other_record_key"
    night(home, twins)
    before = registry(home, pair, "link_conflicts")
    night(home, twins, objects("icb 1", scope="supplier"), "run 2")
    assert any("icb 1" in names for names in before)
    assert not any("icb 1" in names for names in registry(home, pair, "link_conflicts"))


def test_the_first_day_of_an_objection_does_not_matter(home: Home) -> None:
    """One that begins in the future counts from the run that reads it: no run asks what day it is."""
    night(home, EVERYONE, objects("icb 1", since="2999-01-01"))
    assert set(person_ids(home)) == {"icb 2"}
    assert set(registry(home, "from_date", "tombstones")) == {(date(2999, 1, 1),)}


def test_a_new_objection_is_something_new_and_an_old_one_is_not(home: Home) -> None:
    """The same deliveries with an objection more are linked again; with the same objections they are not."""
    night(home, EVERYONE)
    second = night(home, EVERYONE, objects("icb 1"), "run 2")
    before = registry(home, "*", "record_person"), buried(home)
    third = night(home, EVERYONE, objects("icb 1"), "run 3")
    assert (second.unchanged, third.unchanged) == (False, True)
    assert third.tombstoned == 3
    assert (registry(home, "*", "record_person"), buried(home)) == before


def test_an_objection_that_is_repeated_raises_no_second_stone(home: Home) -> None:
    """Every list names it, and something else is new each night."""
    night(home, EVERYONE, objects("icb 1"))
    night(
        home, [*EVERYONE, record("icb", 3, "Eve", "Fox", "1980-02-03", "BS7 7QQ")], objects("icb 1"), "run 2"
    )
    assert len(buried(home)) == 3


def test_equal_history_gives_equal_ids(home: Home) -> None:
    """Two homes with one secret and the same nights know the same people, the same dead, the same changes."""
    twin = Home(home.root.parent / "twin").ensure()
    (twin.restricted / "secrets" / "registry").write_bytes(home.secret("registry"))
    assert twin.secret("registry") == home.secret("registry")
    hashes: list[list[str]] = []
    for place in (home, twin):
        reports = [
            night(place, [COUNCIL, POLICE]),
            night(place, EVERYONE, objects("police 1", scope="supplier"), "run 2"),
            night(place, EVERYONE, objects("bristol 1"), "run 3"),
        ]
        hashes.append([report.content_hash for report in reports])
    assert hashes[0] == hashes[1]
    for table in ("record_person", "person_registry", "tombstones", "person_spine", "id_changes"):
        assert registry(home, "*", table) == registry(twin, "*", table)


def test_whoever_is_left_gets_the_ids_they_would_have_had(home: Home) -> None:
    """Looking for who is meant mints nothing: Bob's is the first number."""
    night(home, EVERYONE, objects("icb 1"))
    assert registry(home, "mint_number", "person_registry") == [(1,)]


def test_a_home_in_which_nobody_ever_objected(home: Home) -> None:
    """Without any list of objections everybody is linked."""
    report = link(home, tokens_of(EVERYONE, home.restricted / "tokens.parquet"), NOBODY, "run 1")
    assert (report.tombstoned, buried(home), len(person_ids(home))) == (0, [], 4)


def test_when_everybody_withdraws_nobody_is_left(home: Home) -> None:
    """An empty region is a region."""
    night(home, EVERYONE)
    report = night(home, EVERYONE, objects("icb 1", "icb 2"), "run 2")
    assert (report.records, report.persons, report.tombstoned) == (0, 0, 4)
    assert set(statuses(home).values()) == {"withdrawn"}
