"""The pictures of delivery quality as SVG, without a browser or a network. Only released figures get here.

Findings and the rows of each supplier are drawn by Altair. The hundreds of small lines beside the tables are
drawn here, in one pass: Altair and its renderer take 10 ms for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from outcome_linkage.delivery_quality.judge import SHOWN
from outcome_linkage.linkage_quality.plots import BLUE, GREY, RED, svg

_WIDE, _HIGH = 132, 22
_OUT = ("low", "high")


def course(series: pl.DataFrame, form: str) -> str:
    """One series over time: its figures, those out of bounds in red, and the band of what was expected."""
    alt = _altair()
    known = series.filter(pl.col("value").is_not_null()).sort("at")
    if known.height < 2:
        return ""
    values = [
        {
            "at": str(row["at"]),
            "value": row["value"],
            "low": row["low"] or 0.0,
            "high": row["high"],
            "expected": row["high"] is not None,
            "out": row["state"] in _OUT,
        }
        for row in known.iter_rows(named=True)
    ]
    base = alt.Chart(alt.Data(values=values)).encode(x=_time())
    axis = alt.Axis(tickCount=3, format=form, grid=False, minExtent=34)
    y = alt.Y("value:Q", title=None, axis=axis)
    band = base.transform_filter("datum.expected").mark_area(color=GREY, opacity=0.22)
    dots = base.mark_point(filled=True, opacity=1).encode(
        y=y,
        color=alt.condition("datum.out", alt.value(RED), alt.value(BLUE)),
        size=alt.condition("datum.out", alt.value(90), alt.value(22)),
    )
    layers = [
        band.encode(y=alt.Y("low:Q", title=None, axis=axis), y2="high:Q"),
        base.mark_line(color=BLUE, strokeWidth=1.5).encode(y=y),
        dots,
    ]
    return svg(alt.layer(*layers).properties(width=330, height=76))


def rows_by_supplier(points: pl.DataFrame) -> str:
    """Rows that each supplier delivered by month, in all tables whose rows have a day."""
    alt = _altair()
    rows = points.filter(pl.col("measure") == "rows", pl.col("by") == "month")
    first = pl.col("at").max().over("supplier").dt.offset_by(f"-{SHOWN - 1}mo")
    rows = rows.filter(pl.col("at") >= first)  # before it, tables that end earlier stand alone
    months = rows.group_by("supplier", "at").agg(pl.col("value").sum()).sort("supplier", "at")
    if not months.height:
        return ""
    values = [{"supplier": s.replace("_", " "), "at": str(at), "rows": n} for s, at, n in months.iter_rows()]
    base = alt.Chart(alt.Data(values=values)).mark_line(color=BLUE, strokeWidth=2)
    panels = base.encode(x=_time(), y=alt.Y("rows:Q", title=None, axis=alt.Axis(tickCount=3, format="~s")))
    facet = alt.Facet("supplier:N", title=None, header=alt.Header(labelAnchor="start"))
    return svg(panels.properties(width=220, height=80).facet(facet, columns=3).resolve_scale(y="independent"))


def _altair() -> Any:
    """Imported only when something is drawn: it takes a while."""
    import altair

    return altair


def _time() -> Any:
    alt = _altair()
    ticks = {"interval": "month", "step": 6}
    return alt.X("at:T", title=None, axis=alt.Axis(format="%b %y", tickCount=ticks, grid=False))


def small_line(values: Sequence[float | None], is_out: Sequence[bool]) -> str:
    """A line in a cell of a table, oldest first; a dot is out of bounds, a gap not known."""
    known = [value for value in values if value is not None]
    if len(known) < 2 or max(known) == min(known):
        return ""
    low, reach = min(known), max(known) - min(known)
    step = (_WIDE - 6) / max(len(values) - 1, 1)
    places = [
        None
        if value is None
        else (round(3 + at * step, 1), round(_HIGH - 3 - (value - low) / reach * (_HIGH - 6), 1))
        for at, value in enumerate(values)
    ]
    path, pen = [], "M"
    for place in places:
        path.append(f"{pen}{place[0]} {place[1]}" if place else "")
        pen = "L" if place else "M"
    dots = "".join(
        f'<circle cx="{place[0]}" cy="{place[1]}" r="3" fill="{RED}"/>'
        for place, out in zip(places, is_out, strict=True)
        if place and out
    )
    line = f'<path d="{"".join(path)}" fill="none" stroke="{BLUE}" stroke-width="1.3"/>'
    return f'<svg width="{_WIDE}" height="{_HIGH}" role="img" aria-hidden="true">{line}{dots}</svg>'
