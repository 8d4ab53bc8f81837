"""The small parts of feedback: where a row stands, which value may be shown, what a header was to be."""

from __future__ import annotations

import polars as pl
import pytest

from outcome_linkage.delivery.encoding.convert import UNREADABLE
from outcome_linkage.delivery.feedback.cells import MOST, cells
from outcome_linkage.delivery.feedback.codes import shown, shown_codes
from outcome_linkage.delivery.feedback.headers import known_names, nearest
from outcome_linkage.delivery.feedback.page import change
from outcome_linkage.delivery.feedback.places import placed
from outcome_linkage.delivery.manifest import DeliveredTable, SourceFile
from schemas.catalogue import CONTRACTS

HASH = "0" * 64


def faults(*rows: tuple[int, str | None]) -> pl.DataFrame:
    """Faults by delivered row and column."""
    return pl.DataFrame(rows, schema={"row": pl.Int64, "column": pl.String}, orient="row")


def table(*sources: SourceFile) -> DeliveredTable:
    rows = sum(source.rows for source in sources)
    return DeliveredTable(file="t.parquet", sha256=HASH, rows=rows, source_files=list(sources), mode="append")


def sheet(name: str, rows: int, starts: list[tuple[int, int]], **columns: str) -> SourceFile:
    return SourceFile(name=name, sha256=HASH, rows=rows, header_row=1, columns=columns, row_starts=starts)


def test_rows_are_counted_through_blank_rows_and_from_file_to_file() -> None:
    """The third row of the first file stands below a blank one; the fourth row is the second file's first."""
    both = table(
        sheet("a.csv", 3, [(1, 2), (3, 5)], decom="B"), sheet("b.csv", 2, [(1, 4)], decom="AC", rne="D")
    )
    found = placed(faults((1, "decom"), (3, "decom"), (4, "decom"), (5, "rne"), (5, None)), both)
    assert found.select("source", "sheet_row", "letter").rows() == [
        ("a.csv", 2, "B"),
        ("a.csv", 5, "B"),
        ("b.csv", 4, "AC"),
        ("b.csv", 5, "D"),
        ("b.csv", 5, None),
    ]


def test_columns_at_fault_together_are_all_named() -> None:
    one = table(sheet("a.csv", 1, [(1, 2)], record_key="A", decom="B"))
    assert placed(faults((1, "record_key, decom")), one)["letter"].to_list() == ["A, B"]


@pytest.mark.parametrize(
    "delivered",
    [
        None,
        table(),
        table(sheet("a.csv", 5, [])),
        DeliveredTable(
            file="t.parquet", sha256=HASH, rows=9, source_files=[sheet("a", 5, [(1, 2)])], mode="append"
        ),
    ],
)
def test_a_place_that_the_manifest_does_not_give_stays_open(delivered: DeliveredTable | None) -> None:
    """XML has no rows, and where rows are not those of the files nothing may be guessed."""
    assert placed(faults((1, "decom")), delivered).select("sheet_row", "letter").rows() == [(None, None)]


def test_neighbouring_cells_are_drawn_together() -> None:
    rows = [2, 3, 4, 9]
    frame = pl.DataFrame({"source": "a.csv", "letter": "F", "sheet_row": rows})
    assert cells(frame)[0].ranges == ("F2:F4", "F9")
    assert cells(frame.with_columns(letter=pl.lit("A, B")))[0].ranges == ("rows 2 to 4", "row 9")
    many = pl.DataFrame({"source": "a.csv", "letter": "F", "sheet_row": list(range(2, 60, 2))})
    assert len(cells(many)[0].ranges) == MOST and cells(many)[0].more == many.height - MOST


@pytest.mark.parametrize(
    "value", ["WBRT", "KHAN", "Amy", "1980", "BS14DJ", "9434765919", "2012-05-04", "Smith, J"]
)
def test_what_might_be_anything_but_a_code_is_told_by_its_shape(value: str) -> None:
    ethnic = CONTRACTS["ssda903_header"].columns["ethnic"]
    told = shown(value, ethnic) or ""
    assert value not in told and f"{len(value)} characters" in told


@pytest.mark.parametrize("value", ["WBRI", "1", "Q9", "X", "U10"])
def test_a_code_of_some_year_and_a_short_one_are_shown(value: str) -> None:
    assert shown(value, CONTRACTS["ssda903_header"].columns["ethnic"]) == value


@pytest.mark.parametrize("column", ["mc_birth_month", "record_key", "birth_month"])
def test_no_value_of_another_kind_is_shown(column: str) -> None:
    """Not even a short one: a day, an id or a number says something of a person."""
    assert shown("12", CONTRACTS["ssda903_header"].columns[column]) == "(2 characters: digits)"


def test_the_marker_of_a_value_left_at_source_is_no_code() -> None:
    header = CONTRACTS["ssda903_header"]
    wrong = faults((1, "sex"), (2, "sex")).with_columns(problem=pl.lit("not_in_code_list"))
    delivered = pl.LazyFrame({"sex": ["1", UNREADABLE]})
    assert shown_codes(wrong, delivered, header)["code"].to_list() == ["1", None]


def test_an_unknown_header_is_matched_by_its_spelling() -> None:
    names = known_names(CONTRACTS["ssda903_episodes"])
    assert nearest("REASON_PLACE_CHNGE", names) == "reason_place_change"
    assert nearest("De-com", names) == "decom"
    assert nearest("Caseworker", names) is None


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [(None, 3, ""), (0, 3, "new"), (3, 3, "as many"), (2, 3, "more than the 2"), (4, 3, "fewer than the 4")],
)
def test_a_problem_is_held_against_the_delivery_before(was: int | None, now: int, words: str) -> None:
    assert words in change(was, now)
    assert bool(change(was, now)) == (was is not None)
