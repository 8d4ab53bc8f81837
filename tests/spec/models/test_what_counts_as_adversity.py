"""Which records say that a child met adversity, when, and how it is known."""

from __future__ import annotations

from typing import Any

from tests.spec.models.region import Region, day


def domains(region: Region, name: str, columns: str = "adversity_domain") -> list[Any]:
    rows = region.of("adversity_event", name, columns)
    return [row[0] if len(row) == 1 else row for row in rows]


def test_an_assessment_factor_is_a_concern_dated_to_the_assessment(region: Region) -> None:
    """A factor is what a social worker was concerned about, not a finding."""
    region.person("ann")
    region.assessed("ann", "2018-03-10", "16A")
    columns = "adversity_domain, event_date, end_date, source, evidence_level"
    assert domains(region, "ann", columns) == [
        ("neglect", day("2018-03-10"), None, "cin_assessments", "assessed_concern")
    ]


def test_a_plan_is_a_spell_and_its_later_category_has_no_day_of_its_own(region: Region) -> None:
    """The plan began for neglect; when physical abuse was added is not recorded, and the row says so."""
    region.person("ben")
    region.planned("ben", "2018-03-10", "NEG", latest="PHY", plan_end_date="2018-12-01")
    columns = "adversity_domain, event_date, end_date, date_basis, evidence_level"
    assert domains(region, "ben", columns) == [
        ("neglect", day("2018-03-10"), day("2018-12-01"), "event", "plan"),
        ("physical_abuse", day("2018-03-10"), day("2018-12-01"), "plan_start", "plan"),
    ]


def test_a_plan_for_multiple_abuse_cannot_be_split(region: Region) -> None:
    """MUL counts as maltreatment of some kind, which never counts in a score."""
    region.person("cal")
    region.planned("cal", "2018-03-10", "MUL")
    assert domains(region, "cal", "adversity_domain, ace_set, counts_in_ace_score") == [
        ("maltreatment_any", "composite", False)
    ]


def test_a_census_that_repeats_itself_adds_nothing(region: Region) -> None:
    """An open case stands in each year's return: one referral, one assessment, one plan, last end known."""
    region.person("dan")
    for period, end in {"2018-06": None, "2019-06": "2018-12-01"}.items():
        region.row("cin_referrals", "dan", referral_date="2018-03-01", primary_need="N5", period=period)
        region.row("cin_assessments", "dan", assessment_start_date="2018-03-10", factor="16A", period=period)
        region.planned("dan", "2018-04-01", "NEG", plan_end_date=end, period=period)
    assert domains(region, "dan", "adversity_domain, event_date, end_date, source") == [
        ("family_stress_dysfunction", day("2018-03-01"), None, "cin_referrals"),
        ("neglect", day("2018-03-10"), None, "cin_assessments"),
        ("neglect", day("2018-04-01"), day("2018-12-01"), "cin_protection_plans"),
    ]


def test_one_event_counts_once_in_a_domain_and_may_count_in_two(region: Region) -> None:
    """Alcohol and drugs of a parent are one domain; sexual exploitation is abuse and exploitation."""
    region.person("eve")
    for factor in ("1B", "2B", "11A"):
        region.assessed("eve", "2018-03-10", factor)
    assert domains(region, "eve", "adversity_domain, code, n_codes") == [
        ("exploitation", "11A", 1),
        ("parental_substance_misuse", "1B", 2),
        ("sexual_abuse", "11A", 1),
    ]


def test_a_factor_about_the_parent_stands_on_the_childs_own_assessment(region: Region) -> None:
    """whose_record is child and about is parent. The child's own drinking is no adversity."""
    region.person("fay")
    region.assessed("fay", "2018-03-10", "4B")
    region.assessed("fay", "2018-03-10", "1A")
    assert domains(region, "fay", "adversity_domain, whose_record, about") == [
        ("parental_mental_illness", "child", "parent")
    ]


def test_a_parents_code_is_never_read_from_the_childs_own_record(region: Region) -> None:
    """Self-harm and alcohol in a 15-year-old are the child's outcomes, not a parent's illness or drinking."""
    region.person("gus", "2003-01-01", lives=[("bristol", "2003-02-01", None)])
    region.row(
        "apc_episodes",
        "gus",
        admidate="2018-03-10",
        admimeth="21",
        epistat="3",
        epitype="1",
        diag_01="X61",
        diag_02="F100",
    )
    assert domains(region, "gus") == []
    assert region.of("outcome_event", "gus", "outcome") == [
        ("emergency_admission",),
        ("self_harm_admission",),
    ]


