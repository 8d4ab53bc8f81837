"""Examples of the SSDA903 rules on modules beside header and episodes. The collection year is 2024."""

from __future__ import annotations


def _unlisted(table: str) -> str:
    return f"""
        ssda903_header
        child | sex
        A     | F

        {table}
        child | birth_month
        A     | 2012-05-01
        B     | 2012-05-01 | <-
    """


def _other_birth(table: str) -> str:
    return f"""
        ssda903_header
        child | birth_month
        A     | 2012-05-01
        B     | 2012-05-01

        {table}
        child | birth_month
        A     | 2012-06-01 | <-
        B     | 2012-05-01
    """


_MODULES = {
    "01": "ssda903_ad1",
    "02": "ssda903_placed_adoption",
    "04": "ssda903_missing",
    "05": "ssda903_oc2",
    "06": "ssda903_oc3",
    "07": "ssda903_prev_perm",
    "08": "ssda903_reviews",
    "09": "ssda903_uasc",
}
_WITH_BIRTH = {
    "11": "ssda903_ad1",
    "12": "ssda903_placed_adoption",
    "13": "ssda903_missing",
    "14": "ssda903_oc2",
    "15": "ssda903_oc3",
    "16": "ssda903_prev_perm",
    "17": "ssda903_reviews",
    "18": "ssda903_uasc",
}
_LEFT_AND_STAYED = """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 | 2023-09-01 | E4A
        B     | 2023-05-01 |            |
"""

