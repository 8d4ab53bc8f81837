"""The detectors of the privacy gate, one by one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from scipy.stats import binomtest

from outcome_linkage.delivery.receiving.personal import (
    CHANCE,
    beyond_chance,
    compact_dates,
    emails,
    full_dates,
    nhs_numbers,
    postcodes,
    upns,
)
from outcome_linkage.delivery.receiving.privacy_columns import inspect_column
from schemas.catalogue import CONTRACTS

NHS_NUMBERS = [9434765919, 9434765870, 4010232137]


def texts(*values: str) -> pl.DataFrame:
    """Distinct texts with the number of rows that hold each."""
    return pl.DataFrame({"value": values}, schema={"value": pl.String}).group_by("value").len("n")


@pytest.mark.parametrize(
    ("passing", "of"), [(1, 1), (2, 2), (3, 3), (4, 9), (10, 50), (30, 200), (200, 1000)]
)
def test_beyond_chance_is_the_exact_binomial_test(passing: int, of: int) -> None:
    values = texts(*[f"y{i}" for i in range(passing)], *[f"n{i}" for i in range(of - passing)])
    p_value = binomtest(passing, of, 1 / 11, alternative="greater").pvalue
    found = beyond_chance(values, pl.col("value").str.starts_with("y"), 1 / 11)
    assert found == (passing if p_value < CHANCE else 0)


def test_rows_are_counted_and_distinct_values_are_judged() -> None:
    """One frequent number is one draw; three NHS numbers that fill many rows are all counted."""
    assert nhs_numbers(texts(*["9434765919"] * 1000)) == 0
    assert nhs_numbers(texts(*[str(n) for n in NHS_NUMBERS] * 1000)) == 3000


def test_snomed_concepts_of_ten_digits_are_no_nhs_numbers() -> None:
    assert nhs_numbers(texts("1000000001", "1234567006", "9598980006")) == 0


@pytest.mark.parametrize("value", ["94347659190", "943476591", "9434 765 919", "a9434765919b"])
def test_other_lengths_and_groups_are_not_nhs_numbers(value: str) -> None:
    alike = [value[:-1] + digit for digit in "0123456789"]
    assert nhs_numbers(texts(*alike)) == 0


@pytest.mark.parametrize(
    "value", ["E01014485", "E06000023", "ZZ99 3CZ", "BS1", "BS1 5CA", "XBS1 5AHX", "SC123456", "RA7"]
)
def test_what_is_not_a_postcode(value: str) -> None:
    assert postcodes(texts(value)) == 0


@pytest.mark.parametrize(
    "value", ["M1 1AE", "EC1A 1BB", "w1a 0ax", "CR2 6XH", "DN55 1PT", "B33-8TH", "at BS8 1TH."]
)
def test_what_is_a_postcode(value: str) -> None:
    assert postcodes(texts(value)) == 1


@pytest.mark.parametrize("value", ["not an address", "a@b", "@example.org", "a@example"])
def test_what_is_not_an_email_address(value: str) -> None:
    assert emails(texts(value)) == 0


@pytest.mark.parametrize(
    "value", ["2023", "2023-04", "04/2023", "13:45:00", "1.2.10", "2023-13-01", "0.2023.1", "marching"]
)
def test_what_is_not_a_full_date(value: str) -> None:
    assert full_dates(texts(value)) == 0


@pytest.mark.parametrize(
    "value",
    [
        "2010-05-17T00:00:00",
        "born 17/5/2010",
        "17-May-10",
        "17th May 2010",
        "May 17, 2010",
        "5/17/2010",
        "17May2010",
        "2010_05_17",
    ],
)
def test_what_is_a_full_date(value: str) -> None:
    assert full_dates(texts(value)) == 1


def test_a_temporary_pupil_number_is_one_too() -> None:
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    assert sum(upns(texts(f"{letter}80120000500A")) for letter in letters) == 1


def test_a_few_dates_of_eight_digits_are_chance() -> None:
    assert compact_dates(texts("20100517", "20110203")) == 0
    assert compact_dates(texts(*[f"{day:02d}052010" for day in range(1, 20)])) == 19


@pytest.mark.parametrize(
    "values",
    [
        pl.Series(NHS_NUMBERS, dtype=pl.UInt64),
        pl.Series([Decimal(n) for n in NHS_NUMBERS]),
        pl.Series([*map(float, NHS_NUMBERS), float("nan"), float("inf"), 0.5]),
        pl.Series([str(n) for n in NHS_NUMBERS], dtype=pl.Categorical),
        pl.Series([str(n) for n in NHS_NUMBERS], dtype=pl.Enum([str(n) for n in NHS_NUMBERS])),
    ],
)
@pytest.mark.parametrize("column", ["sex", "record_key", "death_date", "upn_unknown"])
def test_no_type_hides_an_nhs_number(values: pl.Series, column: str) -> None:
    [finding] = inspect_column(values, CONTRACTS["cin_children"].columns[column], "cin_children")
    assert (finding.rule, finding.count) == ("nhs_numbers", 3)


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([b"x"]),
        pl.Series([["x"]]),
        pl.Series([{"a": "x"}]),
        pl.Series([["x"]], dtype=pl.Array(pl.String, 1)),
    ],
)
def test_types_that_hide_their_values_are_refused(values: pl.Series) -> None:
    [finding] = inspect_column(values, CONTRACTS["cin_children"].columns["sex"], "cin_children")
    assert finding.rule == "uninspectable_column"


@pytest.mark.parametrize(
    ("column", "values"), [("sex", []), ("sex", [None, None]), ("birth_month", []), ("death_date", [])]
)
def test_nothing_is_found_in_nothing(column: str, values: list[Any]) -> None:
    assert inspect_column(pl.Series(values), CONTRACTS["cin_children"].columns[column], "cin_children") == []


def test_tokens_that_are_all_missing_have_no_type() -> None:
    column = CONTRACTS["link_tokens"].columns["sid_pnc"]
    assert inspect_column(pl.Series([None, None]), column, "link_tokens") == []