def test_violence_by_family_is_abuse_and_any_other_is_community_violence_never_both(region: Region) -> None:
    """It takes a domestic-abuse flag, or a suspect who is family or carer; nothing known means community."""
    crimes = {
        "flagged": {"domestic_abuse_flag": True},
        "by a parent": {},
        "by a stranger": {},
        "by nobody known": {},
    }
    suspects = {"by a parent": "step_parent", "by a stranger": "stranger"}
    for name, flags in crimes.items():
        region.person(name)
        region.crime(name, ho_offence_code="8N", **flags)
        region.involved(name, name, "victim")
        if relationship := suspects.get(name):
            region.person(f"suspect {name}", "1980-01-01")
            region.involved(f"suspect {name}", name, "suspect", relationship_to_victim=relationship)
    assert {name: domains(region, name) for name in crimes} == {
        "flagged": ["physical_abuse"],
        "by a parent": ["physical_abuse"],
        "by a stranger": ["community_violence_victim"],
        "by nobody known": ["community_violence_victim"],
    }


def test_a_cancelled_crime_never_counts(region: Region) -> None:
    """Neither as an adversity nor as an outcome."""
    region.person("hal")
    region.crime("c1", ho_offence_code="8N", no_crime_flag=True)
    region.involved("hal", "c1", "victim")
    assert domains(region, "hal") == []
    assert region.of("outcome_event", "hal", "outcome") == []


def test_a_crime_is_dated_to_when_it_was_committed_else_recorded_and_flagged(region: Region) -> None:
    """A day of committing after the day of recording cannot be right and is not used."""
    region.person("ida")
    region.crime("c1", ho_offence_code="17B", committed_from_date="2019-01-05", recorded_date="2020-03-01")
    region.crime("c2", ho_offence_code="8N", committed_from_date=None, recorded_date="2020-04-01")
    region.crime("c3", ho_offence_code="106", committed_from_date="2020-06-01", recorded_date="2020-05-01")
    for crime in ("c1", "c2", "c3"):
        region.involved("ida", crime, "victim")
    assert domains(region, "ida", "adversity_domain, event_date, date_basis") == [
        ("community_violence_victim", day("2020-04-01"), "recorded"),
        ("exploitation", day("2020-05-01"), "recorded"),
        ("sexual_abuse", day("2019-01-05"), "event"),
    ]


def test_a_child_at_the_scene_of_domestic_abuse_met_it(region: Region) -> None:
    """Recorded as present at a domestic incident or crime; the victim of a crime is read as that instead."""
    for name in ("at an incident", "at a crime", "victim of the crime", "suspect"):
        region.person(name)
    region.row(
        "police_incidents",
        "at an incident",
        incident_id="i1",
        role="involved_child",
        incident_date="2019-05-05",
        incident_type="domestic",
        dash_risk="high",
    )
    region.crime("c1", ho_offence_code="8L", domestic_abuse_flag=True)
    region.involved("at a crime", "c1", "involved_child")
    region.involved("victim of the crime", "c1", "victim")
    region.involved("suspect", "c1", "suspect")
    columns = "adversity_domain, source, evidence_level, about"
    assert domains(region, "at an incident", columns) == [
        ("domestic_abuse", "police_incidents", "reported_incident", "household")
    ]
    assert domains(region, "at a crime", columns) == [
        ("domestic_abuse", "police_crimes", "reported_incident", "household")
    ]
    assert domains(region, "victim of the crime") == domains(region, "suspect") == []


def test_assault_in_hospital_counts_in_emergencies_from_10_to_19(region: Region) -> None:
    """As in the published list; undetermined intent is left to sensitivity analyses."""
    cases = {
        "emergency at 12": ("2006-01-01", "21", "X950"),
        "planned at 12": ("2006-01-01", "11", "X950"),
        "emergency at 9": ("2009-01-01", "21", "X950"),
        "undetermined": ("2006-01-01", "21", "Y200"),
    }
    for name, (born, method, code) in cases.items():
        region.person(name, born)
        region.row(
            "apc_episodes",
            name,
            admidate="2018-03-10",
            admimeth=method,
            epistat="3",
            epitype="1",
            diag_02=code,
        )
    assert {name: domains(region, name) for name in cases} == {
        "emergency at 12": ["community_violence_victim"],
        "planned at 12": [],
        "emergency at 9": [],
        "undetermined": [],
    }


