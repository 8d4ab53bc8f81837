"""Half-days that pupils missed in a term, by attendance code. Those present are what is left of the possible
ones.

Illness and absence without leave differ between pupils; the latter rises with adversity in the family and
falls with the training of the school (see `planted`). Rates are invented, near those published for England.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.planted import planted
from outcome_linkage.synthetic.rollout import school_trained

# Code: share of possible half-days in primary and secondary school.
_AUTHORISED: Final = {"I": (0.033, 0.036), "M": (0.005, 0.006), "C": (0.003, 0.003)}
_UNAUTHORISED: Final = {"O": (0.007, 0.026), "G": (0.006, 0.002), "U": (0.002, 0.004), "N": (0.0005, 0.001)}
_SPREAD: Final = {"authorised": 2.0, "unauthorised": 0.45}  # shape of the gamma that pupils differ by
_FAMILY: Final = ("domestic_abuse", "neglect", "parental_substance_misuse", "parental_mental_illness")
_SUSPENDED: Final = "E"


def absences(lives: Lives, census: pl.DataFrame, excluded: pl.DataFrame) -> pl.DataFrame:
    """The rows of the census with a code and the half-days missed under it; none where there were none.

    `excluded`: who, day, sessions of each exclusion.
    """
    random = lives.block.random("attendance")
    size = lives.people.height
    frailty = {name: random.gamma(shape, 1 / shape, size) for name, shape in _SPREAD.items()}
    who, possible = census["who"].to_numpy(), census["possible"].to_numpy()
    harder = _harder(lives, census)
    phase = census["phase"].to_numpy()
    parts = []
    for kind, table in (("authorised", _AUTHORISED), ("unauthorised", _UNAUTHORISED)):
        for code, rates in table.items():
            rate = np.array(rates)[phase] * frailty[kind][who] * (harder if kind == "unauthorised" else 1.0)
            missed = np.minimum(random.poisson(possible * rate), possible)
            parts.append(census.with_columns(code=pl.lit(code), sessions=pl.Series(missed)))
    rows = pl.concat([*parts, _suspended(census, excluded)])
    return rows.filter(pl.col("sessions") > 0).sort("who", "census", "school_id", "roll", "code")


def _harder(lives: Lives, census: pl.DataFrame) -> np.ndarray:
    """What each pupil's family and school do to the rate of absence without leave, at the start of the
    term."""
    who, start = census["who"].to_numpy(), census["start"].to_numpy()
    troubled = np.any([lives.onset[name][who] < start for name in _FAMILY], axis=0)
    trained = school_trained(census["school_id"]) < start
    worse = planted("adversity in the family", "unauthorised absence")
    better = planted("training of the school", "unauthorised absence")
    return np.where(troubled, worse, 1.0) * np.where(trained, better, 1.0)


def _suspended(census: pl.DataFrame, excluded: pl.DataFrame) -> pl.DataFrame:
    """Half-days under suspension in the term in which it began."""
    out = excluded.filter(pl.col("category") != "PERM").select("who", "day", out="sessions")
    rows = census.join(out, on="who", maintain_order="left").filter(
        pl.col("day").is_between("start", "end") & pl.col("day").is_between("entry", "leaving")
    )
    sums = rows.group_by(census.columns, maintain_order=True).agg(pl.col("out").sum())
    return sums.select(
        *census.columns, code=pl.lit(_SUSPENDED), sessions=pl.min_horizontal("out", "possible")
    )
