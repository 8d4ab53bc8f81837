"""How long a whole evaluation takes: every table and estimate, of many invented people.

    nice -n 15 .venv/bin/python -m benchmarks.evaluation.whole
    nice -n 15 .venv/bin/python -m benchmarks.evaluation.whole --indexed 1000000 --no-panel

Inputs in the shape of `engine/inputs.py` are invented in a database file first, which is not counted: a
million people, ten million events, of whom so many have an index event. Bounds: 60 seconds and 6 GB for
50,000 of a million, ten minutes for all of them without a panel.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from benchmarks.evaluation.inputs import CONCEPTS, SOURCES, complete, invent
from outcome_linkage.evaluation.answers.answer import answer
from outcome_linkage.evaluation.answers.sensitivities import sensitivity_answers
from outcome_linkage.evaluation.costs.make import make_costs
from outcome_linkage.evaluation.costs.prices import read_prices
from outcome_linkage.evaluation.engine.attrition import Delivered
from outcome_linkage.evaluation.engine.keys import secret_of
from outcome_linkage.evaluation.engine.plan import tables_of
from outcome_linkage.evaluation.engine.run import make
from outcome_linkage.evaluation.engine.store import Stamp, store, write_parquet_beside
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.shape import shaped
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import Record

PROJECT = Path(__file__).parents[2]


class Seconds(NamedTuple):
    """By the clock, and of both processors together; the clock runs on while others use them."""

    clock: float
    processors: float


def outcome(name: str, role: str, kind: str, concept: str) -> dict[str, Any]:
    """One outcome of the study, from day 61 to 425."""
    event = {"concept": concept, "source": CONCEPTS[concept][0]}
    return {"id": name, "role": role, "kind": kind, "event": event, "window": [61, 425]}


def study(panel: bool) -> Evaluation:
    """A landmark study with every block that a study of people can have."""
    seen = {"concept": "mental_health_referral", "source": "mhsds_referrals"}
    found = shaped(
        {
            "schema_version": 1,
            "id": "whole",
            "title": "Invented",
            "version": "0.1.0",
            "status": "registered",
            "question": {"estimand": "ate"},
            "governance": {"purpose": "measuring time", "data_agreements": ["INVENTED-1"]},
            "study_period": {"start": "2020-04-01", "end": "2025-03-31"},
            "sources": {"use": list(SOURCES)},
            "design": {"type": "cohort"},
            "index": {"event": {"concept": "domestic_abuse", "source": "police_incidents"}},
            "eligibility": [
                {
                    "id": "age",
                    "label": "Up to 17",
                    "keep": {"age_at_index": {"min_years": 0, "max_years": 17}},
                }
            ],
            "arms": [
                {"id": "seen", "label": "Seen", "when": {"event": {**seen, "window": [-700, 60]}}},
                {"id": "not_seen", "label": "Not seen", "when": "otherwise"},
            ],
            "assignment": {"strategy": "landmark", "landmark_days": 60},
            "followup": {"start_days": 61, "horizon_days": 425},
            "adversity": {
                "window": [-1825, -1],
                "domains": ["neglect", "physical_abuse", "emotional_abuse"],
                "age_bands_years": [[0, 5], [5, 11], [11, 18]],
                "score": {"rule": "count_domains", "min_observable": 2, "categories": ["0", "1", "2+"]},
            },
            "covariates": [
                {"id": "sex", "kind": "attribute", "from": "person"},
                {"id": "ethnicity5", "kind": "attribute", "from": "person"},
                {"id": "imd_quintile", "kind": "attribute", "from": "residence"},
                {"id": "age_index_years", "kind": "attribute", "from": "person"},
                {
                    "id": "suspended_before",
                    "kind": "binary",
                    "event": {"concept": "suspension", "source": "school_exclusions", "window": [-365, -1]},
                },
            ],
            "outcomes": [
                outcome("suspended", "primary", "binary", "suspension"),
                {**outcome("harm", "secondary", "time_to_event", "self_harm"), "competing": ["death"]},
                outcome("attended", "secondary", "count", "emergency_attendance"),
                outcome("ear", "negative_control", "binary", "otitis_media"),
            ],
            **({"panel": {"every": "1 month", "from_days": -365, "to_days": 425}} if panel else {}),
            "costs": {
                "price_year": "2024-25",
                "perspectives": ["nhs"],
                "items": [
                    {"resource": "ecds_attendances", "unit_cost": "nhs.ed_attendance", "sector": "nhs"}
                ],
            },
            "subgroups": ["sex", "imd_quintile"],
            "sensitivity": [{"id": "shorter", "change": {"adversity": {"window": [-365, -1]}}}]
            if panel
            else [],
            "estimates": {"bootstrap_draws": 200, "seed": 7},
            "output": {"stata": False},
        }
    )
    if not isinstance(found, Evaluation):
        raise SystemExit(f"the study of the benchmark is wrong: {found}")
    return found


def measure(folder: Path, of: Evaluation) -> dict[str, Seconds]:
    """Seconds of each part of a run, in its order."""
    prices, tables = read_prices(PROJECT / "reference"), tables_of(of)
    stamp, record = Stamp(of.id, of.version, "0" * 64, "run"), Record("ev", "", "", 0, "")
    changes: list[Estimate] = []
    with duckdb.connect(str(folder / "inputs.duckdb"), config={"threads": 2, "memory_limit": "4GB"}) as at:
        at.execute("set preserve_insertion_order = false")
        complete(at)
        parts: dict[str, Callable[[], object]] = {
            "sensitivities": lambda: changes.extend(sensitivity_answers(at, of, lambda _: None)),
            "tables": lambda: make(at, of, Delivered(0, 0)),
            "costs": lambda: changes.extend(make_costs(at, of, prices)),
            "answers": lambda: answer(at, of, tables, changes),
            "stored": lambda: store(at, of, tables, stamp, secret_of(of.id, b"s" * 32), record),
            "parquet": lambda: write_parquet_beside(at, of, tables, folder / "tables"),
        }
        return {name: _seconds(part) for name, part in parts.items()}


def _seconds(part: Callable[[], object]) -> Seconds:
    started, worked = time.perf_counter(), time.process_time()
    part()
    return Seconds(time.perf_counter() - started, time.process_time() - worked)


def main() -> int:
    """Measure and print; 1 beyond the bound."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--indexed", type=int, default=50_000)
    parser.add_argument("--no-panel", action="store_true", help="without rows of periods")
    parser.add_argument("--folder", type=Path, help="where to keep the inputs, for another measurement")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as beside:
        folder = options.folder or Path(beside)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "inputs.duckdb").exists():
            with duckdb.connect(str(folder / "inputs.duckdb")) as connection:
                invent(connection, options.people, options.indexed)
        parts = measure(folder, study(not options.no_panel))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    for name, one in parts.items():
        print(f"{name:<14}{one.clock:8.1f} s{one.processors:8.1f} s of processors")
    clock, processors = (sum(one[n] for one in parts.values()) for n in (0, 1))
    bound = 600 if options.no_panel else 60
    print(f"{'all':<14}{clock:8.1f} s{processors:8.1f} s of processors")
    print(f"{bound} s by the clock are allowed; {peak:.1f} GB at most")
    return int(clock > bound or (peak > 6 and not options.no_panel))


if __name__ == "__main__":
    sys.exit(main())
