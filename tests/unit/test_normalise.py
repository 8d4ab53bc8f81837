"""Normalisation: one small table per identifier."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from outcome_linkage.linkage import normalise
from outcome_linkage.linkage.forenames import canonical, canonical_forenames


@pytest.mark.parametrize(
    ("rule", "raw", "expected"),
    [
        (normalise.forename, " Anne-Marie ", "ANNEMARIE"),
        (normalise.forename, "Łucja", "LUCJA"),
        (normalise.forename, "J", None),
        (normalise.forename, "BABY OF SARAH", None),
        (normalise.forename, "Baby Smith", None),
        (normalise.forename, "b/o Sarah", None),
        (normalise.forename, "Twin 1", None),
        (normalise.forename, "Babette", "BABETTE"),
        (normalise.surname, "O\u2019Brien", "OBRIEN"),
        (normalise.surname, "Smith Jones", "SMITHJONES"),
        (normalise.surname, "UNKNOWN", None),
        (normalise.surname, "N/A", None),
        (normalise.surname, "NK", None),
        (normalise.surname, "xxx", None),
        (normalise.surname, "Na", "NA"),
        (normalise.surname, "Child", "CHILD"),
        (normalise.surname, "  ", None),
        (normalise.surname, "123", None),
        (normalise.date_of_birth, "2010-02-03", "2010-02-03"),
        (normalise.date_of_birth, "2010-02-03 00:00:00", "2010-02-03"),
        (normalise.date_of_birth, "2010-02-30", None),
        (normalise.date_of_birth, "1900-01-01", None),
        (normalise.date_of_birth, "1901-01-01", None),
        (normalise.date_of_birth, "9999-12-31", None),
        (normalise.date_of_birth, "03/02/2010", None),
        (normalise.postcode, "bs8 1th", "BS81TH"),
        (normalise.postcode, "ZZ99 3VZ", None),
        (normalise.postcode, "BS8", None),
        (normalise.postcode, "unknown", None),
        (normalise.postcode, "0822", "0822"),
        (normalise.postcode_sector, "BS81TH", "BS81"),
        (normalise.house_number, "Flat 2, 14b High Street", "14B"),
        (normalise.house_number, "14-16 The Mall", "16"),
        (normalise.house_number, "Rose Cottage", None),
        (normalise.street, "Flat 2, 14b High Street", "HIGH"),
        (normalise.street, "The Mall", "MALL"),
        (normalise.street, "No fixed abode", None),
        (normalise.uprn, "000100", "100"),
        (normalise.uprn, "100.0", "100"),
        (normalise.uprn, "0", None),
        (normalise.uprn, "1234567890123", None),
        (normalise.nhs_number, "943 476 5870", "9434765870"),
        (normalise.nhs_number, "943-476-5870", "9434765870"),
        (normalise.nhs_number, "9434765871", None),
        (normalise.nhs_number, "0000000000", None),
        (normalise.nhs_number, "1111111111", None),
        (normalise.upn, "h801200001001", "H801200001001"),
        (normalise.upn, "A801200001001", None),
        (normalise.upn, "H80120000100A", None),
        (normalise.upn, "801200001001", None),
        (normalise.pnc_id, "2012/0123456A", "120123456A"),
        (normalise.pnc_id, "12/123456a", "120123456A"),
        (normalise.pnc_id, "20120123456A", "120123456A"),
        (normalise.pnc_id, "201234567A", "201234567A"),
        (normalise.pnc_id, "12/0A", None),
        (normalise.pnc_id, "unknown", None),
    ],
)
def test_rule(rule: Callable[[pl.Series], pl.Series], raw: str, expected: str | None) -> None:
    assert rule(pl.Series([raw, None])).to_list() == [expected, None]


def test_a_short_form_stands_for_its_name() -> None:
    names = pl.Series(["BOB", "ROBERT", "MUHAMMAD", "MOHAMED", "ERIN", "AARON", None])
    assert canonical(names).to_list() == ["ROBERT", "ROBERT", *["MOHAMMED"] * 2, "ERIN", "AARON", None]


def test_each_variant_stands_for_one_name_only_and_names_stand_for_themselves() -> None:
    names = canonical_forenames()
    assert all(names.get(name, name) == name for name in names.values())
