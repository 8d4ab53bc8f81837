"""Examples of our own rules. The delivery is of July 2024."""

from __future__ import annotations

_REFERRED = """
        cin_referrals
        child | referral_date
        A     | 2023-05-01
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
    person = "" if table == "police_crimes" else "person | "
    who = ("", "") if table == "police_crimes" else ("A | ", "B | ")
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
}
