"""The studies that are shipped.

Each is a file of `evaluations/` that is right by itself, with invented people who come out as it expects and
a page for whoever decides about services.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.evaluation.engine.examples import disappointed
from outcome_linkage.evaluation.load import SHIPPED, Loaded, load_folder
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.walk import of_kind
from tests.spec.evaluation.installation import installation

STUDIES = {one.path.stem: one for one in load_folder(SHIPPED)}
QUESTIONS = ("abuse_support", "exclusion_police", "domestic_child", "training_wards", "many_needs")


def study_of(loaded: Loaded) -> Evaluation:
    """The study of a file that is right."""
    assert loaded.study is not None, "\n".join(map(str, loaded.problems))
    return loaded.study


def test_the_six_questions_of_commissioners_have_a_study() -> None:
    assert {*QUESTIONS, "violence_known"} <= set(STUDIES)


@pytest.mark.parametrize("name", STUDIES)
def test_a_file_is_right_by_itself_and_blind(name: str) -> None:
    """A shipped study is a draft: nobody sees an outcome by arm before it is registered."""
    assert list(STUDIES[name].problems) == []
    assert study_of(STUDIES[name]).status == "draft"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, one in STUDIES.items() if one.study and one.study.index])
def test_invented_people_come_out_as_expected(name: str) -> None:
    study = study_of(STUDIES[name])
    assert len(study.examples) >= 2
    assert [one.facts for one in disappointed(study)] == []


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_names_measures_of_the_library(name: str) -> None:
    """Each is read from the table that the library says."""
    sql = (
        "select measure, source_table from reference.main.measures where source_table is not null "
        "union select adversity_domain, source_table from reference.main.adversity_crosswalk "
        "where used = 'yes'"
    )
    with installation() as connection:
        library = set(connection.execute(sql).fetchall())
    named = {(event.concept, event.source) for _, event in of_kind(study_of(STUDIES[name]), Event)}
    assert named - library == set()


@pytest.mark.parametrize("name", STUDIES)
def test_a_page_says_what_the_study_can_answer_and_what_it_cannot(name: str) -> None:
    page = Path(SHIPPED / f"{name}.md").read_text(encoding="utf-8")
    for heading in ("## What it asks", "## What counts", "## What it cannot say"):
        assert heading in page
    assert f"`{name}.yaml`" in page and len(page.split()) > 200


@pytest.mark.parametrize("name", [name for name, one in STUDIES.items() if one.study and one.study.outcomes])
def test_a_study_of_people_has_a_negative_control(name: str) -> None:
    assert "negative_control" in {outcome.role for outcome in study_of(STUDIES[name]).outcomes}
