"""The collection year in a file's name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outcome_linkage.delivery.reading.parts import Part
from outcome_linkage.delivery.reading.years import collection_year, return_covers, year_in_name
from outcome_linkage.delivery.refusal import RawInputRefused

FILES = [Part(Path(name), "0" * 64) for name in ("a_2023.csv", "b_2024.csv")]


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("SSDA903_2020_episodes.csv", 2020),
        ("header 2023-24.csv", 2024),
        ("header_2023_2024.csv", 2024),
        ("1999_2000-01_header.csv", None),
        ("header_2011-12.csv", None),
        ("header_2011-2012.csv", 2012),
        ("header_2023-05.csv", None),
        ("header_2020_2022.csv", None),
        ("header_2020_v2020.csv", 2020),
        ("header120245.csv", None),
        ("header_20240501.csv", None),
        ("header.csv", None),
        ("header.2024", None),
    ],
)
def test_year_in_name(name: str, year: int | None) -> None:
    assert year_in_name(Path(name).stem) == year


def test_files_of_two_years_are_not_one_return() -> None:
    with pytest.raises(RawInputRefused, match="no_collection_year"):
        collection_year(FILES, None)
    assert collection_year(FILES, 2022) == 2022


def test_a_return_covers_april_to_march() -> None:
    assert return_covers(2024) == (date(2023, 4, 1), date(2024, 3, 31))
