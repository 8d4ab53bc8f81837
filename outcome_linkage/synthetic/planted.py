"""What services and training do in the invented region: the effects that an evaluation should recover.

Data only; written to `truth/planted_effects.csv`. A `rate_ratio` multiplies the rate of the outcome from the
day after the cause; `points` are added to a score; a `share` is how often one thing goes with another. All
invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True)
class Planted:
    """An effect of `cause` on `outcome`, seen in `table`."""

    cause: str
    outcome: str
    table: str
    measure: Literal["rate_ratio", "points", "share"]
    size: float


PLANTED: Final[tuple[Planted, ...]] = (
    Planted(
        "training of the ward",
        "incident with restraint",
        "mhsds_restrictive_interventions",
        "rate_ratio",
        0.65,
    ),
    Planted("training of the school", "unauthorised absence", "school_sessions", "rate_ratio", 0.85),
    Planted("adversity in the family", "unauthorised absence", "school_sessions", "rate_ratio", 1.5),
    Planted("therapeutic_support", "total difficulties (SDQ)", "measure_scores", "points", -4.0),
    Planted("multiple_disadvantage", "arrest into custody", "police_custody_arrests", "rate_ratio", 0.6),
    Planted("multiple_disadvantage", "homelessness case", "hclic_cases", "rate_ratio", 0.5),
    Planted("violence recorded by the police", "emergency attendance", "ecds_attendances", "share", 0.35),
)


def planted(cause: str, outcome: str) -> float:
    """The size of one effect."""
    return next(effect.size for effect in PLANTED if (effect.cause, effect.outcome) == (cause, outcome))
