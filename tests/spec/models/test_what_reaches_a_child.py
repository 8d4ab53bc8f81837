"""What reaches a child from other people's records.

A parent's or carer's adversity is the child's only through a relationship that holds on the day; a domestic
incident reaches the children of the home. Everything else stays on the record where it stands.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import key
from tests.spec.models.region import Region, day

COLUMNS = "adversity_domain, whose_record, source, event_date"


def events(region: Region, name: str, columns: str = COLUMNS) -> list[tuple[Any, ...]]:
    return region.of("adversity_event", name, columns)


def admitted(region: Region, name: str, on: str, code: str) -> None:
    """A stay in hospital of one day, with one diagnosis."""
    stay = {"admidate": on, "admimeth": "21", "epistat": "3", "epitype": "1", "diag_01": code}
    region.row("apc_episodes", name, **stay)


def domestic(region: Region, incident: str, on: str, **roles: str) -> None:
    """A domestic incident; a role by name."""
    for name, role in roles.items():
        about = {"incident_id": incident, "incident_date": on, "incident_type": "domestic"}
        region.row("police_incidents", name, role=role, **about)


def test_a_parents_diagnosis_reaches_the_child(region: Region) -> None:
    """It names the parent's record, the child's age, and the parent it came from."""
    region.person("ann", "2010-05-01")
    region.person("eve", "1985-01-01")
    region.related("ann", "eve", "mother")
    admitted(region, "eve", "2018-03-10", "F102")
    columns = (
        "adversity_domain, whose_record, about, record_person_id, age_years, life_stage, dates_adversity"
    )
    assert events(region, "ann", columns) == [
        ("parental_substance_misuse", "parent", "parent", key("eve"), 7, "child", True)
    ]
    assert events(region, "eve") == []


def test_without_a_parent_link_parents_codes_yield_nothing(region: Region) -> None:
    """Nor do they when only the address is shared: a lodger's drinking is not a parent's."""
    region.person("ann")
    region.person("eve", "1985-01-01")
    region.share_a_home(["ann", "eve"], "2010-06-01")
    admitted(region, "eve", "2018-03-10", "F102")
    assert events(region, "ann") == []


def test_each_source_of_a_parent(region: Region) -> None:
    """Diagnoses, where an admission came from, an accepted referral, what a parent was found to have done."""
    region.person("ann")
    region.person("gus", "1980-01-01")
    region.related("ann", "gus", "father")
    admitted(region, "gus", "2018-01-01", "F329")
    stay = {"admidate": "2018-02-01", "admisorc": "38", "epistat": "3", "epitype": "1"}
    region.row("apc_episodes", "gus", **stay)
    region.row("mhsds_referrals", "gus", referral_date="2018-03-01")
    region.row("mhsds_referrals", "gus", referral_date="2018-04-01", rejection_date="2018-04-09")
    for crime, role, outcome in (("c1", "offender", "1"), ("c2", "suspect", "1"), ("c3", "offender", "22")):
        region.crime(crime, ho_offence_code="92E", recorded_date="2018-05-01", outcome_type=outcome)
        region.involved("gus", crime, role)
    assert events(region, "ann", "adversity_domain, source, source_column, code") == [
        ("parental_mental_illness", "apc_episodes", "diagnosis", "F329"),
        ("parental_mental_illness", "mhsds_referrals", "referral_date", "(any accepted referral)"),
        ("parental_offending", "apc_episodes", "admisorc", "38"),
        ("parental_offending", "police_crimes", "outcome_type", "1"),
        ("parental_substance_misuse", "police_crimes", "ho_offence_code", "92E"),
        ("parental_substance_misuse", "police_crimes", "ho_offence_code", "92E"),
    ]


def test_an_assault_on_a_parent_is_not_taken_for_domestic_abuse(region: Region) -> None:
    """That takes the published algorithm; maltreatment codes and the police's flag do not."""
    region.person("ann")
    region.person("eve", "1985-01-01")
    region.related("ann", "eve", "mother")
    admitted(region, "eve", "2018-03-10", "Y040")
    admitted(region, "eve", "2018-04-10", "T741")
    assert events(region, "ann") == [("domestic_abuse", "parent", "apc_episodes", day("2018-04-10"))]


def test_only_while_the_link_holds(region: Region) -> None:
    """The first and the last day belong to it; the day before and the day after do not."""
    region.person("ann")
    region.person("eve", "1985-01-01")
    region.related("ann", "eve", "carer", "2017-01-10", "2018-01-10")
    for admission in ("2017-01-09", "2017-01-10", "2018-01-10", "2018-01-11"):
        admitted(region, "eve", admission, "F102")
    assert events(region, "ann", "event_date") == [(day("2017-01-10"),), (day("2018-01-10"),)]


def test_not_before_the_child_is_born_nor_after_it_has_grown_up(region: Region) -> None:
    """From the month of birth to the day before the 18th birthday, taken to be on the 15th."""
    region.person("ann", "2002-05-01")
    region.person("eve", "1975-01-01")
    region.related("ann", "eve", "mother", basis="maternity_record", supplier="bnssg_icb")
    for admission in ("2002-04-30", "2002-05-01", "2020-05-14", "2020-05-15"):
        admitted(region, "eve", admission, "F102")
    assert events(region, "ann", "event_date") == [(day("2002-05-01"),), (day("2020-05-14"),)]


