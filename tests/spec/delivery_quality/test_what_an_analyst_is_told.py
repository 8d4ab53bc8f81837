"""What an analyst is told of the newest deliveries: errors where nothing can be used, else warnings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from outcome_linkage.delivery.rules.result import Finding as Flags
from outcome_linkage.delivery.rules.result import judge_all
from outcome_linkage.delivery.rules.thresholds import Thresholds
from outcome_linkage.delivery_quality.findings import Finding
from outcome_linkage.delivery_quality.history import current, kept_folder, read_history
from outcome_linkage.delivery_quality.report import Made, make_report, page_of
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS
from tests.months import by_chance, of_months, send, some

pytestmark = pytest.mark.slow
POLICE, SEARCHES = "avon_somerset_police", "police_stop_searches"
BEFORE, NOW = (0, 23), (24, 24)
TODAY = date(2025, 2, 20)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """Where the supplier's deliveries lie."""
    return tmp_path / "sent"


def deliver(home: Home, sent: Path, counts: Sequence[int], first: int = 24, **columns: Any) -> None:
    """Searches of so many months, the first of which is numbered."""
    frame = of_months(SEARCHES, counts, first, **columns)
    send(home, POLICE, {SEARCHES: frame}, (first, first + len(counts) - 1), sent)


def report(home: Home, today: date = TODAY) -> Made:
    """The quality of the home's deliveries."""
    return make_report(home, CONTRACTS, SUPPLIERS, today)


def told(home: Home) -> list[tuple[str, str, str]]:
    """Severity, measure and words of what is found."""
    return [(f.severity, f.measure, f.says) for f in report(home).report.findings]


def test_an_empty_home_is_as_expected(home: Home) -> None:
    """Nothing was delivered: nothing is wrong, and there is a page."""
    assert told(home) == []
    assert "0 tables" in page_of(home).read_text(encoding="utf-8")


def test_a_stable_supplier_hears_nothing(home: Home, sent: Path) -> None:
    """Rows that only chance makes differ."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    deliver(home, sent, [52])
    assert told(home) == []


def test_a_drop_in_rows_is_a_warning(home: Home, sent: Path) -> None:
    """Counts are rounded, and so are bounds."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    deliver(home, sent, [13])
    ((severity, measure, says),) = told(home)
    assert (severity, measure) == ("warning", "rows")
    assert says.startswith("only 15 rows; ") and says.endswith(" expected")


def test_no_rows_where_there_always_were_some_is_an_error(home: Home, sent: Path) -> None:
    """It is told once, not for the delivery and its month."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    deliver(home, sent, [0])
    ((severity, measure, says),) = told(home)
    assert (severity, measure) == ("error", "no_rows")
    assert says.startswith("no rows at all; about ")


def test_no_rows_of_a_small_table_is_no_error(home: Home, sent: Path) -> None:
    """A child table of a return may be empty."""
    deliver(home, sent, [1, 0, 2, 1] * 6, 0)
    deliver(home, sent, [0])
    assert told(home) == []


def test_a_month_without_rows_within_a_delivery_is_an_error(home: Home, sent: Path) -> None:
    """The file has rows, but none of the last month that it claims to cover."""
    deliver(home, sent, [*by_chance(60, 24, 1), 61, 0], 0)
    ((severity, measure, says),) = told(home)
    assert (severity, measure) == ("error", "rows") and says.startswith("no rows; ")


def test_a_broken_contract_is_an_error_until_it_is_mended(home: Home, sent: Path) -> None:
    """A table that was refused as a whole; the next delivery that is accepted ends it."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    broken = of_months(SEARCHES, [60], 24).with_columns(search_type=pl.lit("no such code"))
    send(home, POLICE, {SEARCHES: broken}, NOW, sent)
    assert told(home) == [("error", "refused", "refused as a whole: of 60 rows read, 100% were rejected")]
    deliver(home, sent, [60])
    assert told(home) == []


