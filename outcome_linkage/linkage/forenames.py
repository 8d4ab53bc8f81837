"""Which forename a short form or another spelling stands for.

`reference/forename_variants.csv` comes first; then the `nicknames` package, but only where both names
begin with the same two letters, because its list also joins names that nobody would take for each other.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polars as pl
from nicknames import NickNamer

VARIANTS = Path(__file__).parents[2] / "reference" / "forename_variants.csv"


def canonical(forenames: pl.Series) -> pl.Series:
    """The canonical form of each normalised forename; a name without one stands for itself."""
    return forenames.replace(dict(canonical_forenames()))


@cache
def canonical_forenames() -> Mapping[str, str]:
    """Variant to canonical forename, both normalised (upper case, letters only)."""
    ours = _variants()
    package = {nickname: ours.get(name, name) for nickname, name in _from_package().items()}
    return package | ours


@cache
def fingerprint() -> str:
    """Eight hex digits that differ as soon as one name stands for another one than before."""
    lines = "\n".join(f"{variant}>{name}" for variant, name in sorted(canonical_forenames().items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:8]


def _variants() -> dict[str, str]:
    with VARIANTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {row["canonical"]: row["canonical"] for row in rows}
    return names | {variant: row["canonical"] for row in rows for variant in row["variants"].split()}


def _from_package() -> dict[str, str]:
    """The formal name with most nicknames for each nickname that is no formal name itself."""
    nicknames = NickNamer().nickname_lookup
    formal: dict[str, list[tuple[int, str]]] = {}
    for name, known in nicknames.items():
        for nickname in known - set(nicknames):
            if nickname[:2] == name[:2] and nickname.isalpha() and name.isalpha():
                formal.setdefault(nickname.upper(), []).append((-len(known), name.upper()))
    return {nickname: min(names)[1] for nickname, names in formal.items()}
