"""Offence codes by what happened, and what the police do about it. Data only; codes of the Home Office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# What happened: weights of offence codes.
OFFENCES: Final[Mapping[str, Mapping[str, float]]] = {
    "domestic_abuse": {"105A": 36, "8N": 26, "8L": 16, "58A": 7, "8Q": 6, "3B": 4, "9A": 5},
    "neglect": {"11A": 1},
    "physical_abuse": {"8N": 45, "105A": 38, "5D": 9, "11A": 8},
    "emotional_abuse": {"11A": 60, "8L": 40},
    "sexual_abuse_girl_under_13": {"20B": 55, "19E": 15, "21": 30},
    "sexual_abuse_girl_under_16": {"22B": 50, "19D": 20, "88A": 15, "20A": 15},
    "sexual_abuse_girl": {"20A": 60, "19C": 30, "73": 10},
    "sexual_abuse_boy_under_13": {"17B": 55, "19H": 15, "21": 30},
    "sexual_abuse_boy_under_16": {"22B": 50, "19G": 20, "88A": 15, "17A": 15},
    "sexual_abuse_boy": {"17A": 60, "19F": 30, "73": 10},
    "exploitation": {"71": 40, "88A": 25, "106": 35},
    "community_violence": {"105A": 38, "8N": 38, "34B": 18, "5D": 6},
    "police_victim": {
        "105A": 16, "8N": 12, "8L": 9, "8R": 8, "49": 12, "28E": 7, "45": 8, "58C": 9, "39": 5, "44": 5,
        "48": 4, "34B": 3, "58A": 2,
    },
    "police_suspect": {
        "46": 30, "92E": 16, "92D": 6, "9A": 14, "58D": 10, "10D": 6, "66": 5, "8S": 5, "49": 8,
    },
}  # fmt: skip
# What a suspect is to the victim, where the police know one.
RELATIONSHIPS: Final[Mapping[str, Mapping[str, float]]] = {
    "neglect": {"parent": 1},
    "physical_abuse": {"parent": 85, "step_parent": 15},
    "emotional_abuse": {"parent": 1},
    "sexual_abuse": {"other_family": 40, "step_parent": 30, "acquaintance": 30},
    "police_victim": {"acquaintance": 45, "stranger": 35, "unknown": 20},
}
BY_PARENT: Final = ("neglect", "physical_abuse", "emotional_abuse")
OUTCOMES: Final[Mapping[str, Mapping[str, float]]] = {
    "suspect": {"1": 16, "2": 2, "3": 5, "8": 8, "22": 3, "10": 6, "15": 22, "16": 33, "21": 5},
    "no_suspect": {"18": 75, "14": 20, "20": 5},
}
POSITIVE: Final = ("1", "2", "3", "4", "6", "7", "8")
DASH: Final = {"standard": 62, "medium": 27, "high": 11}
