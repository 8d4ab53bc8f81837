"""From text to the values of a contract."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from outcome_linkage.delivery.encoding.convert import convert, to_months
from outcome_linkage.delivery.encoding.dates import look_up, to_dates
from schemas.catalogue import CONTRACTS


def converted(table: str, column: str, *texts: str | None) -> tuple[list[object], pl.DataType, int]:
    result = convert(pl.Series(column, texts, dtype=pl.String), CONTRACTS[table].columns[column])
    assert result.values.name == column
    return result.values.to_list(), result.values.dtype, result.unreadable


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11/12/2018", date(2018, 12, 11)),
        ("1/4/2020", date(2020, 4, 1)),
        ("11-12-2018", date(2018, 12, 11)),
        ("2020-04-25", date(2020, 4, 25)),
        ("2020/04/25", date(2020, 4, 25)),
        ("2020-Apr-25 00:00:00", date(2020, 4, 25)),
        ("25 April 2020", date(2020, 4, 25)),
        ("20200425", date(2020, 4, 25)),
        ("2020-04-25 13:05", date(2020, 4, 25)),
        ("2020-04-25T13:05:00.123", date(2020, 4, 25)),
        ("2020-06-30T23:00:00Z", date(2020, 7, 1)),
        ("2020-12-31T23:30:00+00:00", date(2020, 12, 31)),
        ("2020-06-30T23:30:00+0100", date(2020, 6, 30)),
        ("11/12/18", None),
        ("31/02/2020", None),
        ("25122018", None),
        ("43831", date(2020, 1, 1)),
        ("9831", None),
        ("junk", None),
    ],
)
def test_to_dates(text: str, day: date | None) -> None:
    assert to_dates(pl.Series([text, None])).to_list() == [day, None]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("042015", date(2015, 4, 1)),
        ("42015", date(2015, 4, 1)),
        ("42015.0", date(2015, 4, 1)),
        ("04/2015", date(2015, 4, 1)),
        ("2015-04", date(2015, 4, 1)),
        ("201504", date(2015, 4, 1)),
        ("17/04/2015", date(2015, 4, 1)),
        ("132015", None),
        ("2015", None),
    ],
)
def test_to_months(text: str, month: date | None) -> None:
    assert to_months(pl.Series([text, None])).to_list() == [month, None]


def test_a_column_that_can_be_read_has_the_type_of_the_contract() -> None:
    assert converted("cin_protection_plans", "previous_plans", "1", "2.0", None) == (
        [1, 2, None],
        pl.Int16,
        0,
    )
    assert converted("ssda903_header", "mother", "yes", "0", None) == ([True, False, None], pl.Boolean, 0)
    assert converted("school_exclusions", "sessions", "1.5", "1,000") == ([1.5, 1000.0], pl.Float64, 0)


def test_a_column_that_cannot_is_text() -> None:
    assert converted("ssda903_header", "mother", "yes", "perhaps", None, "perhaps") == (
        ["true", "#UNREADABLE", None, "#UNREADABLE"],
        pl.String,
        2,
    )
    assert converted("ssda903_header", "birth_month", "11/07/2015", "?") == (
        ["2015-07-01", "#UNREADABLE"],
        pl.String,
        1,
    )


@pytest.mark.parametrize("text", ["3.5", "40000", "9434765919", "1e3", "1,00", "--1", "Infinity", "NaN?"])
def test_a_number_that_does_not_fit_is_marked(text: str) -> None:
    assert converted("cin_protection_plans", "previous_plans", text)[0] == ["#UNREADABLE"]


def test_a_number_out_of_range_is_still_a_number() -> None:
    """The research side says so of the row, as it does for any supplier."""
    assert converted("police_crime_persons", "age_at_offence", "150", "-1")[0] == [150, -1]


def test_a_code_of_another_year_is_a_code() -> None:
    """Whether it held in the collection year is for validation to say."""
    assert converted("ssda903_header", "sex", "1", "M", "u")[0] == ["1", "M", "U"]


def test_a_nought_is_not_put_where_there_are_two_codes() -> None:
    """`1` is a code of its own among those of HES; `1` is `01` where only that exists."""
    assert converted("apc_episodes", "sex", "1", "0")[0] == ["1", "0"]
    assert converted("ecds_attendances", "department_type", "1", "02")[0] == ["01", "02"]


def test_look_up_keeps_length_and_order() -> None:
    values = pl.Series("v", ["b", None, "a", "b", "c"])
    found = look_up(values, pl.Series(["a", "b"]), pl.Series([1, 2]))
    assert found.to_list() == [2, None, 1, 2, None]
    assert found.name == "v"


def test_nothing_to_convert() -> None:
    assert converted("ssda903_episodes", "dec")[:2] == ([], pl.Date)
    assert converted("ssda903_episodes", "dec", None, None)[:2] == ([None, None], pl.Date)
