"""How the model weighs.

Every comparison adds to the weight of a pair, or takes from it: how often true pairs agree so, against how
often strangers do, in powers of two. The weight starts far below nought, since two records taken at random
are hardly ever one person. A pair links from 4.25 upwards (19 to 1), if it leads the next best by 3.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_linkage import Found, find, record, strangers

pytestmark = pytest.mark.slow
ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")
ANN_OF_THE_COUNCIL = record("bristol", 1, *ANN, sex="female")
TWO_ANNS = [
    record("icb", 1, "Ann", "Lee", "2001-06-05", "BS1 1AA", nhs_number="9434765870"),
    record("icb", 2, "Ann", "Lee", "2001-06-05", "BS1 1AA", nhs_number="9434765919", sex="female"),
]


def weight(found: Found, one: str, other: str) -> float:
    """The weight that the model gave the two records, whether or not they were linked."""
    refused = [r.weight for r in found.refused if (r.record, r.other_record) == (one, other)]
    given = found.link(one).weight if found.together(one, other) else refused[0]
    assert given is not None
    return given


def test_levels(tmp_path: Path) -> None:
    """From a weight of 6.6 (97 to 1) a link is strict, from 4.25 main, and at 0 (even odds) only broad.

    Three people have a mistake in the birthday: one at the same postcode, one who moved, one of whom less is
    equal. The broad level makes one person of what the main level leaves apart.
    """
    names = [("Ann", "Lee"), ("Bob", "Hill"), ("Cat", "Day")]
    here = [record("bristol", n, *name, f"200{n}-05-06", f"BS{n} 1AA") for n, name in enumerate(names, 1)]
    there = [
        record("icb", 1, "Ann", "Lee", "2001-06-05", "BS1 1AA"),
        record("icb", 2, "Bob", "Hill", "2002-06-05", "GL2 1AA"),
        record("icb", 3, "Cat", "Day", "2003-05-16", None),
    ]
    found = find(tmp_path, [*here, *there])
    assert [found.link(f"bristol {n}").level for n in (1, 2, 3)] == ["strict", "main", None]
    assert found.together("bristol 1", "icb 1") and found.together("bristol 2", "icb 2")
    assert not found.together("bristol 3", "icb 3")
    assert ["bristol 3", "icb 3"] in found.broad
    assert weight(found, "bristol 1", "icb 1") >= 6.6 > weight(found, "bristol 2", "icb 2") >= 4.25
    assert 4.25 > weight(found, "bristol 3", "icb 3") >= 0


def test_a_key_has_no_weight(tmp_path: Path) -> None:
    """What a key links the model has not looked at: its weight and runner-up are null."""
    found = find(tmp_path, [record("bristol", 1, *ANN), record("icb", 1, *ANN)])
    assert (found.link("icb 1").weight, found.link("icb 1").runner_up) == (None, None)


@pytest.fixture(scope="module")
def missing(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The same error in the birthday, and a postcode that is equal, not known, or another."""
    postcodes = ("BS1 1AA", None, "GL1 2ZZ")
    names = [("Annabel", "Leeson"), ("Bertram", "Hillman"), ("Camilla", "Dayton")]
    return find(
        tmp_path_factory.mktemp("missing"),
        [
            row
            for n, ((forename, surname), postcode) in enumerate(zip(names, postcodes, strict=True), 1)
            for row in (
                record("bristol", n, forename, surname, f"200{n}-05-06", f"BS{n} 1AA"),
                record("icb", n, forename, surname, f"200{n}-06-05", postcode),
            )
        ],
    )


def test_missing_is_neither_for_nor_against(missing: Found) -> None:
    """A postcode that one side does not know lies between an equal one, which adds, and another one."""
    equal, unknown, other = (weight(missing, f"bristol {n}", f"icb {n}") for n in (1, 2, 3))
    assert equal > unknown > other


def test_a_sex_that_is_not_known_is_missing(tmp_path: Path) -> None:
    """Blank or `unknown` is no other sex; a different sex takes much, the same sex adds a little."""
    names = [("Ann", "Lee"), ("Bob", "Hill"), ("Cat", "Day"), ("Dan", "Moor")]
    records = []
    for n, (name, sex) in enumerate(zip(names, ("female", "unknown", None, "male"), strict=True)):
        records += [
            record("bristol", n, *name, f"200{n}-05-06", f"BS{n} 1AA", sex="female"),
            record("icb", n, *name, f"200{n}-06-05", f"BS{n} 1AA", sex=sex),
        ]
    found = find(tmp_path, records)
    same, unknown, blank, other = (weight(found, f"bristol {n}", f"icb {n}") for n in range(4))
    assert same > unknown == blank > other


