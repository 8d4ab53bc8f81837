"""Pictures of a report with time along them: rates over the calendar, effects by periods from a start."""

from __future__ import annotations

from collections.abc import Sequence

from outcome_linkage.evaluation.report.pictures import GREY, OF_ARMS, WIDE, Row, altair, legend
from outcome_linkage.linkage_quality.plots import svg


def course(rows: Sequence[Row], starts: Sequence[str]) -> str:
    """Rates over calendar time, one line for each group: rows of at, group, rate; a rule at each start."""
    alt = altair()
    if not rows:
        return ""
    base = alt.Chart(alt.Data(values=list(rows))).mark_line(point=True, strokeWidth=1.5)
    lines = base.encode(
        x=alt.X(
            "at:T",
            title=None,
            axis=alt.Axis(format="%b %Y", grid=False, labelOverlap="greedy", labelSeparation=12),
        ),
        y=alt.Y("rate:Q", title=None),
        color=alt.Color("group:N", title=None, scale=alt.Scale(range=list(OF_ARMS)), legend=legend()),
    )
    began = alt.Chart(alt.Data(values=[{"at": start} for start in starts]))
    rules = began.mark_rule(strokeDash=[4, 3], color=GREY).encode(x="at:T")
    return svg(alt.layer(rules, lines).properties(width=WIDE + 160, height=240))


def from_start(rows: Sequence[Row], along: str, upward: str, colour: str) -> str:
    """Effects with intervals by periods from the start: rows of gap, est, lo, hi; a rule at no effect, and
    one before period 0.
    """
    alt = altair()
    if not rows:
        return ""
    gaps = [row["gap"] for row in rows]
    scale = alt.Scale(domain=[min(gaps) - 0.5, max(gaps) + 0.5], nice=False)
    axis = alt.Axis(format="+d", tickMinStep=1, grid=False)
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X("gap:Q", title=along, axis=axis, scale=scale)
    )
    rules = [
        alt.Chart(alt.Data(values=[{"at": at}]))
        .mark_rule(color=GREY, strokeDash=[4, 3])
        .encode(**{side: "at:Q"})
        for side, at in (("y", 0.0), ("x", -0.5))
    ]
    reach = base.mark_rule(color=colour, strokeWidth=2).encode(y=alt.Y("lo:Q", title=upward), y2="hi:Q")
    points = base.mark_point(color=colour, filled=True, size=70, opacity=1).encode(y=alt.Y("est:Q"))
    return svg(alt.layer(*rules, reach, points).properties(width=WIDE + 100, height=260))
