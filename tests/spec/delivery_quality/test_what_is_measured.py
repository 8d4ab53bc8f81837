"""What is measured of a table: counts by month of the event, each with what it is a share of."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from outcome_linkage.delivery.manifest import DeliveredTable, DeliveryId
from outcome_linkage.delivery_quality.measures import FAULTS, measure_table
from outcome_linkage.delivery_quality.scope import scope_of
from schemas.catalogue import CONTRACTS
from tests.factories import rows

DELIVERY = DeliveryId("2024-06", "001", "avon_somerset_police")
APRIL, MAY = date(2024, 4, 1), date(2024, 5, 1)
Lines = set[tuple[Any, ...]]


def delivered(**facts: Any) -> DeliveredTable:
    """A delivered table that covers April and May 2024."""
    usual = {"covers_from": APRIL, "covers_to": date(2024, 5, 31), "mode": "append"}
    described = {"file": "x.parquet", "sha256": "0" * 64, "rows": 0, **usual, **facts}
    return DeliveredTable.model_validate(described)


def measured(
    table: str,
    kept: pl.DataFrame,
    faults: list[tuple[date | None, str]] = (),
    **facts: Any,  # type: ignore[assignment]
) -> pl.DataFrame:
    """All measures of a table of which these rows were kept and those rejected."""
    scope = scope_of(DELIVERY, delivered(**facts), CONTRACTS[table])
    rejected = pl.DataFrame(list(faults), schema=FAULTS, orient="row")
    return measure_table(kept.lazy(), rejected, CONTRACTS[table], scope)


def lines(found: pl.DataFrame, measure: str, item: str = "") -> Lines:
    """Place, code, n and of of one measure."""
    of_one = found.filter(pl.col("measure") == measure, pl.col("item") == item)
    return set(of_one.select("name", "code", "n", "of").iter_rows())


def searches(days: list[date], **columns: Any) -> pl.DataFrame:
    """Stop searches on these days."""
    return rows("police_stop_searches", len(days), search_date=days, **columns)


def test_rows_are_counted_in_the_month_of_their_event() -> None:
    """A month that is covered and has no row is there too, with none."""
    found = measured("police_stop_searches", searches([date(2024, 4, 3), date(2024, 4, 30)]))
    assert lines(found, "rows") == {("2024-04", None, 2, 2), ("2024-05", None, 0, 0)}


def test_rejected_rows_count_as_read() -> None:
    """By the first of their reasons and the month of their event; repeats have a measure of their own."""
    faults = [
        (APRIL, "wrong_type"),
        (APRIL, "duplicate_row"),
        (APRIL, "conflicting_key"),
        (None, "wrong_type"),
    ]
    found = measured("police_stop_searches", searches([date(2024, 4, 3)]), faults)
    assert ("2024-04", None, 1, 4) in lines(found, "rows")
    assert lines(found, "rejected", "wrong_type") == {("2024-04", None, 1, 4)}
    assert lines(found, "repeated") == {("2024-04", None, 2, 4)}


def test_what_lies_outside_the_covered_months_is_counted_apart() -> None:
    """An episode that began years ago belongs to the return of that year; a fault may hide the day."""
    days = [date(2024, 4, 3), date(2019, 1, 1), date(2024, 6, 1)]
    found = measured("police_stop_searches", searches(days), [(None, "wrong_type")])
    assert sum(n for _, _, n, _ in lines(found, "rows")) == 1
    assert lines(found, "outside") == {("2024-06", None, 3, 4)}
    assert lines(found, "received") == {("2024-06", None, 4, 61)}


def test_a_month_that_is_covered_in_part_has_no_figure() -> None:
    """Half a month of rows is not half as many as expected."""
    found = measured("police_stop_searches", searches([date(2024, 5, 3)]), covers_to=date(2024, 5, 15))
    assert {name for name, *_ in lines(found, "rows")} == {"2024-04"}


def test_completeness_is_of_columns_that_may_be_empty() -> None:
    """Of the rows that were kept, how many fill the column."""
    found = measured("police_stop_searches", searches([APRIL, APRIL, MAY], outcome_linked=[True, None, None]))
    assert lines(found, "complete", "outcome_linked") == {("2024-04", None, 1, 2), ("2024-05", None, 0, 1)}
    assert lines(found, "complete", "record_key") == set()


def test_codes_are_counted_among_rows_that_have_one() -> None:
    """An empty cell is a matter of completeness."""
    found = measured("police_stop_searches", searches([APRIL] * 4, sex=["M", "M", "F", None]))
    assert lines(found, "code", "sex") == {("2024-04", "F", 1, 3), ("2024-04", "M", 2, 3)}


def test_days_that_are_not_plausible() -> None:
    """After the covered time, before birth, and on the first of a month, where defaults gather."""
    days = [date(2024, 4, 1), date(2024, 4, 9)]
    columns = {
        "departure_date": [date(2024, 7, 1), None],
        "birth_month": [date(2024, 5, 1), date(2010, 1, 1)],
    }
    found = measured("ecds_attendances", rows("ecds_attendances", 2, arrival_date=days, **columns))
    assert lines(found, "after_end", "departure_date") == {("2024-04", None, 1, 1)}
    assert lines(found, "first_of_month", "arrival_date") == {("2024-04", None, 1, 2)}
    assert lines(found, "before_birth", "arrival_date") == {("2024-04", None, 1, 2)}


def test_how_long_before_the_end_of_the_month_the_last_event_was() -> None:
    """A file that was cut off early looks whole until somebody asks for its last day."""
    found = measured("police_stop_searches", searches([date(2024, 4, 3), date(2024, 4, 12)]))
    assert lines(found, "quiet") == {("2024-04", None, 18, 2)}


def test_a_table_without_days_is_measured_as_a_whole() -> None:
    """A yearly return by its collection year, so that the same return sent again stands in for it."""
    found = measured("cin_disabilities", rows("cin_disabilities", 3), collection_year=2024, mode="period")
    assert lines(found, "rows") == {("2024", None, 3, 3)}
    assert set(found["by"]) == {"delivery"}
    assert {name for name, *_ in lines(measured("organisations", rows("organisations", 2)), "rows")} == {
        "2024-06"
    }
