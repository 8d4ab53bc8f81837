"""Examples of the CIN census rules. The collection year is 2024: 1 April 2023 to 31 March 2024."""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "8520": """
        cin_children
        child | birth_month
        A     | 2024-04-01 | <-
        B     | 2024-03-01
    """,
    "8525Q": """
        cin_children
        child | birth_month | expected_birth_month
        A     | 2020-04-01  | 2024-05-01 | <-
        B     |             |            | <-
        C     | 2020-04-01  |
        D     |             | 2024-05-01
    """,
    "8530Q": """
        cin_children
        child | expected_birth_month
        A     | 2024-02-01 | <-
        B     | 2024-06-01
    """,
    "8535Q": """
        cin_children
        child | birth_month | death_date
        A     | 2020-04-01  | 2020-03-31 | <-
        B     | 2020-04-01  | 2020-04-01
    """,
    "8545Q": """
        cin_children
        child | death_date
        A     | 2023-03-31 | <-
        B     | 2023-04-01
    """,
    "8750": """
        cin_children
        child | birth_month | expected_birth_month | sex
        A     |             | 2024-06-01           | M | <-
        B     |             | 2024-06-01           | U
        C     | 2020-04-01  |                      | M
    """,
    "8772": """
        cin_children
        child | upn_unknown
        A     | UN7 | <-
        B     | UN7
        C     | UN1

        cin_referrals
        child | referral_date | no_further_action
        A     | 2023-05-01    | no
        B     | 2023-05-01    | yes
        C     | 2023-05-01    | no
    """,
    "8590": """
        cin_children
        child | sex
        A     | M | <-
        B     | M

        cin_referrals
        child | referral_date
        B     | 2023-05-01
    """,
    "8775Q": """
        cin_children
        child | birth_month
        A     | 1998-01-01
        B     | 2000-01-01

        cin_referrals
        child | referral_date | closure_date
        A     | 2023-05-01    |            | <-
        B     | 2023-05-01    | 2023-06-01
    """,
    "8555Q": """
        cin_children
        child | death_date
        A     | 2023-04-30
        B     | 2023-05-01

        cin_referrals
        child | referral_date
        A     | 2023-05-01 | <-
        B     | 2023-05-01
    """,
    "8606": """
        cin_children
        child | birth_month | expected_birth_month
        A     | 2024-03-01  |
        B     | 2023-12-01  |
        C     |             | 2024-12-01

        cin_referrals
        child | referral_date
        A     | 2023-05-01 | <-
        B     | 2023-05-01
        C     | 2024-01-01 | <-
    """,
    "8585Q": """
        cin_children
        child | death_date
        A     |
        B     | 2023-06-01

        cin_referrals
        child | referral_date | closure_reason
        A     | 2023-05-01    | RC2 | <-
        B     | 2023-05-01    | RC2
    """,
    "8600": """
        cin_referrals
        child | referral_date
        A     | 2024-04-01 | <-
        B     | 2024-03-31
    """,
    "8610": """
        cin_referrals
        child | referral_date | no_further_action | primary_need
        A     | 2023-05-01    | no                |    | <-
        B     | 2023-05-01    | no                | N1
        C     | 2023-05-01    | yes               |
    """,
    "8866": """
        cin_referrals
        child | referral_date | referral_source
        A     | 2023-05-01    |    | <-
        B     | 2023-05-01    | 6
    """,
    "8569Q": """
        cin_referrals
        child | referral_date | no_further_action
        A     | 2023-03-20    | yes | <-
        B     | 2023-03-31    | yes
        C     | 2023-03-20    | no
    """,
    "8825Q": """
        cin_referrals
        child | referral_date | closure_reason
        A     | 2023-05-01    | RC8 | <-
        B     | 2023-05-01    | RC8
        C     | 2023-05-01    | RC7

        cin_assessments
        child | referral_date | assessment_start_date
        B     | 2023-05-01    | 2023-05-02
    """,
    "2990": """
        cin_referrals
        child | referral_date | closure_reason
        A     | 2023-05-01    | RC8 | <-
        B     | 2023-05-01    | RC7
        C     | 2023-05-01    | RC8

        cin_protection_plans
        child | referral_date | plan_start_date
        A     | 2023-05-01    | 2023-06-01
        B     | 2023-05-01    | 2023-06-01
    """,
    "8620": """
        cin_referrals
        child | referral_date | closure_date
        A     | 2023-01-01    | 2023-03-31 | <-
        B     | 2023-01-01    | 2023-04-01
    """,
    "8630": """
        cin_referrals
        child | referral_date | closure_date
        A     | 2023-05-02    | 2023-05-01 | <-
        B     | 2023-05-02    | 2023-05-02
    """,
    "8805": """
        cin_referrals
        child | referral_date | closure_date | closure_reason
        A     | 2023-05-01    | 2023-06-01   |    | <-
        B     | 2023-05-01    | 2023-06-01   | RC7
        C     | 2023-05-01    |              |
    """,
    "8810": """
        cin_referrals
        child | referral_date | closure_date | closure_reason
        A     | 2023-05-01    |              | RC7 | <-
        B     | 2023-05-01    | 2023-06-01   | RC7
    """,
    "8815": """
        cin_referrals
        child | referral_date | closure_date | no_further_action
        A     | 2023-05-01    |              | no  | <-
        A     | 2023-06-01    |              | no  | <-
        B     | 2023-05-01    |              | yes
        B     | 2023-06-01    |              | no
    """,
    "8816": """
        cin_referrals
        child | referral_date | closure_date | no_further_action
        A     | 2023-05-01    |              | no | <-
        A     | 2023-06-01    | 2023-07-01   | no
        B     | 2023-05-01    | 2023-06-01   | no
        B     | 2023-06-01    |              | no
    """,
    "8820": """
        cin_referrals
        child | referral_date | closure_date | no_further_action
        A     | 2023-05-01    | 2023-06-02   | no
        A     | 2023-06-01    |              | no | <-
        B     | 2023-05-01    | 2023-06-01   | no
        B     | 2023-06-01    |              | no
    """,
    "1103": """
        cin_assessments
        child | referral_date | assessment_start_date
        A     | 2023-05-02    | 2023-05-01 | <-
        B     | 2023-05-02    | 2023-05-02
    """,
    "8608": """
        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date
        A     | 2023-05-01    | 2023-05-02            | 2023-05-01 | <-
        B     | 2023-05-01    | 2023-05-02            | 2023-05-02
    """,
    "8696": """
        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date
        A     | 2023-03-01    | 2023-03-02            | 2023-03-31 | <-
        B     | 2023-03-01    | 2023-03-02            | 2023-04-01
    """,
    "8736": """
        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date
        A     | 2023-03-01    | 2023-03-02            |            | <-
        B     | 2023-03-01    | 2023-04-02            |
        C     | 2023-03-01    | 2023-03-02            | 2023-05-01
    """,
    "8863Q": """
        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date
        A     | 2023-05-01    | 2023-05-02            | 2023-06-02
        A     | 2023-05-01    | 2023-06-01            | 2023-07-01 | <-
        B     | 2023-05-01    | 2023-05-02            | 2023-06-01
        B     | 2023-05-01    | 2023-06-01            | 2023-07-01
    """,
    "8896": """
        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date
        A     | 2023-05-01    | 2023-05-02            |            | <-
        A     | 2023-05-01    | 2023-06-01            |            | <-
        B     | 2023-05-01    | 2023-05-02            | 2023-06-01
        B     | 2023-05-01    | 2023-06-01            |
    """,
    "8867": """
        cin_referrals
        child | referral_date | closure_date
        A     | 2023-05-01    | 2023-09-01
        B     | 2023-05-01    |

        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date
        A     | 2023-05-01    | 2023-05-02            | | <-
        B     | 2023-05-01    | 2023-05-02            |
    """,
    "8614": """
        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date | factor
        A     | 2023-05-01    | 2023-05-02            |                    | 3B | <-
        B     | 2023-05-01    | 2023-05-02            | 2023-06-01         | 3B
    """,
    "8897Q": """
        cin_assessments
        child | referral_date | assessment_start_date | authorisation_date | factor
        A     | 2023-05-01    | 2023-05-02            | 2023-06-01         |    | <-
        B     | 2023-05-01    | 2023-05-02            | 2023-06-01         | 21
    """,
    "8869": """
        cin_referrals
        child | referral_date
        A     | 2023-05-01
        B     | 2023-05-01

        cin_assessments
        child | referral_date | assessment_start_date | factor
        A     | 2023-05-01    | 2023-05-02            | 21 | <-
        A     | 2023-05-01    | 2023-05-02            | 3B
        B     | 2023-05-01    | 2023-05-02            | 21
    """,
    "8873Q": """
        cin_referrals
        child | referral_date | closure_reason
        A     | 2023-05-01    | RC7
        B     | 2023-05-01    | RC8

        cin_assessments
        child | referral_date | assessment_start_date | factor
        A     | 2023-05-01    | 2023-05-02            | 21 | <-
        B     | 2023-05-01    | 2023-05-02            | 21
    """,
    "8945Q": """
        cin_assessments
        child | referral_date | assessment_start_date | factor
        A     | 2023-05-01    | 2023-05-02            | 18A | <-
        B     | 2023-05-01    | 2023-05-02            | 18B
    """,
    "8950Q": """
        cin_assessments
        child | referral_date | assessment_start_date | factor
        A     | 2023-05-01    | 2023-05-02            | 19A | <-
        B     | 2023-05-01    | 2023-05-02            | 19C
    """,
    "1105": """
        cin_protection_plans
        child | referral_date | plan_start_date
        A     | 2023-05-02    | 2023-05-01 | <-
        B     | 2023-05-02    | 2023-05-02
    """,
    "8720": """
        cin_protection_plans
        child | referral_date | plan_start_date
        A     | 2023-05-02    | 2024-04-01 | <-
        B     | 2023-05-02    | 2024-03-31
    """,
    "8840": """
        cin_protection_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-02    | 2023-06-01      | 2023-06-01 | <-
        B     | 2023-05-02    | 2023-06-01      | 2023-06-02
    """,
    "8925": """
        cin_protection_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-02    | 2023-06-02      | 2023-06-01 | <-
        B     | 2023-05-02    | 2023-06-01      | 2023-06-02
    """,
    "8930": """
        cin_protection_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-02    | 2023-06-02      | 2024-04-01 | <-
        B     | 2023-05-02    | 2023-06-02      | 2024-03-31
    """,
    "8935": """
        cin_protection_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-02    | 2023-06-01      |            | <-
        A     | 2023-05-02    | 2023-07-01      |            | <-
        B     | 2023-05-02    | 2023-06-01      | 2023-07-01
        B     | 2023-05-02    | 2023-07-01      |
    """,
    "8940": """
        cin_protection_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-02    | 2023-06-01      | 2023-07-02
        A     | 2023-05-02    | 2023-07-01      |            | <-
        B     | 2023-05-02    | 2023-06-01      | 2023-07-01
        B     | 2023-05-02    | 2023-07-01      |
    """,
    "8832": """
        cin_referrals
        child | referral_date | no_further_action
        A     | 2023-05-01    | yes
        B     | 2023-05-01    | no

        cin_protection_plans
        child | referral_date | plan_start_date
        A     | 2023-05-01    | 2023-06-01 | <-
        B     | 2023-05-01    | 2023-06-01
    """,
    "8915": """
        cin_children
        child | death_date
        A     | 2023-05-31
        B     | 2023-06-01

        cin_protection_plans
        child | referral_date | plan_start_date
        A     | 2023-05-01    | 2023-06-01 | <-
        B     | 2023-05-01    | 2023-06-01
    """,
    "8920": """
        cin_children
        child | death_date
        A     | 2023-06-30
        B     | 2023-07-01

        cin_protection_plans
        child | referral_date | plan_start_date | plan_end_date
        A     | 2023-05-01    | 2023-06-01      | 2023-07-01 | <-
        B     | 2023-05-01    | 2023-06-01      | 2023-07-01
    """,
}
