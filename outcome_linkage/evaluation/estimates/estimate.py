"""What an estimate is asked of, and what it says: one row of `ev_estimates`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

import polars as pl

from outcome_linkage.errors import InputRefused

Scale = Literal["rd", "rr", "irr", "rmst_diff", "mean_diff", "mean_diff_gbp"]
RATIOS: tuple[Scale, ...] = ("rr", "irr")
"""Scales on which no effect is 1, and standard errors are of the logarithm."""


class CannotEstimate(InputRefused):
    """What was handed in does not allow the estimate; the message says why and quotes nobody."""


@dataclass(frozen=True)
class Asked:
    """One question: arm `a` against arm `b` for one outcome.

    `confidence` is the coverage of intervals, `draws` and `seed` those of every bootstrap or permutation.
    """

    outcome: str
    a: str
    b: str
    role: str = "primary"
    subgroup: str = "all"
    sensitivity_id: str = "main"
    estimand: Literal["att", "ate", "itt", "descriptive"] = "ate"
    confidence: float = 0.95
    draws: int = 200
    seed: int = 1
    unblinded: bool = False

    @property
    def contrast(self) -> str:
        """How the contrast is named in tables."""
        return f"{self.a} - {self.b}"


@dataclass(frozen=True)
class Estimate:
    """One row of `ev_estimates`.

    `est`, `lo`, `hi` are on the scale; `se` is of the estimate, or of its logarithm for ratios; `p` is
    two-sided. Figures are null where `reason` says why nothing could be estimated; elsewhere `reason` is
    null or a remark.
    """

    outcome: str
    role: str
    contrast: str
    subgroup: str
    sensitivity_id: str
    method: str
    estimand: str
    scale: Scale
    n_a: int | None = None
    n_b: int | None = None
    events_a: int | None = None
    events_b: int | None = None
    pdays_a: int | None = None
    pdays_b: int | None = None
    est: float | None = None
    lo: float | None = None
    hi: float | None = None
    se: float | None = None
    p: float | None = None
    e_value: float | None = None
    unblinded: bool = False
    reason: str | None = None


_TYPES: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("n_a", "n_b", "events_a", "events_b", "pdays_a", "pdays_b"), pl.Int64),
    **dict.fromkeys(("est", "lo", "hi", "se", "p", "e_value"), pl.Float64),
    "unblinded": pl.Boolean,
}
SCHEMA = {field.name: _TYPES.get(field.name, pl.String) for field in fields(Estimate)}
"""Columns and types of `ev_estimates`, without those that every table has."""


def blank(asked: Asked, method: str, scale: Scale) -> Estimate:
    """An estimate without figures."""
    return Estimate(
        outcome=asked.outcome,
        role=asked.role,
        contrast=asked.contrast,
        subgroup=asked.subgroup,
        sensitivity_id=asked.sensitivity_id,
        method=method,
        estimand=asked.estimand,
        scale=scale,
        unblinded=asked.unblinded,
    )


def refused(asked: Asked, method: str, scale: Scale, why: Exception | str, **counts: Any) -> Estimate:
    """An estimate that could not be made, and why."""
    return replace(blank(asked, method, scale), reason=str(why), **counts)


def as_frame(estimates: Iterable[Estimate]) -> pl.DataFrame:
    """The rows of `ev_estimates`, in the order given."""
    return pl.DataFrame([asdict(estimate) for estimate in estimates], schema=SCHEMA)
