"""Examples of the rules by which hospital episodes become provider spells, and attendances count once."""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "SP-APC-01": """
        apc_episodes
        person | provspnops | admidate   | disdate    | epistat | rules
        Ada    | s1         | 2020-01-01 |            | 1       | SP-APC-01
        Ada    | s2         | 2020-03-01 | 2020-03-04 | 3       |

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-03-01 | 2020-03-04
    """,
    "SP-APC-02": """
        apc_episodes
        person | provspnops | admidate   | disdate    | epitype | rules
        Ada    | s1         | 2020-01-01 | 2020-01-02 | 3       | SP-APC-02
        Ada    | s2         | 2020-03-01 | 2020-03-04 | 1       |

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-03-01 | 2020-03-04
    """,
    "SP-APC-03": """
        apc_episodes
        in      | person | provspnops | admidate   | epiend     | disdate    | rules
        2024-12 | Ada    | s1         | 2020-01-01 | 2020-01-04 | 2020-01-04 | SP-APC-03
        2025-01 | Ada    | s2         | 2020-01-01 | 2020-01-04 | 2020-01-04 |

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-01-01 | 2020-01-04
    """,
    "SP-APC-04": """
        apc_episodes
        person | provspnops | admidate   | epistart   | epiorder | disdate    | rules
        Ada    | s1         | 2020-01-01 | 2020-01-01 | 1        |            |
        Ada    |            | 2020-01-01 | 2020-01-03 | 2        | 2020-01-09 | SP-APC-04

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-01-01 | 2020-01-09
    """,
    "SP-APC-05": """
        apc_episodes
        person | provspnops | admidate   | epistart   | epiorder | disdate    | rules
        Ada    |            | 2020-01-01 | 2020-01-01 | 1        |            | SP-APC-05
        Ada    |            | 2020-01-01 | 2020-01-03 | 2        | 2020-01-09 | SP-APC-05
        Ada    |            | 2020-02-01 | 2020-02-01 | 1        | 2020-02-02 | SP-APC-05

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-01-01 | 2020-01-09
        Ada    | 2020-02-01 | 2020-02-02
    """,
    "SP-APC-06": """
        apc_episodes
        person | provspnops | admidate   | epistart   | epiorder | disdate    | rules
        Ada    | s1         | 2020-01-01 | 2020-01-01 | 1        |            |
        Ada    | s1         | 2020-01-03 | 2020-01-03 | 2        | 2020-01-09 | SP-APC-06

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-01-01 | 2020-01-09
    """,
    "SP-APC-07": """
        apc_episodes
        person | provspnops | admidate   | epistart   | epiorder | disdate    | rules
        Ada    | s1         | 2020-01-01 | 2020-01-01 | 1        | 2020-01-03 | SP-APC-07
        Ada    | s1         | 2020-01-01 | 2020-01-03 | 2        | 2020-01-09 |

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-01-01 | 2020-01-09
    """,
    "SP-APC-08": """
        apc_episodes
        person | provspnops | admidate   | epistart   | epiorder | admimeth | disdate    | rules
        Ada    | s1         | 2020-01-01 | 2020-01-01 | 2        | 21       |            |
        Ada    | s1         | 2020-01-01 | 2020-01-03 | 1        | 11       | 2020-01-09 | SP-APC-08

        int_apc_spell
        person | event_date | end_date   | admission_method
        Ada    | 2020-01-01 | 2020-01-09 | 21
    """,
    "SP-APC-09": """
        apc_episodes
        person | provspnops | admidate   | disdate    | rules
        Ada    | s9         | 2020-01-01 | 2020-01-03 | SP-APC-09
        Ben    | s9         | 2020-01-01 | 2020-01-03 | SP-APC-09

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-01-01 | 2020-01-03
        Ben    | 2020-01-01 | 2020-01-03
    """,
    "SP-APC-10": """
        apc_episodes
        person | provspnops | admidate   | epiend     | disdate    | rules
        Ada    | s1         | 2020-01-01 | 2020-01-04 | 2019-01-04 | SP-APC-10

        int_apc_spell
        person | event_date | end_date
        Ada    | 2020-01-01 | 2020-01-04
    """,
    "SP-APC-11": """
        apc_episodes
        person | provspnops | procode3 | admidate   | epiend     | disdate    | rules
        Ada    | s1         | RA7      | 2020-01-01 | 2020-01-04 |            | SP-APC-11
        Ada    | s2         | RA7      | 2020-02-01 | 2020-02-02 | 2020-02-02 |
        Ada    | s3         | RVJ      | 2020-02-02 | 2020-02-08 |            |

        int_apc_spell
        person | provider | event_date | end_date
        Ada    | RA7      | 2020-01-01 | 2020-01-04
        Ada    | RA7      | 2020-02-01 | 2020-02-02
        Ada    | RVJ      | 2020-02-02 |
    """,
    "SP-APC-12": """
        apc_episodes
        person | provspnops | procode3 | admidate   | disdate    | rules
        Ada    | s1         | RA7      | 2020-01-01 | 2021-01-04 | SP-APC-12
        Ada    | s2         | RA7      | 2020-02-01 | 2020-02-02 |
        Ada    | s3         | RVJ      | 2020-02-01 | 2020-02-02 |

        int_apc_spell
        person | provider | event_date | end_date
        Ada    | RA7      | 2020-01-01 | 2020-02-01
        Ada    | RA7      | 2020-02-01 | 2020-02-02
        Ada    | RVJ      | 2020-02-01 | 2020-02-02
    """,
    "SP-ECDS-01": """
        ecds_attendances
        person | attendance_id | arrival_date | arrival_time | duplicate | rules
        Ada    | one           | 2020-01-01   | 10:30        |           |
        Ada    | two           | 2020-01-01   | 10:31        | yes       | SP-ECDS-01

        int_ecds_attendance
        person | attendance_id | event_date
        Ada    | one           | 2020-01-01
    """,
    "SP-ECDS-02": """
        ecds_attendances
        person | attendance_id | arrival_date | arrival_time | rules
        Ada    | one           | 2020-01-01   | 10:30        |
        Ada    | two           | 2020-01-01   | 10:30        | SP-ECDS-02
        Ada    | three         | 2020-01-01   | 22:00        |

        int_ecds_attendance
        person | attendance_id | event_date
        Ada    | one           | 2020-01-01
        Ada    | three         | 2020-01-01
    """,
}
