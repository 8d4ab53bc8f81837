"""The benchmark of coverage fills working tables by hand: they are those that the engine would have made."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from benchmarks.evaluation import cloned
from benchmarks.evaluation.by_design import connection
from benchmarks.evaluation.starting import GRACE, starters
from tests.invented_study import SOURCES, Invented, outcome, study

ATTENDED = {"concept": "emergency_attendance", "source": "ecds_attendances"}
CLONES = study(
    assignment={"strategy": "clone_censor_weight"},
    followup={"start_days": 1, "horizon_days": 365},
    covariates=[{"id": "sex", "kind": "attribute", "from": "person"}],
    outcomes=[outcome("time_to_event", id="first", event=ATTENDED, window=[1, 365])],
    estimates={"truncate_weights_at": 1.0},
)
SEEN = """
select person_key, arm in ('support', 'seen') as is_first, o_first_t, o_first_d, round(o_first_w, 6)
from ev_person order by 1, 2
"""


def test_clones_are_followed_and_weighted_as_the_engine_does() -> None:
    """Forty people, of whom some start in time, some leave and some have the outcome."""
    cloned.cloned(np.random.default_rng(4), 0.5, size=40)
    ours = connection().execute(SEEN).fetchall()
    of, region = starters(np.random.default_rng(4), 40, 80), Invented()
    happens = of.first(np.where(of.starts <= GRACE, of.starts, 1e9), 0.5)
    for n, (start, day) in enumerate(zip(of.starts, happens, strict=True)):
        events = [("seen", int(start))] if start <= GRACE else []
        events += [("attended", int(day))] if day <= 365 else []
        kind: dict[str, Any] = {"sex": "F" if of.x[n] > 0 else "M", "covered_to_day": int(of.leaves[n])}
        region.person(f"p{n}", *events, dob=date(2011, 5, 1), linkable=SOURCES, **kind)
    assert region.make(CLONES).execute(SEEN).fetchall() == ours
