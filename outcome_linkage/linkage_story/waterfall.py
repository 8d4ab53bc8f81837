"""The picture of one match weight: from the prior, comparison by comparison, to the total.

SVG, made without a network. Bars to the right speak for one person, bars to the left against it; what is
missing speaks neither way.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from outcome_linkage.linkage.comparisons import MISSING
from outcome_linkage.linkage.residual import THRESHOLDS
from outcome_linkage.linkage_story.story import Step, Waterfall

Row = dict[str, Any]
FOR, AGAINST, UNKNOWN, PRIOR, TOTAL = "#1f5f99", "#b3261e", "#8a8f98", "#c3c8cf", "#1b1f24"
_FONT = "Helvetica, Arial, sans-serif"
_WIDTH, _ROW, _HEAD, _NAME, _LEVEL = 470, 23, 30, -306, -208
# A value whose frequency changes the weight by this much is called rare or common.
_NOTABLE_RARITY = 1.0


def level_words(step: Step) -> str:
    """The level of a step, and whether the value is a rare or a common one."""
    if step.rarity >= _NOTABLE_RARITY:
        return f"{step.level}, and rare"
    return f"{step.level}, but common" if step.rarity <= -_NOTABLE_RARITY else step.level


def reach(waterfalls: Iterable[Waterfall]) -> tuple[float, float]:
    """The least and the greatest weight on the way of any, so that their pictures share one axis."""
    met = [0.0, *THRESHOLDS.values()]
    for waterfall in waterfalls:
        met += [end for row in rows_of(waterfall) for end in (row["start"], row["end"])]
    return min(met), max(met)


def rows_of(waterfall: Waterfall) -> list[Row]:
    """A row for each bar: name, level, start, end, bits, kind (prior, for, against, missing, total)."""
    odds = 2.0**-waterfall.prior
    rows = [_row("to begin with", f"1 in {odds:,.0f} pairs", 0.0, waterfall.prior, "prior")]
    at = waterfall.prior
    for step in waterfall.steps:
        kind = "missing" if step.level == MISSING else "for" if step.bits >= 0 else "against"
        rows.append(_row(step.comparison, level_words(step), at, at + step.bits, kind))
        at += step.bits
    return [*rows, _row("together", odds_words(waterfall), 0.0, waterfall.total, "total")]


def odds_words(waterfall: Waterfall) -> str:
    """The total as odds, which stay readable where a probability is all nines."""
    odds = 2.0 ** abs(waterfall.total)
    many = f"{odds:,.0f}" if odds < 1e6 else "over a million"
    return f"{many} to 1 {'for' if waterfall.total >= 0 else 'against'}"


def picture(waterfall: Waterfall, between: tuple[float, float]) -> str:
    """The waterfall as SVG text, on an axis that shows the weights `between`."""
    import altair as alt
    import vl_convert

    rows = rows_of(waterfall)
    margin = (between[1] - between[0]) * 0.09 + 1
    x = alt.Scale(domain=[between[0] - margin, between[1] + margin], nice=False)
    y = alt.Scale(domain=[-_HEAD / _ROW, len(rows)], reverse=True, nice=False)
    placed = [row | {"top": n + 0.16, "low": n + 0.84, "y": n + 0.5} for n, row in enumerate(rows)]
    tick = (between[1] - between[0]) * 0.004  # what is missing has no length, and is seen all the same
    layers = [
        *_thresholds(x, y, len(rows)),
        _joints(placed, x, y),
        _bars(placed, x, y, tick),
        *_words(placed, x, y),
    ]
    chart = alt.layer(*layers).properties(
        width=_WIDTH,
        height=_ROW * len(rows) + _HEAD,
        padding={"left": -_NAME + 6, "right": 12, "top": 4, "bottom": 38},
        autosize=alt.AutoSizeParams(type="none"),
    )
    configured = chart.configure(font=_FONT, background="transparent").configure_view(stroke=None)
    return str(vl_convert.vegalite_to_svg(configured.to_dict(validate=False)))


def _row(name: str, level: str, start: float, end: float, kind: str) -> Row:
    return {"name": name, "level": level, "start": start, "end": end, "bits": end - start, "kind": kind}


def _chart(rows: list[Row]) -> Any:
    import altair as alt

    return alt.Chart(alt.InlineData(values=rows))


def _bars(rows: list[Row], x: Any, y: Any, tick: float) -> Any:
    import altair as alt

    drawn = [
        row | {"start": row["start"] - tick, "end": row["end"] + tick} if row["kind"] == "missing" else row
        for row in rows
    ]
    colours = {"prior": PRIOR, "for": FOR, "against": AGAINST, "missing": UNKNOWN, "total": TOTAL}
    return (
        _chart(drawn)
        .mark_rect(cornerRadius=1.5)
        .encode(
            x=_weight("start", x),
            x2="end:Q",
            y=alt.Y("top:Q", scale=y, axis=None),
            y2="low:Q",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=None,
            ),
        )
    )


def _joints(rows: list[Row], x: Any, y: Any) -> Any:
    """Thin lines from the end of each bar down to the next one."""
    import altair as alt

    joints: list[Row] = [
        {"x": row["end"], "top": row["low"], "low": after["top"]} for row, after in pairwise(rows)
    ]
    return (
        _chart(joints)
        .mark_rule(color=UNKNOWN, strokeWidth=1)
        .encode(x=_weight("x", x), y=alt.Y("top:Q", scale=y, axis=None), y2="low:Q")
    )


def _thresholds(x: Any, y: Any, rows: int) -> list[Any]:
    """Dashed lines where a link becomes broad, main and strict, named above the bars."""
    import altair as alt

    layers = []
    sides = {"broad": ("right", 3, -4), "main": ("center", 1, 0), "strict": ("left", 3, 4)}
    for level, at in THRESHOLDS.items():
        align, line, shift = sides[level]
        base = _chart([{"x": at, "top": 0.0, "low": rows, "y": -_HEAD / _ROW * line / 4}]).encode(
            x=_weight("x", x)
        )
        layers.append(
            base.mark_rule(color=TOTAL, strokeDash=[3, 3], strokeWidth=0.8, opacity=0.7).encode(
                y=alt.Y("top:Q", scale=y, axis=None), y2="low:Q"
            )
        )
        layers.append(
            base.mark_text(align=align, dx=shift, fontSize=10, color="#5b636d").encode(
                y=alt.Y("y:Q", scale=y, axis=None), text=alt.value(f"{level} {at:g}")
            )
        )
    return layers


def _words(rows: list[Row], x: Any, y: Any) -> list[Any]:
    """Names and levels to the left of the plot, and beside each bar what it adds."""
    import altair as alt

    base = _chart([row | _beside(row) for row in rows]).encode(
        y=alt.Y("y:Q", scale=y, axis=None),
        color=alt.Color("ink:N", scale=None),
    )
    named = [
        base.mark_text(align="left", fontSize=12, fontWeight=weight, limit=room).encode(
            x=alt.value(at), text=f"{field}:N"
        )
        for field, at, weight, room in (
            ("name", _NAME, "bold", _LEVEL - _NAME - 6),
            ("level", _LEVEL, "normal", -_LEVEL),
        )
    ]
    told = [
        base.transform_filter(f"datum.side == '{align}'")
        .mark_text(align=align, dx=shift, fontSize=11, fontWeight="bold", **halo)
        .encode(x=_weight("end", x), text="told:N")
        for align, shift in (("left", 6), ("right", -6))
        for halo in ({"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}, {})
    ]
    return [*named, *told]


def _beside(row: Row) -> Row:
    ink = UNKNOWN if row["kind"] == "missing" else TOTAL
    told = f"{row['end']:.1f}" if row["kind"] in ("prior", "total") else f"{row['bits']:+.1f}"
    told = "missing" if row["kind"] == "missing" else told.replace("-", "\u2212")
    return {"told": told, "side": "left" if row["bits"] >= 0 else "right", "ink": ink}


def _weight(field: str, scale: Any) -> Any:
    import altair as alt

    axis = alt.Axis(title="match weight in bits", grid=True, gridColor="#eceef1", tickCount=8, domain=False)
    return alt.X(f"{field}:Q", scale=scale, axis=axis)
