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

from outcome_linkage.evaluation.answers.answer import answer
from outcome_linkage.evaluation.answers.sensitivities import sensitivity_answers
from outcome_linkage.evaluation.costs.make import make_costs
from outcome_linkage.evaluation.costs.prices import read_prices
from outcome_linkage.evaluation.engine.attrition import Delivered
from outcome_linkage.evaluation.engine.inputs import INPUTS
from outcome_linkage.evaluation.engine.keys import secret_of
from outcome_linkage.evaluation.engine.plan import tables_of
from outcome_linkage.evaluation.engine.run import make
from outcome_linkage.evaluation.engine.store import Stamp, store, write_parquet_beside
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.shape import shaped
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import Record

PROJECT = Path(__file__).parents[2]
EVENTS = 10
"""Of each person."""
CONCEPTS = {
    "suspension": ("school_exclusions", 8),
    "emergency_attendance": ("ecds_attendances", 40),
    "self_harm": ("ecds_attendances", 4),
    "otitis_media": ("ecds_attendances", 10),
    "mental_health_referral": ("mhsds_referrals", 8),
    "neglect": ("cin_protection_plans", 4),
    "physical_abuse": ("cin_protection_plans", 4),
    "emotional_abuse": ("cin_protection_plans", 4),
    "other": ("police_incidents", 18),
}
"""Concept: where it is recorded, and its share of the events. Unit: percent."""
SOURCES = ("police_incidents", *dict.fromkeys(source for source, _ in CONCEPTS.values()))
_PERSON = """
create temp macro dice(what, salt, sides) as cast(hash(what, salt) % sides as integer);
create table in_person as
select 'p' || n as person_id, cast(date '2006-01-01' + to_months(dice(n, 1, 144)) as date) as birth_month,
    ['female', 'male'][1 + dice(n, 2, 2)] as sex,
    ['White', 'Asian', 'Black', 'Mixed', 'Other'][1 + least(dice(n, 3, 10), 4)] as ethnicity5,
    'E0600002' || (2 + dice(n, 4, 3)) as la_code, 'E010' || (10000 + dice(n, 5, 600)) as lsoa21,
    cast(1 + dice(n, 6, 5) as integer) as imd_quintile,
    case when dice(n, 7, 200) = 0 then date '2021-01-01' + dice(n, 8, 1400) end as death_date
from range({people}) as r (n)
"""
_REST = """
create table in_residence as
select person_id, lsoa21, la_code, imd_quintile, birth_month as valid_from, date '2999-12-31' as valid_to
from in_person;
create table in_area as
select person_id, birth_month as area_from,
    case when dice(person_id, 9, 20) = 0 then date '2022-01-01' + dice(person_id, 10, 900)
        else date '2999-12-31' end as area_to
from in_person;
create table in_source as
select source, source as supplier, source = 'school_exclusions' as register, date '2025-03-31' as covers_to
from (values {sources}) as s (source);
create table in_link as
select person_id, source as supplier, dice(person_id || source, 11, 50) > 0 as linkable,
    cast(null as date) as linkable_from, dice(person_id || source, 12, 10) < 8 as linked, false as withheld,
    cast(10 + dice(person_id || source, 13, 20) as integer) as link_weight
from in_person, (values {sources}) as s (source);
create table in_coverage as
with whole as (
    select a.person_id, s.source, s.source as supplier, date '2018-04-01' as interval_from,
        least(date '2025-03-31', a.area_to) as interval_to, true as covered, cast(null as varchar) as reason,
        case when a.area_to < date '2025-03-31' then 'moved_out' else 'coverage_end' end as ended_by,
        dice(a.person_id || s.source, 14, 10) = 0 as has_gap
    from in_area as a, (values {sources}) as s (source)
)
select * exclude (has_gap) from whole where not has_gap
union all
select * exclude (has_gap) replace (date '2022-03-31' as interval_to) from whole where has_gap
union all
select * exclude (has_gap) replace (date '2022-07-01' as interval_from) from whole
where has_gap and interval_to > date '2022-07-01';
create table in_event as
with drawn as (
    select e.n, 'p' || (dice(e.n, 15, {people})) as person_id, dice(e.n, 16, 100) as part,
        date '2018-04-01' + dice(e.n, 17, 2556) as event_date
    from range({events}) as e (n)
),
placed as (
    select d.*, c.concept, c.source from drawn as d
    inner join (values {concepts}) as c (concept, source, low, high) on d.part >= c.low and d.part < c.high
    union all
    select {events} + n, 'p' || n, 0, date '2020-04-01' + dice(n, 18, 730), 'domestic_abuse', {police}
    from range({indexed}) as r (n)
)
select person_id, 'e' || n as event_id, 's' || n as source_event_id, concept, source, source as supplier,
    event_date, cast(null as date) as end_date, 'child' as whose_record, 'yes' as counts,
    source = 'cin_protection_plans' as is_adversity, source = 'cin_protection_plans' as in_score
from placed;
create table in_use as
select person_id, event_id, source_event_id, 'ecds_attendances' as resource, source, event_date, end_date
from in_event where concept = 'emergency_attendance';
create table in_domain as
select domain, 'cin_protection_plans' as source, 'child' as read_from, true as in_score
from (values ('neglect'), ('physical_abuse'), ('emotional_abuse')) as d (domain)
"""


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


def invent(connection: duckdb.DuckDBPyConnection, people: int, indexed: int) -> None:
    """Make the inputs."""
    low, concepts = 0, []
    for name, (source, share) in CONCEPTS.items():
        concepts.append(f"('{name}', '{source}', {low}, {low + share})")
        low += share
    facts = {
        "people": people,
        "indexed": indexed,
        "events": EVENTS * people,
        "police": "'police_incidents'",
        "concepts": ", ".join(concepts),
    }
    sources = ", ".join(f"('{name}')" for name in SOURCES)
    connection.execute(_PERSON.format(**facts))
    connection.execute(_REST.format(**facts, sources=sources))


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Inputs and columns that are not invented are there, and hold nothing."""
    for name, columns in INPUTS.items():
        typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        connection.execute(f"create table if not exists {name} ({typed})")
        there = {row[0] for row in connection.execute(f"describe {name}").fetchall()}
        for column, kind in columns.items():
            if column not in there:
                connection.execute(f"alter table {name} add column {column} {kind}")


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
    return int(clock > bound or peak > 6)


if __name__ == "__main__":
    sys.exit(main())
