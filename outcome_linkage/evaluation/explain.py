"""A specification as a protocol in plain English: the question, the target trial, the time line, the figures.

Its table of the target trial is made in `target_trial`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from outcome_linkage.evaluation import words
from outcome_linkage.evaluation.adjusted import is_adjusted_for, use_of_covariates
from outcome_linkage.evaluation.spec.adversity import Adversity
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate, Covariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.target_trial import table, target_trial
from outcome_linkage.evaluation.walk import blocks

DESIGNS = {
    "cohort": "People are followed from an index date and compared by arm.",
    "matched_cohort": "People are followed from an index date; each of the first arm is matched to others.",
    "did": (
        "Change in units that start is set against units that have not started yet (group-time effects), "
        "never against units that started before."
    ),
    "its": "A series before and after a day, with terms for season and errors that allow autocorrelation.",
    "stepped": "Units start one after the other; effects of calendar time are taken out.",
    "self_controlled": "Each person is compared with themselves at other times, with bands of age.",
    "descriptive": "Counts and rates. Nothing is compared, and nothing is said of causes.",
}
LINKS = {"strict": "Strict links only", "main": "Main and strict links", "broad": "Broad links too"}
DIAGNOSTICS = {
    "max_smd": "no covariate differs between arms by more standard deviations, after weighting, than",
    "min_overlap": "the chances of being in each arm overlap by at least",
    "max_mdrr": "the smallest relative risk that could be seen is no larger than",
    "max_linkage_difference": (
        "the shares linked in the arms, or linkable where there is no register, differ by no more "
        "percentage points than"
    ),
    "min_covered": "sources cover, of follow-up, a share of at least",
}
ACTIONS = {"block": "else nobody sees them", "warn": "else the report warns"}


def explain(study: Evaluation) -> str:
    """The protocol as Markdown."""
    parts = (
        _head,
        _question,
        target_trial,
        _time_line,
        _rollout,
        _outcomes,
        _adversity,
        _costs,
        _robustness,
        _gate,
    )
    return "\n\n".join(text for part in parts for text in part(study)) + "\n"


def _head(study: Evaluation) -> Iterator[str]:
    yield f"# {study.title}"
    period = study.study_period
    yield (
        f"`{study.id}`, version {study.version}, {study.status}. {DESIGNS[study.design.type]} Study period: "
        f"{period.start} to {period.end}. Sources: {', '.join(study.sources.use)}. "
        f"{LINKS[study.linkage_level]}."
    )


def _question(study: Evaluation) -> Iterator[str]:
    asked, draft = study.question, study.status == "draft"
    nowhere = "nowhere yet" if draft else f"the file says {study.status}, and not where"
    yield "## The question"
    yield _list(
        (
            f"Who: {asked.population or words.NOT_SAID}.",
            f"What: {asked.intervention or words.NOT_SAID}.",
            f"Against: {asked.comparator or words.NOT_SAID}.",
            f"Effect: {words.ESTIMANDS[asked.estimand] if asked.estimand else words.NOT_SAID}.",
            f"Registered: {asked.registration or nowhere}.",
        )
    )


def _time_line(study: Evaluation) -> Iterator[str]:
    """Every window, earliest first."""
    rows = sorted({(*window, what) for what, window in windows(study)})
    if not rows:
        return
    yield "## Which days are looked at"
    yield "Day 0 is the index date; both ends are included."
    yield table(("from day", "to day", "what"), ((str(a), str(b), what) for a, b, what in rows))


def windows(study: Evaluation) -> Iterator[tuple[str, tuple[int, int]]]:
    """What each window of a study is for, with its first and last day from day 0, both inclusive."""
    for path, block in blocks(study):
        if window := getattr(block, "window", None):
            yield _what(study, path), window
    if study.followup:
        yield "follow-up", (study.followup.start_days, study.followup.horizon_days)
    if study.panel and study.panel.anchor == "index":
        yield f"panel, by {study.panel.every}", (study.panel.from_days, study.panel.to_days)


def _what(study: Evaluation, path: tuple[str | int, ...]) -> str:
    part = getattr(study, str(path[0]))
    item = part[int(path[1])] if isinstance(part, tuple) and len(path) > 1 else None
    label = (getattr(item, "label", None) or words.name(getattr(item, "id", ""))) if item else ""
    kind = {"eligibility": "criterion", "arms": "arm", "covariates": "covariate", "outcomes": "outcome"}
    return f"{kind.get(str(path[0]), words.name(str(path[0])))}{f': {label}' if label else ''}"


def _rollout(study: Evaluation) -> Iterator[str]:
    if study.rollout is None:
        return
    yield "## Who starts when"
    text = f"The file `{study.rollout.file}` says on which day each {study.design.unit} starts."
    if (per := study.rollout.dose_per) is not None:
        text += (
            " It says from which day which share is reached, too: beside the effect of the start stands that "
            f"of a share that is {100 * per:g} points higher, the same in each {study.design.unit} always."
        )
    yield text


def _outcomes(study: Evaluation) -> Iterator[str]:
    if study.outcomes:
        yield "## Outcomes"
        yield table(
            ("outcome", "role", "read from", "what is taken", "at risk", "made impossible by"),
            (
                (
                    outcome.label or words.name(outcome.id),
                    outcome.role.replace("_", " "),
                    words.event(outcome.event),
                    words.KINDS[outcome.kind],
                    words.at_risk(outcome.at_risk_ages).removeprefix(", at risk while ") or "at any age",
                    ", ".join(words.name(one) for one in outcome.competing),
                )
                for outcome in study.outcomes
            ),
        )
        yield (
            "A no is a no only if the person could be linked to the source and it covered the whole time; "
            "else the value is unknown, with the reason."
        )
    if study.measures:
        yield "## Rates over calendar time"
        yield _list(
            f"{m.label or words.name(m.id)}: {words.event(m.numerator)} per {m.per:,g} of "
            f"{words.name(m.denominator.kind)}, every {m.every}"
            f"{f', by {_names(m.group_by)}' if m.group_by else ''}."
            for m in study.measures
        )


def _adversity(study: Evaluation) -> Iterator[str]:
    found = study.adversity
    if found:
        yield "## Recorded adversity"
        yield (
            f"{_names(found.domains)}, {words.days(found.window)}, from records of "
            f"{_names(found.whose_record)}. It is what services recorded, not how common it was."
            f"{_score(found)}"
        )
    if study.covariates:
        yield f"## Known before{', and adjusted for' if is_adjusted_for(study) else ''}"
        yield _list(f"{c.label or words.name(c.id)}: {_covariate(c)}." for c in study.covariates)
        yield from filter(None, [use_of_covariates(study)])


def _covariate(taken: Covariate) -> str:
    """Where it is read, what is taken, and when."""
    again = ", taken anew in each period" if taken.time_varying else ""
    if isinstance(taken, AttributeCovariate):
        of = {"person": "what is known of the person", "residence": "where they live"}[taken.from_]
        return f"{of}, {words.days((taken.at_days, taken.at_days))}{again}"
    what = {"binary": "whether there is any", "count": "how many", "latest": "the last value"}[taken.kind]
    return f"{what}, {words.event(taken.event)}, {words.days(taken.event.window)}{again}"


def _score(found: Adversity) -> str:
    if found.score is None:
        return ""
    rule = {"count_domains": "the number of domains", "weighted": "a weighted sum of domains"}
    how, least = rule[found.score.rule], found.score.min_observable
    return f" Score: {how}, known where at least {least} could be observed."


def _costs(study: Evaluation) -> Iterator[str]:
    costs = study.costs
    if costs is None:
        return
    yield "## Costs and consequences"
    yield (
        f"Prices of {costs.price_year}; perspectives {_names(costs.perspectives)}; each sector in a column "
        f"of its own. Discounted at {costs.discount.costs:.1%} (costs) and "
        f"{costs.discount.effects:.1%} (effects) a year."
    )
    yield _list(
        f"{words.name(i.resource)}: `{i.unit_cost}`, paid by {words.name(i.sector)}." for i in costs.items
    )


def _robustness(study: Evaluation) -> Iterator[str]:
    if study.subgroups:
        yield f"Results are also shown by {_names(study.subgroups)}."
    if study.sensitivity:
        yield "## What is tried out besides"
        yield _list(f"{words.name(item.id)}: `{_flow(item.change)}`" for item in study.sensitivity)


def _gate(study: Evaluation) -> Iterator[str]:
    yield "## Before anybody sees outcomes by arm"
    held = study.diagnostics
    bounds = {n: getattr(held, n) for n in type(held).model_fields if n != "waived"}
    waived = {waiver.diagnostic: waiver.reason for waiver in held.waived}
    yield "The study is registered, and:"
    yield _list(
        f"{DIAGNOSTICS[name]} {bound.bound:g}; "
        + (f"waived: {waived[name]}" if name in waived else ACTIONS[bound.action])
        for name, bound in bounds.items()
    )
    rules = study.governance
    yield (
        f"Nothing below {rules.min_cell} people is shown (profile `{rules.sdc_profile}`). Purpose: "
        f"{rules.purpose}. Agreements: {', '.join(rules.data_agreements)}."
    )


def _flow(change: Mapping[str, Any]) -> str:
    """A change as it stands in the file, in one line."""
    text: str = yaml.safe_dump(dict(change), default_flow_style=True, width=1000, sort_keys=False)
    return text.strip()


def _names(names: Iterable[str]) -> str:
    return ", ".join(words.name(one) for one in names)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
