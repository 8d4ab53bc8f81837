"""Reporting guidelines, filled in as far as the specification and the page can; the rest is for people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from outcome_linkage.evaluation import words
from outcome_linkage.evaluation.adjusted import WEIGHTS, alike, alike_by, way
from outcome_linkage.evaluation.explain import DESIGNS, LINKS
from outcome_linkage.evaluation.report.blocks import Block, Grid, Section, Words
from outcome_linkage.evaluation.report.checklist_items import GUIDELINES, Item
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import listed
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Measure, Outcome
from outcome_linkage.evaluation.walk import of_kind

FOR_PEOPLE = "for people to write"
_TITLES = {
    "answer": "The answer",
    "design": "The design",
    "protocol": "The protocol in words",
    "sources": "Sources",
    "linkage": "Who was linked",
    "flow": "Who is in it",
    "baseline": "Who the people are",
    "followup": "How long they were followed",
    "gate": "Can the comparison be trusted",
    "results": "What became of them",
    "costs": "Costs and consequences",
    "missing": "What is not known",
    "provenance": "What this was made from",
}
_ALWAYS = frozenset({"answer", "design", "protocol", "provenance"})


def checklists(run: Gathered, there: Collection[str]) -> Section:
    """The four guidelines; `there` are the anchors of the page's other sections."""
    study = run.study
    told = {name: fact(study) for name, fact in FACTS.items()}
    blocks: list[Block] = [
        Words(
            "Filled in from the specification and from what is on this page. What the software cannot know "
            "is left for people to write, not guessed."
        )
    ]
    for name, guideline in GUIDELINES.items():
        if name.startswith("CHEERS") and study.costs is None:
            continue
        rows = [_row(item, told, {*there, *_ALWAYS}) for item in guideline.items]
        blocks.append(
            Grid(
                ("item", "asks for", "answer", "on this page"),
                rows,
                title=name,
                note=guideline.source,
                words=4,
            )
        )
    return Section("checklists", "Reporting checklists", blocks)


def _row(item: Item, told: Mapping[str, str], there: Collection[str]) -> tuple[str, ...]:
    where = [_TITLES[anchor] for anchor in item.sections if anchor in there]
    fact = told[item.fact].replace("`", "") if item.fact else ""
    answer = fact or ("see there" if where else FOR_PEOPLE)
    return (item.number, item.asks, answer, "; ".join(where))


def _eligibility(study: Evaluation) -> str:
    return " ".join(words.criterion(one) for one in study.eligibility)


def _follow_up(study: Evaluation) -> str:
    follow = study.followup
    zero = words.time_zero(study.index)
    return f"Day 0: {zero} Days {follow.start_days} to {follow.horizon_days}." if follow else zero


def _outcomes(study: Evaluation) -> str:
    both: list[Outcome | Measure] = [*study.outcomes, *study.measures]
    return listed([f"{one.label or words.name(one.id)} ({words.name(one.role)})" for one in both])


def _measures(study: Evaluation) -> str:
    found = sorted({words.name(event.concept) for _, event in of_kind(study, Event)})
    return f"{listed(found)}; their codes stand in the library of measures."


def _estimand(study: Evaluation) -> str:
    return words.ESTIMANDS[study.question.estimand] if study.question.estimand else ""


def _analysis(study: Evaluation) -> str:
    made = study.estimates
    return (
        f"{DESIGNS[study.design.type]} With {WEIGHTS[way(study)]}; {made.confidence:.0%} intervals, "
        f"bootstrapped where there is no formula ({made.bootstrap_draws} draws). Nothing is imputed."
    )


def _links(study: Evaluation) -> str:
    return (
        "Records of people were linked by keyed hashes of identifiers: fixed rules, then a probabilistic "
        "model. "
        f"{LINKS[study.linkage_level]} are used."
    )


def _relinked(study: Evaluation) -> str:
    again = [one.id for one in study.sensitivity if "linkage_level" in one.change]
    return f"Repeated with other links: {listed([words.name(one) for one in again])}." if again else ""


def _confounders(study: Evaluation) -> str:
    what = "who left their arm" if way(study) == "clones" else "who got it"
    names = alike_by(study)
    return f"That nothing else than these decided {what}: {listed(names)}." if names else ""


def _perspective(study: Evaluation) -> str:
    return listed([words.name(one) for one in study.costs.perspectives]) if study.costs else ""


def _discount(study: Evaluation) -> str:
    if study.costs is None:
        return ""
    rates = study.costs.discount
    others = listed([f"{rate:.1%}" for rate in rates.sensitivity])
    return f"{rates.costs:.1%} (costs), {rates.effects:.1%} (effects); also {others}."


def _resources(study: Evaluation) -> str:
    items = study.costs.items if study.costs else ()
    return listed([f"{words.name(one.resource)} at {one.unit_cost}" for one in items])


FACTS: Mapping[str, Callable[[Evaluation], str]] = {
    "title": lambda study: study.title,
    "sources": lambda study: f"Routine records: {', '.join(study.sources.use)}.",
    "period": lambda study: f"{study.study_period.start} to {study.study_period.end}; area of the suppliers.",
    "links": _links,
    "relinked": _relinked,
    "eligibility": _eligibility,
    "measures": _measures,
    "access": lambda study: (
        f"Pseudonymised rows in a safe setting, under {listed(study.governance.data_agreements)}."
    ),
    "cleaning": lambda _: (
        "Rows are checked against contracts; rejects and repairs are counted, originals kept."
    ),
    "registration": lambda study: study.question.registration or "",
    "question": lambda study: _question(study),
    "population": lambda study: study.question.population or "",
    "arms": lambda study: listed([arm.label for arm in study.arms]),
    "assignment": lambda study: f"{words.assignment(study.assignment)} {alike(study)}",
    "follow_up": _follow_up,
    "outcomes": _outcomes,
    "estimand": _estimand,
    "confounders": _confounders,
    "analysis": _analysis,
    "sensitivity": lambda study: listed([words.name(one.id) for one in study.sensitivity]),
    "subgroups": lambda study: listed([words.name(one) for one in study.subgroups]),
    "perspective": _perspective,
    "discount": _discount,
    "resources": _resources,
    "prices": lambda study: f"GBP, {study.costs.price_year}" if study.costs else "",
    "valued": lambda _: "In their own units; nothing is valued and there are no QALYs.",
    "no_model": lambda _: "Does not apply: observed costs and effects, no decision model.",
}


def _question(study: Evaluation) -> str:
    asked = study.question
    if not asked.intervention:
        return ""
    return f"{asked.population}: {asked.intervention}, against {asked.comparator}."
