"""Studies as the product runs them, from day 0 on, with its own steps and answers; here with matched arms.

What people are on day 0, and what became of them, is put into the working tables that the engine would have
made; matching (`make_match`), the weights of clones (`make_weights`) and every estimate (`cohort_answers`)
are the product's, asked as a study asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks.evaluation import generators as made
from benchmarks.evaluation.starting import GRACE
from outcome_linkage.evaluation.answers.cohorts import cohort_answers
from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.engine.match import make_match
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.shape import shaped
from outcome_linkage.evaluation.spec.evaluation import Evaluation

Found = Mapping[str, Estimate]
DAY_0 = "2021-01-01"
STARTED = {"concept": "therapy_started", "source": "service_episodes", "window": [0, GRACE]}
MEASURED = {"concept": "score", "source": "service_episodes", "window": [-365, 0]}


def study(kinds: Mapping[str, str], **changes: Any) -> Evaluation:
    """A study of outcomes of these kinds, one covariate `x`, support or not; weights are not cut."""
    happened = {"concept": "emergency_attendance", "source": "ecds_attendances"}
    found = shaped(
        {
            "schema_version": 1,
            "id": "coverage",
            "title": "Coverage",
            "version": "0.1.0",
            "governance": {"purpose": "benchmark", "data_agreements": ["INVENTED-1"]},
            "study_period": {"start": "2020-04-01", "end": "2024-03-31"},
            "sources": {"use": ["service_episodes", "ecds_attendances"]},
            "design": {"type": "cohort"},
            "index": {"date": DAY_0},
            "arms": [
                {"id": made.A, "label": "Support", "when": {"event": STARTED}},
                {"id": made.B, "label": "Usual care", "when": "otherwise"},
            ],
            "assignment": {"strategy": "at_index"},
            "followup": {"start_days": 1, "horizon_days": made.HORIZON},
            "covariates": [{"id": "x", "kind": "latest", "event": MEASURED}],
            "outcomes": [
                {
                    "id": name,
                    "role": "secondary",
                    "kind": kind,
                    "event": happened,
                    "window": [1, made.HORIZON],
                }
                for name, kind in kinds.items()
            ],
            "estimates": {"truncate_weights_at": 1.0},
            **changes,
        }
    )
    assert isinstance(found, Evaluation), found
    return found


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """Where working tables are put."""
    return duckdb.connect(config={"threads": 1})


def answered(of: Evaluation) -> Found:
    """Every estimate of a study whose tables are there."""
    return {f"{one.outcome} {one.scale}": one for one in cohort_answers(connection(), of, "main")}


KINDS = {"risk": "binary", "rate": "count", "mean": "continuous", "horizon": "time_to_event"}
COLUMNS = {
    "o_events": "o_rate",
    "o_events_pt": "o_rate_pt",
    "o_time_t": "o_horizon_t",
    "o_time_d": "o_horizon_d",
}
FEW_TREATED = -1.8
"""Log odds of arm a where `x` is 0: there are others for nearly everybody in it."""
ELIGIBLE = pl.DataFrame({"trial_no": 1, "assignment_weight": 1.0})
_PERSON = "create or replace temp table ev_person as select person_id as person_key, * from study_member"


def pairing(replacement: bool, ratio: int) -> Evaluation:
    """Whoever is supported with so many others whose `x` is at most 0.2 from theirs."""
    return study(
        KINDS,
        design={"type": "matched_cohort"},
        question={"estimand": "att"},
        match={"caliper": {"x": 0.2}, "replacement": replacement, "ratio": ratio, "seed": 5},
    )


PAIRS, SHARED = pairing(False, 1), pairing(True, 2)


def paired(random: np.random.Generator, effect: float) -> Found:
    """Each with another one, who is nobody else's."""
    return _matched(random, effect, PAIRS)


def shared(random: np.random.Generator, effect: float) -> Found:
    """Each with the two nearest, who may be others' too."""
    return _matched(random, effect, SHARED)


def _matched(random: np.random.Generator, effect: float, of: Evaluation, size: int = 1500) -> Found:
    """People on day 0 in, sets and estimates out."""
    people = made.people(random, size, effect)
    treated = made.assigned(random, people.x, True, FEW_TREATED)
    seen = made.observed(random, people, treated, False).rename(COLUMNS)
    eligible = seen.join(ELIGIBLE, how="cross").rename({"person_key": "person_id"})
    eligible = eligible.with_columns(cluster_key="person_id").with_row_index("candidate_id")
    put(connection(), "study_eligible", eligible)
    put(connection(), "cov_wide", eligible.select("candidate_id", "x_x"))
    make_match(connection(), of)
    connection().execute(_PERSON)
    return answered(of)
