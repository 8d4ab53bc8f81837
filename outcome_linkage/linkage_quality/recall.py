"""What share of true links between suppliers is found, as the last pack tells it: released figures only.

By strong ids held out where two suppliers have a kind of id in common, else by planted records: copies with
damage that is chosen and not drawn, so that their recall is that of the damage (our own rule).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import product
from typing import NamedTuple

from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.figures import ALL, wilson
from outcome_linkage.linkage_quality.pack import pack_folder, read_pack
from outcome_linkage.linkage_quality.people import SUPPLIER_PAIR
from outcome_linkage.linkage_quality.released import Shown

BASES = {"recall": "held_out_ids", "planted_found": "planted_records"}
"""What a recall rests on, by the measure of the pack; the first that is there counts."""
FEWEST = 10
"""Of fewer true links the share is not told; our own rule."""


class Recall(NamedTuple):
    """`found` of `of` true links between two suppliers, for a group of people; `few`, `many`: where hidden,
    the fewest and the most that it may be."""

    pair: str
    by: str
    group: str
    basis: str
    found: float
    few: float
    many: float
    of: int


class Found(NamedTuple):
    """A share of true links that are found, with its 95% interval."""

    share: float
    low: float
    high: float
    basis: str


def pairs_of(some: Collection[str], others: Collection[str]) -> list[str]:
    """Every pair of one of these suppliers and one of the others, as figures name it."""
    return sorted({" and ".join(sorted(pair)) for pair in product(some, others) if len(set(pair)) == 2})


def recalls_at(home: Home) -> list[Recall]:
    """Recall by pair of suppliers, and by group of people where it is told; none before a run is measured."""
    if not any(pack_folder(home).glob("[0-9]*.json")):
        return []
    return list(recalls_in(Shown(**figure) for figure in read_pack(home).content["figures"]))


def recalls_in(figures: Iterable[Shown]) -> Iterable[Recall]:
    """The recall of pairs of suppliers among the figures of a pack."""
    for one in figures:
        if one.measure not in BASES or not one.of or one.share is None:
            continue
        if one.by == SUPPLIER_PAIR and one.item == ALL:
            yield _recall(one, one.group, ALL, ALL)
        elif " and " in one.item:
            yield _recall(one, one.item, one.by, one.group)


def _recall(one: Shown, pair: str, by: str, group: str) -> Recall:
    of, found = one.of or 0, (one.share or 0.0) * (one.of or 0)
    spread = _spread(one.few) if one.about else 0.0
    return Recall(pair, by, group, BASES[one.measure], found, found - spread, found + spread, of)


def _spread(few: str) -> float:
    """By how much a hidden number may lie beside the middle, which is shown."""
    first, last = map(int, few.split(" to "))
    return (last - first) / 2


def pooled(
    recalls: Sequence[Recall], pairs: Collection[str], by: str = ALL, group: str = ALL
) -> Found | None:
    """The recall of all these pairs together, for a group; None where too few links could be judged."""
    for basis in BASES.values():
        some = [one for one in recalls if one.pair in pairs and one[1:4] == (by, group, basis)]
        of = sum(one.of for one in some)
        if of >= FEWEST:
            few, found, many = (sum(getattr(one, name) for one in some) for name in ("few", "found", "many"))
            low, high = wilson(round(few), of)[0], wilson(min(round(many), of), of)[1]
            return Found(found / of, low, high, basis)
    return None
