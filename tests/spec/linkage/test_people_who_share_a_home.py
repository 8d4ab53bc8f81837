"""People who share a home.

Twins, brothers and sisters, father and son agree in surname and address, and the model alone would take one
for the other where the right record is missing. An error of the pen looks the same. What decides is
counting: how many pairs of such people do the suppliers' own records show?
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_linkage import Found, Record, find, record

pytestmark = pytest.mark.slow
FORENAMES = ("Mia", "Zara", "Bob", "Kate", "Owen")
MANY = 32


def household(n: int) -> dict[str, str]:
    """A surname, a birthday and a home that nobody else has."""
    letters = f"{chr(65 + n % 26)}{chr(97 + n // 26)}{chr(97 + n * 7 % 26)}"
    return {
        "surname": f"{letters}field",
        "dob": f"{1990 + n % 20}-{1 + n % 12:02}-{1 + n * 5 % 28:02}",
        "postcode": f"BS{n} {n % 9}AA",
        "address_line_1": f"{n} High Street",
    }


def known(supplier: str, n: int, forename: str, number: int | None = None, **other: str) -> Record:
    """A record of household `n`."""
    return record(supplier, number or n, forename, **{**household(n), **other})


# The council and the hospital know each of these people by another forename.
OTHER_FORENAME = [
    row
    for n in range(1, MANY + 1)
    for row in (known("bristol", n, FORENAMES[n % 5]), known("icb", n, FORENAMES[(n + 1) % 5]))
]


def family(n: int) -> list[Record]:
    """Twins both of whom both suppliers know: two people beyond doubt."""
    return [
        known(supplier, n, forename, 10 * n + place)
        for supplier in ("bristol", "icb")
        for place, forename in enumerate(("Mia", "Zara"))
    ]


def half_family(n: int, supplier: str, other: str) -> list[Record]:
    """Twins of whom one is known to both suppliers, the other to one alone."""
    return [
        known(supplier, n, "Mia", 10 * n),
        known(other, n, "Mia", 10 * n),
        known(supplier, n, "Zara", 10 * n + 1),
    ]


def joined(found: Found) -> int:
    """How many of the people with two forenames are one person."""
    return sum(found.together(f"bristol {n}", f"icb {n}") for n in range(1, MANY + 1))


@pytest.fixture(scope="module")
def nobody_shares_a_home(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Only the people with two forenames."""
    return find(tmp_path_factory.mktemp("nobody"), OTHER_FORENAME)


def test_another_forename_where_nobody_shares_a_home(nobody_shares_a_home: Found) -> None:
    """Where no two people of one home are seen at all, another forename is an error of the pen.

    Thirty-two people have another forename at one supplier, with one surname, birthday and address. None are
    seen who are certainly two, so at most 3 wrong links are to be expected (the upper 95% bound): that is
    less than a tenth of the candidates.
    """
    assert joined(nobody_shares_a_home) == MANY
    assert nobody_shares_a_home.patterns == [("twins", MANY, 1.0, True)]


def test_such_a_link_is_never_strict(nobody_shares_a_home: Found) -> None:
    """However heavy, a link that only counting allowed is of the main level."""
    link = nobody_shares_a_home.link("bristol 1")
    assert link.weight is not None and link.weight > 6.6
    assert link.level == "main"


def test_too_few_to_tell(tmp_path: Path) -> None:
    """With fewer than thirty candidates 3 are more than a tenth: nobody is linked."""
    found = find(tmp_path, OTHER_FORENAME[: 2 * 29])
    assert found.patterns == [("twins", 29, 1.0, False)]
    assert found.reasons("bristol 1", "icb 1") == {"twins"}


def test_one_family_is_seen(tmp_path: Path) -> None:
    """As soon as twins are seen of whom one supplier knows both and the other one, none of them is linked.

    If the other supplier misses one twin of one family, it may well miss the other twin of another.
    """
    found = find(tmp_path, [*OTHER_FORENAME, *half_family(50, "icb", "bristol")])
    assert joined(found) == 0
    assert found.patterns == [("twins", MANY, 2.0, False)]
    assert found.together("bristol 500", "icb 500")


def test_families_that_both_suppliers_know_whole(tmp_path: Path) -> None:
    """Capture and recapture: where both suppliers know both twins of all families, they seldom miss one.

    Of forty families none is known by half. So few are expected to be known crosswise that the thirty-two are
    linked, and the twins are not mixed up.
    """
    families = [row for n in range(50, 90) for row in family(n)]
    found = find(tmp_path, [*OTHER_FORENAME, *families])
    ((pattern, candidates, expected, allowed),) = found.patterns
    assert (pattern, candidates, allowed) == ("twins", MANY, True)
    assert expected < 0.1
    assert joined(found) == MANY
    assert found.together("bristol 500", "icb 500") and not found.together("bristol 500", "icb 501")


def test_families_known_by_half(tmp_path: Path) -> None:
    """Ten families known by half on one side and ten on the other, ten whole: about as many on neither side.

    Expected are (10 + 1) x (10 + 1) / (both + 1), where `both` counts the pairs of twins across suppliers of
    whom each is linked to the own record: two in each whole family.
    """
    people = [row for n in range(50, 60) for row in family(n)]
    people += [row for n in range(60, 70) for row in half_family(n, "icb", "bristol")]
    people += [row for n in range(70, 80) for row in half_family(n, "bristol", "icb")]
    found = find(tmp_path, [*OTHER_FORENAME, *people])
    assert found.patterns == [("twins", MANY, pytest.approx(11 * 11 / 21), False)]
    assert joined(found) == 0


def test_another_birthday_at_one_address(tmp_path: Path) -> None:
    """Both names and the home agree, the birthday does not: father and son, or an error. Counting decides."""
    people = [known("bristol", n, "John") for n in range(1, MANY + 1)]
    people += [known("icb", n, "John", dob=f"19{40 + n}-1{n % 3}-1{n % 9}") for n in range(1, MANY + 1)]
    assert joined(find(tmp_path, people)) == MANY
    father = known("icb", 40, "Owen", 400, dob="1951-02-03")
    son = [known(supplier, 40, "Owen", 401, dob="1991-11-30") for supplier in ("bristol", "icb")]
    found = find(tmp_path, [*people, father, *son])
    assert joined(found) == 0
    assert found.reasons("bristol 1", "icb 1") == {"namesakes"}
    assert found.together("bristol 401", "icb 401")


def test_brothers_and_sisters(tmp_path: Path) -> None:
    """Another forename and another birthday at one address: a family has more such pairs than any error."""
    people = [known("bristol", n, "Mia", dob=f"2001-05-{n:02}") for n in range(1, 9)]
    people += [known("icb", n, "Owen", dob=f"2001-06-{n:02}") for n in range(1, 9)]
    found = find(tmp_path, people)
    assert len(found.persons) == 16
    assert found.reasons("bristol 1", "icb 1") == {"brothers and sisters"}
