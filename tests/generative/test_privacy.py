"""The privacy gate under any values: identifiers are found wherever they stand, and nothing is repeated."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs, upn

from outcome_linkage.delivery.manifest import MANIFEST
from outcome_linkage.delivery.receiving.finding import RULES
from outcome_linkage.delivery.receiving.personal import full_dates, nhs_numbers, upns
from outcome_linkage.delivery.receiving.privacy import inspect, inspect_frame
from outcome_linkage.files import sha256_of
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, rows

CHILDREN = CONTRACTS["cin_children"]
TEXT_COLUMNS = [name for name, column in CHILDREN.columns.items() if column.dtype == pl.String]
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def texts(values: list[str]) -> pl.DataFrame:
    """Distinct texts with the number of rows that hold each."""
    return pl.DataFrame({"value": values}, schema={"value": pl.String}).group_by("value").len("n")


def rules(column: str, values: list[str]) -> set[str]:
    """The rules that a column of these values breaks."""
    frame = rows("cin_children", len(values), **{column: values})
    return {finding.rule for finding in inspect_frame(frame, CHILDREN)}


@st.composite
def nhs_number(draw: st.DrawFn) -> str:
    """A number with a right check digit, not shaped like a SNOMED CT concept."""
    stem = draw(
        st.integers(400_000_000, 799_999_999).filter(lambda n: n // 1 % 100 != 0 and n // 10 % 10 != 0)
    )
    numbers = [f"{stem}{check}" for check in range(10) if nhs.is_valid(f"{stem}{check}")]
    return numbers[0] if numbers else draw(nhs_number())


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 10**10 - 1).map("{:010d}".format), min_size=1, max_size=40, unique=True))
def test_the_check_digit_is_that_of_python_stdnum(numbers: list[str]) -> None:
    """What passes is counted exactly, or not at all where chance explains it."""
    valid = [n for n in numbers if nhs.is_valid(n) and n[7:9] != "00"]
    assert nhs_numbers(texts(numbers)) in (0, len(valid))


@settings(deadline=None, max_examples=25)
@given(
    st.lists(nhs_number(), min_size=4, max_size=30, unique=True),
    st.sampled_from(TEXT_COLUMNS),
    st.sampled_from(["{}", " {} ", "NHS: {}", "{}.0", "{};"]),
)
def test_nhs_numbers_are_found_in_any_text_column(numbers: list[str], column: str, written: str) -> None:
    assert "nhs_numbers" in rules(column, [written.format(number) for number in numbers])


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**12 - 1).map("{:012d}".format), st.sampled_from(TEXT_COLUMNS))
def test_a_pupil_number_is_found_in_any_text_column(digits: str, column: str) -> None:
    number = upn.calc_check_digit(digits) + digits
    assert "upn" in rules(column, [number])
    others = [letter + digits for letter in LETTERS if letter != number[0]]
    assert upns(texts(others)) == 0


@settings(deadline=None, max_examples=25)
@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2049, 1, 1)),
    st.sampled_from(
        ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%Y-%b-%d 00:00:00", "%d-%b-%y", "%B %d, %Y"]
    ),
)
def test_a_full_date_is_found_however_it_is_written(day: date, written: str) -> None:
    assert full_dates(texts([day.strftime(written)])) == 1


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5), st.sampled_from(TEXT_COLUMNS))
def test_any_text_is_judged_and_never_repeated(values: list[str], column: str) -> None:
    """Whatever a column holds, the findings are made of rule names, known headers and counts."""
    for finding in inspect_frame(rows("cin_children", len(values), **{column: values}), CHILDREN):
        assert finding.rule in RULES
        assert (finding.table, finding.column) == ("cin_children", column)
        assert 0 < finding.count <= len(values)


@settings(deadline=None, max_examples=25)
@given(st.text(min_size=1, max_size=40).filter(lambda name: name not in CHILDREN.columns))
def test_an_unknown_header_is_never_repeated(name: str) -> None:
    frame = rows("cin_children", 1).with_columns(pl.lit("x").alias(name))
    [finding] = inspect_frame(frame, CHILDREN)
    assert finding.rule == "unlisted_column"
    assert finding.column in ("an unlisted column (number 8)", name.strip().lower())


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 255), st.booleans())
def test_a_damaged_file_is_refused_and_breaks_nothing(position: int, byte: int, truncated: bool) -> None:
    """One byte changed or the end cut off, with a manifest that says so: refused or read, never a crash."""
    with tempfile.TemporaryDirectory() as root:
        folder = delivery(Path(root), "bristol", "2024-05", {"cin_children": rows("cin_children", 3)})
        path = folder / "cin_children.parquet"
        content = bytearray(path.read_bytes())
        if truncated:
            del content[position % len(content) :]
        else:
            content[position % len(content)] = byte
        path.write_bytes(bytes(content))
        manifest = json.loads((folder / MANIFEST).read_text())
        manifest["tables"]["cin_children"]["sha256"] = sha256_of(path)
        (folder / MANIFEST).write_text(json.dumps(manifest))
        report = inspect(folder, CONTRACTS, SUPPLIERS)
        assert set(report.counts) <= set(RULES)
        assert report.refused or not truncated
