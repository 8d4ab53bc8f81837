"""A tiny installation that evaluations are checked against: marts, catalogue, prices, agreements.

All of it is invented but the lists of the reference folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from outcome_linkage.evaluation.bound_checks import bind
from outcome_linkage.evaluation.load import Loaded, load
from outcome_linkage.evaluation.problems import Problem, fault, tell
from outcome_linkage.evaluation.registered import same_question
from schemas.agreements import Agreements, SupplierTerms, Terms

HERE = Path(__file__).parent
REFERENCE = Path(__file__).parents[3] / "reference"
BAD = HERE / "bad"
GOOD = HERE / "good" / "seen_soon.yaml"
GOOD_RATES = HERE / "good" / "trained_areas.yaml"
TODAY = date(2025, 6, 1)
PURPOSE = "learning whether being seen soon helps"
LOCKED = {("seen_soon", "0.1.0"): "what it said before"}

_SUPPLIERS = {
    "avon_somerset_police": ("police_incidents",),
    "bristol": (
        "school_exclusions",
        "school_sessions",
        "ssda903_episodes",
        "cin_referrals",
        "cin_assessments",
        "cin_protection_plans",
    ),
    "bnssg_icb": ("mhsds_referrals", "ecds_attendances", "apc_episodes", "op_appointments", "deaths"),
}
_NOT_DELIVERED = ("deaths",)
_ROWS = """
create table person as
select 'p' || n as person_id, date '2008-06-01' as birth_month, 2008 as birth_year, 'female' as sex,
    'White' as ethnicity5, 1 as imd_quintile, 'E0600002' || (3 + n % 3) as la_code, 'E01014370' as lsoa21
from range(12) as r (n);
create table adversity_event as
select person_id, domain as adversity_domain, date '2021-06-01' as event_date, source
from person cross join (values
    ('domestic_abuse', 'police_incidents'), ('neglect', 'cin_protection_plans')
) as d (domain, source);
create table outcome_event as
select person_id, outcome, date '2021-07-01' as event_date, source
from person cross join (values
    ('mental_health_referral', 'mhsds_referrals'), ('suspension', 'school_exclusions'),
    ('emergency_attendance', 'ecds_attendances'), ('becoming_looked_after', 'ssda903_episodes')
) as o (outcome, source);
create table measure_event as
select person_id, concept, date '2021-07-01' as event_date, source
from person cross join (values
    ('ed_self_harm', 'ecds_attendances'), ('suspended_sessions', 'school_exclusions')
) as m (concept, source);
create table person_coverage as
select person_id, 'police_incidents' as source_table, 'avon_somerset_police' as supplier,
    date '2020-04-01' as interval_from, date '2024-03-31' as interval_to, true as covered
from person;
attach ':memory:' as catalogue;
create table catalogue.main.supplier_tables (table_name varchar, supplier varchar);
create table catalogue.main.suppliers as select * from (values
    ('avon_somerset_police', 'nhs_hes'), ('bristol', 'nhs_hes'), ('bnssg_icb', 'nhs_hes')
) as s (supplier, sdc_profile);
create table catalogue.main.deliveries (table_name varchar, covers_from date, covers_to date);
attach ':memory:' as reference;
create table reference.main.unit_costs as select * from (values
    ('nhs.ed_attendance', 'attendance', '2024-25', 'nhs'),
    ('nhs.ed_attendance_old', 'attendance', '1998-99', 'nhs'),
    ('nhs.emergency_stay', 'spell', '2023-24', 'nhs'),
    ('nhs.bed_day', 'day', '2024-25', 'nhs')
) as c (id, unit, price_year, sector);
create table reference.main.price_indices as select * from (values
    ('nhscii', '2023-24'), ('nhscii', '2024-25')
) as i (index_id, year);
"""


def installation() -> duckdb.DuckDBPyConnection:
    """The marts and lists of twelve invented people."""
    connection = duckdb.connect()
    connection.execute(_ROWS)
    tables = [(table, supplier) for supplier, names in _SUPPLIERS.items() for table in names]
    connection.executemany("insert into catalogue.main.supplier_tables values (?, ?)", tables)
    delivered = [(table, "2020-04-01", "2024-03-31") for table, _ in tables if table not in _NOT_DELIVERED]
    connection.executemany("insert into catalogue.main.deliveries values (?, ?, ?)", delivered)
    for name in ("measures", "measure_codes", "adversity_crosswalk", "outcome_both_roles"):
        rows = "read_csv(?, header = true, all_varchar = true)"
        sql = f"create table reference.main.{name} as select * from {rows}"
        connection.execute(sql, [str(REFERENCE / f"{name}.csv")])
    return connection


def agreements() -> Agreements:
    """One agreement, without outpatients, for another purpose for referrals, ended for assessments."""
    own = {"cin_referrals": Terms(purposes=("planning",)), "cin_assessments": Terms(ends=date(2024, 12, 31))}
    terms = {
        supplier: SupplierTerms(
            reference="INVENTED-1",
            purposes=(PURPOSE,),
            ends=date(2030, 1, 1),
            tables={name: own.get(name, Terms()) for name in names if name != "op_appointments"},
        )
        for supplier, names in _SUPPLIERS.items()
    }
    return Agreements(invented=True, suppliers=terms)


@dataclass(frozen=True)
class BadFile:
    """A file with one fault: what is wrong in words, and the code on the line where it must be told."""

    path: Path

    @property
    def code(self) -> str:
        """The code of its name."""
        return self.path.stem.partition("_")[0]

    @property
    def says(self) -> str:
        """What is wrong, in words: the first line."""
        return self.path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")

    @property
    def expected(self) -> list[tuple[int, str]]:
        """The line and code of each remark `# <- EV…`."""
        lines = enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1)
        return [(number, line.partition("# <- ")[2].strip()) for number, line in lines if "# <- " in line]


def bad_files() -> list[BadFile]:
    """Every bad file, by code."""
    return [BadFile(path) for path in sorted(BAD.glob("EV*.yaml"))]


def problems_of(path: Path, connection: duckdb.DuckDBPyConnection) -> Sequence[Problem]:
    """Everything that is told of a file in the tiny installation."""
    if path.name.startswith("EV160"):
        return _of_the_run(load(path, {}))
    if path.name.startswith("EV124"):
        return _of_runs_before(load(path, {}))
    loaded = load(path, LOCKED if path.name.startswith("EV122") else {})
    return bind(loaded, connection, agreements(), TODAY).problems


def _of_runs_before(loaded: Loaded) -> Sequence[Problem]:
    """What is told where it last ran, registered, without its criteria."""
    assert loaded.source is not None and loaded.study is not None
    before = loaded.study.model_copy(update={"eligibility": ()})
    return tell(same_question(loaded.study, before), loaded.source)


def _of_the_run(loaded: Loaded) -> Sequence[Problem]:
    """What the engine tells where its result is 1."""
    assert loaded.source is not None
    path = ("examples", 0, "expect", "suspended")
    return tell([fault("EV160", path, name="suspended", expected=0, got=1)], loaded.source)
