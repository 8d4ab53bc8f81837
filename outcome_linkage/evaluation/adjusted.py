"""What makes the arms of a study alike: weights, matching, clones, a regression or nothing, and in words.

One rule for what is computed (`by_weights`, of `answers.weighing`) and for what protocol and report say.
"""

from __future__ import annotations

from typing import Literal

from outcome_linkage.evaluation import words
from outcome_linkage.evaluation.spec.cohort import CloneCensorWeight, TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation

COHORTS = ("cohort", "matched_cohort")
Way = Literal["weights", "matching", "clones", "regression", "themselves", "nothing"]
WEIGHTS: dict[Way, str] = {
    "weights": "weights from the covariates",
    "matching": "the weights of matching, and no others between arms",
    "clones": "weights for who left their arm",
    "regression": "a regression on the covariates, without weights",
    "themselves": "no weights",
    "nothing": "no weights",
}
"""What the analysis has, to go on after "with"."""
IF: dict[Way, str] = {
    "weights": "if what is adjusted for is all that decided who got it",
    "matching": (
        "of those of the first arm who found somebody, if what they are matched on is all that decided "
        "who got it"
    ),
    "clones": "if what the weights rest on is all that decided who left their arm",
    "regression": "if what is adjusted for is all that decided who got it, and when",
    "themselves": "if nothing but age and the exposure changed in between",
    "nothing": "if nothing at all decided who got it: nothing is adjusted for",
}
"""Under what the contrast with these records is that of the trial."""


def by_weights(study: Evaluation) -> bool:
    """Whether covariates weight the arms: not where these are alike by matching, or are clones."""
    alike = study.match is not None or isinstance(study.assignment, CloneCensorWeight)
    compared = study.design.type in COHORTS and len(study.arms) > 1
    return bool(compared and not alike and study.covariates and study.estimates.weights != "none")


def way(study: Evaluation) -> Way:
    """How the arms are made alike."""
    if study.design.type == "self_controlled":
        return "themselves"
    if study.design.type not in COHORTS:
        return "nothing"
    if isinstance(study.assignment, TimeVarying):
        return "regression" if study.covariates else "nothing"
    if isinstance(study.assignment, CloneCensorWeight):
        return "clones"
    if study.match is not None:
        return "matching"
    return "weights" if by_weights(study) else "nothing"


def is_adjusted_for(study: Evaluation) -> bool:
    """Whether the covariates make the arms alike."""
    return way(study) in ("weights", "regression")


def alike_by(study: Evaluation) -> list[str]:
    """Names of what the arms are made alike in; of clones, of what the weights rest on."""
    found = way(study)
    if found == "matching" and study.match:
        return [words.name(name) for name in (*study.match.exact, *study.match.caliper)]
    if found in ("weights", "regression", "clones"):
        return [one.label or words.name(one.id) for one in study.covariates]
    return []


def alike(study: Evaluation) -> str:
    """A sentence or two of how the arms are made alike."""
    names = ", ".join(alike_by(study))
    return {
        "weights": f"Made alike in {names} by weights.",
        "matching": f"Matched on {names}, and made alike in nothing else.",
        "clones": f"Weights for leaving an arm rest on {names or 'time alone'}, and on nothing else.",
        "regression": f"The regression holds {names} alike.",
        "themselves": "People are compared with themselves; bands of age are adjusted for.",
        "nothing": "Nothing is adjusted for.",
    }[way(study)]


def use_of_covariates(study: Evaluation) -> str:
    """What becomes of the covariates, where it is not that they make the arms alike."""
    found = way(study)
    if found in ("weights", "regression") or not study.covariates:
        return ""
    shown = "The report shows how alike the arms are in them."
    left = "They enter only the weights for who left before the end of follow-up"
    if found == "clones":
        return f"The weights for leaving an arm rest on them. {shown}"
    if found == "matching" and study.estimates.weights != "none":
        return f"The arms are matched, and not adjusted for these besides. {left}. {shown}"
    return f"Nothing is adjusted for these. {shown}" if study.arms else "Nothing is adjusted for these."
