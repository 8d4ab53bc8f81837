"""What causes what in the invented region: the tables of rates, prevalences and planted hazard ratios.

Data only. EFFECTS is the truth that an evaluation should recover; it is written to `truth/effects.csv`. A
ratio multiplies the rate of the outcome's own process from the day after the first event of the adversity.
Levels are rough; none is an estimate for any real place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Adversity:
    """An adversity of childhood. `rate` is first events a year at average deprivation, in a family
    (`family`) or a child aged `ages`; then `repeats` a year for a stretch of mean `years`.
    """

    name: str
    rate: float
    family: bool
    ages: tuple[int, int] = (0, 17)
    repeats: float = 0.0
    years: float = 0.0


ADVERSITIES: Final[tuple[Adversity, ...]] = (
    Adversity("parental_substance_misuse", 0.008, True, repeats=0.6, years=4),
    Adversity("parental_mental_illness", 0.012, True, repeats=0.6, years=4),
    Adversity("domestic_abuse", 0.012, True, repeats=1.6, years=3),
    Adversity("parental_separation", 0.018, True),
    Adversity("neglect", 0.0055, True, repeats=0.9, years=4),
    Adversity("physical_abuse", 0.0045, False, repeats=0.7, years=3),
    Adversity("emotional_abuse", 0.0045, False, repeats=0.7, years=3),
    Adversity("sexual_abuse", 0.0025, False, repeats=0.5, years=2),
    Adversity("exploitation", 0.0020, False, (11, 17), repeats=1.0, years=1.5),
    Adversity("community_violence", 0.0110, False, (8, 17), repeats=0.4, years=3),
)
# By deprivation quintile, 1 most deprived.
DEPRIVATION: Final = (1.9, 1.3, 0.95, 0.7, 0.5)


@dataclass(frozen=True)
class Process:
    """A kind of event that happens to people. `rates` gives (from age, events a year for females, males);
    a rate holds up to the next age. `gradient` is by deprivation quintile; `once` keeps the first event only.
    """

    name: str
    rates: tuple[tuple[int, float, float], ...]
    gradient: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    once: bool = False


_MILD: Final = (1.30, 1.10, 1.00, 0.90, 0.80)
_STEEP: Final = (1.70, 1.25, 0.95, 0.75, 0.60)

DEATH: Final = Process(
    "death",
    (
        (0, 0.0030, 0.0036),
        (1, 0.00014, 0.00017),
        (5, 0.00008, 0.0001),
        (15, 0.0002, 0.0005),
        (25, 0.0004, 0.0008),
        (35, 0.0008, 0.0014),
        (45, 0.0022, 0.0034),
        (55, 0.005, 0.008),
        (65, 0.012, 0.019),
        (75, 0.035, 0.050),
        (85, 0.120, 0.150),
    ),
    _MILD,
    once=True,
)
LOOKED_AFTER: Final = Process(
    "looked_after",
    ((0, 0.0014, 0.0016), (4, 0.0007, 0.0008), (12, 0.0010, 0.0012), (18, 0, 0)),
    _STEEP,
    once=True,
)
OUTCOMES: Final[tuple[Process, ...]] = (
    Process(
        "ed_attendance",
        (
            (0, 0.48, 0.56),
            (5, 0.22, 0.26),
            (15, 0.26, 0.25),
            (35, 0.18, 0.18),
            (65, 0.26, 0.26),
            (80, 0.5, 0.5),
        ),
        _MILD,
    ),
    Process(
        "emergency_admission",
        (
            (0, 0.12, 0.15),
            (2, 0.05, 0.06),
            (10, 0.028, 0.028),
            (18, 0.045, 0.035),
            (50, 0.07, 0.08),
            (70, 0.16, 0.18),
            (85, 0.35, 0.38),
        ),
        _MILD,
    ),
    Process("planned_admission", ((0, 0.02, 0.02), (18, 0.06, 0.05), (60, 0.12, 0.14)), _MILD),
    Process(
        "self_harm_admission",
        ((0, 0, 0), (10, 0.0018, 0.0006), (13, 0.0075, 0.0018), (20, 0.003, 0.002), (40, 0.0012, 0.0010)),
        _STEEP,
    ),
    Process(
        "mh_referral",
        ((0, 0, 0), (4, 0.018, 0.026), (11, 0.058, 0.040), (18, 0.035, 0.028), (40, 0.022, 0.018)),
        _MILD,
    ),
    Process("suspension", ((0, 0, 0), (5, 0.004, 0.014), (11, 0.055, 0.095), (16, 0, 0)), _STEEP),
    Process(
        "police_victim",
        ((0, 0.0025, 0.0025), (10, 0.022, 0.026), (16, 0.05, 0.05), (40, 0.028, 0.028), (65, 0.008, 0.008)),
        _STEEP,
    ),
    Process(
        "police_suspect",
        (
            (0, 0, 0),
            (10, 0.006, 0.016),
            (14, 0.018, 0.055),
            (18, 0.012, 0.045),
            (40, 0.004, 0.013),
            (60, 0.001, 0.002),
        ),
        _STEEP,
    ),
    Process(
        "social_care_referral", ((0, 0.024, 0.024), (5, 0.017, 0.018), (13, 0.020, 0.018), (18, 0, 0)), _STEEP
    ),
)

_RATIOS: Final[Mapping[str, Mapping[str, float]]] = {
    "parental_substance_misuse": {
        "domestic_abuse": 2.5,
        "neglect": 3.5,
        "parental_separation": 1.5,
        "looked_after": 2.5,
        "ed_attendance": 1.25,
        "emergency_admission": 1.2,
        "social_care_referral": 1.6,
        "police_suspect": 1.3,
    },
    "parental_mental_illness": {
        "neglect": 1.8,
        "parental_separation": 1.5,
        "looked_after": 1.5,
        "mh_referral": 1.6,
        "self_harm_admission": 1.5,
        "ed_attendance": 1.15,
    },
    "domestic_abuse": {
        "parental_separation": 3.0,
        "neglect": 1.8,
        "physical_abuse": 2.5,
        "emotional_abuse": 3.0,
        "looked_after": 2.0,
        "ed_attendance": 1.4,
        "emergency_admission": 1.35,
        "self_harm_admission": 2.0,
        "mh_referral": 1.9,
        "suspension": 1.7,
        "police_victim": 1.8,
        "police_suspect": 1.6,
        "social_care_referral": 2.0,
        "death": 1.3,
    },
    "parental_separation": {"mh_referral": 1.25, "suspension": 1.2, "ed_attendance": 1.1},
    "neglect": {
        "physical_abuse": 2.0,
        "emotional_abuse": 2.5,
        "looked_after": 6.0,
        "ed_attendance": 1.5,
        "emergency_admission": 1.5,
        "self_harm_admission": 1.7,
        "mh_referral": 1.5,
        "suspension": 1.8,
        "police_victim": 1.6,
        "police_suspect": 1.8,
        "social_care_referral": 2.2,
        "death": 1.8,
    },
    "physical_abuse": {
        "looked_after": 3.0,
        "ed_attendance": 1.5,
        "emergency_admission": 1.5,
        "self_harm_admission": 1.9,
        "mh_referral": 1.7,
        "suspension": 1.7,
        "police_victim": 1.8,
        "police_suspect": 1.7,
        "death": 1.5,
    },
    "emotional_abuse": {
        "looked_after": 1.8,
        "self_harm_admission": 1.8,
        "mh_referral": 1.8,
        "suspension": 1.4,
        "social_care_referral": 1.5,
    },
    "sexual_abuse": {
        "exploitation": 3.0,
        "looked_after": 2.5,
        "ed_attendance": 1.3,
        "self_harm_admission": 3.0,
        "mh_referral": 2.5,
        "police_victim": 2.0,
    },
    "exploitation": {
        "looked_after": 3.0,
        "self_harm_admission": 2.0,
        "mh_referral": 1.5,
        "suspension": 1.6,
        "police_victim": 2.2,
        "police_suspect": 2.5,
    },
    "community_violence": {
        "ed_attendance": 1.3,
        "mh_referral": 1.5,
        "self_harm_admission": 1.5,
        "suspension": 1.3,
        "police_victim": 1.8,
        "police_suspect": 1.8,
    },
    "looked_after": {
        "self_harm_admission": 1.8,
        "mh_referral": 1.8,
        "suspension": 1.6,
        "police_suspect": 1.7,
        "police_victim": 1.3,
        "social_care_referral": 0.3,
    },
}


@dataclass(frozen=True)
class Effect:
    """A planted hazard ratio of `adversity` on `outcome` (which may be another adversity)."""

    adversity: str
    outcome: str
    hazard_ratio: float


EFFECTS: Final[tuple[Effect, ...]] = tuple(
    Effect(adversity, outcome, ratio) for adversity, row in _RATIOS.items() for outcome, ratio in row.items()
)


def ratios(outcome: str) -> dict[str, float]:
    """The hazard ratio of each adversity that acts on `outcome`."""
    return {effect.adversity: effect.hazard_ratio for effect in EFFECTS if effect.outcome == outcome}
