"""The pictures of the quality pack as SVG, without a browser or a network. Only released figures get here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from outcome_linkage.linkage_quality.figures import ALL
from outcome_linkage.linkage_quality.inputs import TOKENS
from outcome_linkage.linkage_quality.people import CHARACTERISTICS, SUPPLIER_PAIR, in_order
from outcome_linkage.linkage_quality.released import Shown
from outcome_linkage.linkage_quality.unlinked import NOTABLE, Difference

Row = dict[str, Any]
BLUE, RED, GREY = "#1f5f99", "#b3261e", "#8a8f98"
_FONT = "Helvetica, Arial, sans-serif"


def by_group(shown: Sequence[Shown], measure: str, title: str, bar: float | None = None) -> str:
    """Shares with intervals: one line per group, a panel per characteristic, everybody as a grey rule."""
    kinds = {SUPPLIER_PAIR: "Suppliers"} | CHARACTERISTICS
    panels = {name: _rows_of(shown, measure, by) for by, name in kinds.items()}
    panels = {name: rows for name, rows in panels.items() if rows}
    if not panels:
        return ""
    alt = _altair()
    overall = next((f.share for f in shown if _is(f, measure, ALL) and f.item == ALL), None)
    scale = alt.Scale(domain=[_floor(rows for rows in panels.values()), 1.0], nice=False, clamp=True)
    charts = [
        _panel(rows, name, scale, [overall, bar], is_last=place == len(panels) - 1)
        for place, (name, rows) in enumerate(panels.items())
    ]
    return svg(alt.vconcat(*charts, spacing=8).properties(title=title))


def _rows_of(shown: Sequence[Shown], measure: str, by: str) -> list[Row]:
    found = {f.group: f for f in shown if _is(f, measure, by) and f.item == ALL and f.share is not None}
    return [_interval(found[group]) for group in in_order(found)]


def _panel(rows: list[Row], title: str, scale: Any, rules: Sequence[float | None], is_last: bool) -> Any:
    alt = _altair()
    base = alt.Chart(alt.Data(values=rows)).encode(y=_names())
    axis = alt.Axis(format=".0%", tickCount=5, labels=is_last, ticks=is_last, domain=is_last)
    x = alt.X("share:Q", title=None, scale=scale, axis=axis)
    layers = [
        *_rules(rules, [GREY, RED], scale),
        base.mark_rule(color=BLUE, strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q"),
        base.mark_point(color=BLUE, filled=True, size=60, opacity=1).encode(x=x),
    ]
    return alt.layer(*layers).properties(width=260, height=17 * len(rows) + 4, title=title)


def planted(shown: Sequence[Shown]) -> str:
    """Share of planted records that were linked: copies, which should be, and traps, which should not."""
    alt = _altair()
    kinds = {"planted_found": ("Copies found", BLUE), "trap_linked": ("Other people linked by mistake", RED)}
    panels = []
    for measure, (name, colour) in kinds.items():
        rows = [_interval(f) | {"group": f.item} for f in shown if _is(f, measure, ALL) and f.item != ALL]
        rows = [row for row in rows if row["share"] is not None]
        if not rows:
            continue
        base = alt.Chart(alt.Data(values=rows)).encode(y=_names())
        axis = alt.Axis(format=".0%", tickCount=5)
        bars = base.mark_bar(color=colour, opacity=0.35).encode(
            x=alt.X("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=axis)
        )
        reach = base.mark_rule(color=colour, strokeWidth=2).encode(x="low:Q", x2="high:Q")
        panels.append((bars + reach).properties(width=260, height=17 * len(rows) + 4, title=name))
    return svg(alt.vconcat(*panels, spacing=10)) if panels else ""


def passes(shown: Sequence[Shown]) -> str:
    """Records by the pass that linked them, the commonest first."""
    alt = _altair()
    rows: list[Row] = [
        {"pass": f.group, "records": f.n}
        for f in shown
        if f.measure == "links" and f.by == "pass" and f.n and f.group != "none"
    ]
    if not rows:
        return ""
    chart = alt.Chart(alt.Data(values=rows)).mark_bar(color=BLUE)
    return svg(
        chart.encode(
            x=alt.X(
                "records:Q",
                title="records",
                scale=alt.Scale(type="symlog", constant=20),
                axis=alt.Axis(values=[0, 10, 100, 1_000, 10_000, 100_000, 1_000_000], format=","),
            ),
            y=alt.Y("pass:N", title=None, sort="-x", axis=_label_axis()),
        ).properties(width=260, height=17 * len(rows))
    )


def completeness(shown: Sequence[Shown]) -> str:
    """Share of rows that hold a token: suppliers across, tokens down."""
    rows: list[Row] = [
        {"token": _token(f.item), "supplier": _plain(f.group), "share": f.share}
        for f in shown
        if f.measure == "complete" and f.share is not None
    ]
    order = [_token(name) for name in ("birth_month", "la_code", *TOKENS)]
    return _heatmap(rows, "supplier", "token", order)


def overlap(shown: Sequence[Shown], tokens: Iterable[str]) -> str:
    """Share of distinct values of the supplier in the row that the supplier in the column has too."""
    wanted = set(tokens)
    best: dict[tuple[str, str], float] = {}
    for f in shown:
        if f.measure == "overlap" and f.item in wanted and f.share is not None:
            of, within = f.group.split(" in ")
            best[of, within] = max(best.get((of, within), 0.0), f.share)
    rows: list[Row] = [
        {"of": _plain(of), "in": _plain(within), "share": share} for (of, within), share in best.items()
    ]
    return _heatmap(rows, "in", "of", sorted({row["of"] for row in rows}))


def standardised(unlike: Sequence[Difference], most: int = 20) -> str:
    """The greatest standardised differences of linked and unlinked records."""
    alt = _altair()
    greatest = sorted(unlike, key=lambda d: (-abs(d.standardised), d))[:most]
    rows: list[Row] = [
        {
            "group": f"{_plain(d.supplier)} to {_plain(d.other)}: {_name(d.by)} {d.group}",
            "d": d.standardised,
            "colour": RED if abs(d.standardised) > NOTABLE else BLUE,
        }
        for d in greatest
    ]
    if not rows:
        return ""
    dots = alt.Chart(alt.Data(values=rows)).mark_point(filled=True, size=60, opacity=1)
    dots = dots.encode(
        x=alt.X("d:Q", title="standardised difference (linked less unlinked)"),
        y=_names(440),
        color=alt.Color("colour:N", scale=None),
    )
    layers = [*_rules([-NOTABLE, 0.0, NOTABLE], [GREY] * 3, alt.Undefined), dots]
    return svg(alt.layer(*layers).properties(width=380, height=17 * len(rows)))


def trend(runs: Sequence[Row]) -> str:
    """Precision and recall by linkage run: rows of run, measure, share, low, high."""
    alt = _altair()
    rows = [row for row in runs if row["share"] is not None]
    if not rows:
        return ""
    lowest = min(row["low"] for row in rows)
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("run:O", title="linkage run", axis=alt.Axis(labelAngle=0)),
        color=alt.Color(
            "measure:N", title=None, scale=alt.Scale(range=[BLUE, RED, GREY]), legend=alt.Legend(orient="top")
        ),
    )
    scale = alt.Scale(domain=[max(0.0, lowest - 0.02), 1.0], nice=False)
    y = alt.Y("share:Q", title=None, scale=scale, axis=alt.Axis(format=".0%", tickCount=6))
    lines = base.mark_line(point=True).encode(y=y)
    reach = base.mark_rule(opacity=0.5).encode(y=alt.Y("low:Q", scale=scale), y2="high:Q")
    return svg((lines + reach).properties(width=420, height=190))


def _heatmap(rows: list[Row], across: str, down: str, order: Sequence[str]) -> str:
    alt = _altair()
    if not rows:
        return ""
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(f"{across}:N", title=None, axis=alt.Axis(labelAngle=-25, orient="top", labelLimit=200)),
        y=alt.Y(f"{down}:N", title=None, sort=list(order), axis=alt.Axis(labelLimit=220)),
    )
    colour = alt.Color("share:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    text = base.mark_text(fontSize=10).encode(
        text=alt.Text("share:Q", format=".0%"),
        color=alt.condition("datum.share > 0.6", alt.value("white"), alt.value("#222")),
    )
    height = 17 * len({row[down] for row in rows})
    width = 74 * len({row[across] for row in rows})
    return svg((base.mark_rect().encode(color=colour) + text).properties(width=width, height=height))


def _interval(figure: Shown) -> Row:
    return {
        "group": _plain(figure.group),
        "share": figure.share,
        "low": figure.low,
        "high": figure.high,
    }


def _is(figure: Shown, measure: str, by: str) -> bool:
    return figure.measure == measure and figure.by == by


def _floor(panels: Iterable[list[Row]]) -> float:
    """Where the axis of shares starts: half, or so far above it that every interval still fits."""
    lows = [row["low"] for rows in panels for row in rows if row["low"] is not None]
    return max(0.5, min([0.9, *(low - 0.02 for low in lows)]))


def _names(room: int = 240) -> Any:
    """The axis of groups, in the order of the rows, with the same room for names in every panel."""
    alt = _altair()
    return alt.Y("group:N", title=None, sort=None, axis=_label_axis(room))


def _label_axis(room: int = 240) -> Any:
    alt = _altair()
    return alt.Axis(labelLimit=room, minExtent=room, maxExtent=room, ticks=False, domain=False)


def _name(by: str) -> str:
    return CHARACTERISTICS.get(by, by).split(" (")[0].lower()


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _token(name: str) -> str:
    return _plain(name.removeprefix("tok_"))


def _rules(at: Sequence[float | None], colours: Sequence[str], scale: Any) -> list[Any]:
    alt = _altair()
    return [
        alt.Chart(alt.Data(values=[{"at": value}]))
        .mark_rule(color=colour, strokeDash=[4, 3])
        .encode(x=alt.X("at:Q", scale=scale))
        for value, colour in zip(at, colours, strict=False)
        if value is not None
    ]


def _altair() -> Any:
    """Imported only when something is drawn: it takes a while."""
    import altair

    return altair


def svg(chart: Any) -> str:
    """A chart in the house's look, drawn."""
    import vl_convert

    configured = chart.configure(font=_FONT, background="transparent").configure_view(stroke=None)
    specification = configured.configure_title(anchor="start", fontSize=12).to_dict(validate=False)
    return str(vl_convert.vegalite_to_svg(specification))
