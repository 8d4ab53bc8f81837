"""The codebook of a run: what each column is, where it comes from, and nothing of a person."""

from __future__ import annotations

from typing import Any

import pytest

from outcome_linkage.evaluation.codebook import put_codebook
from outcome_linkage.evaluation.engine.plan import tables_of
from outcome_linkage.evaluation.load import load
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from tests.invented_study import Invented, study
from tests.spec.evaluation.installation import GOOD

pytestmark = pytest.mark.slow
TOLD = ("ev_cohort", "ev_person", "ev_event", "ev_balance")


def book(of: Evaluation, invented: Invented) -> dict[tuple[str, str], dict[str, Any]]:
    made = invented.make(of)
    put_codebook(made, of, TOLD)
    rows = made.sql("select * from ev_codebook").pl().iter_rows(named=True)
    return {(row["table_name"], row["column_name"]): row for row in rows}


@pytest.fixture
def good() -> Evaluation:
    """The good file: its labels, windows and invented people."""
    found = load(GOOD, {}).study
    assert found is not None
    return found


def test_every_column_has_a_row(good: Evaluation) -> None:
    """With a label and words; tables come in the order of the run, and the codebook ends them."""
    invented = Invented()
    made = invented.make(good)
    found = book(good, invented)
    columns = [(table, name) for table in TOLD for name in made.sql(f"from {table}").columns]
    assert list(found) == columns
    assert all(row["label"] and row["description"] and row["type"] for row in found.values())
    assert tables_of(good)[-1] == "ev_codebook"


def test_an_outcome_says_how_it_is_made(good: Evaluation) -> None:
    """Its label, table and concept, days, and rule; beside it what stands for no value."""
    found = book(good, Invented())
    suspended = found["ev_person", "o_suspended"]
    assert suspended["label"] == "Suspended in the year after"
    assert (suspended["source_fields"], suspended["days"]) == ("school_exclusions: suspension", "61 to 425")
    assert suspended["formula"].startswith("1 if there was any in the window")
    assert suspended["allowed_values"] == "0, 1"
    assert "o_suspended_st: 1 not_linkable (.n)" in suspended["missing_codes"]
    days = found["ev_person", "o_suspended_pt"]
    assert (days["label"], days["unit"]) == ("Days at risk: Suspended in the year after", "days")
    assert days["formula"] is None


def test_examples_are_of_invented_people(good: Evaluation) -> None:
    """Those of the study's own file, whoever is in the data."""
    found = book(good, Invented())
    assert found["ev_person", "index_date"]["example"] == "2021-06-01"
    assert found["ev_person", "arm"]["example"] == "seen"
    assert found["ev_person", "person_key"]["example"] is None
    assert all(row["example"] is None for row in book(study(), Invented()).values())


def test_nothing_is_counted_that_counts_people(good: Evaluation) -> None:
    """Values of categories are; keys, days and numbers are not."""
    invented = Invented()
    for n in range(3):
        invented.person(f"p{n}", ("seen", n), sex="FMU"[n])
    found = book(study(), invented)
    assert found["ev_person", "sex"]["n_distinct"] == 3
    counted = {name for (table, name), row in found.items() if table == "ev_person" and row["n_distinct"]}
    assert not counted & {"person_key", "cluster_key", "match_set", "index_date", "fu_days", "o_attended"}
