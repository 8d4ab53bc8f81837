"""Validation under any values: nothing is lost, what is kept fits the contract, what is planted is found."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome_linkage.delivery.cast import cast
from outcome_linkage.delivery.validate import validate_frame
from schemas.catalogue import CONTRACTS
from tests.factories import rows

pytestmark = pytest.mark.slow

N = 8
ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["#UNREADABLE", "true", "0", "-1", "3.0", "1e5", "nan", "inf", "2024-02-30", "2024-02-29"]
    ),
    st.integers(-(2**63), 2**63 - 1).map(str),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str),
)


@pytest.mark.parametrize("table", CONTRACTS)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_every_row_is_kept_or_rejected_and_what_is_kept_fits(table: str, data: st.DataObject) -> None:
    """Any text in any columns, any copies of rows, in any year."""
    contract = CONTRACTS[table]
    year = data.draw(st.sampled_from([None, 2019, 2024, 2026]))
    spoilt = data.draw(st.lists(st.sampled_from(list(contract.columns)), max_size=4, unique=True))
    columns = {name: data.draw(st.lists(ANYTHING, min_size=N, max_size=N)) for name in spoilt}
    frame = rows(table, N, year).with_columns(
        pl.Series(name, values, dtype=pl.String) for name, values in columns.items()
    )
    frame = frame[data.draw(st.lists(st.integers(0, N - 1), max_size=12))]
    kept, rejected = validate_frame(frame, contract, year)
    numbers = kept["_row"].to_list() + rejected["_row"].unique().to_list()
    assert sorted(numbers) == list(range(1, frame.height + 1))
    contract.schema(year).validate(kept, lazy=True)
    assert kept.drop("_row").schema == {name: column.dtype for name, column in contract.columns.items()}
    assert not kept.drop("_row").is_duplicated().any() or kept.height < 2
    for key in filter(None, [list(contract.primary_key)]):
        assert kept.select(key).is_unique().all()


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(N)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    """The same rows are kept, wherever they stand."""
    contract = CONTRACTS["cin_children"]
    frame = rows("cin_children", N, sex=["1", "x", "2", "1", "0", "9", "1", "2"])
    kept, _ = validate_frame(frame, contract, None)
    shuffled, _ = validate_frame(frame[order], contract, None)
    assert kept.drop("_row").sort("record_key").equals(shuffled.drop("_row").sort("record_key"))


@settings(max_examples=40, deadline=None)
@given(st.lists(ANYTHING, min_size=1, max_size=10), st.sampled_from(sorted(CONTRACTS)), st.data())
def test_a_value_is_cast_or_has_a_reason(values: list[str | None], table: str, data: st.DataObject) -> None:
    """Never both, and a missing value is neither."""
    column = data.draw(st.sampled_from(list(CONTRACTS[table].columns.values())))
    typed, reason = cast(pl.Series("x", values, dtype=pl.String), column)
    assert typed.dtype == column.dtype
    assert (typed.is_null() & reason.is_null()).to_list() == [value is None for value in values]
    assert not (typed.is_not_null() & reason.is_not_null()).any()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1))
def test_numbers_survive_as_text(values: list[int]) -> None:
    """What the type can hold comes back; what it cannot is out of range."""
    column = CONTRACTS["police_incidents"].columns["n_children"]
    typed, reason = cast(pl.Series("x", [str(value) for value in values]), column)
    fits = [-(2**15) <= value < 2**15 for value in values]
    assert typed.to_list() == [value if fit else None for value, fit in zip(values, fits, strict=True)]
    assert reason.to_list() == [None if fit else "out_of_range" for fit in fits]
