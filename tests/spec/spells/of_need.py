"""Examples of the rules by which the referrals of every year's census become referrals."""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "SP-CIN-01": """
        cin_referrals
        in      | person | referral_date | closure_date | rules
        2023-07 | Ada    | 2023-02-01    |              | SP-CIN-01
        2024-07 | Ada    | 2023-02-01    |              | SP-CIN-01
        2025-01 | Ada    | 2023-02-01    | 2024-05-01   |

        int_cin_referral
        person | event_date | end_date
        Ada    | 2023-02-01 | 2024-05-01
    """,
    "SP-CIN-02": """
        cin_referrals
        in      | person | referral_date | closure_date | primary_need | rules
        2024-07 | Ada    | 2024-02-01    | 2024-03-01   | N1           | SP-CIN-02
        2025-01 | Ada    | 2024-02-01    | 2024-03-01   | N5           |

        int_cin_referral
        person | event_date | end_date   | primary_need
        Ada    | 2024-02-01 | 2024-03-01 | N5
    """,
    "SP-CIN-03": """
        cin_referrals
        person | referral_date | closure_date | rules
        Ada    | 2024-02-01    | 2023-02-20   | SP-CIN-03

        int_cin_referral
        person | event_date | end_date
        Ada    | 2024-02-01 | 2024-02-01
    """,
    "SP-CIN-04": """
        cin_referrals
        person | referral_date | closure_date | no_further_action | rules
        Ada    | 2024-02-01    | 2024-06-01   | no                | SP-CIN-04
        Ada    | 2024-05-01    | 2024-09-01   | no                |
        Ben    | 2024-02-01    | 2024-06-01   | no                |
        Ben    | 2024-05-01    |              | yes               |

        int_cin_referral
        person | event_date | end_date
        Ada    | 2024-02-01 | 2024-05-01
        Ada    | 2024-05-01 | 2024-09-01
        Ben    | 2024-02-01 | 2024-06-01
        Ben    | 2024-05-01 |
    """,
    "SP-CIN-05": """
        cin_referrals
        person | referral_date | closure_date | rules
        Ada    | 2023-02-01    |              | SP-CIN-05
        Ada    | 2024-05-01    | 2024-09-01   |

        int_cin_referral
        person | event_date | end_date
        Ada    | 2023-02-01 | 2024-05-01
        Ada    | 2024-05-01 | 2024-09-01
    """,
    "SP-CIN-06": """
        cin_referrals
        in      | person | referral_date | closure_date | no_further_action | rules
        2024-07 | Ada    | 2023-11-01    |              | no                | SP-CIN-06
        2024-07 | Ben    | 2023-11-01    |              | yes               |
        2025-01 | Cat    | 2023-12-01    |              | no                |

        int_cin_referral
        person | event_date | end_date
        Ada    | 2023-11-01 |
        Ben    | 2023-11-01 |
        Cat    | 2023-12-01 |
    """,
}
