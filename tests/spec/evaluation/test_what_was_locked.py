"""A locked study stays as it is.

`outcome-linkage evaluation validate --lock` writes what a locked study says to `locked.csv` beside it, as a
fingerprint of each version. Keep that file in version control.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.load import load
from outcome_linkage.evaluation.locked import FILE, lock, read_locked
from outcome_linkage.evaluation.registered import keep_registered, last_registered, same_question
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from tests.spec.evaluation.installation import GOOD


def locked_study(folder: Path, *replaced: tuple[str, str]) -> Path:
    text = GOOD.read_text(encoding="utf-8")
    for was, becomes in (("status: registered", "status: locked"), *replaced):
        assert was in text
        text = text.replace(was, becomes, 1)
    path = folder / "seen_soon.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def codes(path: Path) -> list[str]:
    return [problem.code for problem in load(path).problems]


def test_a_locked_version_may_change_its_comments_only(tmp_path: Path) -> None:
    """Another figure needs another version; setting the study back to a draft does not unlock the version."""
    study = load(locked_study(tmp_path)).study
    assert study is not None
    lock(study, tmp_path)
    assert codes(locked_study(tmp_path, ("seed: 7}", "seed: 7} # as agreed"))) == []
    assert codes(locked_study(tmp_path, ("ratio: 3", "ratio: 2"))) == ["EV122"]
    assert codes(locked_study(tmp_path, ("ratio: 3", "ratio: 2"), ("0.3.0", "0.3.1"))) == []
    assert codes(locked_study(tmp_path, ("status: locked", "status: registered"))) == ["EV122"]


def test_locking_again_changes_nothing(tmp_path: Path) -> None:
    """But other words under the same version are refused."""
    first = load(locked_study(tmp_path)).study
    other = load(locked_study(tmp_path, ("ratio: 3", "ratio: 2"))).study
    assert first is not None and other is not None
    lock(first, tmp_path)
    written = (tmp_path / FILE).read_text(encoding="utf-8")
    lock(first, tmp_path)
    assert (tmp_path / FILE).read_text(encoding="utf-8") == written
    with pytest.raises(InputRefused, match="Raise the version"):
        lock(other, tmp_path)


def test_only_a_locked_study_is_locked(tmp_path: Path) -> None:
    """`validate --lock` refuses any other."""
    study = load(GOOD).study
    assert study is not None
    with pytest.raises(InputRefused, match="Set `status: locked` first"):
        lock(study, tmp_path)


def test_a_broken_list_is_refused(tmp_path: Path) -> None:
    """Rather than taken for an empty one, which would unlock everything."""
    (tmp_path / FILE).write_text("id,version\nseen_soon,0.3.0\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="Restore it from git"):
        read_locked(tmp_path)


def registered(**changed: object) -> Evaluation:
    study = load(GOOD).study
    assert study is not None and study.status == "registered"
    return study.model_copy(update=changed)


def test_a_registered_question_changes_with_its_version_only(tmp_path: Path) -> None:
    """As a home last ran it; a draft in between changes nothing, and figures of the analysis may."""
    keep_registered(tmp_path, registered())
    keep_registered(tmp_path, registered(status="draft", eligibility=()))
    before = last_registered(tmp_path)
    assert before == registered()
    assert not list(same_question(registered(subgroups=()), before))
    assert not list(same_question(registered(status="draft", eligibility=()), before))
    assert not list(same_question(registered(version="1.0.0", eligibility=()), before))
    (found,) = same_question(registered(eligibility=()), before)
    assert (found.code, found.facts["needed"]) == ("EV124", "1.0.0")


def test_a_study_that_never_ran_registered_is_held_to_nothing(tmp_path: Path) -> None:
    """There is nothing that anybody could have seen."""
    keep_registered(tmp_path, registered(status="draft"))
    assert last_registered(tmp_path) is None and not list(same_question(registered(), None))
