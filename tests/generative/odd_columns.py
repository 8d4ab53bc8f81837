"""Columns that no contract asks for: every type a Parquet file can hold, with the values at its edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
from hypothesis import strategies as st

N = 8
"""Rows of every column here."""
_TEXTS = (
    *(
        "",
        " ",
        "#UNREADABLE",
        "true",
        "TRUE",
        "0",
        "-1",
        "3.0",
        "1e5",
        "nan",
        "inf",
        "-0",
        "٣",
        "\x00",
        "\ud7ff",
    ),
    *("2024-02-30", "2024-02-29", "2024-02-29T00:00:00", "0000-00-00", "9999-12-31", "10000-01-01", "1e400"),
    *(
        "99999999999999999999",
        "-9223372036854775809",
        "M",
        "1",
        "E01014485",
        "a" * 5000,
        "\U0001f600",
        "a\nb",
    ),
)
_NUMBERS = (0, 1, -1, 2, 127, 128, 32_768, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 121, 401)
_FLOATS = (0.0, -0.0, 1.5, 3.0, 1e308, 5e-324, float("nan"), float("inf"), float("-inf"), 400.0, 1e19)
_DAYS = (date.min, date(1, 1, 2), date(1582, 10, 10), date(1970, 1, 1), date(2024, 2, 29), date.max)
_MOMENTS = (datetime(2024, 1, 1), datetime(2024, 1, 1, 12), datetime(1677, 9, 22), datetime(2262, 4, 11))
ODD: dict[str, tuple[pl.DataType | type[pl.DataType], tuple[object, ...]]] = {
    "nothing": (pl.Null, (None,)),
    "text": (pl.String, _TEXTS),
    "categories": (pl.Categorical, ("1", "M", "x", "#UNREADABLE")),
    "named": (pl.Enum(["1", "2", "x"]), ("1", "2", "x")),
    "flags": (pl.Boolean, (True, False)),
    "tiny": (pl.Int8, (0, 1, -128, 127)),
    "whole": (pl.Int64, _NUMBERS),
    "huge": (pl.Int128, (*_NUMBERS, 2**100, -(2**100))),
    "unsigned": (pl.UInt64, (0, 1, 2**64 - 1)),
    "real": (pl.Float64, _FLOATS),
    "short real": (pl.Float32, (0.0, 1.5, float("nan"), float("inf"))),
    "exact": (pl.Decimal(20, 3), (Decimal("1.000"), Decimal("0.5"), Decimal("-99999999999.999"))),
    "days": (pl.Date, _DAYS),
    "moments": (pl.Datetime("ns"), _MOMENTS),
    "moments in a zone": (pl.Datetime("ms", "UTC"), tuple(m.replace(tzinfo=UTC) for m in _MOMENTS)),
    "times": (pl.Time, (time(0), time(23, 59, 59, 999_999))),
    "spans": (pl.Duration("us"), (timedelta(0), timedelta(days=-1), timedelta(days=10_000))),
    "bytes": (pl.Binary, (b"", b"1", b"\xff\xfe\x00")),
    "lists": (pl.List(pl.String), ([], ["1"], [None])),
    "arrays": (pl.Array(pl.Int8, 2), ([1, 2],)),
    "structures": (pl.Struct({"a": pl.Int8}), ({"a": 1}, {"a": None})),
}


@st.composite
def odd_column(draw: st.DrawFn, name: str) -> pl.Series:
    """`N` values of any one type, some of them null."""
    dtype, values = ODD[draw(st.sampled_from(list(ODD)))]
    places = draw(st.lists(st.integers(-1, len(values) - 1), min_size=N, max_size=N))
    return pl.Series(name, [None if place < 0 else values[place] for place in places], dtype=dtype)


@st.composite
def typed_column(draw: st.DrawFn, name: str, dtype: pl.DataType, likely: tuple[object, ...]) -> pl.Series:
    """`N` values of the type `dtype`: those that are `likely`, those at the type's edges, and nulls."""
    same = [values for kind, values in ODD.values() if kind == dtype]
    whole = [number for number in _NUMBERS if not dtype.is_integer() or _fits(number, dtype)]
    edges = same[0] if same else tuple(whole)
    pool = (None, *likely, *edges)
    places = draw(st.lists(st.integers(0, len(pool) - 1), min_size=N, max_size=N))
    return pl.Series(name, [pool[place] for place in places], dtype=dtype)


def _fits(number: int, dtype: pl.DataType) -> bool:
    return pl.Series([number], dtype=pl.Int64).cast(dtype, strict=False).null_count() == 0
