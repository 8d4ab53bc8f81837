"""The study as small tables: everything that is looked for, where and on which days, as one list of items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outcome_linkage.evaluation.engine.step import Step, listed
from outcome_linkage.evaluation.spec.cohort import CloneCensorWeight
from outcome_linkage.evaluation.spec.covariates import EventCovariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Outcome

FOLLOW_UP = "followup"
"""Item that stands for follow-up itself: the sources of the primary outcome, from first to last day."""
TIMED = ("binary", "time_to_event")
"""Kinds of outcome that have a time: how soon it happens, or up to when it could have been seen."""
ITEM_COLUMNS = {
    "item_no": "integer",
    "item": "varchar",
    "role": "varchar",
    "kind": "varchar",
    "concept": "varchar",
    "source": "varchar",
    "source_set": "varchar",
    "first_day": "integer",
    "last_day": "integer",
    "dedup_days": "integer",
    "gap_days": "integer",
    "age_from": "integer",
    "age_to": "integer",
    "at_least": "integer",
    "min_covered": "double",
    "death_competes": "integer",
}


@dataclass(frozen=True)
class Item:
    """Something looked for on certain days. `sources` must all cover a day for it to count as observed."""

    item: str
    role: str
    kind: str
    concept: str | None
    source: str
    first_day: int
    last_day: int
    dedup_days: int = 0
    gap_days: int = 0
    ages: tuple[int | None, int | None] = (None, None)
    at_least: int = 1
    min_covered: float = 0.0
    also: tuple[str, ...] = ()
    death_competes: int | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source that must cover a day, by name."""
        return tuple(sorted({self.source, *self.also}))

    @property
    def source_set(self) -> str:
        """The name of those sources together."""
        return "+".join(self.sources)


def is_cloned(study: Evaluation) -> bool:
    """Whether everybody starts in every arm."""
    return isinstance(study.assignment, CloneCensorWeight)


def outcome_items(study: Evaluation) -> list[Item]:
    """Every outcome, and follow-up itself where there is an outcome."""
    items = [_outcome(study, outcome) for outcome in study.outcomes]
    main = primary(study)
    if main is not None and study.followup is not None:
        follow = study.followup
        first = next(item for item in items if item.item == main.id)
        days = (follow.start_days, follow.horizon_days)
        items.append(
            Item(FOLLOW_UP, "followup", "cover", None, first.source, *days, ages=first.ages, also=first.also)
        )
    return items


def primary(study: Evaluation) -> Outcome | None:
    """The primary outcome, else the first; None without outcomes."""
    ranked = sorted(study.outcomes, key=lambda outcome: outcome.role != "primary")
    return ranked[0] if ranked else None


def _outcome(study: Evaluation, outcome: Outcome) -> Item:
    by_id = {one.id: one for one in study.outcomes}
    competing = tuple(by_id[name].event.source for name in outcome.competing if name in by_id)
    return Item(
        outcome.id,
        "outcome",
        outcome.kind,
        outcome.event.concept,
        outcome.event.source,
        *outcome.window,
        dedup_days=outcome.dedup_days,
        gap_days=outcome.episode_gap_days,
        ages=outcome.at_risk_ages or (None, None),
        min_covered=outcome.min_covered,
        also=competing,
        death_competes=_code_of_death(outcome),
    )


def _code_of_death(outcome: Outcome) -> int | None:
    """Its place among what competes, from 2; with a yes or no always, as who died first had no event."""
    if "death" in outcome.competing:
        return outcome.competing.index("death") + 2
    return len(outcome.competing) + 2 if outcome.kind == "binary" else None


def covariate_items(study: Evaluation) -> list[Item]:
    """Every covariate that is an event."""
    return [
        Item(one.id, "covariate", one.kind, one.event.concept, one.event.source, *one.event.window)
        for one in study.covariates
        if isinstance(one, EventCovariate)
    ]


def items_step(table: str, items: Sequence[Item]) -> Step:
    """Items as a table, numbered from 1 in the order of the file."""
    rows = [
        (
            number,
            one.item,
            one.role,
            one.kind,
            one.concept,
            one.source,
            one.source_set,
            one.first_day,
            one.last_day,
            one.dedup_days,
            one.gap_days,
            *one.ages,
            one.at_least,
            one.min_covered,
            one.death_competes,
        )
        for number, one in enumerate(items, 1)
    ]
    return Step(table, listed(ITEM_COLUMNS, rows))


def sets_step(items: Iterable[Item]) -> Step:
    """`study_set`: which sources each set holds, and how many."""
    sets = sorted({(one.source_set, one.sources) for one in items})
    rows = [(name, source, len(sources)) for name, sources in sets for source in sources]
    return Step(
        "study_set", listed({"source_set": "varchar", "source": "varchar", "n_sources": "integer"}, rows)
    )
