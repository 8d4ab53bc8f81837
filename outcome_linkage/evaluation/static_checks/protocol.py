"""What a registered study says, what a locked one may not change, and what each design needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from outcome_linkage.evaluation.problems import At, Fault, fault, nearest
from outcome_linkage.evaluation.resources import RESOURCES
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.cohort import TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.walk import of_kind
from outcome_linkage.release.profiles import PROFILES, Profile


class Needs(NamedTuple):
    """Blocks that a design needs, and those of which it needs one."""

    all_of: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


_COHORT = ("index", "arms", "assignment", "followup", "outcomes")
NEEDS: Mapping[str, Needs] = {
    "cohort": Needs(_COHORT),
    "matched_cohort": Needs((*_COHORT, "match")),
    "did": Needs(("rollout",), ("panel", "measures")),
    "its": Needs(("measures", "rollout")),
    "stepped": Needs(("rollout",), ("panel", "measures")),
    "self_controlled": Needs(("index", "outcomes")),
    "descriptive": Needs((), ("outcomes", "measures")),
}
SAID_WHEN_REGISTERED = ("population", "intervention", "comparator", "estimand")


def needed_blocks(study: Evaluation) -> Iterator[Fault]:
    """EV130: blocks without which a design cannot answer."""
    needs = NEEDS[study.design.type]
    missing = [f"`{name}`" for name in needs.all_of if not getattr(study, name)]
    if needs.one_of and not any(getattr(study, name) for name in needs.one_of):
        missing.append(" or ".join(f"`{name}`" for name in needs.one_of))
    if study.outcomes and not study.measures and not study.index and "index" not in needs.all_of:
        missing.append("`index`, from which the days of outcomes are counted")
    if getattr(study.design, "sequential_trials", None) and study.index and study.index.pick == "every":
        missing.append("`index.pick: first` or `last`, as `sequential_trials` begins anew from one day 0")
    if isinstance(study.assignment, TimeVarying) and study.panel is None:
        missing.append("`panel`, in whose periods exposed time is set against time not exposed")
    if missing:
        path = ("design", "type")
        yield fault("EV130", path, design=study.design.type, missing=" and ".join(missing))


def one_anchor(study: Evaluation) -> Iterator[Fault]:
    """EV103: exactly one of event, date and enrolment."""
    if study.index is None:
        return
    given = [n for n in ("event", "date", "enrolment") if getattr(study.index, n) is not None]
    if len(given) != 1:
        yield fault("EV103", ("index",), found=_and(given))


def keep_or_drop(study: Evaluation) -> Iterator[Fault]:
    """EV110: exactly one of keep and drop."""
    for n, criterion in enumerate(study.eligibility):
        given = [name for name in ("keep", "drop") if getattr(criterion, name) is not None]
        if len(given) != 1:
            yield fault("EV110", ("eligibility", n), found=_and(given))


def one_otherwise(study: Evaluation) -> Iterator[Fault]:
    """EV111: no arm comes after the one that takes all others."""
    others = [n for n, arm in enumerate(study.arms) if arm.when == "otherwise"]
    for n in range(others[0] + 1, len(study.arms)) if others else ():
        first = At(("arms", others[0]))
        yield fault("EV111", ("arms", n, "when"), arm=study.arms[n].id, first=first)


def registered(study: Evaluation) -> Iterator[Fault]:
    """EV120, EV121, EV123: what must stand in a study that is registered or locked."""
    if study.status == "draft":
        return
    primary = [outcome.id for outcome in study.outcomes if outcome.role == "primary"]
    primary += [measure.id for measure in study.measures if measure.role == "primary"]
    if len(primary) != 1:
        block = "outcomes" if study.outcomes else "measures"
        yield fault("EV120", (block,), status=study.status, found=_and(primary))
    if study.status == "locked" and not study.question.registration:
        yield fault("EV121", ("question", "registration"))
    for name in SAID_WHEN_REGISTERED:
        if getattr(study.question, name) is None:
            yield fault("EV123", ("question", name), name=name, status=study.status)


def disclosure(study: Evaluation) -> Iterator[Fault]:
    """EV401: the smallest cell is no smaller than the profile allows."""
    asked = study.governance
    yield from cells_too_small(asked.min_cell, PROFILES[asked.sdc_profile])


def cells_too_small(cell: int, profile: Profile, whose: str = "") -> Iterator[Fault]:
    """EV401, where a profile, of this owner if one is named, hides counts of `cell`."""
    if cell <= profile.hide_to:
        path, least = ("governance", "min_cell"), profile.hide_to + 1
        name = "` of `".join(part for part in (profile.name, whose) if part)
        yield fault("EV401", path, cell=cell, profile=name, hides=profile.hide_to, least=least)


def paid_once(study: Evaluation) -> Iterator[Fault]:
    """EV003, EV504: resources are known, and no two items count the same events."""
    tables: list[str | None] = []
    for n, item in enumerate(study.costs.items if study.costs else ()):
        path = ("costs", "items", n, "resource")
        resource = RESOURCES.get(item.resource)
        if resource is None:
            what, hint = "a resource that can be counted", nearest(item.resource, RESOURCES)
            yield fault("EV003", path, name=item.resource, what=what, nearest=hint)
        elif resource.source in tables:
            first = At(("costs", "items", tables.index(resource.source), "resource"))
            yield fault("EV504", path, resource=item.resource, first=first)
        tables.append(resource.source if resource else None)


def _and(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names) or "none"


def controls_apart(study: Evaluation) -> Iterator[Fault]:
    """EV133: no negative control reads the event of another outcome or of an arm."""
    asked = {
        (one.event.concept, one.event.source): f"outcome `{one.id}`"
        for one in study.outcomes
        if one.role != "negative_control"
    }
    for arm in study.arms:
        for _, event in of_kind(arm, Event):
            asked.setdefault((event.concept, event.source), f"arm `{arm.id}`")
    for n, one in enumerate(study.outcomes):
        event = one.event
        what = asked.get((event.concept, event.source)) if one.role == "negative_control" else None
        if what:
            path = ("outcomes", n, "event")
            yield fault("EV133", path, name=one.id, concept=event.concept, source=event.source, what=what)
