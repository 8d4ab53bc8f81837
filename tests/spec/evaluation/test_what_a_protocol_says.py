"""A specification as a protocol in plain English, and what changed between two of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.evaluation.diff import changes, is_enough, tell, version_needed
from outcome_linkage.evaluation.explain import explain
from outcome_linkage.evaluation.load import load
from outcome_linkage.evaluation.report.checklists import FACTS
from outcome_linkage.evaluation.spec.analysis import Estimates
from outcome_linkage.evaluation.spec.cohort import CloneCensorWeight, Match
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Rollout
from outcome_linkage.evaluation.target_trial import target_trial
from tests.spec.evaluation.installation import GOOD, GOOD_RATES

ADDED = ("analysis", "0.4.0")


def study(path: Path = GOOD) -> Evaluation:
    loaded = load(path)
    assert loaded.study is not None
    return loaded.study


def changed(tmp_path: Path, *replaced: tuple[str, str]) -> Evaluation:
    """The good study with parts of its text replaced."""
    text = GOOD.read_text(encoding="utf-8")
    for was, becomes in replaced:
        assert was in text
        text = text.replace(was, becomes, 1)
    path = tmp_path / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return study(path)


def test_the_target_trial_has_every_part() -> None:
    """Eligibility, strategies, assignment, time zero, follow-up, outcome, contrast, analysis: each twice.

    Once as in the trial that one would like to run, once as records allow.
    """
    table = "\n".join(target_trial(study()))
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("|")][2:]
    assert [row[0] for row in rows] == [
        "eligibility",
        "treatment strategies",
        "assignment",
        "time zero",
        "follow-up",
        "outcome",
        "causal contrast",
        "analysis",
    ]
    assert all(len(row) == 3 and all(row) for row in rows)
    emulated = {part: here for part, _, here in rows}
    assert emulated["assignment"].startswith("Decided by day 60.")
    assert emulated["follow-up"].startswith("From day 61 to day 425;")
    assert "without whoever has a record of mental health referral" in emulated["eligibility"]


def test_days_are_listed_from_the_earliest() -> None:
    """Every window of the file, so that a look past the index date is seen at a glance."""
    text = explain(study())
    lines = text[text.index("| from day |") :].split("\n\n")[0].splitlines()[2:]
    opens = [int(line.split("|")[1]) for line in lines]
    assert opens == sorted(opens) and opens[0] == -1825
    assert "| 0 | 60 | arm: Referred within 60 days |" in lines


def test_what_is_not_said_yet_is_told() -> None:
    """A draft without a question still has a protocol, which says what it lacks."""
    text = explain(study(GOOD_RATES))
    assert text.count("*not said yet*") == 4 and "target trial" not in text
    assert "per 1,000 of person time, every 1 quarter, by sex" in text


def test_a_rollout_says_who_starts_when_and_what_is_asked_of_shares() -> None:
    """With the file that says so."""
    of = study(GOOD_RATES)
    assert "`areas.csv` says on which day each area starts." in explain(of)
    assert "share" not in explain(of).partition("## Who starts when")[2].partition("##")[0]
    by_dose = of.model_copy(update={"rollout": Rollout(file="areas.csv", dose_per=0.1)})
    assert "of a share that is 10 points higher" in explain(by_dose)


def test_a_waived_diagnostic_gives_its_reason() -> None:
    """In the protocol, where a reviewer looks."""
    assert "waived: A pilot in one area is small by design" in explain(study())


@pytest.mark.parametrize(
    ("was", "becomes", "kind", "version"),
    [
        ("max_years: 15", "max_years: 16", "question", "1.0.0"),
        ("horizon_days: 425", "horizon_days: 430", "question", "1.0.0"),
        ("estimand: att", "estimand: ate", "question", "1.0.0"),
        ("role: primary\n    kind: binary", "role: primary\n    kind: count", "question", "1.0.0"),
        ("competing: [death]\n", "\n", "analysis", "0.3.1"),
        ("bootstrap_draws: 200", "bootstrap_draws: 500", "analysis", "0.3.1"),
        ("subgroups: [sex, imd_quintile]", "subgroups: [sex]", "analysis", "0.3.1"),
        ("covariates:\n", "covariates:\n  - {id: la_code, kind: attribute, from: residence}\n", *ADDED),
        ("label: Aged 5 to 15", "label: Of school age", "words", "0.3.1"),
        ("population: Children", "population: All children", "words", "0.3.1"),
    ],
    ids=[
        "eligibility",
        "follow-up",
        "estimand",
        "primary outcome",
        "secondary outcome",
        "draws",
        "subgroups",
        "added covariate",
        "label",
        "question in words",
    ],
)
def test_a_change_is_told_by_what_it_touches(
    was: str, becomes: str, kind: str, version: str, tmp_path: Path
) -> None:
    """Who, what and when is compared asks for a major version; an addition for a minor; all else a patch."""
    before = study()
    (found,) = changes(before, changed(tmp_path, (was, becomes)))
    assert found.kind == kind
    assert version_needed(before, [found]) == version


def test_the_order_of_arms_matters_and_that_of_outcomes_does_not(tmp_path: Path) -> None:
    """The first arm that fits is taken."""
    before = study()
    turned = before.model_copy(update={"arms": before.arms[::-1], "outcomes": before.outcomes[::-1]})
    assert [change.path for change in changes(before, turned)] == ["arms.order"]


def test_comments_and_layout_change_nothing(tmp_path: Path) -> None:
    """What counts is what the file says."""
    same = changed(tmp_path, ("version: 0.3.0", "version: 0.3.0 # as registered"))
    assert tell(study(), same) == "Nothing that the study says has changed."


def test_a_version_that_is_too_low_is_told(tmp_path: Path) -> None:
    """Also when it was raised, but by too little."""
    after = changed(tmp_path, ("max_years: 15", "max_years: 16"), ("version: 0.3.0", "version: 0.4.0"))
    assert tell(study(), after).endswith("The changes ask for version 1.0.0; 0.4.0 is too low.")
    assert is_enough("1.10.0", "1.9.0") and not is_enough("1.9.0", "1.10.0")


def test_a_protocol_says_who_is_at_risk_and_what_is_adjusted_for() -> None:
    """Ages at risk, where characteristics are read, and what becomes of whoever fits two arms."""
    text = explain(study())
    assert ", on days 61 to 425, at risk while aged 5 to 16." in text and "| aged 5 to 16 |" in text
    assert "Whoever fits several is in the first of them; whoever fits none is left out." in text
    assert "- sex: what is known of the person, on day 0." in text


def test_a_registration_is_only_what_the_file_says(tmp_path: Path) -> None:
    """A draft is registered nowhere; of a registered study the file may not say where."""
    nowhere = ("  registration: https://example.org/invented\n", "")
    assert "Registered: the file says registered, and not where." in explain(changed(tmp_path, nowhere))
    draft = changed(tmp_path, nowhere, ("status: registered", "status: draft"))
    assert "Registered: nowhere yet." in explain(draft)


MATCHED = Match(exact=("sex",), ratio=1, seed=1)


def test_a_matched_study_claims_no_adjustment_but_by_matching() -> None:
    """Matched arms have the weights of matching; covariates enter only the weights for who left."""
    matched = study().model_copy(update={"match": MATCHED})
    text = explain(matched)
    assert "Matched on sex, and made alike in nothing else." in text
    assert "The weights of matching, and no others between arms" in text
    assert "They enter only the weights for who left before the end of follow-up" in text
    assert "if what they are matched on is all that decided who got it" in text
    assert "adjusted for\n" not in text and "eights from the covariates" not in text
    assert "sex." in FACTS["confounders"](matched) and "matching" in FACTS["analysis"](matched)


def test_a_cohort_says_that_its_weights_make_arms_alike() -> None:
    """And one that asks for none says that nothing does."""
    cohort = study().model_copy(update={"match": None})
    assert "## Known before, and adjusted for" in explain(cohort)
    assert "Weights from the covariates" in explain(cohort)
    none = cohort.model_copy(update={"estimates": Estimates(weights="none")})
    assert "Nothing is adjusted for." in explain(none) and "No weights" in explain(none)


def test_clones_rest_on_covariates_only_where_they_leave() -> None:
    """Everybody is in every arm: nothing else is to be adjusted for."""
    cloned = study().model_copy(update={"assignment": CloneCensorWeight(strategy="clone_censor_weight")})
    assert "Weights for leaving an arm rest on" in explain(cloned)
    assert "Weights for who left their arm" in explain(cloned)
