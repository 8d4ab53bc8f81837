"""The quality of deliveries as one page without a network: what is wrong first, then tables by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from outcome_linkage.delivery.contract import Supplier
from outcome_linkage.delivery_quality.findings import Finding, percent
from outcome_linkage.delivery_quality.history import REFUSED
from outcome_linkage.delivery_quality.judge import LEAST, MEASURES, SHOWN
from outcome_linkage.delivery_quality.plots import course, small_line
from outcome_linkage.delivery_quality.shown import FEW
from outcome_linkage.pages import render

Point = Mapping[str, Any]
_ORDER = {name: place for place, name in enumerate(MEASURES)}
MOST_DRAWN = 6
"""Findings that have a picture of their own; the others are a line each."""
_OUT = ("low", "high")
_STATES = ("young", "inside", "season", "low", "high", "error")
"""From what says least to what is worst: a month is shown by its worst."""


@dataclass(frozen=True)
class Line:
    """One series of a table: its newest figure, what was expected, and its course."""

    title: str
    value: str
    expected: str
    state: str
    picture: str


@dataclass(frozen=True)
class Table:
    """One table of a supplier: a cell for each month of the page, and its series, the worst first."""

    name: str
    anchor: str
    cells: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    findings: Sequence[Finding]


def html(
    found: Sequence[Finding],
    points: pl.DataFrame,
    history: pl.DataFrame,
    suppliers: Mapping[str, Supplier],
    drawn: Mapping[str, str],
) -> str:
    """The page: one file, no reference to anything outside it."""
    months = _months(points, history)
    tables = list(_tables(found, points, history, months))
    by_supplier = {
        name: [t for of, t in tables if of == name] for name in dict.fromkeys(of for of, _ in tables)
    }
    return render(
        Path(__file__).with_name("page.html.j2"),
        {"sentence": _sentence, "title": lambda name: suppliers[name].title},
        findings=[(f, _anchor(f.supplier, f.table), drawn.get(_about(f), "")) for f in found[:MOST_DRAWN]],
        more=[(f, _anchor(f.supplier, f.table)) for f in found[MOST_DRAWN:]],
        errors=sum(finding.is_error for finding in found),
        warnings=sum(not finding.is_error for finding in found),
        months=months,
        suppliers=by_supplier,
        tables=len(tables),
        least=LEAST,
    )


def pictures(points: pl.DataFrame, found: Sequence[Finding]) -> dict[str, str]:
    """The course of each of the worst findings as SVG, by what it is about."""
    drawn = [f for f in found[:MOST_DRAWN] if f.measure not in ("late", "refused")]
    return {_about(finding): course(*_series(finding, points)) for finding in drawn}


def _about(finding: Finding) -> str:
    measure = MEASURES.get(finding.measure)
    what = " ".join(filter(None, (finding.item, measure.title if measure else _plain(finding.measure))))
    return f"{_plain(finding.supplier)}, {finding.table}: {what}"


def _series(finding: Finding, points: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """The figures that show a finding best, its own or the rows of its table; and how an axis writes them."""
    measure = {"new_code": "drift", "no_rows": "rows"}.get(finding.measure, finding.measure)
    of_table = points.filter(
        pl.col("supplier") == finding.supplier,
        pl.col("table") == finding.table,
        pl.col("measure") == measure,
        pl.col("item") == finding.item,
    )
    return of_table, "~s" if measure in ("rows", "quiet") else ".0%"


def _months(points: pl.DataFrame, history: pl.DataFrame) -> list[date]:
    """The months of the page, the newest last."""
    newest = max(
        (day for day in (points["at"].max(), history["at"].max()) if isinstance(day, date)), default=None
    )
    if newest is None:
        return []
    months = pl.date_range(pl.lit(newest).dt.offset_by(f"-{SHOWN - 1}mo"), pl.lit(newest), "1mo", eager=False)
    return pl.select(months).to_series().to_list()


def _tables(
    found: Sequence[Finding], points: pl.DataFrame, history: pl.DataFrame, months: Sequence[date]
) -> Iterator[tuple[str, Table]]:
    cells = _cells(points, history)
    series: dict[tuple[str, str], list[Point]] = {}
    for point in points.sort("lag", descending=True).iter_rows(named=True):
        series.setdefault((point["supplier"], point["table"]), []).append(point)
    for supplier, name in history.select("supplier", "table").unique().sort("supplier", "table").iter_rows():
        yield (
            supplier,
            Table(
                name=name,
                anchor=_anchor(supplier, name),
                cells=[cells.get((supplier, name, month), ("none", f"{month:%B %Y}")) for month in months],
                lines=_lines(series.get((supplier, name), [])),
                findings=[f for f in found if f.supplier == supplier and name in f.table.split(", ")],
            ),
        )


def _cells(points: pl.DataFrame, history: pl.DataFrame) -> dict[tuple[str, str, date], tuple[str, str]]:
    """By supplier, table and month the worst state and what is out of bounds."""
    by_month = points.filter(pl.col("by") == "month").select("supplier", "table").unique()
    main = points.join(by_month.with_columns(dated=True), on=["supplier", "table"], how="left").filter(
        (pl.col("by") == "month") | pl.col("dated").is_null() | pl.col("state").is_in(_OUT)
    )
    is_out, no_rows = pl.col("state").is_in(_OUT), (pl.col("measure") == "rows") & (pl.col("value") == 0)
    state = pl.when(is_out & no_rows).then(pl.lit("error")).otherwise("state")
    worst_first = main.with_columns(state.alias("state").cast(pl.Enum(_STATES)), out=is_out)
    refused = history.filter(pl.col("measure") == REFUSED)
    found: dict[tuple[str, str, date], tuple[str, str]] = {}
    grouped = worst_first.group_by("supplier", "table", "at").agg(
        pl.col("state").max(),
        pl.struct("measure", "item").filter("out").unique(maintain_order=True).alias("out"),
    )
    for supplier, table, at, worst_state, out in grouped.iter_rows():
        names = [" ".join(filter(None, (o["item"], MEASURES[o["measure"]].title))) for o in out]
        says = "; ".join(names[:6]) or _PLAIN_STATES[worst_state]
        found[supplier, table, at] = (str(worst_state), f"{at:%B %Y}: {says}")
    for supplier, table, at in refused.select("supplier", "table", "at").iter_rows():
        found[supplier, table, at] = ("error", f"{at:%B %Y}: refused as a whole")
    return found


_PLAIN_STATES = {
    "young": "too little history to judge",
    "inside": "as expected",
    "season": "unusual, but so it was in that month of a year before",
    "low": "out of bounds",
    "high": "out of bounds",
    "error": "no rows",
}


def _lines(points: Sequence[Point]) -> list[Line]:
    """The series of a table, those out of bounds first, in the order of the measures."""
    series: dict[tuple[int, str, str], list[Point]] = {}
    for point in points:
        key = (_ORDER[point["measure"]], point["item"] or "", point["code"] or "")
        series.setdefault(key, []).append(point)
    told = (figures for _, figures in sorted(series.items()) if not _says_nothing(figures))
    lines = [_line(figures) for figures in told]
    return sorted(lines, key=lambda line: line.state != "out")


def _says_nothing(figures: Sequence[Point]) -> bool:
    """Whether it is a rule that never flagged a row: there are dozens."""
    return figures[-1]["measure"] == "flagged" and not any(figure["value"] for figure in figures)


def _line(figures: Sequence[Point]) -> Line:
    """One series, oldest figure first."""
    newest = figures[-1]
    out = [figure["state"] in _OUT for figure in figures]
    title = " ".join(filter(None, (newest["item"], newest["code"], MEASURES[newest["measure"]].title)))
    picture = small_line([figure["value"] for figure in figures], out)
    return Line(title, _value(newest), _expected(newest), "out" if out[-1] else newest["state"], picture)


def _value(point: Point) -> str:
    kind, value = MEASURES[point["measure"]].kind, point["value"]
    if kind == "share":
        return percent(point)
    if value is None or point["about"]:
        return FEW
    return f"{value:,.0f}" if kind == "count" or point["measure"] == "quiet" else f"{value:.2f}"


def _expected(point: Point) -> str:
    measure = MEASURES[point["measure"]]
    if point["high"] is None or point["measure"] == "new_code":
        return "no history yet" if point["measure"] != "new_code" else "none"
    if measure.kind == "count":
        return f"{5 * round(point['low'] / 5):,} to {5 * round(point['high'] / 5):,}"
    if measure.kind == "share":
        return f"at least {point['low']:.1%}" if measure.low else f"at most {point['high']:.1%}"
    return f"at most {point['high']:.0f}" if point["measure"] == "quiet" else f"at most {point['high']:.2f}"


def _sentence(finding: Finding) -> str:
    """What a finding says, with a capital letter unless it begins with a name."""
    is_name = finding.item and finding.says.startswith(finding.item)
    return finding.says if is_name else finding.says[0].upper() + finding.says[1:]


def _anchor(supplier: str, table: str) -> str:
    return f"{supplier}-{table}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
