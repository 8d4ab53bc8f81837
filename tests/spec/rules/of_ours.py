"""Examples of our own rules. The delivery is of July 2024."""

from __future__ import annotations

from schemas.catalogue import CONTRACTS

_REFERRED = """
        cin_referrals
        child | referral_date
        A     | 2023-05-01
"""

_TREATED = """
        mhsds_referrals
        referral_id | patient | referral_date
        one         | A       | 2024-05-01
"""
_IN_HOSPITAL = """
        mhsds_hospital_spells
        spell_id | patient | start_date | discharge_date
        s        | A       | 2024-05-01 | 2024-05-10
"""
_SERVED = """
        service_episodes
        episode_id | person | referred_date | ended_date
        one        | A      | 2024-05-01    | 2024-06-01
"""


def _after_death(table: str, day: str) -> str:
    return f"""
        {table}
        patient | {day}
        A       | 2024-05-02 | <-
        B       | 2024-05-01
        C       | 2024-05-02

        so_far.deaths
        patient | death_date
        A       | 2024-05-01
        B       | 2024-05-01
    """


def _future(table: str, day: str) -> str:
    of_people = CONTRACTS[table].has_person
    person, who = ("person | ", ("A | ", "B | ")) if of_people else ("", ("", ""))
    return f"""
        {table}
        {person}{day}
        {who[0]}2024-08-01 | <-
        {who[1]}2024-07-31
    """


