"""Validation under any values: nothing is lost, what is kept fits the contract, what is planted is found."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from outcome_linkage.delivery.checking.advice import WHAT_TO_DO
from outcome_linkage.delivery.validating.asked import REASON_OF_CHECK, broken_checks
from outcome_linkage.delivery.validating.cast import cast
from outcome_linkage.delivery.validating.repeats import repeats_in, repeats_on_disk
from outcome_linkage.delivery.validating.validate import validate_frame
from schemas.catalogue import CONTRACTS
from tests.factories import rows
from tests.generative.odd_columns import N, odd_column, typed_column

ASKED_OF_EACH = settings(max_examples=settings().max_examples // 5)
"""Fewer examples where every contract has its own."""
YEARS = st.sampled_from([None, 2019, 2024, 2026])
ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["#UNREADABLE", "true", "0", "-1", "3.0", "1e5", "nan", "inf", "2024-02-30", "2024-02-29"]
    ),
    st.integers(-(2**63), 2**63 - 1).map(str),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str),
)


@st.composite
def frames(draw: st.DrawFn, table: str, year: int | None) -> pl.DataFrame:
    """Rows that the contract accepts, with columns of any type instead, left out or added; any of the rows,
    any number of times."""
    names = st.sampled_from(list(CONTRACTS[table].columns))
    spoilt = draw(st.lists(names, max_size=4, unique=True))
    added = draw(st.lists(st.sampled_from(["_row", "_file", "forename", "x y", ""]), max_size=2, unique=True))
    frame = rows(table, N, year).drop(draw(st.sets(names, max_size=2)))
    frame = frame.with_columns(draw(odd_column(name)) for name in (*spoilt, *added))
    if draw(st.booleans()):
        name = draw(names)
        values = draw(st.lists(ANYTHING, min_size=N, max_size=N))
        frame = frame.with_columns(pl.Series(name, values, dtype=pl.String))
    return frame[draw(st.lists(st.integers(0, N - 1), max_size=12))]


@pytest.mark.parametrize("table", CONTRACTS)
@ASKED_OF_EACH
@given(data=st.data())
def test_every_row_is_kept_or_rejected_and_what_is_kept_fits(table: str, data: st.DataObject) -> None:
    """Any types, any values, any copies of rows, in any year: an answer, and never an error."""
    contract = CONTRACTS[table]
    year = data.draw(YEARS)
    frame = data.draw(frames(table, year))
    kept, rejected = validate_frame(frame, contract, year)
    numbers = kept["_row"].to_list() + rejected["_row"].unique().to_list()
    assert sorted(numbers) == list(range(1, frame.height + 1))
    assert set(rejected["reason"]) <= set(WHAT_TO_DO)
    contract.schema(year).validate(kept, lazy=True)
    assert kept.drop("_row").schema == {name: column.dtype for name, column in contract.columns.items()}
    assert not kept.drop("_row").is_duplicated().any() or kept.height < 2
    for key in filter(None, [list(contract.primary_key)]):
        assert kept.select(key).is_unique().all()


@pytest.mark.parametrize("table", CONTRACTS)
def test_a_table_of_nothing_is_read(table: str) -> None:
    """No rows; no columns; rows without a column that the contract knows."""
    contract = CONTRACTS[table]
    for frame in (contract.empty(), pl.DataFrame(), pl.DataFrame({"x": [1, 2]}), pl.DataFrame({"x": []})):
        kept, rejected = validate_frame(frame, contract, None)
        assert kept.height + rejected["_row"].n_unique() == frame.height
        assert kept.columns == ["_row", *contract.columns]


@st.composite
def typed_frames(draw: st.DrawFn, table: str, year: int | None) -> pl.DataFrame:
    """Rows in the types of the contract, with any values."""
    right = rows(table, N, year)
    return pl.DataFrame(
        [
            draw(typed_column(name, column.dtype, tuple(right[name])))
            for name, column in CONTRACTS[table].columns.items()
        ]
    )


def objections(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> set[tuple[int, str, str]]:
    """Row, column and reason of all that Pandera reports."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.select("index", "column", pl.col("check").str.extract(r"^(\w+)"))
        return {(row, column, REASON_OF_CHECK[check]) for row, column, check in cases.rows()}
    return set()