EXAMPLES: dict[str, str] = {
    **{f"INT{number}": _unlisted(table) for number, table in _MODULES.items()},
    **{f"INT{number}": _other_birth(table) for number, table in _WITH_BIRTH.items()},
    "INT21": """
        ssda903_header
        child | sex
        A     | 1
        B     | 1

        ssda903_uasc
        child | sex
        A     | 2 | <-
        B     | 1
    """,
    "567": """
        ssda903_missing
        child | mis_start  | mis_end
        A     | 2023-05-02 | 2023-05-01 | <-
        B     | 2023-05-02 | 2023-05-02
    """,
    "570": """
        ssda903_missing
        child | mis_start
        A     | 2024-04-01 | <-
        B     | 2024-03-31
    """,
    "571": """
        ssda903_missing
        child | mis_start  | mis_end
        A     | 2023-03-01 | 2023-03-31 | <-
        B     | 2023-03-01 | 2023-04-01
    """,
    "574": """
        ssda903_missing
        child | mis_start  | mis_end
        A     | 2023-05-01 | 2023-05-04
        A     | 2023-05-03 | 2023-05-05 | <-
        B     | 2023-05-01 | 2023-05-03
        B     | 2023-05-03 |
        C     | 2023-05-01 |
        C     | 2023-05-03 |            | <-
    """,
    "577": f"""{_LEFT_AND_STAYED}
        ssda903_missing
        child | mis_start  | mis_end
        A     | 2023-08-01 |            | <-
        A     | 2023-06-01 | 2023-06-02
        B     | 2023-08-01 |
    """,
    "578": f"""{_LEFT_AND_STAYED}
        ssda903_missing
        child | mis_start
        A     | 2023-09-02 | <-
        A     | 2023-08-01
        B     | 2023-09-02
    """,
    "581": f"""{_LEFT_AND_STAYED}
        ssda903_missing
        child | mis_start
        A     | 2023-04-30 | <-
        B     | 2023-05-01
    """,
    "586": """
        ssda903_missing
        child | birth_month | mis_start
        A     | 2023-06-01  | 2023-05-31 | <-
        B     | 2012-06-01  | 2023-05-31
    """,
    "576": """
        ssda903_header
        child | sex
        A     | F | <-
        B     | F
        C     | F

        ssda903_missing
        child | mis_start
        B     | 2023-03-30

        last_year.ssda903_missing
        child | mis_start  | mis_end
        A     | 2023-03-30 |
        B     | 2023-03-30 |
        C     | 2023-03-01 | 2023-03-02
    """,
    "185": """
        ssda903_episodes
        child | decom      | rne | ls
        A     | 2023-05-01 | S   | C2
        B     | 2022-05-01 | S   | C2

        ssda903_oc2
        child | sdq_score
        A     | 12 | <-
        B     | 12
        C     | 12 | <-
    """,
    "190": """
        ssda903_episodes
        child | decom      | dec        | rne | ls
        A     | 2022-05-01 | 2023-05-01 | S   | C2
        A     | 2023-06-01 |            | S   | C2
        B     | 2022-05-01 | 2023-05-01 | S   | C2
        B     | 2023-05-01 |            | P   | C2
        C     | 2022-05-01 |            | S   | V4

        ssda903_oc2
        child | health_assessment
        A     | yes | <-
        B     | yes
        C     | yes | <-
    """,
    "188": """
        ssda903_oc2
        child | birth_month | sdq_score | sdq_reason
        A     | 2020-05-01  | 12        |      | <-
        B     | 2020-05-01  |           | SDQ1 | <-
        C     | 2015-05-01  | 12        |
        D     | 2020-05-01  |           |
    """,
    "189": """
        ssda903_oc2
        child | birth_month | sdq_score
        A     | 2006-03-01  | 12 | <-
        B     | 2006-05-01  | 12
    """,
    "197a": """
        ssda903_oc2
        child | sdq_score | sdq_reason
        A     | 12        | SDQ2 | <-
        B     | 12        |
        C     |           | SDQ2
    """,
    "192": """
        ssda903_oc2
        child | substance_misuse | intervention_received
        A     | yes              |    | <-
        B     | yes              | no
        C     | no               |
    """,
    "193": """
        ssda903_oc2
        child | substance_misuse | intervention_received | intervention_offered
        A     | no               | yes                   |     | <-
        B     |                  |                       | yes | <-
        C     | yes              | yes                   |
        D     | no               |                       |
    """,
    "542": """
        ssda903_oc2
        child | birth_month | convicted
        A     | 2014-05-01  | no | <-
        B     | 2012-05-01  | no
        C     | 2014-05-01  |
    """,
    "546": """
        ssda903_oc2
        child | birth_month | health_check
        A     | 2018-05-01  | yes | <-
        B     | 2020-05-01  | yes
        C     | 2018-05-01  |
    """,
    "391": """
        ssda903_oc3
        child | birth_month
        A     | 2007-05-01 | <-
        B     | 2001-03-01 | <-
        C     | 2007-03-01
        D     | 2002-05-01
    """,
    "344": """
        ssda903_oc3
        child | in_touch | activ | accom
        A     | DIED     | F2    | 0  | <-
        B     | RHOM     | 0     | B1 | <-
        C     | DIED     | 0     | 0
        D     | YES      | F2    | B1
    """,
    "345": """
        ssda903_oc3
        child | in_touch | activ | accom
        A     | YES      | 0     | B1 | <-
        B     | YES      | F2    | B1
        C     | NO       | 0     | 0
    """,
    "1000": """
        ssda903_oc3
        child | in_touch
        A     | YES | <-
        B     | YES

        so_far.ssda903_episodes
        child | decom      | dec        | rec
        A     | 2022-05-01 | 2022-06-01 | E2
        B     | 2022-05-01 | 2022-06-01 | E5
    """,
    "440": """
        ssda903_reviews
        child | birth_month | review     | review_code
        A     | 2015-05-01  | 2023-06-01 | PN0 | <-
        B     | 2021-05-01  | 2023-06-01 | PN0
        C     | 2015-05-01  | 2023-06-01 | PN1
    """,
    "441": """
        ssda903_reviews
        child | birth_month | review     | review_code
        A     | 2021-05-01  | 2023-06-01 | PN1 | <-
        B     | 2015-05-01  | 2023-06-01 | PN1
        C     | 2021-05-01  | 2023-06-01 | PN0
    """,
    "304": """
        ssda903_uasc
        child | birth_month | duc
        A     | 2005-05-01  | 2023-06-01 | <-
        B     | 2005-05-01  | 2023-05-31
    """,
    "SW108STG2": """
        ssda903_social_worker
        child | sw_decom   | sw_dec
        A     | 2023-05-01 |            | <-
        A     | 2023-06-01 |
        B     | 2023-05-01 | 2023-06-01
        B     | 2023-06-01 |
    """,
    "SW10STG2": """
        ssda903_social_worker
        child | sw_decom   | sw_dec
        A     | 2023-05-01 | 2023-06-02
        A     | 2023-06-01 |            | <-
        B     | 2023-05-01 | 2023-06-01
        B     | 2023-06-01 |
    """,
    "522": """
        ssda903_placed_adoption
        child | date_placed | date_placed_ceased
        A     | 2023-05-02  | 2023-05-01 | <-
        B     | 2023-05-02  | 2023-05-02
    """,
    "119": """
        ssda903_placed_adoption
        child | date_placed | date_placed_ceased | reason_placed_ceased
        A     | 2023-05-02  | 2023-06-01         |     | <-
        B     | 2023-05-02  |                    | RD1 | <-
        C     | 2023-05-02  | 2023-06-01         | RD1
        D     | 2023-05-02  |                    |
    """,
    "184": """
        ssda903_placed_adoption
        child | birth_month | date_placed
        A     | 2023-06-01  | 2023-05-31 | <-
        B     | 2023-06-01  | 2023-06-01
    """,
    "117": """
        ssda903_placed_adoption
        child | date_placed | date_placed_ceased
        A     | 2024-04-01  |            | <-
        B     | 2023-05-01  | 2024-04-01 | <-
        C     | 2023-05-01  | 2024-03-31
    """,
    "558": """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 | 2023-09-01 | E11
        B     | 2023-05-01 | 2023-09-01 | E4A
        C     | 2023-05-01 | 2023-09-01 | E11

        ssda903_placed_adoption
        child | date_placed | date_placed_ceased
        A     | 2023-05-01  | 2023-06-01 | <-
        B     | 2023-05-01  | 2023-06-01
        C     | 2022-05-01  | 2022-06-01
        C     | 2023-05-01  |
    """,
    "551": """
        ssda903_episodes
        child | decom      | place
        A     | 2023-05-01 | A4 | <-
        B     | 2023-05-01 | A4
        C     | 2023-05-01 | U6

        ssda903_placed_adoption
        child | date_placed
        B     | 2023-04-01
    """,
    "552": """
        ssda903_episodes
        child | decom      | place
        A     | 2023-05-01 | A4 | <-
        B     | 2023-05-01 | A4
        C     | 2023-05-01 | A4

        ssda903_placed_adoption
        child | date_placed
        A     | 2023-05-02
        B     | 2023-05-01
    """,
    "553": """
        ssda903_episodes
        child | decom      | ls
        A     | 2023-05-01 | E1 | <-
        B     | 2023-05-01 | E1
        C     | 2023-05-01 | C2

        ssda903_placed_adoption
        child | date_placed
        B     | 2023-04-01
    """,
    "601": """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 | 2023-09-01 | E11 | <-
        B     | 2023-05-01 | 2023-09-01 | E12
        C     | 2023-05-01 | 2023-09-01 | E4A

        ssda903_ad1
        child | date_match
        B     | 2023-04-01
    """,
    "602": """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 | 2023-09-01 | E4A
        B     | 2023-05-01 | 2023-09-01 | E12

        ssda903_ad1
        child | date_match
        A     | 2023-04-01 | <-
        B     | 2023-04-01
    """,
    "333": """
        ssda903_ad1
        child | date_int   | date_match
        A     | 2023-05-02 | 2023-05-01 | <-
        B     | 2023-05-01 | 2023-05-01
    """,
    "331": """
        ssda903_episodes
        child | decom      | rec | place
        A     | 2023-05-01 | E11 | A4
        B     | 2023-05-01 | E11 | A4

        ssda903_ad1
        child | date_match
        A     | 2023-05-02 | <-
        B     | 2023-05-01
    """,
    "582": """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 | 2023-09-01 | E11
        B     | 2023-05-01 | 2023-09-01 | E11

        ssda903_ad1
        child | date_match
        A     | 2023-09-01 | <-
        B     | 2023-05-01
    """,
    "630": """
        ssda903_episodes
        child | decom      | rne | ls
        A     | 2023-05-01 | S   | C2 | <-
        B     | 2023-05-01 | S   | C2
        C     | 2023-05-01 | S   | V4
        D     | 2022-05-01 | S   | C2

        ssda903_prev_perm
        child | prev_perm
        B     | Z1
    """,
    "635": """
        ssda903_prev_perm
        child | prev_perm | date_perm
        A     | Z1        | 2015 | <-
        B     | Z1        |
        C     | P1        | 2015
    """,
}
