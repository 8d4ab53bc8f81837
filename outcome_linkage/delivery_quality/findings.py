"""What is wrong with the newest deliveries, in words: errors first. Only released figures are said.

An error is a table that was refused as a whole, or that has no rows where it always had some. All else that
is out of its bounds is a warning, and so is a table that is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from outcome_linkage.delivery.contract import Supplier
from outcome_linkage.delivery_quality.bounds import WINDOW
from outcome_linkage.delivery_quality.history import REFUSED, newest
from outcome_linkage.delivery_quality.judge import MEASURES, with_lag
from outcome_linkage.delivery_quality.scope import month_end
from outcome_linkage.delivery_quality.shown import FEW
from outcome_linkage.release.disclosure import release_counts

Severity = Literal["error", "warning"]
EXPECTED_ROWS = 10
"""No row is no accident where deliveries before let expect this many; by chance it happens once in 20,000."""
_OUT = ("low", "high")
_ORDER = ("refused", "no_rows", *MEASURES, "late")
_NAMES = ("supplier", "table", "by", "measure", "item")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: `says` what, `when` in words; `measure` and `item` name its series."""

    supplier: str
    table: str
    by: str
    measure: str
    item: str
    severity: Severity
    when: str
    says: str

    @property
    def is_error(self) -> bool:
        """Whether the table cannot be used as it was delivered."""
        return self.severity == "error"


def find(
    points: pl.DataFrame, history: pl.DataFrame, suppliers: Mapping[str, Supplier], today: date
) -> list[Finding]:
    """What is wrong with the newest deliveries: `points` as they may be shown, `history` with true counts."""
    found = [
        *_refused(history),
        *_without_rows(history),
        *_out_of_bounds(points, history),
        *overdue(history, suppliers, today),
    ]
    known = {(f.supplier, f.table) for f in found if f.measure in ("refused", "no_rows")}
    kept = [f for f in found if f.measure != "rows" or (f.supplier, f.table) not in known]
    return sorted(kept, key=lambda f: (not f.is_error, _ORDER.index(f.measure), f.supplier, f.table, f.item))


def _refused(history: pl.DataFrame) -> Iterator[Finding]:
    for line in newest(history).filter(pl.col("measure") == REFUSED).iter_rows(named=True):
        share = f"{line['n'] / line['of']:.0%}" if line["of"] else "none"
        says = f"refused as a whole: of {line['of']:,} rows read, {share} were rejected"
        yield _finding(line, "refused", "error", _delivery(line), says)


def _without_rows(history: pl.DataFrame) -> Iterator[Finding]:
    """Newest deliveries without a row of a table, where as many days used to hold some."""
    received = history.filter(pl.col("measure") == "received")
    sent = pl.concat_str("period", "number", separator="/")
    rate = pl.when(pl.col("of") > 0).then(pl.col("n") / pl.col("of")).otherwise(pl.col("n"))
    lines = received.with_columns(_sent=sent, _rate=rate).sort("_sent")
    for _, of_table in lines.group_by("supplier", "table", maintain_order=True):
        line, before = of_table.row(-1, named=True), of_table["_rate"][:-1].median()
        if line["n"] == 0 and isinstance(before, float):
            expected = before * (line["of"] or 1)
            if expected >= EXPECTED_ROWS:
                says = f"no rows at all; about {_tens(expected)} expected"
                yield _finding(line, "no_rows", "error", _delivery(line), says)


def _out_of_bounds(points: pl.DataFrame, history: pl.DataFrame) -> Iterator[Finding]:
    """One finding for each series that is out of bounds in news, on the newest of its figures that is."""
    out = points.filter(pl.col("state").is_in(_OUT) & pl.col("is_news")).sort("lag")
    for _, series in out.group_by(*_NAMES, maintain_order=True):
        line = series.row(0, named=True)
        no_rows = line["measure"] == "rows" and line["value"] == 0
        yield _finding(
            line,
            line["measure"],
            "error" if no_rows else "warning",
            _when(series),
            _says(line, series, history),
        )


