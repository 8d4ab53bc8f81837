"""The pictures of a report as SVG, without a browser or a network. Only released figures get here.

Arms keep their colours throughout: those of Okabe and Ito, which people who see few colours can tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from outcome_linkage.linkage_quality.plots import svg

FONT = "Helvetica, Arial, sans-serif"
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
RED, GREY = ORANGE, "#8a8f98"
OF_ARMS = (ORANGE, BLUE, GREEN, PURPLE, "#E69F00", "#56B4E9")
WIDE = 560
"""Pixels."""
Row = Mapping[str, Any]


def love(rows: Sequence[Row], bound: float) -> str:
    """Standardised differences before and after weighting: rows of name, when, d."""
    alt = altair()
    if not rows:
        return ""
    base = alt.Chart(alt.Data(values=list(rows))).encode(y=_names())
    points = base.mark_point(filled=True, size=62, opacity=1).encode(
        x=alt.X("d:Q", title="standardised difference", axis=alt.Axis(tickCount=7)),
        color=alt.Color("when:N", title=None, scale=_pair(), legend=alt.Legend(orient="top")),
        shape=alt.Shape("when:N", scale=alt.Scale(domain=["raw", "weighted"], range=["circle", "diamond"])),
    )
    layers = [*_rules([-bound, 0.0, bound]), points]
    return svg(alt.layer(*layers).properties(width=WIDE, height=_height(rows, "name")))


def _pair() -> Any:
    return altair().Scale(domain=["raw", "weighted"], range=[GREY, BLUE])


def incidence(rows: Sequence[Row], arms: Sequence[str]) -> str:
    """Cumulative incidence by arm: rows of day, arm, est, lo, hi."""
    alt = altair()
    if not rows:
        return ""
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X("day:Q", title="days from day 0", axis=alt.Axis(grid=False)),
        color=alt.Color("arm:N", title=None, scale=of_arms(arms), legend=legend()),
    )
    axis = alt.Axis(format=".0%", tickCount=6)
    scale = alt.Scale(domain=[0, max(0.02, *(row["hi"] for row in rows))])
    band = base.mark_area(opacity=0.15, interpolate="step-after").encode(
        y=alt.Y("lo:Q", title=None, axis=axis, scale=scale), y2="hi:Q"
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2)
    line = line.encode(y=alt.Y("est:Q", axis=axis, scale=scale))
    return svg((band + line).properties(width=WIDE + 160, height=280))


_RATIOS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10, 20)


def forest(rows: Sequence[Row]) -> str:
    """Ratios with intervals on a logarithmic axis: rows of name, est, lo, hi, colour."""
    alt = altair()
    if not rows:
        return ""
    ends = [row[side] for row in rows for side in ("lo", "hi", "est")]
    low, high = max(min(*ends, 0.8), 0.05), min(max(*ends, 1.25), 20)
    scale = alt.Scale(type="log", domain=[low, high], nice=False, clamp=True)
    ticks = [tick for tick in _RATIOS if low <= tick <= high]
    axis = alt.Axis(values=ticks, format="~g", grid=False)
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        y=_names(), color=alt.Color("colour:N", scale=None, legend=None)
    )
    layers = [
        *_rules([1.0]),
        base.mark_rule(strokeWidth=2).encode(x=alt.X("lo:Q", scale=scale, title=None, axis=axis), x2="hi:Q"),
        base.mark_point(filled=True, size=70, opacity=1, shape="square").encode(
            x=alt.X("est:Q", title="ratio (logarithmic axis)", scale=scale, axis=axis)
        ),
    ]
    return svg(alt.layer(*layers).properties(width=WIDE, height=_height(rows, "name")))


def intervals(rows: Sequence[Row], panel: str, order: Sequence[str]) -> str:
    """Shares with intervals, a small picture for each value of `panel`: rows of name, share, low, high.

    Of a row without a share only the interval is drawn.
    """
    alt = altair()
    if not rows:
        return ""
    lowest = min(row["low"] for row in rows)
    scale = alt.Scale(domain=[max(0.0, lowest - 0.02), 1.0], nice=False)
    base = alt.Chart(alt.Data(values=list(rows))).encode(y=_names(230, order))
    axis = alt.Axis(format=".0%", tickCount=4)
    reach = base.mark_rule(color=BLUE, strokeWidth=2).encode(
        x=alt.X("low:Q", title=None, scale=scale, axis=axis), x2="high:Q"
    )
    dots = base.mark_point(color=BLUE, filled=True, size=50, opacity=1).encode(
        x=alt.X("share:Q", title=None, scale=scale, axis=axis)
    )
    facet = alt.Facet(f"{panel}:N", title=None, header=alt.Header(labelAnchor="start", labelFontWeight=600))
    panels = (
        alt.layer(reach, dots).properties(width=240, height=_height(rows, "name")).facet(facet, columns=2)
    )
    return svg(panels)


def bars(rows: Sequence[Row], arms: Sequence[str], across: str, title: str) -> str:
    """Bars of shares side by side for each arm: rows of what `across` names (a number), arm and share."""
    alt = altair()
    if not rows:
        return ""
    chart = alt.Chart(alt.Data(values=list(rows))).mark_bar()
    return svg(
        chart.encode(
            x=alt.X(f"{across}:O", title=title, axis=alt.Axis(labelAngle=0, format="~g")),
            xOffset=alt.XOffset("arm:N", sort=list(arms)),
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=5)),
            color=alt.Color("arm:N", title=None, scale=of_arms(arms), legend=legend()),
        ).properties(width=WIDE, height=170)
    )


def stacked(rows: Sequence[Row], order: Sequence[str]) -> str:
    """Bars from 0 to 100 %: rows of name, part, share."""
    alt = altair()
    if not rows:
        return ""
    ranked = [{**row, "rank": order.index(row["part"])} for row in rows if row["part"] in order]
    chart = alt.Chart(alt.Data(values=ranked)).mark_bar()
    colours = alt.Scale(domain=list(order), range=list(_PARTS[: len(order)]))
    return svg(
        chart.encode(
            x=alt.X(
                "share:Q", title=None, stack="zero", scale=alt.Scale(domain=[0, 1]), axis=_percent_axis()
            ),
            y=_names(),
            color=alt.Color("part:N", title=None, scale=colours, legend=legend()),
            order=alt.Order("rank:Q"),
        ).properties(width=WIDE, height=_height(rows, "name"))
    )


_PARTS = ("#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#CC79A7", "#009E73", "#8a8f98", "#d9dde2")


def tornado(rows: Sequence[Row], middle: float) -> str:
    """How far low and high prices move a figure: rows of name, lo, hi, the furthest first."""
    alt = altair()
    if not rows:
        return ""
    base = alt.Chart(alt.Data(values=list(rows))).encode(y=_names())
    reach = base.mark_bar(color=BLUE, opacity=0.75).encode(
        x=alt.X("lo:Q", title="difference in cost per person, GBP", scale=alt.Scale(zero=False)), x2="hi:Q"
    )
    return svg(alt.layer(reach, *_rules([middle])).properties(width=WIDE, height=_height(rows, "name", 24)))


def calendar(rows: Sequence[Row], months: Sequence[str]) -> str:
    """How much of each month each table covers: rows of name, month, share."""
    alt = altair()
    if not rows:
        return ""
    shown = [month for month in months if month.endswith(("-01", "-04", "-07", "-10"))]
    chart = alt.Chart(alt.Data(values=list(rows))).mark_rect(stroke="white", strokeWidth=0.5)
    colour = alt.Color(
        "share:Q",
        title="covered",
        scale=alt.Scale(scheme="blues", domain=[0, 1]),
        legend=alt.Legend(orient="top", format=".0%", type="symbol", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    return svg(
        chart.encode(
            x=alt.X(
                "month:O",
                title=None,
                sort=list(months),
                axis=alt.Axis(values=shown, labelAngle=-45, ticks=False),
            ),
            y=_names(300),
            color=colour,
        ).properties(width=660, height=_height(rows, "name", 20))
    )


def of_arms(arms: Sequence[str]) -> Any:
    """The colours of the arms."""
    return altair().Scale(domain=list(arms), range=list(OF_ARMS[: len(arms)]))


def legend() -> Any:
    """What the colours stand for, above a picture."""
    return altair().Legend(orient="top", labelLimit=400, columns=4, columnPadding=34, symbolOpacity=1)


def _percent_axis() -> Any:
    return altair().Axis(format=".0%", tickCount=5)


def _names(room: int = 400, order: Sequence[str] | None = None) -> Any:
    alt = altair()
    axis = alt.Axis(labelLimit=room, minExtent=room, maxExtent=room, ticks=False, domain=False)
    return alt.Y("name:N", title=None, sort=None if order is None else list(order), axis=axis)


def _height(rows: Sequence[Row], by: str, each: int = 18) -> int:
    return each * len({row[by] for row in rows}) + 4


def _rules(at: Sequence[float]) -> list[Any]:
    alt = altair()
    return [
        alt.Chart(alt.Data(values=[{"at": value}]))
        .mark_rule(color=GREY, strokeDash=[4, 3])
        .encode(x=alt.X("at:Q"))
        for value in at
    ]


def altair() -> Any:
    """The library that draws, imported only when something is drawn: it takes a while."""
    import altair as library

    return library