EXAMPLES: dict[str, str] = {
    "C01": """
        cin_children
        child | sex
        A     | M

        cin_referrals
        child | referral_date
        A     | 2023-05-01
        B     | 2023-05-01 | <-
    """,
    "C02": f"""{_REFERRED}
        cin_assessments
        child | referral_date | assessment_start_date
        A     | 2023-05-01    | 2023-05-02
        A     | 2023-05-02    | 2023-05-02 | <-
    """,
    "C03": f"""{_REFERRED}
        cin_protection_plans
        child | referral_date | plan_start_date
        A     | 2023-05-01    | 2023-05-02
        B     | 2023-05-01    | 2023-05-02 | <-
    """,
    "C04": """
        ssda903_header
        child | birth_month
        A     | 2012-05-01 | <-
        B     | 2012-05-01
        C     | 2012-05-01

        so_far.cin_children
        child | birth_month
        A     | 2012-06-01
        B     | 2012-05-01
    """,
    "C05": _future("school_exclusions", "start_date"),
    "P01": """
        police_crimes
        crime_id
        one

        police_crime_persons
        crime_id | person | role
        one      | A      | victim
        two      | A      | victim | <-
    """,
    "P02": """
        police_crimes
        crime_id
        one

        police_incidents
        incident_id | person | linked_crime_id
        i           | A      | one
        j           | A      | two | <-
        k           | A      |
    """,
    "P03": """
        police_crimes
        crime_id | no_crime_flag
        one      | no
        two      | no  | <-
        three    | yes

        police_crime_persons
        crime_id | person | role
        one      | A      | victim
    """,
    "P04": """
        police_crimes
        crime_id | recorded_date | committed_from_date
        one      | 2024-05-01    | 2024-05-02 | <-
        two      | 2024-05-01    | 2024-05-01
    """,
    "P05": """
        police_crimes
        crime_id | committed_from_date | committed_to_date
        one      | 2024-05-02          | 2024-05-01 | <-
        two      | 2024-05-01          | 2024-05-01
    """,
    "P06": """
        police_crimes
        crime_id | recorded_date | committed_from_date
        one      | 2024-05-01    | 2012-05-02 | <-
        two      | 2024-05-01    | 2024-04-01
    """,
    "P07": """
        police_crimes
        crime_id | recorded_date | outcome_date
        one      | 2024-05-02    | 2024-05-01 | <-
        two      | 2024-05-01    | 2024-05-01
    """,
    "P08": """
        police_crimes
        crime_id | outcome_type
        one      | 16
        two      | 1

        police_crime_persons
        crime_id | person | role
        one      | A      | offender | <-
        two      | A      | offender
        one      | B      | suspect
    """,
    "P09": """
        police_incidents
        incident_id | person | child_present | n_children
        i           | A      | no            | 2 | <-
        j           | A      | yes           | 0 | <-
        k           | A      | yes           | 2
    """,
    "P10": _future("police_crimes", "recorded_date"),
    "P11": _future("police_incidents", "incident_date"),
    "H01": """
        apc_episodes
        patient | epistart   | epiend
        A       | 2024-05-02 | 2024-05-01 | <-
        B       | 2024-05-01 | 2024-05-01
    """,
    "H02": """
        apc_episodes
        patient | admidate   | epistart
        A       | 2024-05-02 | 2024-05-01 | <-
        B       | 2024-05-01 | 2024-05-01
    """,
    "H03": """
        apc_episodes
        patient | epistart   | epiend     | disdate
        A       | 2024-05-01 | 2024-05-03 | 2024-05-02 | <-
        B       | 2024-05-01 | 2024-05-02 | 2024-05-02
    """,
    "H04": """
        apc_episodes
        patient | procode3 | provspnops | admidate
        A       | RA7      | one        | 2024-05-01 | <-
        A       | RA7      | one        | 2024-05-02 | <-
        B       | RA7      | two        | 2024-05-01
        B       | RA7      | two        | 2024-05-01
    """,
    "H05": """
        apc_episodes
        patient | procode3 | provspnops
        A       | RA7      | one | <-
        B       | RA7      | one | <-
        B       | RA7      | two
        B       | RVJ      | one
    """,
    "H06": """
        apc_episodes
        patient | admidate   | birth_month
        A       | 2024-04-30 | 2024-05-01 | <-
        B       | 2024-05-01 | 2024-05-01
    """,
    "H07": """
        ecds_attendances
        patient | arrival_date | birth_month
        A       | 2024-04-30   | 2024-05-01 | <-
        B       | 2024-05-01   | 2024-05-01
    """,
    "H08": """
        ecds_attendances
        patient | arrival_date | birth_month | age_at_arrival
        A       | 2024-05-15   | 2010-05-01  | 12 | <-
        B       | 2024-05-15   | 2010-05-01  | 15 | <-
        C       | 2024-05-15   | 2010-05-01  | 13
        D       | 2024-05-15   | 2010-05-01  | 14
    """,
    "H09": _after_death("ecds_attendances", "arrival_date"),
    "H10": _after_death("apc_episodes", "admidate"),
    "H11": _after_death("mhsds_referrals", "referral_date"),
    "H12": _after_death("residence", "valid_from"),
    "H13": """
        deaths
        patient | death_date | registration_date
        A       | 2024-05-02 | 2024-05-01 | <-
        B       | 2024-05-02 | 2024-05-02
    """,
    "H14": """
        mhsds_referrals
        patient | referral_date | rejection_date | discharge_date
        A       | 2024-05-02    |                | 2024-05-01 | <-
        B       | 2024-05-02    | 2024-05-01     |            | <-
        C       | 2024-05-02    | 2024-05-02     |
    """,
    "H15": """
        residence
        patient | valid_from | valid_to
        A       | 2024-05-02 | 2024-05-01 | <-
        B       | 2024-05-02 | 2024-05-02
    """,
    "H16": """
        residence
        patient | valid_from | valid_to
        A       | 2024-01-01 |
        A       | 2024-05-01 |            | <-
        B       | 2024-01-01 | 2024-05-01
        B       | 2024-05-01 |
    """,
    "H17": _future("ecds_attendances", "arrival_date"),
    "H18": _future("apc_episodes", "admidate"),
    "H19": _future("mhsds_referrals", "referral_date"),
    "H20": _future("deaths", "death_date"),
    "C06": """
        hclic_cases
        case_id | assessment_date
        one     | 2024-05-01

        hclic_people
        case_id | person
        one     | A
        two     | A | <-
    """,
    "C07": """
        hclic_cases
        case_id | assessment_date | duty_start_date
        one     | 2024-05-02      | 2024-05-01 | <-
        two     | 2024-05-01      | 2024-05-01
    """,
    "C08": """
        school_exclusions
        exclusion_id | child | start_date
        one          | A     | 2024-05-01
        two          | B     | 2024-05-01 | <-

        so_far.school_pupils
        child | school_id
        A     | 123456
    """,
    "C09": """
        school_pupils
        child | school_id | academic_year | term | roll | termly_sessions_possible
        A     | 123456    | 2024          | SPR  | on   | 100
        B     | 123456    | 2024          | SPR  | on   | 100

        school_sessions
        child | school_id | academic_year | term | roll | sessions
        A     | 123456    | 2024          | SPR  | on   | 101 | <-
        B     | 123456    | 2024          | SPR  | on   | 100
    """,
    "C10": """
        school_pupils
        child | entry_date | leaving_date
        A     | 2023-09-02 | 2023-09-01 | <-
        B     | 2023-09-01 | 2023-09-01
    """,
    "C11": _future("early_help_episodes", "start_date"),
    "C12": _future("hclic_cases", "assessment_date"),
    "P12": """
        police_custody_arrests
        custody_id | person | age_at_arrest
        one        | A      | 9  | <-
        two        | B      | 10
    """,
    "P13": """
        police_missing_reports
        report_id | person | reported_date | returned_date
        one       | A      | 2024-05-01    | 2024-05-04
        two       | A      | 2024-05-03    | 2024-05-05 | <-
        three     | B      | 2024-05-01    | 2024-05-03
        four      | B      | 2024-05-03    |
    """,
    "P14": _future("police_missing_reports", "reported_date"),
    "P15": _future("police_custody_arrests", "arrest_date"),
    "P16": _future("police_stop_searches", "search_date"),
    "H21": f"""{_TREATED}
        mhsds_care_contacts
        care_contact_id | patient | referral_id
        c               | A       | one
        d               | A       | two | <-
    """,
    "H22": f"""{_TREATED}
        mhsds_care_contacts
        care_contact_id | patient | referral_id | contact_date
        c               | A       | one         | 2024-04-30 | <-
        d               | A       | one         | 2024-05-01
    """,
    "H23": f"""{_TREATED}
        mhsds_hospital_spells
        spell_id | patient | referral_id | start_date
        s        | A       | one         | 2024-04-30 | <-
        t        | A       | one         | 2024-05-01
    """,
    "H24": f"""{_IN_HOSPITAL}
        mhsds_ward_stays
        ward_stay_id | patient | spell_id
        w            | A       | s
        v            | A       | other | <-
    """,
    "H25": f"""{_IN_HOSPITAL}
        mhsds_ward_stays
        ward_stay_id | patient | spell_id | start_date | end_date
        w            | A       | s        | 2024-04-30 | 2024-05-03 | <-
        v            | A       | s        | 2024-05-03 | 2024-05-11 | <-
        u            | A       | s        | 2024-05-03 | 2024-05-10
    """,
    "H26": """
        mhsds_ward_stays
        ward_stay_id | patient | spell_id | start_date | end_date
        u            | A       | s        | 2024-05-01 | 2024-05-04
        v            | A       | s        | 2024-05-03 | 2024-05-10 | <-
        w            | B       | t        | 2024-05-01 | 2024-05-03
        x            | B       | t        | 2024-05-03 |
    """,
    "H27": """
        mhsds_ward_stays
        ward_stay_id | patient | start_date | end_date
        w            | A       | 2024-05-01 | 2024-05-04

        mhsds_restrictive_interventions
        intervention_id | patient | ward_stay_id | start_date
        i               | A       | w            | 2024-05-05 | <-
        j               | A       | w            | 2024-05-04
    """,
    "H28": """
        mhsds_ward_stays
        ward_stay_id | patient
        w            | A

        mhsds_restrictive_interventions
        intervention_id | patient | ward_stay_id
        i               | B       | w | <-
        j               | A       | w
    """,
    "H29": """
        ecds_attendances
        patient | arrival_date | departure_date
        A       | 2024-05-02   | 2024-05-01 | <-
        B       | 2024-05-02   | 2024-05-02
    """,
    "H30": """
        ecds_attendances
        patient | arrival_date | injury_date
        A       | 2024-05-01   | 2024-05-02 | <-
        B       | 2024-05-02   | 2024-05-02
    """,
    "H31": _after_death("mhsds_care_contacts", "contact_date"),
    "H32": _after_death("gp_events", "event_date"),
    "H33": _future("mhsds_hospital_spells", "start_date"),
    "H34": _future("gp_events", "event_date"),
    "A01": """
        service_episodes
        episode_id | person | referred_date | started_date
        one        | A      | 2024-05-02    | 2024-05-01 | <-
        two        | A      | 2024-05-01    | 2024-05-01
    """,
    "A02": """
        service_episodes
        episode_id | person | referred_date | accepted_date
        one        | A      | 2024-05-02    | 2024-05-01 | <-
        two        | A      | 2024-05-01    | 2024-05-01
    """,
    "A03": f"""{_SERVED}
        service_contacts
        contact_id | person | episode_id
        c          | A      | one
        d          | A      | two | <-
        e          | A      |
    """,
    "A04": f"""{_SERVED}
        service_contacts
        contact_id | person | episode_id | contact_date
        c          | A      | one        | 2024-04-30 | <-
        d          | A      | one        | 2024-05-01
    """,
    "A05": f"""{_SERVED}
        service_contacts
        contact_id | person | episode_id | contact_date | attended
        c          | A      | one        | 2024-06-02   | yes | <-
        d          | A      | one        | 2024-06-01   | yes
        e          | A      | one        | 2024-06-02   | no
    """,
    "A06": f"""{_SERVED}
        measure_scores
        person | episode_id | scale
        A      | one        | total
        B      | one        | total | <-
    """,
    "A07": """
        substance_treatment
        treatment_id | person | referred_date | triage_date
        one          | A      | 2024-05-02    | 2024-05-01 | <-
        two          | A      | 2024-05-01    | 2024-05-01
    """,
    "A08": _future("service_contacts", "contact_date"),
    "A09": _future("measure_scores", "measured_date"),
}