@pytest.mark.parametrize("table", CONTRACTS)
@ASKED_OF_EACH
@given(data=st.data())
def test_rows_are_judged_as_pandera_judges_them(table: str, data: st.DataObject) -> None:
    """Each value that Pandera's report names, and no other, is at fault for the same reason."""
    contract = CONTRACTS[table]
    year = data.draw(YEARS)
    frame = data.draw(typed_frames(table, year))
    rules = len(contract.row_rules)
    asked = list(broken_checks(frame, contract, year))
    found = {
        (row, check.column, check.reason)
        for check in asked[: len(asked) - rules]
        for row in check.rows.arg_true()
    }
    assert found == objections(contract.schema(year), frame)
    assert all(check.rows.null_count() == 0 and check.rows.len() == N for check in asked)


@pytest.mark.parametrize("table", ["deaths", "cin_assessments", "link_tokens", "police_crimes"])
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=10), st.integers(1, 4))
def test_repeats_are_what_they_say(table: str, drawn: list[tuple[int, bool]], size: int) -> None:
    """Row by row: a copy has one like it above, and a contradiction one with its key that is not like it."""
    contract = CONTRACTS[table]
    key, last = list(contract.primary_key), list(contract.columns)[-1]
    frame = rows(table, 3)[[place for place, _ in drawn]]
    without = pl.Series([bare for _, bare in drawn], dtype=pl.Boolean)
    frame = frame.with_columns(pl.when(~without).then(last).alias(last))
    frame = frame.with_columns(_row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    expected, seen = {}, dict[tuple[object, ...], int]()
    for row, values in enumerate(frame.drop("_row").rows(), 1):
        if seen.setdefault(values, row) != row:
            expected[row] = "duplicate_row"
    for row in seen.values() if key else ():
        alike = frame.row(row - 1, named=True)
        if (
            sum(all(frame.row(other - 1, named=True)[k] == alike[k] for k in key) for other in seen.values())
            > 1
        ):
            expected.setdefault(row, "conflicting_key")
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, max(frame.height, 1), size):
            frame.slice(start, size).write_parquet(Path(folder, f"{start}.parquet"))
        on_disk = repeats_on_disk(Path(folder), contract)
    assert on_disk.equals(repeats_in(frame, contract))
    assert dict(on_disk.select("_row", "reason").rows()) == expected


@given(st.permutations(range(N)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    """The same rows are kept, wherever they stand."""
    contract = CONTRACTS["cin_children"]
    frame = rows("cin_children", N, sex=["1", "x", "2", "1", "0", "9", "1", "2"])
    kept, _ = validate_frame(frame, contract, None)
    shuffled, _ = validate_frame(frame[order], contract, None)
    assert kept.drop("_row").sort("record_key").equals(shuffled.drop("_row").sort("record_key"))


@given(st.lists(ANYTHING, min_size=1, max_size=10), st.sampled_from(sorted(CONTRACTS)), st.data())
def test_a_value_is_cast_or_has_a_reason(values: list[str | None], table: str, data: st.DataObject) -> None:
    """Never both, and a missing value is neither."""
    column = data.draw(st.sampled_from(list(CONTRACTS[table].columns.values())))
    typed, reason = cast(pl.Series("x", values, dtype=pl.String), column)
    assert typed.dtype == column.dtype
    assert (typed.is_null() & reason.is_null()).to_list() == [value is None for value in values]
    assert not (typed.is_not_null() & reason.is_not_null()).any()


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1))
def test_numbers_survive_as_text(values: list[int]) -> None:
    """What the type can hold comes back; what it cannot is out of range."""
    column = CONTRACTS["police_incidents"].columns["n_children"]
    typed, reason = cast(pl.Series("x", [str(value) for value in values]), column)
    fits = [-(2**15) <= value < 2**15 for value in values]
    assert typed.to_list() == [value if fit else None for value, fit in zip(values, fits, strict=True)]
    assert reason.to_list() == [None if fit else "out_of_range" for fit in fits]
