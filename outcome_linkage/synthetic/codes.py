"""One fact in the codes of each sector: sex and ethnic group. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# DfE code: NHS code, police self-defined (18+1), officer-observed.
ETHNIC: Final[Mapping[str, tuple[str, str, str]]] = {
    "WBRI": ("A", "W1", "IC1"),
    "WIRI": ("B", "W2", "IC1"),
    "WIRT": ("C", "W3", "IC1"),
    "WROM": ("C", "W3", "IC2"),
    "WOTH": ("C", "W9", "IC1"),
    "MWBC": ("D", "M1", "IC3"),
    "MWBA": ("E", "M2", "IC3"),
    "MWAS": ("F", "M3", "IC4"),
    "MOTH": ("G", "M9", "IC2"),
    "AIND": ("H", "A1", "IC4"),
    "APKN": ("J", "A2", "IC4"),
    "ABAN": ("K", "A3", "IC4"),
    "AOTH": ("L", "A9", "IC4"),
    "CHNE": ("R", "A4", "IC5"),
    "BCRB": ("M", "B1", "IC3"),
    "BAFR": ("N", "B2", "IC3"),
    "BOTH": ("P", "B9", "IC3"),
    "OOTH": ("S", "O9", "IC6"),
}
NHS: Final = {dfe: codes[0] for dfe, codes in ETHNIC.items()}
POLICE: Final = {dfe: codes[1] for dfe, codes in ETHNIC.items()}
OBSERVED: Final = {dfe: codes[2] for dfe, codes in ETHNIC.items()}
ETHNICITY5: Final = {
    dfe: {"W": "White", "M": "Mixed", "A": "Asian", "C": "Asian", "B": "Black", "O": "Other"}[dfe[0]]
    for dfe in ETHNIC
}
# Sex as each sector writes it: female, male, not known.
SEX: Final[Mapping[str, tuple[str, str, str]]] = {
    "local_authority": ("F", "M", "U"),
    "police": ("F", "M", "U"),
    "health": ("2", "1", "9"),
}
NOT_KNOWN: Final[Mapping[str, str]] = {"local_authority": "NOBT", "police": "NS", "health": "99"}
BY_SECTOR: Final[Mapping[str, Mapping[str, str]]] = {
    "local_authority": {dfe: dfe for dfe in ETHNIC},
    "police": POLICE,
    "health": NHS,
}