def test_rare_names_weigh_more(tmp_path: Path) -> None:
    """Two records that share a rare surname are likelier one person than two that share a common one.

    Sixty others are called Khan, nobody else is called Quillfeather. In all else the two pairs agree to the
    same degree.
    """
    crowd = [
        record("icb", 100 + n, f"F{chr(97 + n % 26)}{chr(97 + n // 26)}o", "Khan", f"19{20 + n}-02-03")
        for n in range(60)
    ]
    found = find(
        tmp_path,
        [
            record("bristol", 1, "Ann", "Khan", "2001-05-06", "BS1 1AA"),
            record("icb", 1, "Ann", "Khan", "2001-06-05", "BS1 1AA"),
            record("bristol", 2, "Bob", "Quillfeather", "2002-05-06", "BS2 1AA"),
            record("icb", 2, "Bob", "Quillfeather", "2002-06-05", "BS2 1AA"),
            *crowd,
        ],
    )
    assert weight(found, "bristol 2", "icb 2") > weight(found, "bristol 1", "icb 1") + 2


def test_the_runner_up(tmp_path: Path) -> None:
    """A link of the model tells how near the next best candidate came.

    A second hospital record has the names and the month of birth, but another day and another home. Ann's
    own is ahead by far.
    """
    records = [
        record("bristol", 1, *ANN),
        record("icb", 1, "Ann", "Lee", "2001-06-05", "BS1 1AA"),
        record("icb", 2, "Ann", "Lee", "2001-05-16", "GL1 2ZZ"),
    ]
    link = find(tmp_path, records).link("bristol 1")
    assert (link.passed, link.level) == ("model", "strict")
    assert link.weight is not None and link.runner_up is not None
    assert link.weight - 3 >= link.runner_up


def test_the_margin(tmp_path: Path) -> None:
    """Two candidates within 3 of each other: neither is linked, however heavy, and both are told of.

    Two Anns of the hospital fit the council's Ann; of one the sex is not known.
    """
    found = find(tmp_path, [ANN_OF_THE_COUNCIL, *TWO_ANNS])
    assert not found.together("bristol 1", "icb 1") and not found.together("bristol 1", "icb 2")
    assert found.reasons("bristol 1", "icb 1") == found.reasons("bristol 1", "icb 2") == {"margin"}
    heaviest = [weight(found, "bristol 1", f"icb {n}") for n in (1, 2)]
    assert min(heaviest) > 4.25 and 0 < abs(heaviest[0] - heaviest[1]) < 3


def test_who_is_settled_elsewhere_is_no_rival(tmp_path: Path) -> None:
    """Two Anns again, but one of them is by her number a person whom the council knows: the other is Ann."""
    known = record("bristol", 2, "Ann", "Hill", "2001-06-05", "GL1 2ZZ", nhs_number="9434765919")
    found = find(tmp_path, [ANN_OF_THE_COUNCIL, *TWO_ANNS, known])
    assert found.together("bristol 2", "icb 2")
    assert found.together("bristol 1", "icb 1")


def test_the_sector_alone_says_little(tmp_path: Path) -> None:
    """Thousands share a postcode sector: names that only sound alike need a home or a postcode beside it."""
    here = record("bristol", 1, "Katherine", "Robertson", "2001-05-06", "BS1 1AA")
    sector = record("icb", 1, "Kathexine", "Robertzxn", "2001-05-06", "BS1 1ZZ")
    postcode = record("icb", 1, "Kathexine", "Robertzxn", "2001-05-06", "BS1 1AA")
    assert not find(tmp_path, [here, sector]).together("bristol 1", "icb 1")
    assert find(tmp_path, [here, postcode]).together("bristol 1", "icb 1")


def test_a_crowd_of_strangers_changes_nothing(tmp_path: Path) -> None:
    """Nobody is linked by being among many."""
    found = find(tmp_path, [*strangers("bristol", 150), *strangers("icb", 150, 20_000)])
    assert len(found.persons) == 300