def overdue(history: pl.DataFrame, suppliers: Mapping[str, Supplier], today: date) -> list[Finding]:
    """Tables of which nothing was heard for longer than the catalogue allows, on the day `today`."""
    last = history.group_by("supplier", "table").agg(pl.col("period").max()).sort("supplier", "table")
    late: dict[tuple[str, date], list[str]] = {}
    for name, table, period in last.iter_rows():
        month = date.fromisoformat(f"{period}-01")
        if _due(month, suppliers[name]) < today:
            late.setdefault((name, month), []).append(table)
    found = []
    for (name, month), tables in late.items():
        says = f"nothing since {month:%B %Y}; due by {_due(month, suppliers[name]):%-d %B %Y}"
        found.append(Finding(name, ", ".join(tables), "delivery", "late", "", "warning", "overdue", says))
    return found


def _due(month: date, supplier: Supplier) -> date:
    """The last day on which what follows a delivery of that month is in time."""
    return month_end(month) + timedelta(days=supplier.fresh_for_days)


def _finding(line: Mapping[str, Any], measure: str, severity: Severity, when: str, says: str) -> Finding:
    item = line.get("item") or ""
    return Finding(line["supplier"], line["table"], line["by"], measure, item, severity, when, says)


def _when(series: pl.DataFrame) -> str:
    """The newest month, and how many others; or the delivery."""
    line = series.row(0, named=True)
    if line["by"] == "delivery":
        return _delivery(line)
    months = series["at"].n_unique()
    more = f" and {months - 1} earlier month{'s' if months > 2 else ''}" if months > 1 else ""
    return f"{line['at']:%B %Y}{more}"


def _delivery(line: Mapping[str, Any]) -> str:
    return f"delivery {line['period']}/{line['number']}"


def _says(line: Mapping[str, Any], series: pl.DataFrame, history: pl.DataFrame) -> str:
    measure, item, value = line["measure"], line["item"], line["value"]
    if measure == "rows":
        rows = f"{FEW if line['about'] else f'{value:,.0f}'} rows" if value else "no rows"
        few = "only " if line["state"] == "low" and value else ""
        return f"{few}{rows}; {_tens(line['low'])} to {_tens(line['high'])} expected"
    if measure == "quiet":
        return f"no event in the last {value or 0:.0f} days of the month; at most {line['high']:.0f} expected"
    if measure == "new_code":
        codes = series.filter(pl.col("lag") == line["lag"])
        named = ", ".join(f"“{row['code']}” ({percent(row)})" for row in codes.iter_rows(named=True))
        return f"{item} has codes never seen before: {named}"
    if measure == "drift":
        return f"{item} has drifted: {_moved(line, history)}"
    title = MEASURES[measure].title
    what = f"{item} {title}" if item else title
    bound = f"at least {line['low']:.0%}" if line["state"] == "low" else f"at most {line['high']:.1%}"
    return f"{what}: {percent(line)}; {bound} expected"


def percent(line: Mapping[str, Any]) -> str:
    """A share as it may be said: `41.0% of rows`, `all but 1 to 7 of 35 rows`."""
    if line["value"] is None:
        return f"a share of {FEW} rows"
    if line["about"]:
        return f"{'all but ' if line['is_rest'] else ''}{FEW} of {line['of']:,} rows"
    return f"{line['value']:.1%} of rows"


def _moved(line: Mapping[str, Any], history: pl.DataFrame, most: int = 3) -> str:
    """The codes whose share changed most, in whole per cent, of what may be shown."""
    of_column = with_lag(history).filter(
        pl.col("measure") == "code",
        *(pl.col(name) == line[name] for name in ("supplier", "table", "by", "item")),
        pl.col("lag").is_between(line["lag"], line["lag"] + WINDOW),
    )
    is_now = pl.col("lag") == line["lag"]
    counts = of_column.group_by("code").agg(
        now=pl.col("n").filter(is_now).sum(), before=pl.col("n").filter(~is_now).sum()
    )
    released = release_counts(release_counts(counts, "now"), "before")
    shares = released.with_columns(pl.col("now", "before") / pl.col("now", "before").sum())
    apart = (pl.col("now").fill_null(0.0) - pl.col("before").fill_null(0.0)).abs()
    moved = shares.sort(apart, "code", descending=[True, False]).head(most).select("code", "before", "now")
    return "; ".join(
        f"“{code}” {_share(before)} before, {_share(now)} now" for code, before, now in moved.iter_rows()
    )


def _share(share: float | None) -> str:
    return "few" if share is None else f"{share:.0%}"


def _tens(number: float) -> str:
    """A bound, rounded so that no count can be told from it."""
    return f"{5 * round(number / 5):,}"
