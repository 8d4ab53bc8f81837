"""Examples of the CIN census rules on plans, enquiries, reviews and disabilities. The year is 2024."""

from __future__ import annotations

_NO_FURTHER_ACTION = """
        cin_referrals
        child | referral_date | no_further_action
        A     | 2023-05-01    | yes
        B     | 2023-05-01    | no
"""
_CLOSED = """
        cin_referrals
        child | referral_date | closure_date
        A     | 2023-05-01    | 2023-09-01
        B     | 2023-05-01    | 2023-09-01
        C     | 2023-05-01    |
"""
_DIED = """
        cin_children
        child | death_date
        A     | 2023-06-30
        B     | 2023-07-01
"""

EXAMPLES: dict[str, str] = {
    "4000": f"""{_NO_FURTHER_ACTION}
        cin_plans
        child | referral_date | plan_start_date
        A     | 2023-05-01    | 2023-06-01 | <-
        B     | 2023-05-01    | 2023-06-01
    """,
    "4001": """
        cin_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-01      |            | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-07-01
        C     | 2023-05-01    | 2023-06-01      | 2023-07-01

        cin_protection_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-07-01      |
        B     | 2023-05-01    | 2023-07-01      |
        C     | 2023-05-01    | 2023-05-01      | 2023-06-01
    """,
    "4004": """
        cin_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-01      |            | <-
        A     | 2023-05-01    | 2023-07-01      |            | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-07-01
        B     | 2023-05-01    | 2023-07-01      |
    """,
    "4008": f"""{_DIED}
        cin_plans
        child | referral_date | plan_start_date
        A     | 2023-05-01    | 2023-07-01 | <-
        B     | 2023-05-01    | 2023-07-01
    """,
    "4009Q": f"""{_DIED}
        cin_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-01      | 2023-07-01 | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-07-01
    """,
    "4010": """
        cin_plans
        child | referral_date | plan_start_date
        A     | 2023-05-01    | 2024-04-01 | <-
        B     | 2023-05-01    | 2024-03-31
    """,
    "4011": """
        cin_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-02      | 2023-06-01 | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-06-01
    """,
    "4013": """
        cin_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-02      | 2024-04-01 | <-
        B     | 2023-05-01    | 2023-06-01      | 2024-03-31
    """,
    "4014": """
        cin_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-01      | 2023-07-02
        A     | 2023-05-01    | 2023-07-01      |            | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-07-01
        B     | 2023-05-01    | 2023-07-01      |
    """,
    "4015": """
        cin_plans
        child | referral_date | plan_start_date
        A     | 2023-05-02    | 2023-05-01 | <-
        B     | 2023-05-02    | 2023-05-02
    """,
    "8565": f"""{_CLOSED}
        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date
        A     | 2023-05-01    | 2023-08-02            | 2023-09-02 | <-
        B     | 2023-05-01    | 2023-08-02            | 2023-09-01
        C     | 2023-05-01    | 2023-08-02            | 2023-09-02

        cin_protection_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-01      |            | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-09-01

        cin_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-09-02      | 2023-09-03 | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-09-01

        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date
        A     | 2023-05-01    | 2023-08-20     | 2023-09-04 | <-
        B     | 2023-05-01    | 2023-06-01     | 2023-06-10
    """,
    "2889": """
        cin_section47
        child | referral_date | s47_start_date
        A     | 2023-05-02    | 2023-05-01 | <-
        B     | 2023-05-02    | 2023-05-02
    """,
    "1104": """
        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date
        A     | 2023-05-02    | 2023-05-02     | 2023-05-01 | <-
        B     | 2023-05-02    | 2023-05-02     | 2023-05-02
    """,
    "8615": """
        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date
        A     | 2023-05-01    | 2023-05-03     | 2023-05-02 | <-
        B     | 2023-05-01    | 2023-05-02     | 2023-05-02
    """,
    "8715": """
        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date
        A     | 2023-03-01    | 2023-03-03     | 2023-03-31 | <-
        B     | 2023-03-01    | 2023-03-03     | 2023-04-03
    """,
    "8740": """
        cin_section47
        child | referral_date | s47_start_date | icpc_not_required
        A     | 2023-03-01    | 2023-03-03     | no  | <-
        B     | 2023-03-01    | 2023-04-03     | no
        C     | 2023-03-01    | 2023-03-03     | yes
    """,
    "8839": """
        cin_section47
        child | referral_date | s47_start_date | icpc_not_required
        A     | 2023-05-01    | 2023-05-03     | no  | <-
        A     | 2023-05-01    | 2023-06-03     | no  | <-
        B     | 2023-05-01    | 2023-05-03     | yes
        B     | 2023-05-01    | 2023-06-03     | no
    """,
    "8890": """
        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date
        A     | 2023-05-01    | 2023-05-03     | 2023-05-20
        A     | 2023-05-01    | 2023-05-10     |            | <-
        B     | 2023-05-01    | 2023-05-03     | 2023-05-10
        B     | 2023-05-01    | 2023-05-10     |
    """,
    "8868": f"""{_CLOSED}
        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date | icpc_not_required
        A     | 2023-05-01    | 2023-05-03     |                  | no  | <-
        B     | 2023-05-01    | 2023-05-03     |                  | yes
        C     | 2023-05-01    | 2023-05-03     |                  | no
    """,
    "8831": f"""{_NO_FURTHER_ACTION}
        cin_assessments
        child | referral_date | assessment_start_date
        A     | 2023-05-01    | 2023-05-02 | <-
        B     | 2023-05-01    | 2023-05-02

        cin_section47
        child | referral_date | s47_start_date
        A     | 2023-05-01    | 2023-05-02 | <-
        B     | 2023-05-01    | 2023-05-02
    """,
    "2884": """
        cin_referrals
        child | referral_date | initial_cpc_date
        A     | 2023-05-01    | 2023-05-15
        B     | 2023-05-01    |

        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date
        A     | 2023-05-01    | 2023-05-03     | 2023-05-15 | <-
        B     | 2023-05-01    | 2023-05-03     | 2023-05-15
    """,
    "8875": """
        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date
        A     | 2023-05-01    | 2023-05-03     | 2023-05-14 | <-
        B     | 2023-05-01    | 2023-05-03     | 2023-05-15
    """,
    "2991Q": """
        cin_section47
        child | referral_date | s47_start_date
        A     | 2023-05-01    | 2023-05-03 | <-
        B     | 2023-05-01    | 2023-05-03

        cin_assessments
        child | referral_date | assessment_start_date
        B     | 2023-05-01    | 2023-05-02
    """,
    "2885": """
        cin_referrals
        child | referral_date | initial_cpc_date
        A     | 2023-05-01    | 2023-05-15
        B     | 2023-05-01    | 2023-05-15
        C     | 2023-05-01    |

        cin_section47
        child | referral_date | s47_start_date | initial_cpc_date
        C     | 2023-05-01    | 2023-05-03     | 2023-05-16

        cin_protection_plans
        child | referral_date | plan_start_date
        A     | 2023-05-01    | 2023-05-16 | <-
        B     | 2023-05-01    | 2023-05-15
        C     | 2023-05-01    | 2023-05-16
    """,
    "8841": """
        cin_reviews
        child | referral_date | plan_start_date | review_date
        A     | 2023-05-01    | 2023-06-01      | 2023-06-01 | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-06-02
    """,
    "4003": """
        cin_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-01      |
        B     | 2023-05-01    | 2023-05-15      | 2023-06-01

        cin_reviews
        child | referral_date | plan_start_date | review_date
        A     | 2023-05-01    | 2023-06-01      | 2023-07-01 | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-07-01
    """,
    "8790": """
        cin_disabilities
        child | disability
        A     | NONE | <-
        A     | AUT
        B     | NONE
    """,
}