def test_a_delivery_sent_again_takes_the_place_of_the_first(home: Home, sent: Path) -> None:
    """Each month has one figure, of the last delivery that covers it."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    deliver(home, sent, [13])
    assert [measure for _, measure, _ in told(home)] == ["rows"]
    deliver(home, sent, [58])
    assert told(home) == []
    months = current(read_history(home, SUPPLIERS)).filter(
        pl.col("measure") == "rows", pl.col("name") == "2025-01"
    )
    assert months.select("number", "n").rows() == [("002", 58)]


def test_rejects_are_told_by_their_reason_and_codes_by_name(home: Home, sent: Path) -> None:
    """A code that was never used before, an empty column, and rows that are rejected."""
    of_kind, outcomes = (
        CONTRACTS[SEARCHES].columns[name].codes() or [] for name in ("search_type", "outcome")
    )
    usual, other, new = outcomes[:3]
    before = {"search_type": of_kind[0], "outcome": some(0.5, usual, other, 3)}
    now = {"search_type": some(0.8, of_kind[0], "X", 5), "outcome": some(0.5, usual, new, 4)}
    deliver(home, sent, by_chance(150, 24, 1), 0, **before)
    deliver(home, sent, [150], **now, age_range=None)
    found = {measure: says for _, measure, says in told(home)}
    assert found["new_code"].startswith(f"outcome has codes never seen before: “{new}” (")
    assert f"“{new}” 0% before, " in found["drift"] and f"“{other}” 49% before, 0% now" in found["drift"]
    assert found["rejected"].startswith("not_in_code_list rejected: ")
    assert found["complete"].startswith("age_range filled in: 0.0% of rows; at least ")


def test_rules_are_judged_from_delivery_to_delivery(home: Home, sent: Path) -> None:
    """What a rule across rows flags is usual for a supplier, until it is far more than in three before."""
    for at, failing in enumerate((4, 5, 4, 60)):
        delivery = send(home, POLICE, {SEARCHES: of_months(SEARCHES, [100], at)}, (at, at), sent)
        flags = Flags(
            rule="P16",
            table=SEARCHES,
            column="search_date",
            severity="warning",
            says="",
            checked=100,
            failing=failing,
        )
        result = judge_all(str(delivery), "", [flags], Thresholds())
        result.write(home.folder("validated", delivery))
    (found,) = report(home, date(2023, 6, 1)).report.findings
    assert (found.severity, found.measure, found.when) == ("warning", "flagged", "delivery 2023-05/001")
    assert found.says.startswith("rule P16 flags: 60.0% of rows; at most ")


def test_a_supplier_who_is_overdue_is_told_once(home: Home, sent: Path) -> None:
    """On the run date, by the days that the catalogue allows after the month of the delivery."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    assert report(home, date(2025, 2, 1)).report.findings == ()
    (late,) = report(home, date(2025, 12, 1)).report.findings
    assert (late.severity, late.measure, late.table) == ("warning", "late", SEARCHES)
    assert late.says.startswith("nothing since January 2025; due by ")


def test_what_was_measured_is_not_measured_again(home: Home, sent: Path) -> None:
    """The page stands while nothing changes; true counts are for the linker's eyes."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    first = report(home)
    (kept,) = kept_folder(home).rglob("*.parquet")
    written = kept.stat().st_mtime_ns, first.page.stat().st_mtime_ns
    again = report(home)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert (kept.stat().st_mtime_ns, again.page.stat().st_mtime_ns) == written
    assert again.report == first.report
    assert kept.stat().st_mode & 0o777 == 0o600 and kept.parent.stat().st_mode & 0o777 == 0o700


def test_a_table_that_agreements_keep_out_is_not_read(home: Home, sent: Path) -> None:
    """A table that is not in force is as if it had never come."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    police = SUPPLIERS[POLICE]
    listed = {name: table for name, table in police.tables.items() if name != SEARCHES}
    without = {**SUPPLIERS, POLICE: police.model_copy(update={"tables": listed})}
    assert make_report(home, CONTRACTS, without, TODAY).report.tables == 0
    assert list(kept_folder(home).rglob("*.parquet")) == []


def test_small_counts_are_not_shown(home: Home, sent: Path) -> None:
    """Not in words, page or JSON: seven rows are "1 to 7 rows"."""
    deliver(home, sent, by_chance(60, 24, 1), 0)
    deliver(home, sent, [7])
    (found,) = report(home).report.findings
    assert isinstance(found, Finding) and found.says.startswith("only 1 to 7 rows; ")
