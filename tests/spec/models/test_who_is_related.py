"""Who is related to whom: what suppliers say, what follows from it, and what is not believed."""

from __future__ import annotations

from typing import Any

from tests.factories import key
from tests.spec.models.region import Region, day


def relatives(region: Region, name: str, columns: str = "kind, confidence") -> list[Any]:
    """The other's name and some columns of each relationship of a person, but for homes and incidents."""
    sql = f"select related_person_id, {columns} from person_relationship where person_id = '{key(name)}'"
    names = {key(person): person for person in region.known}
    rows = region.ask(f"{sql} and kind not in ('household_member', 'named_together') order by all")
    return sorted((names[other], *more) for other, *more in rows)


def verdicts(region: Region, name: str) -> list[Any]:
    """What became of each statement about a person."""
    return sorted(v for (v,) in region.of("int_relationship_statement", name, "verdict"))


def test_a_mother_is_one_since_the_birth(region: Region) -> None:
    """A maternity record has no first day, which would be a birthday: the month of birth stands for it."""
    region.person("ann", "2015-06-01")
    region.person("eve", "1988-02-01")
    region.related("ann", "eve", "mother", basis="maternity_record", supplier="bnssg_icb")
    assert relatives(region, "ann", "kind, basis, confidence, valid_from, valid_to") == [
        ("eve", "mother", "maternity_record", "delivered", day("2015-06-01"), None)
    ]


def test_two_records_that_agree_are_worth_more_than_one(region: Region) -> None:
    """Another supplier, or another kind of record."""
    region.person("ann")
    region.person("eve", "1988-02-01")
    region.related("ann", "eve", "mother", basis="maternity_record", supplier="bnssg_icb")
    region.related("ann", "eve", "mother")
    assert relatives(region, "ann", "basis, confidence") == [
        ("eve", "maternity_record", "corroborated"),
        ("eve", "social_work_record", "corroborated"),
    ]


def test_what_is_said_of_a_parent_holds_for_the_child(region: Region) -> None:
    """A row may stand on the parent's record: that the related person is a child makes the other a parent."""
    region.person("ann")
    region.person("eve", "1988-02-01")
    region.related("eve", "ann", "child", basis="birth_record")
    assert relatives(region, "ann") == [("eve", "parent", "delivered")]
    assert relatives(region, "eve") == []


def test_children_of_one_parent_are_siblings(region: Region) -> None:
    """Half siblings too: one shared parent is enough. From the birth of the younger, both ways round."""
    for name, born in (("ann", "2010-05-01"), ("bob", "2014-07-01"), ("cat", "2012-01-01")):
        region.person(name, born)
    for name in ("eve", "fay", "gus"):
        region.person(name, "1985-01-01")
    region.related("ann", "eve", "mother")
    region.related("bob", "eve", "mother")
    region.related("ann", "gus", "father")
    region.related("cat", "fay", "mother")
    region.related("cat", "gus", "father")
    columns = "kind, confidence, valid_from"
    siblings = {
        name: [row for row in relatives(region, name, columns) if row[1] == "sibling"]
        for name in ("ann", "bob", "cat")
    }
    assert siblings == {
        "ann": [
            ("bob", "sibling", "derived", day("2014-07-01")),
            ("cat", "sibling", "derived", day("2012-01-01")),
        ],
        "bob": [("ann", "sibling", "derived", day("2014-07-01"))],
        "cat": [("ann", "sibling", "derived", day("2012-01-01"))],
    }


def test_twins_are_siblings_where_one_supplier_knows_both(region: Region) -> None:
    """Otherwise the two may be one child whom linkage left in two pieces: one mother, one address."""
    twins, pieces = ("ann", "bob"), ("cat at school", "cat at the surgery")
    for name in twins:
        region.person(name, "2012-01-01", sex="female")
    for name, supplier in zip(pieces, ("bristol", "bnssg_icb"), strict=True):
        region.person(name, "2012-01-01", sex="female", known_to=[supplier])
        region.related(name, "eve", "mother", supplier=supplier)
    for name in ("eve", "fay"):
        region.person(name, "1985-01-01")
    for name in twins:
        region.related(name, "fay", "mother")
    region.share_a_home([*twins, "fay"], "2012-02-01")
    region.share_a_home([*pieces, "eve"], "2012-02-01")
    assert relatives(region, "ann") == [("bob", "sibling", "derived"), ("fay", "mother", "delivered")]
    assert relatives(region, pieces[0]) == [("eve", "mother", "delivered")]
    homes = "select count(*) from person_relationship where kind = 'household_member' and person_id = '{}'"
    assert [region.ask(homes.format(key(name))) for name in ("ann", pieces[0])] == [[(2,)], [(1,)]]


def test_a_shared_carer_makes_no_siblings(region: Region) -> None:
    """Nor does a step-parent: two foster children are not each other's brothers."""
    region.person("ann")
    region.person("bob")
    region.person("eve", "1970-01-01")
    for name in ("ann", "bob"):
        region.related(name, "eve", "carer", "2018-01-01")
    assert relatives(region, "ann") == [("eve", "carer", "delivered")]