def test_a_diagnosis_is_read_in_any_place_and_by_its_first_characters(region: Region) -> None:
    """T74.1 is maltreatment and physical abuse; Z63 alone is family stress; Z63.0 is the mother's code."""
    region.person("jan")
    region.row(
        "apc_episodes",
        "jan",
        admidate="2018-03-10",
        epistat="3",
        epitype="1",
        diag_01="S060",
        diag_20="T7410",
        diag_03="Z63X",
    )
    region.row("apc_episodes", "jan", admidate="2019-03-10", epistat="3", epitype="1", diag_01="Z630")
    assert domains(region, "jan", "adversity_domain, event_date, evidence_level") == [
        ("family_stress_dysfunction", day("2018-03-10"), "coded_indicative"),
        ("maltreatment_any", day("2018-03-10"), "coded_specific"),
        ("physical_abuse", day("2018-03-10"), "coded_specific"),
    ]


def test_bullying_recorded_at_an_exclusion_marks_the_perpetrator(region: Region) -> None:
    """The excluded pupil was not bullied: reason BU yields nothing."""
    region.person("kit")
    region.row("school_exclusions", "kit", start_date="2018-03-10", category="SUSP", reason1="BU")
    assert domains(region, "kit") == []


def test_start_of_care_is_an_adversity_and_a_short_break_is_not(region: Region) -> None:
    """Care separates a child from its parents; respite (V3, V4) does not, nor does a move within care."""
    region.person("liv")
    region.person("max")
    region.row(
        "ssda903_episodes", "liv", decom="2018-03-10", rne="S", ls="C2", cin="N1", dec="2018-09-01", rec="X1"
    )
    region.row(
        "ssda903_episodes", "liv", decom="2018-09-01", rne="P", ls="C2", cin="N1", dec="2019-01-01", rec="E4A"
    )
    region.row("ssda903_episodes", "max", decom="2018-03-10", rne="S", ls="V3", cin="N1")
    columns = "adversity_domain, event_date, end_date, evidence_level"
    assert domains(region, "liv", columns) == [
        ("maltreatment_any", day("2018-03-10"), day("2019-01-01"), "referred"),
        ("parental_separation_or_loss", day("2018-03-10"), day("2019-01-01"), "care"),
    ]
    assert domains(region, "max") == []


def test_an_adults_event_enters_no_childhood_domain(region: Region) -> None:
    """The day before 18 is childhood, the 18th birthday is not, and the row stays for those who want it."""
    region.person("ned", "2002-05-01", lives=[("bristol", "2002-05-20", None)])
    for crime, committed in {"c1": "2020-05-14", "c2": "2020-05-15"}.items():
        region.crime(crime, ho_offence_code="8N", committed_from_date=committed, recorded_date=committed)
        region.involved("ned", crime, "victim")
    assert domains(region, "ned", "event_date, age_years, life_stage, dates_adversity") == [
        (day("2020-05-14"), 17, "child", True),
        (day("2020-05-15"), 18, "adult", False),
    ]


def test_age_is_counted_from_the_15th_and_in_months_under_two(region: Region) -> None:
    """A child not yet born, or born later in the month, is 0."""
    region.person("ona", "2018-05-01", lives=[("bristol", "2018-05-20", None)])
    for assessed in ("2018-04-01", "2018-05-03", "2020-05-14", "2020-05-15"):
        region.assessed("ona", assessed, "16A")
    assert domains(region, "ona", "event_date, age_years, age_months") == [
        (day("2018-04-01"), 0, 0),
        (day("2018-05-03"), 0, 0),
        (day("2020-05-14"), 1, 23),
        (day("2020-05-15"), 2, None),
    ]


def test_without_a_month_of_birth_the_source_may_know_the_age(region: Region) -> None:
    """Children's services deal with children; a force notes the age; otherwise nothing is dated."""
    for name in ("in need", "a victim of 14", "a victim"):
        region.person(name, None)
    region.assessed("in need", "2018-03-10", "16A")
    for name, age in (("a victim of 14", 14), ("a victim", None)):
        region.crime(name, ho_offence_code="17B")
        region.involved(name, name, "victim", age_at_offence=age)
    columns = "age_years, life_stage, dates_adversity"
    assert domains(region, "in need", columns) == [(None, "child", True)]
    assert domains(region, "a victim of 14", columns) == [(14, "child", True)]
    assert domains(region, "a victim", columns) == [(None, "unknown", False)]


def test_the_same_input_gives_the_same_event_ids(region: Region) -> None:
    """An id depends on the person, the domain and the event, not on the order or number of deliveries."""
    again = Region()
    for built in (region, again):
        built.person("pat")
        built.assessed("pat", "2018-03-10", "16A")
    again.assessed("pat", "2019-03-10", "16A")
    ids = domains(region, "pat", "event_id")
    assert len(ids) == 1
    assert ids[0] in domains(again, "pat", "event_id")
