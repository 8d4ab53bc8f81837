"""Invented identifiers are valid and nobody's."""

from __future__ import annotations

import numpy as np
from stdnum.gb import nhs, upn

from outcome_linkage.linkage import normalise
from outcome_linkage.synthetic.identifiers import nhs_numbers, pnc_ids, upns, uprns

PEOPLE = np.arange(3_000)


def test_nhs_numbers_are_valid_different_and_never_issued() -> None:
    """Ten digits, starting with 9, with the right check digit."""
    numbers = nhs_numbers(PEOPLE)
    assert numbers.n_unique() == len(PEOPLE)
    assert all(nhs.is_valid(number) for number in numbers)
    assert numbers.str.starts_with("9").all()


def test_nhs_numbers_stay_different_for_ten_million() -> None:
    """The stem is one-to-one: no two of a spread of people share it."""
    people = np.arange(0, 10_000_000, 997)
    assert nhs_numbers(people).str.head(8).n_unique() == len(people)


def test_upns_are_valid_and_different() -> None:
    """For every authority, with the year in which school began."""
    numbers = upns(PEOPLE, np.full(len(PEOPLE), 2015), 801 + PEOPLE % 3)
    assert numbers.n_unique() == len(PEOPLE)
    assert all(upn.is_valid(number) for number in numbers)
    assert numbers.str.slice(8, 2).unique().to_list() == ["15"]


def test_pnc_ids_are_read_by_the_tokeniser() -> None:
    """Year, serial, letter; all different."""
    ids = pnc_ids(PEOPLE, np.full(len(PEOPLE), 2021))
    assert ids.n_unique() == len(PEOPLE)
    assert ids.str.contains(r"^2021/9\d{6}[A-Z]$").all()
    assert normalise.pnc_id(ids).null_count() == 0


def test_property_numbers_have_twelve_digits() -> None:
    """One for each dwelling."""
    numbers = uprns(PEOPLE * 1_000_000)
    assert numbers.str.contains(r"^99\d{10}$").all()
    assert numbers.n_unique() == len(PEOPLE)
