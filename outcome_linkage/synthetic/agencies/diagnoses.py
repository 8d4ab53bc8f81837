"""What hospitals write down, by what brought someone there. Data only; ICD-10 and SNOMED CT codes.

Concepts of self-harm, mental health, intent and destination are those of the standards in use; those of
ordinary complaints (chest pain, fever, injury) are from general knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SELF_INFLICTED: Final = "276853009"
ACCIDENTAL: Final = "242056005"
ASSAULT: Final = "361269008"

# Why they came: chief complaint, by weight.
COMPLAINTS: Final[Mapping[str, Mapping[str, float]]] = {
    "ordinary": {
        "29857009": 16, "21522001": 18, "386661006": 14, "125605004": 14, "417746004": 22, "267036007": 12,
        "25064002": 8, "422400008": 8,
    },
    "self_harm": {"248062006": 80, "6471006": 20},
    "violence": {"417746004": 70, "125605004": 30},
}  # fmt: skip
# Diagnoses in the emergency department.
ED_DIAGNOSES: Final[Mapping[str, Mapping[str, float]]] = {
    "ordinary": {
        "34014006": 20, "44465007": 18, "125667009": 14, "283682007": 10, "43878008": 10, "35489007": 2,
        "197480006": 3, "233604007": 6, "68566005": 8, "62315008": 8,
    },
    "self_harm": {"75478009": 70, "283682007": 20, "35489007": 10},
    "violence": {"283682007": 40, "125667009": 45, "110030002": 15},
}  # fmt: skip
# First diagnosis of an admission.
PRIMARY: Final[Mapping[str, Mapping[str, float]]] = {
    "emergency_admission": {
        "J22X": 12, "R074": 10, "R104": 10, "N390": 8, "J219": 7, "A099": 6, "S525": 6, "I209": 6, "J459": 6,
        "K359": 4, "R55X": 5, "L031": 4, "G409": 4, "E109": 2, "F329": 1, "S060": 3, "I639": 3, "J440": 3,
    },
    "planned_admission": {
        "K409": 14, "H259": 18, "M179": 12, "K802": 10, "C509": 8, "J350": 10, "K029": 8, "D120": 20,
    },
    "self_harm_admission": {"T391": 45, "T424": 15, "T432": 15, "S610": 15, "T509": 10},
    "physical_abuse": {"S060": 40, "S525": 30, "S223": 15, "S422": 15},
    "neglect": {"E46X": 40, "R628": 60},
    "emotional_abuse": {"F432": 50, "F419": 50},
    "sexual_abuse": {"Z044": 60, "N768": 40},
    "community_violence": {"S060": 30, "S025": 30, "S211": 20, "S610": 20},
    "parental_substance_misuse": {"F102": 45, "F100": 25, "F112": 20, "K700": 10},
    "birth": {"Z380": 92, "P073": 8},
}  # fmt: skip
# External cause or circumstance, in a later position.
SECONDARY: Final[Mapping[str, Mapping[str, float]]] = {
    "self_harm_admission": {"X60": 40, "X61": 20, "X62": 8, "X64": 15, "X78": 17},
    "physical_abuse": {"T741": 55, "Y070": 45},
    "neglect": {"T740": 60, "Y060": 40},
    "emotional_abuse": {"T743": 70, "Z623": 30},
    "sexual_abuse": {"T742": 70, "Y05X": 30},
    "community_violence": {"Y04X": 55, "X99X": 30, "Y00X": 15},
    "parental_substance_misuse": {"F101": 1},
}
CAUSES_OF_DEATH: Final = {
    "I219": 18,
    "C349": 14,
    "F03X": 16,
    "J440": 10,
    "I639": 10,
    "C509": 6,
    "K703": 4,
    "J189": 22,
}
PLACES_OF_DEATH: Final = {"Hospital": 46, "Home": 25, "Care home": 21, "Hospice": 5, "Elsewhere": 3}
YOUNG_CAUSES: Final = {
    "X70X": 22,
    "V892": 16,
    "C719": 12,
    "G409": 8,
    "Q249": 12,
    "R95X": 8,
    "X420": 12,
    "J189": 10,
}
REASONS: Final[Mapping[str, Mapping[str, float]]] = {
    "child": {"05": 28, "04": 16, "15": 10, "16": 8, "24": 12, "25": 14, "18": 7, "12": 5},
    "adult": {"04": 30, "05": 28, "18": 9, "10": 4, "02": 5, "14": 5, "11": 9, "09": 6, "13": 4},
}
TEAMS: Final[Mapping[str, Mapping[str, float]]] = {
    "child": {"F01": 30, "D06": 18, "A06": 30, "C10": 6, "A02": 8, "C04": 8},
    "adult": {"A06": 45, "A05": 20, "A18": 15, "A02": 14, "A14": 6},
}
