"""What every contract must say of itself, and the shapes of text that contracts accept."""

from __future__ import annotations

import polars as pl
import pytest

from schemas import fields


def accepts(pattern: str, text: str) -> bool:
    return bool(pl.Series([text]).str.contains(pattern).item())


@pytest.mark.parametrize(
    "known_as",
    ["RVN", "R0A", "RVN3A", "RA701", "L81001", "Y02873", "137432", "8014001", "SH01", "E06000023", "CP1234"],
)
def test_an_organisation_is_known_by_a_public_code(known_as: str) -> None:
    """Trusts, sites, practices, schools, local authorities, and services that number themselves."""
    assert accepts(fields.ORGANISATION, known_as)


@pytest.mark.parametrize(
    "personal",
    [
        *("BS1 4ND", "BS14ND", "M11AE", "EC1A1BB", "N11A A", "9434765919", "A801200001015", "12/123456A"),
        *("Smith", "SMITH", "High Street Hostel", "2010-05-01", "01/05/2010", "ann@example.org"),
    ],
)
def test_nothing_personal_has_the_shape_of_an_organisation(personal: str) -> None:
    """No postcode, NHS number, pupil number, police number, date, name or address can pass for one."""
    assert not accepts(fields.ORGANISATION, personal)
