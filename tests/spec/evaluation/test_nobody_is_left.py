"""Where nobody is left, in an arm or with an outcome known, a preview says why and what to do."""

from __future__ import annotations

from outcome_linkage.evaluation.engine.preview import released, why_nobody
from tests.invented_study import Invented, study


def told(flow: tuple[int, int, int], *more: tuple[str, str, int | None]) -> list[str]:
    labels = ("Of school age", "Matched", "Analysed")
    steps = [("flow", label, people) for label, people in zip(labels, flow, strict=True)]
    names = ("of", "what", "people")
    return why_nobody([dict(zip(names, row, strict=True)) for row in (*steps, *more)])


def test_the_step_at_which_everybody_is_lost_is_named() -> None:
    """The first of them, and of matching what to do."""
    (lost,) = told((0, 0, 0), ("arm", "seen", 0))
    assert lost.startswith("Nobody is left after the step `Of school age`: ")
    (unlike,) = told((500, 0, 0), ("arm", "seen", 0))
    assert "`Matched`" in unlike and "match.caliper" in unlike


def test_few_are_not_nobody() -> None:
    """A hidden count says nothing."""
    assert told((500, 100, 100), ("arm", "seen", None), ("outcome observed throughout", "main", None)) == []


def test_an_empty_arm_and_an_unseen_outcome_are_told() -> None:
    """Each with what to look at."""
    arm, outcome = told((9, 9, 9), ("arm", "seen", 0), ("outcome observed throughout", "main", 0))
    assert arm.startswith("Nobody is in arm `seen`: ")
    assert outcome.startswith("`main` is known of nobody to the end of its days: ")


def test_an_arm_without_anybody_is_counted() -> None:
    """Twenty people of whom nobody was seen: the arm stands in the preview, with 0."""
    invented = Invented()
    for n in range(20):
        invented.person(f"p{n:02}")
    counts = released(invented.make(), study()).to_dicts()
    arms = {row["what"]: row["people"] for row in counts if row["of"] == "arm"}
    assert arms == {"seen": 0, "not_seen": 20}
    assert why_nobody(counts)[0][:24] == "Nobody is in arm `seen`:"
