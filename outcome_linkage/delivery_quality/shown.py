"""Judged figures as they may be shown: small counts hidden, others rounded, shares of what is shown.

As on the page of linkage quality, of `n` out of `of` the smaller part is released. Where that is 1 to 7,
plots show what 4 would give, and words say no more than "1 to 7". Bounds come from many figures and are
shown rounded.
"""

from __future__ import annotations

import polars as pl

from outcome_linkage.delivery_quality.judge import MEASURES, with_lag
from outcome_linkage.release.disclosure import release_counts
from outcome_linkage.release.profiles import NHS_HES

FEW = f"{NHS_HES.hide_from} to {NHS_HES.hide_to}"
_PLACE = ("supplier", "table", "by", "lag")
_MIDDLE = (NHS_HES.hide_from + NHS_HES.hide_to) / 2


def shown(points: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The points with `at`, `period`, `number` and `name` of their place, and what may be said of them.

    `value` is the released figure in its unit (null: nothing may be said). `about`: 1 to 7 are behind it, or
    missing from it where it `is_rest`, and it is what 4 would give. `is_news`: of the last year of the newest
    delivery of its table. True counts are left out.
    """
    placed = points.join(_places(history), on=_PLACE, how="left", maintain_order="left")
    parts = placed.with_columns(
        _n=pl.when(_is("share")).then(pl.min_horizontal("n", pl.col("of") - pl.col("n"))).otherwise("n"),
    ).with_columns(
        _n=pl.when(_is("plain")).then(0.0).otherwise("_n").cast(pl.Int64), of=pl.col("of").cast(pl.Int64)
    )
    released = release_counts(release_counts(parts, "_n"), "of")
    few = pl.col("_n_hidden")
    part = pl.when(few).then(_MIDDLE).otherwise("_n")
    share = (part / pl.col("of")).clip(0.0, 1.0)
    is_rest = pl.col("n") * 2 > parts["of"]
    value = (
        pl.when(_is("share"))
        .then(pl.when(is_rest).then(1 - share).otherwise(share))
        .when(_is("count"))
        .then(part)
        .otherwise(pl.col("n").round(2))
    )
    unknown = ~_is("count") & (pl.col("of_hidden") | (pl.col("of") == 0))
    return released.with_columns(
        value=pl.when(~unknown).then(value), about=few, is_rest=is_rest & _is("share"), is_news=_is_news()
    ).drop("n", "_n", "_n_hidden", "of_hidden")


def _is(kind: str) -> pl.Expr:
    return pl.col("measure").is_in([name for name, measure in MEASURES.items() if measure.kind == kind])


def _places(history: pl.DataFrame) -> pl.DataFrame:
    """What stands at each lag of a table, and the newest delivery of the table."""
    sent = pl.concat_str("period", "number", separator="/")
    placed = with_lag(history).with_columns(_newest=sent.max().over("supplier", "table") == sent)
    return placed.select(*_PLACE, "at", "name", "period", "number", "_newest").unique(
        _PLACE, maintain_order=True
    )


def _is_news() -> pl.Expr:
    """Of the last year of what was delivered last; a delivery as a whole is news while it is the last one."""
    return pl.col("_newest") & (pl.col("lag") < pl.when(pl.col("by") == "month").then(12).otherwise(1))
