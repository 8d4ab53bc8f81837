"""What must hold of a linkage run, with the bars in one place, judged on true counts.

Small homes must not fail by noise: a bar is missed only when the whole 95% interval lies beyond it, and
the exact binomial test agrees. What a
check says of a figure is what may be shown of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from outcome_linkage.linkage_quality.contradictions import KINDS
from outcome_linkage.linkage_quality.figures import ALL, Figure, change, surely_above, surely_below, wilson
from outcome_linkage.linkage_quality.inputs import RARE_BY_NATURE, SHARED_BY_NATURE
from outcome_linkage.linkage_quality.people import CHARACTERISTICS, SUPPLIER_PAIR
from outcome_linkage.linkage_quality.released import release

LEAST_PRECISION = 0.99
MOST_RECALL_LOST = 0.02
MOST_WITH_ONE_VALUE = 0.02
MOST_OF_TWO_PEOPLE = 0.005
LEAST_OVERLAP = 0.05
MOST_CONTRADICTIONS = 0.02
MOST_TRAPS_LINKED = 0.05
# Of so few records with a token, or so few distinct values, nothing is said.
_FEWEST_RECORDS, _FEWEST_VALUES = 20, 50

Figures = Sequence[Figure]
Index = Mapping[tuple[str, str, str, str], Figure]


@dataclass(frozen=True)
class Check:
    """`passed`, and one line for each thing found wrong. `gates`: publishing waits while it fails.

    `rule` says what must hold, `remedy` what to do when it does not; `against` names what it was compared
    with, if anything.
    """

    name: str
    rule: str
    passed: bool
    gates: bool
    findings: tuple[str, ...]
    remedy: str
    against: str = ""


def judge(
    figures: Figures, before: Figures | None, against: str = "", comparable: bool = True
) -> list[Check]:
    """All checks. `before`: the figures of the last accepted run, `against` its name.

    `comparable`: whether the planted records of both runs are of the same kinds.
    """
    lost = _recall_lost(figures, before or (), comparable)
    return [
        _check("precision_at_least_99_percent", _imprecise(figures), gates=True),
        _check("no_group_lost_recall", lost, gates=True, against=against if before else "no earlier run"),
        _check("no_placeholder_token", _placeholders(figures)),
        _check("records_are_of_one_person", _of_two_people(figures), gates=True),
        _check("vocabularies_overlap", _strangers(figures)),
        _check("links_contradict_nothing", _contradictions(figures)),
        _check("traps_stay_apart", _trapped(figures)),
    ]


RULES: dict[str, tuple[str, str]] = {
    "precision_at_least_99_percent": (
        f"Of links that held-out strong ids can judge, at least {LEAST_PRECISION:.0%} are right.",
        "Look at precision by pass and by supplier pair: switch off the pass, or ask the supplier what "
        "changed in their identifiers.",
    ),
    "no_group_lost_recall": (
        f"In no group did recall fall by more than {100 * MOST_RECALL_LOST:.0f} points since the last "
        "accepted run.",
        "Look at completeness of the suppliers named: a token that is missing since the last delivery is the "
        "usual cause.",
    ),
    "no_placeholder_token": (
        f"No single value of a name, date of birth, postcode, address or strong id is held by more than "
        f"{MOST_WITH_ONE_VALUE:.0%} of a supplier's records.",
        "Ask the supplier which default their system writes, and have it left empty at encoding.",
    ),
    "records_are_of_one_person": (
        f"At most {MOST_OF_TWO_PEOPLE:.1%} of a supplier's records hold two people, who share no name and no "
        "date of birth.",
        "Two systems of the supplier probably give the same id to different people: ask for their deliveries "
        "with `encode --id-system`.",
    ),
    "vocabularies_overlap": (
        "Any two suppliers have names, birthdays or postcode sectors in common.",
        "The supplier probably encoded with another linkage key or other rules: compare key versions and "
        "test vectors, and ask for the delivery again.",
    ),
    "links_contradict_nothing": (
        f"At most {MOST_CONTRADICTIONS:.0%} of people with several records contradict themselves.",
        "Some contradictions are errors in the records. If they grew, look at precision by pass.",
    ),
    "traps_stay_apart": (
        f"Of planted people who must not be linked (twins, kin, namesakes), at most {MOST_TRAPS_LINKED:.0%} "
        "of a kind are.",
        "Such people are linked where their own record is missing at the other supplier. Look at the rules "
        "on relatives, and repeat analyses that rest on twins, brothers and sisters at the strict level.",
    ),
}


def _check(name: str, findings: Iterable[str], gates: bool = False, against: str = "") -> Check:
    rule, remedy = RULES[name]
    found = tuple(findings)
    return Check(name, rule, not found, gates, found, remedy, against)


def _imprecise(figures: Figures) -> Iterable[str]:
    for figure in _of(figures, "precision", lambda f: f.by == ALL):
        if figure.of and surely_below(figure.n, figure.of, LEAST_PRECISION):
            yield f"precision is {_words(figure)}"


def _recall_lost(figures: Figures, before: Figures, comparable: bool) -> Iterable[str]:
    earlier: Index = {figure.name: figure for figure in before}
    measures = {"recall": "recall", "planted_found": "planted records found"}
    for figure in figures:
        old = earlier.get(figure.name)
        is_group = figure.by in (ALL, SUPPLIER_PAIR, *CHARACTERISTICS) and figure.item == ALL
        if figure.measure not in measures or not is_group or old is None:
            continue
        if figure.measure == "planted_found" and not comparable:
            continue
        if change((figure.n, figure.of or 0), (old.n, old.of or 0))[1] < -MOST_RECALL_LOST:
            whom = "everybody" if figure.by == ALL else f"{figure.by} {figure.group}"
            yield f"{measures[figure.measure]}, {whom}: {_words(old)} before, {_words(figure)} now"


def _placeholders(figures: Figures) -> Iterable[str]:
    for figure in _of(figures, "commonest", lambda f: f.item in RARE_BY_NATURE):
        of = figure.of or 0
        if of >= _FEWEST_RECORDS and surely_above(figure.n, of, MOST_WITH_ONE_VALUE):
            yield f"{figure.group}, {figure.item}: one value in {_words(figure)}"


def _of_two_people(figures: Figures) -> Iterable[str]:
    for figure in _of(figures, "two_people", lambda f: f.item == ALL):
        if figure.of and surely_above(figure.n, figure.of, MOST_OF_TWO_PEOPLE):
            yield f"{figure.group}: {_words(figure)} of two people"


def _strangers(figures: Figures) -> Iterable[str]:
    best: dict[frozenset[str], float] = {}
    for figure in _of(figures, "overlap", lambda f: f.item in SHARED_BY_NATURE):
        if (figure.of or 0) >= _FEWEST_VALUES:
            pair = frozenset(figure.group.split(" in "))
            best[pair] = max(best.get(pair, 0.0), wilson(figure.n, figure.of or 0)[1])
    for pair, share in best.items():
        if share < LEAST_OVERLAP:
            yield f"{' and '.join(sorted(pair))} have almost no value of any token in common"


def _contradictions(figures: Figures) -> Iterable[str]:
    everybody = _of(figures, "contradiction", lambda f: f.item == ALL and f.by == ALL)
    if any(f.of and surely_above(f.n, f.of, MOST_CONTRADICTIONS) for f in everybody):
        for figure in _of(figures, "contradiction", lambda f: f.item in KINDS):
            if figure.n:
                yield f"{KINDS[figure.item]}: {_words(figure)}"


def _trapped(figures: Figures) -> Iterable[str]:
    for figure in _of(figures, "trap_linked", lambda f: f.by == ALL and f.item != ALL):
        if figure.of and surely_above(figure.n, figure.of, MOST_TRAPS_LINKED):
            yield f"{figure.item}: {_words(figure)} linked by mistake"


def _of(figures: Figures, measure: str, where: Callable[[Figure], bool]) -> list[Figure]:
    return [figure for figure in figures if figure.measure == measure and where(figure)]


def _words(figure: Figure) -> str:
    return release([figure])[0].words
