"""What social workers write down, by what happened to the child. Data only; codes of the CIN census
and of SSDA903."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Assessment factors: the chance that each is noted when this happened; BACKGROUND stands for everything else.
BACKGROUND: Final = "social_care_referral"
FACTORS: Final[Mapping[str, Mapping[str, float]]] = {
    "parental_substance_misuse": {"1B": 0.55, "2B": 0.60},
    "parental_mental_illness": {"4B": 0.90},
    "domestic_abuse": {"3B": 0.90, "3A": 0.15, "17A": 0.15},
    "parental_separation": {"20": 0.40},
    "neglect": {"16A": 0.90},
    "physical_abuse": {"18C": 0.90},
    "emotional_abuse": {"17A": 0.90},
    "sexual_abuse": {"19C": 0.75, "19B": 0.20},
    "exploitation": {"11A": 0.55, "24A": 0.55, "13A": 0.30, "10A": 0.30, "12A": 0.10},
    "community_violence": {"18B": 0.40, "13A": 0.25, "14A": 0.25},
    "looked_after": {"16A": 0.30, "20": 0.30},
    BACKGROUND: {
        "4A": 0.22, "5A": 0.10, "6A": 0.10, "14A": 0.12, "15A": 0.08, "7A": 0.05, "4B": 0.10, "20": 0.20,
        "1A": 0.03, "2A": 0.04, "10A": 0.03, "6B": 0.05, "9A": 0.01, "3B": 0.03,
    },
}  # fmt: skip
NEEDS: Final[Mapping[str, Mapping[str, float]]] = {
    "abuse": {"N1": 88, "N5": 8, "N4": 4},
    "other": {"N2": 16, "N3": 10, "N4": 26, "N5": 24, "N6": 12, "N7": 3, "N8": 6, "N9": 3},
}
ABUSE: Final = (
    "domestic_abuse",
    "neglect",
    "physical_abuse",
    "emotional_abuse",
    "sexual_abuse",
    "exploitation",
)
SOURCES: Final[Mapping[str, Mapping[str, float]]] = {
    "abuse": {
        "6": 36,
        "2A": 22,
        "3A": 4,
        "3B": 5,
        "3E": 8,
        "3F": 5,
        "1A": 6,
        "1D": 4,
        "5A": 4,
        "5D": 2,
        "9": 4,
    },
    "other": {
        "2A": 28,
        "6": 14,
        "1A": 12,
        "3A": 6,
        "3B": 6,
        "3F": 8,
        "2B": 5,
        "4": 4,
        "5B": 7,
        "5D": 4,
        "8": 6,
    },
}
# Maltreatment: the chance of a protection plan, and its category.
PLANS: Final[Mapping[str, tuple[float, str]]] = {
    "sexual_abuse": (0.30, "SAB"),
    "physical_abuse": (0.28, "PHY"),
    "neglect": (0.38, "NEG"),
    "emotional_abuse": (0.28, "EMO"),
    "domestic_abuse": (0.14, "EMO"),
}
DISABILITIES: Final = {
    "NONE": 880,
    "AUT": 38,
    "BEH": 20,
    "LD": 24,
    "COMM": 14,
    "MOB": 10,
    "HEAR": 5,
    "VIS": 3,
    "DDA": 6,
}
CLOSURES: Final = {"RC7": 42, "RC8": 38, "RC9": 12, "RC5": 5, "RC3": 3}
# Care: the legal statuses that a spell goes through, the placements, and how it ends. Invented weights.
STATUS_PATHS: Final = {"V2": 26, "V2 C1 C2": 20, "V2 C2": 4, "C1 C2": 34, "C1": 4, "C2": 12}
NEXT_REASON: Final = {"P": 58, "L": 24, "B": 12, "T": 4, "U": 2}
PLACEMENTS: Final = {"U6": 40, "U4": 12, "U3": 12, "U1": 7, "K2": 13, "P1": 8, "K3": 6, "R3": 1}
ADOPTED_BY_FOSTER_CARER: Final = 0.15
PROVIDERS: Final[Mapping[str, Mapping[str, float]]] = {
    "A": {"PR1": 80, "PR5": 20},
    "P": {"PR0": 1},
    "U": {"PR1": 60, "PR4": 34, "PR5": 6},
    "K": {"PR1": 12, "PR4": 76, "PR5": 12},
    "R": {"PR3": 50, "PR4": 50},
}
ENDS: Final[Mapping[str, Mapping[str, float]]] = {
    "adult": {"E17": 25, "E5": 35, "E6": 25, "E7": 5, "E8": 10},
    "young": {"E11": 22, "E12": 12, "E45": 14, "E47": 14, "E4A": 28, "E13": 4, "E41": 6},
    "died": {"E2": 1},
    "child": {"E4A": 40, "E4B": 18, "E41": 8, "E13": 8, "E46": 8, "E3": 4, "E8": 14},
}
CHANGES: Final = {
    "CARPL": 38,
    "CREQB": 16,
    "CREQO": 12,
    "CHILD": 10,
    "LAREQ": 8,
    "CLOSE": 6,
    "STAND": 4,
    "OTHER": 6,
}
