"""What every model promises of itself holds when there is something to promise about."""

from __future__ import annotations

import pytest

from outcome_linkage.models.sql_file import generated_tests, load_models, load_tests
from tests.spec.models.region import REPOSITORY, Region

pytestmark = pytest.mark.slow
SQL = REPOSITORY / "dbt_like_sql"


def busy(region: Region) -> None:
    """Ten children who meet a bit of everything."""
    for number in range(10):
        born, day = f"{2003 + number}-0{1 + number % 9}-01", f"2018-0{1 + number % 9}-1{number % 9}"
        moved = f"2019-0{1 + number % 9}-28"
        child = region.person(
            f"child {number}",
            born if number else None,
            lives=[("bristol", f"{2003 + number}-10-01", moved), ("north_somerset", moved, None)]
            if number % 3
            else [],
        )
        region.assessed(child, day, ("16A", "3B", "18C", "11A")[number % 4])
        region.planned(child, day, ("NEG", "MUL", "EMO")[number % 3], latest="PHY")
        for referred in (f"2017-1{number % 3}-01", day):
            region.row("cin_referrals", child, referral_date=referred, primary_need=f"N{1 + number % 8}")
        region.row("cin_children", child, death_date="2021-03-04" if number == 7 else None)
        region.row("ssda903_header", child)
        region.row("ssda903_episodes", child, decom=day, rne="S", ls="C2", cin="N1")
        region.row("school_exclusions", child, start_date=f"2018-11-0{1 + number % 9}", category="SUSP")
        region.row("ecds_attendances", child, arrival_date=day, arrival_time="23:15", attendance_category="1")
        region.row(
            "apc_episodes",
            child,
            admidate=day,
            admimeth="21",
            epistat="3",
            epitype="1",
            diag_01="T741",
            diag_02="X61",
        )
        region.row("mhsds_referrals", child, referral_date=day)
        region.crime(f"crime {number}", ho_offence_code="8N", domestic_abuse_flag=number % 2 == 0)
        region.involved(child, f"crime {number}", "victim")
        region.row(
            "police_incidents", child, role="involved_child", incident_date=day, incident_type="domestic"
        )
    for name in ("mother", "another mother"):
        region.person(name, "1985-01-01")
    for number in range(9):
        region.related(f"child {number}", "mother", "mother", basis="maternity_record")
    region.related("child 3", "another mother", "mother")
    for supplier in ("bristol", "bnssg_icb"):
        piece = region.person(
            f"piece at {supplier}", "2004-02-01", known_to=[supplier], lives=[], sex="female"
        )
        region.related(piece, "mother", "mother", supplier=supplier)
    region.share_a_home([f"child {number}" for number in range(3)], "2015-01-01")
    for method, code in (("21", "F102"), ("11", "Z630")):
        stay = {"admidate": "2018-04-05", "admimeth": method, "epistat": "3", "epitype": "1", "diag_01": code}
        region.row("apc_episodes", "mother", **stay)
    region.involved("mother", "crime 2", "suspect")
    met_by_services(region, "child 1", "mother")
    region.row("deaths", "child 8", death_date="2020-02-02")
    region.row("opt_outs", "child 9", "bnssg_icb", scope="supplier", kind="type_1")


def met_by_services(region: Region, child: str, adult: str) -> None:
    """A child at school and in services, and an adult in those for adults: one row of each table."""
    term = {"school_id": "980000", "academic_year": 2018, "term": "AUT", "roll": "on"}
    region.row("school_pupils", child, **term, entry_date="2017-09-01", termly_sessions_possible=140)
    region.row("school_sessions", child, **term, attendance_reason="O", sessions=4)
    region.row("early_help_episodes", child, start_date="2018-02-01")
    region.row("cin_section47", child, referral_date="2018-02-01", s47_start_date="2018-02-03")
    region.row("nccis_activity", child, reference_date="2020-09-30", activity="610")
    region.row("police_missing_reports", child, reported_date="2018-03-01")
    region.row("ecds_attendances", child, arrival_date="2020-03-02", injury_intent="361269008")
    region.row("police_custody_arrests", adult, arrest_date="2019-01-05")
    region.row("mhsds_care_contacts", adult, contact_date="2019-02-05", attend_status="5")
    stay = {"ward_stay_id": "stay", "start_date": "2019-02-05"}
    region.row("mhsds_ward_stays", adult, **stay, ward="WD01", end_date="2019-02-09")
    region.row("mhsds_restrictive_interventions", adult, **stay, intervention_type="01")
    region.row("op_appointments", adult, apptdate="2019-03-05", attended="5")
    region.row("hclic_cases", None, "bristol", case_id="case", assessment_date="2019-03-05", duty="relief")
    region.row("hclic_people", adult, case_id="case")
    voluntary = "safe_harbour"
    episode = {"episode_id": "episode", "service": "multiple_disadvantage", "started_date": "2019-04-01"}
    region.row("service_episodes", adult, voluntary, **episode)
    contact = {"episode_id": "episode", "contact_date": "2019-04-01", "attended": True}
    region.row("service_contacts", adult, voluntary, **contact)
    score = {"instrument": "core_10", "scale": "total", "score": 21, "measured_date": "2019-04-01"}
    region.row("measure_scores", adult, voluntary, **score)
    region.row("substance_treatment", adult, voluntary, started_date="2019-05-01")
    region.row("employment_status", adult, voluntary, recorded_date="2019-04-01", status="01")


def test_no_row_breaks_what_a_model_promises(region: Region) -> None:
    """Grains are unique, columns that are never null never are, and every written test finds nothing."""
    busy(region)
    models = load_models(SQL)
    tests = [test for model in models.values() for test in generated_tests(model)] + load_tests(SQL, models)
    broken = {}
    for test in tests:
        region.build(test.model)
        if found := region.ask(test.sql):
            broken[test.model, test.name] = len(found)
    assert broken == {}
    empty = [name for name in models if region.ask(f"select count(*) from {name}") == [(0,)]]
    assert empty == []