@pytest.mark.parametrize(("born", "reaches"), [("1996-02-01", True), ("1996-04-01", False), (None, False)])
def test_a_parent_is_read_from_sixteen(region: Region, born: str | None, reaches: bool) -> None:
    """Before that, and where the age is not known, what is on the record is the young person's own."""
    region.person("ann", "2011-05-01")
    region.person("eve", born)
    region.related("ann", "eve", "mother")
    admitted(region, "eve", "2012-03-10", "F102")
    assert bool(events(region, "ann")) is reaches


def test_relatives_who_do_not_bring_the_child_up_give_nothing(region: Region) -> None:
    """A sibling, a grandparent elsewhere, a partner."""
    region.person("ann")
    for kind in ("sibling", "grandparent", "partner", "other_family"):
        region.person(kind, "1980-01-01")
        region.related("ann", kind, kind, "2010-06-01")
        admitted(region, kind, "2018-03-10", "F102")
    assert events(region, "ann") == []


def test_a_conflict_gives_nothing(region: Region) -> None:
    """With two mothers on record neither one's drinking is the child's."""
    region.person("ann")
    for name in ("eve", "fay"):
        region.person(name, "1985-01-01")
        region.related("ann", name, "mother")
        admitted(region, name, "2018-03-10", "F102")
    assert events(region, "ann") == []


def test_a_domestic_incident_reaches_the_children_of_the_home(region: Region) -> None:
    """Of the victim and of the suspect, each at their own address on the day; not the neighbour's child."""
    for name in ("at the victim's", "at the suspect's", "moved out before", "next door"):
        region.person(name)
    for name in ("eve", "gus"):
        region.person(name, "1985-01-01")
    region.share_a_home(["at the victim's", "eve"], "2015-01-01")
    region.share_a_home(["at the suspect's", "gus"], "2015-01-01")
    region.share_a_home(["moved out before", "eve"], "2015-01-01", "2019-05-04")
    domestic(region, "i1", "2019-05-05", eve="victim", gus="suspect")
    told = [("domestic_abuse", "household", "police_incidents", day("2019-05-05"))]
    assert events(region, "at the victim's") == events(region, "at the suspect's") == told
    assert events(region, "moved out before") == events(region, "next door") == []


def test_a_domestic_crime_reaches_them_too(region: Region) -> None:
    """If the crime is flagged and was not cancelled."""
    region.person("ann")
    region.person("eve", "1985-01-01")
    region.share_a_home(["ann", "eve"], "2015-01-01")
    for crime, flags in {
        "c1": {"domestic_abuse_flag": True},
        "c2": {},
        "c3": {"domestic_abuse_flag": True, "no_crime_flag": True},
    }.items():
        region.crime(crime, ho_offence_code="8N", recorded_date="2019-05-05", **flags)
        region.involved("eve", crime, "victim")
    assert events(region, "ann", "source, source_event_id") == [("police_crimes", "c1")]


def test_the_childs_own_record_comes_first(region: Region) -> None:
    """A child recorded at the scene has one row, from its own record, with an id that was always its."""
    alone = Region()
    for built in (region, alone):
        built.person("ann")
        built.person("eve", "1985-01-01")
        domestic(built, "i1", "2019-05-05", ann="involved_child", eve="victim")
    region.share_a_home(["ann", "eve"], "2015-01-01")
    assert events(region, "ann", "whose_record, n_codes") == [("child", 1)]
    assert events(region, "ann", "event_id") == events(alone, "ann", "event_id")


def test_a_child_who_is_victim_or_suspect_is_not_a_bystander(region: Region) -> None:
    """A 17-year-old who is suspected has it on their own record, as police suspect, and not as adversity."""
    region.person("max", "2002-05-01")
    region.person("eve", "1975-01-01")
    region.share_a_home(["max", "eve"], "2015-01-01")
    domestic(region, "i1", "2019-05-05", max="suspect", eve="victim")
    assert events(region, "max") == []


def test_two_parents_in_one_matter_give_the_child_one_row(region: Region) -> None:
    """Event ids stay unique: one event, one domain, one child."""
    region.person("ann")
    region.crime("c1", ho_offence_code="8N", recorded_date="2018-05-01", outcome_type="1")
    for name, kind in (("eve", "mother"), ("gus", "father")):
        region.person(name, "1985-01-01")
        region.related("ann", name, kind)
        region.involved(name, "c1", "offender")
    assert events(region, "ann", "adversity_domain, n_codes") == [("parental_offending", 1)]


def test_what_a_parent_brought_can_be_the_first_event_of_its_domain(region: Region) -> None:
    """The index says whose record it was; whether it is the first is judged by the parent's cover, not the
    child's; the link is that of the parent's record."""
    columns = "whose_record, index_date, index_is_first, link_level"
    for child, mother, since in (("ann", "eve", "2018-01-01"), ("bob", "fay", "2010-01-01")):
        region.person(child, "2010-05-01", lives=[("bristol", "2010-05-01", None)])
        levels = {"bnssg_icb": "broad" if mother == "eve" else "strict"}
        region.person(mother, "1985-01-01", lives=[("bristol", since, None)], levels=levels)
        region.related(child, mother, "mother")
        admitted(region, mother, "2018-03-10", "F102")
    first = {
        child: region.outcome(child, "parental_substance_misuse", "emergency_attendance", columns)
        for child in ("ann", "bob")
    }
    assert first == {
        "ann": ("parent", day("2018-03-10"), False, "broad"),
        "bob": ("parent", day("2018-03-10"), True, "strict"),
    }