def test_a_mother_of_eleven_or_of_fifty_six_is_not_believed(region: Region) -> None:
    """Twelve and fifty-five can be: counted in months between the months of birth."""
    region.person("ann", "2010-05-01")
    ages = {"at 11": "1998-06-01", "at 12": "1998-05-01", "at 55": "1954-06-01", "at 56": "1954-05-01"}
    children = {name: region.person(f"child of {name}", "2010-05-01") for name in ages}
    for name, born in ages.items():
        region.person(name, born)
        region.related(children[name], name, "mother", basis="maternity_record", supplier="bnssg_icb")
    assert {name: verdicts(region, child) for name, child in children.items()} == {
        "at 11": ["parent_too_young"],
        "at 12": ["used"],
        "at 55": ["used"],
        "at 56": ["mother_too_old"],
    }
    assert relatives(region, children["at 11"]) == relatives(region, children["at 56"]) == []


def test_of_two_mothers_neither_is_believed(region: Region) -> None:
    """One of the two records is wrong and nothing tells which. A second parent in law is a `parent`."""
    for name in ("ann", "bob"):
        region.person(name)
    for name in ("eve", "fay"):
        region.person(name, "1985-01-01")
    region.related("ann", "eve", "mother", basis="maternity_record", supplier="bnssg_icb")
    region.related("ann", "fay", "mother")
    region.related("bob", "eve", "mother")
    region.related("bob", "fay", "parent", "2011-03-01")
    assert relatives(region, "ann") == []
    assert relatives(region, "bob") == [("eve", "mother", "delivered"), ("fay", "parent", "delivered")]


def test_what_is_not_believed_is_counted(region: Region) -> None:
    """By supplier, kind and basis: `int_relationship_verdict`."""
    region.person("ann")
    region.person("eve", "1985-01-01")
    region.person("fay", "1985-01-01")
    region.related("ann", "eve", "mother", basis="maternity_record", supplier="bnssg_icb")
    region.related("ann", "fay", "mother")
    assert region.ask("select supplier, verdict, statements from int_relationship_verdict order by all") == [
        ("bnssg_icb", "two_mothers", 1),
        ("bristol", "two_mothers", 1),
    ]


def test_nobody_is_their_own_relative(region: Region) -> None:
    """Two records of one supplier may turn out to be one person."""
    region.person("ann")
    region.person("eve", "1985-01-01", known_to=["bristol"])
    region.sources["registry.record_person"][-1]["person_id"] = key("ann")
    region.related("ann", "eve", "sibling")
    assert verdicts(region, "ann") == ["own_relative"]


def test_a_carer_without_a_first_day_is_not_used(region: Region) -> None:
    """Nobody knows when that was."""
    region.person("ann")
    region.person("eve", "1985-01-01")
    region.related("ann", "eve", "carer")
    assert verdicts(region, "ann") == ["undated"]
    assert relatives(region, "ann") == []


def test_a_parent_of_more_than_twenty_is_a_placeholder(region: Region) -> None:
    """Somebody's system needed a name there."""
    region.person("eve", "1975-01-01")
    for number in range(21):
        region.related(region.person(f"child {number}"), "eve", "mother")
    assert verdicts(region, "child 0") == ["too_many_children"]
    assert relatives(region, "child 0") == []


def test_people_named_in_one_matter_have_met(region: Region) -> None:
    """In whatever roles, on its day, both ways round; a matter of more than ten people says nothing."""
    for number in range(13):
        region.person(f"p{number}", "1990-01-01")
    region.crime("c1", committed_from_date="2019-05-05", recorded_date="2019-05-06")
    region.involved("p0", "c1", "victim")
    region.involved("p1", "c1", "suspect")
    region.crime("c2", committed_from_date="2019-06-05", recorded_date="2019-06-06")
    for number in range(2, 13):
        region.involved(f"p{number}", "c2", "witness")
    for name in ("p1", "p2"):
        region.row("police_incidents", name, incident_id="i1", role="suspect", incident_date="2020-01-01")
    met = region.ask(
        "select person_id, related_person_id, confidence, valid_from, valid_to from person_relationship "
        "where kind = 'named_together'"
    )
    names = {key(f"p{number}"): f"p{number}" for number in range(13)}
    assert sorted((names[a], names[b], *more) for a, b, *more in met) == [
        ("p0", "p1", "incident", day("2019-05-05"), day("2019-05-05")),
        ("p1", "p0", "incident", day("2019-05-05"), day("2019-05-05")),
        ("p1", "p2", "incident", day("2020-01-01"), day("2020-01-01")),
        ("p2", "p1", "incident", day("2020-01-01"), day("2020-01-01")),
    ]


def test_who_objected_to_any_supplier_shares_no_home(region: Region) -> None:
    """An address does not say which supplier told it."""
    for name in ("ann", "bob", "eve"):
        region.person(name)
    region.share_a_home(["ann", "bob", "eve"], "2015-01-01")
    region.row("opt_outs", "eve", "bnssg_icb", scope="supplier", kind="type_1")
    assert region.ask("select count(*) from int_relationship_household") == [(2,)]
