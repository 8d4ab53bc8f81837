"""The target trial of a study: what an ideal trial would do, and how records emulate it.

The parts are those of TARGET (JAMA and BMJ, 2025).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from outcome_linkage.evaluation import words
from outcome_linkage.evaluation.adjusted import IF, WEIGHTS, alike, way
from outcome_linkage.evaluation.spec.cohort import CloneCensorWeight, TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Outcome
from outcome_linkage.evaluation.words import KINDS, NOT_SAID

ROLES = {
    "primary": "primary",
    "secondary": "secondary",
    "safety": "safety",
    "negative_control": "negative control: the service cannot affect it",
}


def target_trial(study: Evaluation) -> Iterator[str]:
    """The table, with its heading; nothing for a study without index dates."""
    if study.index is None:
        return
    who = "<br>".join(words.criterion(one) for one in study.eligibility) or "Everybody with an index date."
    asked = study.question
    yield "## The target trial, and how it is emulated"
    yield table(
        ("part", "in the trial that one would like to run", "with these records"),
        (
            ("eligibility", asked.population or NOT_SAID, who),
            (
                "treatment strategies",
                f"{asked.intervention or NOT_SAID}, or: {asked.comparator or NOT_SAID}",
                "<br>".join(_arms(study)) or "There are no arms.",
            ),
            ("assignment", "at random, on day 0", _assignment(study)),
            ("time zero", "the day of randomisation", words.time_zero(study.index)),
            ("follow-up", "from day 0, of everybody, to the end", _follow_up(study)),
            ("outcome", "seen in everybody, by the same means", "<br>".join(_one_line(study.outcomes))),
            (
                "causal contrast",
                words.ESTIMANDS[asked.estimand] if asked.estimand else NOT_SAID,
                _contrast(study),
            ),
            ("analysis", "compare the arms", _analysis(study)),
        ),
    )


def _arms(study: Evaluation) -> Iterator[str]:
    """Each arm, and what becomes of whoever fits several."""
    for arm in study.arms:
        yield f"{arm.label}: whoever {words.question(arm.when)}."
    if len(study.arms) > 1 and not isinstance(study.assignment, CloneCensorWeight | TimeVarying):
        yield "Whoever fits several is in the first of them; whoever fits none is left out."


def _assignment(study: Evaluation) -> str:
    return f"{words.assignment(study.assignment)} {alike(study)}"


def _contrast(study: Evaluation) -> str:
    if "descriptive" in (study.question.estimand, study.design.type):
        return "none: nothing is said of causes"
    return f"the same, {IF[way(study)]}"


def _follow_up(study: Evaluation) -> str:
    follow = study.followup
    if follow is None:
        return "The study period."
    reasons = [words.CENSORING[reason] for reason in follow.censor_at]
    ends = ", ".join([*reasons, *(words.name(event.concept) for event in follow.censor_events)])
    return f"From day {follow.start_days} to day {follow.horizon_days}; ended before by {ends}."


def _one_line(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        label = outcome.label or words.name(outcome.id)
        yield (
            f"{label} ({ROLES[outcome.role]}): {KINDS[outcome.kind]}, {words.days(outcome.window)}"
            f"{words.at_risk(outcome.at_risk_ages)}."
        )


def _analysis(study: Evaluation) -> str:
    made = study.estimates
    weights = words.capital(WEIGHTS[way(study)])
    cluster = f"; errors widened by {words.name(study.design.cluster)}" if study.design.cluster else ""
    return (
        f"{weights}{cluster}. Intervals of {made.confidence:.0%}; {made.bootstrap_draws} draws with seed "
        f"{made.seed} where they are bootstrapped. No value is made up for what was not seen."
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |" for cells in lines)
