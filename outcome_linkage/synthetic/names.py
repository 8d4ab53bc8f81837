"""Names by culture: pools of forenames and surnames, and how names behave in families.

Latin-script lists of Faker's providers (MIT licence), short lists of our own where it has none, ranked and
weighted like Zipf's law. A name is a position in one table of forenames or of surnames until it is written.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
from nicknames import NickNamer

from outcome_linkage.synthetic.cultures import CULTURES, OWN_LISTS, SPELLINGS, SURNAME_ENDS, SURNAME_STARTS
from outcome_linkage.synthetic.randomness import Floats, Ints, Random

Kind = Literal["forename_f", "forename_m", "surname_f", "surname_m"]
_ATTRIBUTES: Final[dict[Kind, tuple[str, ...]]] = {
    "forename_f": ("first_names_female", "first_names"),
    "forename_m": ("first_names_male", "first_names"),
    "surname_f": ("last_names_female", "unisex_last_names", "last_names"),
    "surname_m": ("last_names_male", "unisex_last_names", "last_names"),
}
ALTERNATIVES: Final = 3


@dataclass(frozen=True)
class Pool:
    """Positions of names in a table, with the running sum of their weights."""

    positions: Ints
    edges: Floats

    def draw(self, random: Random, size: int) -> Ints:
        """`size` names, the commoner ones more often."""
        found = np.searchsorted(self.edges, random.random(size) * self.edges[-1], side="right")
        return self.positions[found]


@dataclass(frozen=True)
class Names:
    """Every name there is, and one pool for each culture (in the order of CULTURES) and kind."""

    forenames: tuple[str, ...]
    surnames: tuple[str, ...]
    pools: tuple[dict[Kind, Pool], ...]
    nicknames: tuple[tuple[str, ...], ...]
    spellings: tuple[tuple[str, ...], ...]

    def draw(self, random: Random, culture: Ints, kind: Kind) -> Ints:
        """One name for each entry of `culture`."""
        drawn = np.zeros(len(culture), dtype=np.int64)
        for number, pools in enumerate(self.pools):
            mask = culture == number
            drawn[mask] = pools[kind].draw(random, int(mask.sum()))
        return drawn


@cache
def load_names() -> Names:
    """The tables and pools; the same on every machine that has the locked version of Faker."""
    forenames: dict[str, int] = {}
    surnames: dict[str, int] = {}
    pools = []
    namer = NickNamer()
    for culture in CULTURES:
        pool: dict[Kind, Pool] = {}
        for kind in _ATTRIBUTES:
            table = forenames if kind.startswith("forename") else surnames
            pool[kind] = _pool(_ranked(culture.name, culture.locales, kind), table, culture.steepness)
        pools.append(pool)
    return Names(
        tuple(forenames),
        tuple(surnames),
        tuple(pools),
        tuple(_nicknames(namer, name) for name in forenames),
        tuple(SPELLINGS.get(name.upper(), ()) for name in forenames),
    )


def _pool(ranked: list[str], table: dict[str, int], steepness: float) -> Pool:
    positions = [table.setdefault(name, len(table)) for name in ranked]
    weights = 1.0 / (np.arange(len(ranked)) + 4.0) ** steepness
    return Pool(np.array(positions, dtype=np.int64), np.cumsum(weights))


def _ranked(culture: str, locales: tuple[str, ...], kind: Kind) -> list[str]:
    """The names of a culture, commonest first: each list in the order given, shuffled within itself."""
    names: list[str] = []
    for locale in locales:
        found = _names_of(locale, kind)
        order = np.random.default_rng(sum(map(ord, culture + locale))).permutation(len(found))
        names.extend(found[position] for position in order)
    return list(dict.fromkeys(names))


def _names_of(locale: str, kind: Kind) -> list[str]:
    if locale in OWN_LISTS:
        return list(OWN_LISTS[locale].get(kind) or OWN_LISTS[locale].get(kind[:-2]) or ())
    if locale == "english_tail":
        return _english_tail() if kind.startswith("surname") else []
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for attribute in _ATTRIBUTES[kind]:
        names = sorted({str(name).strip() for name in getattr(provider, attribute, ())})
        names = [name for name in names if _is_latin(name)]
        if len(names) > 1:
            return names
    return []


def _is_latin(name: str) -> bool:
    return 2 <= len(name) <= 20 and all(letter < "ɐ" for letter in name)


def _english_tail() -> list[str]:
    """Surnames built from the elements of English place names: the long tail that no list holds."""
    return [start + end for start in SURNAME_STARTS for end in SURNAME_ENDS if start[-1] != end[0]]


def _nicknames(namer: NickNamer, name: str) -> tuple[str, ...]:
    found = sorted(nick for nick in namer.nicknames_of(name) if nick.isalpha() and len(nick) > 1)
    return tuple(nick.capitalize() for nick in found[:ALTERNATIVES])
