"""Examples of the rules by which episodes of care become periods of care."""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "SP-CARE-01": """
        ssda903_episodes
        person | decom      | dec        | rne | ls | rec | rules
        Ada    | 2020-01-10 | 2020-01-12 | S   | V4 | E8  | SP-CARE-01
        Ada    | 2020-05-01 | 2020-09-01 | S   | V2 | E4A |

        int_care_period
        person | started_on | ended_on
        Ada    | 2020-05-01 | 2020-09-01
    """,
    "SP-CARE-02": """
        ssda903_episodes
        in      | person | decom      | dec        | rne | rec | rules
        2024-06 | Ada    | 2023-11-01 |            | S   |     | SP-CARE-02
        2025-01 | Ada    | 2023-11-01 | 2024-07-05 | S   | E4A |

        int_care_period
        person | started_on | ended_on
        Ada    | 2023-11-01 | 2024-07-05
    """,
    "SP-CARE-03": """
        ssda903_episodes
        in      | person | decom      | dec        | rne | rec | rules
        2024-06 | Ada    | 2023-11-01 | 2024-02-01 | S   | E4A | SP-CARE-03
        2025-01 | Ada    | 2023-11-01 | 2024-07-05 | S   | E4A |

        int_care_period
        person | started_on | ended_on
        Ada    | 2023-11-01 | 2024-07-05
    """,
    "SP-CARE-04": """
        ssda903_episodes
        person | decom      | dec        | rne | rec | rules
        Ada    | 2020-05-01 | 2020-04-01 | S   | E4A | SP-CARE-04

        int_care_period
        person | started_on | ended_on
        Ada    | 2020-05-01 | 2020-05-01
    """,
    "SP-CARE-05": """
        ssda903_episodes
        person | decom      | dec        | rne | rec | rules
        Ada    | 2020-01-01 | 2020-03-20 | S   | X1  | SP-CARE-05
        Ada    | 2020-03-01 | 2020-06-01 | P   | E4A |
        Ben    | 2020-01-01 | 2020-12-31 | S   | X1  | SP-CARE-05
        Ben    | 2020-03-01 | 2020-06-01 | P   | E4A |

        int_care_period
        person | started_on | ended_on
        Ada    | 2020-01-01 | 2020-06-01
        Ben    | 2020-01-01 | 2020-12-31
    """,
    "SP-CARE-06": """
        ssda903_episodes
        person | decom      | dec        | rne | rec | rules
        Ada    | 2020-01-01 |            | S   |     | SP-CARE-06
        Ada    | 2020-03-01 | 2020-06-01 | P   | E4A |

        int_care_period
        person | started_on | ended_on
        Ada    | 2020-01-01 | 2020-06-01
    """,
    "SP-CARE-07": """
        ssda903_episodes
        person | decom      | dec        | rne | rec | rules
        Ada    | 2020-01-01 |            | S   |     | SP-CARE-07
        Ada    | 2021-03-01 | 2021-06-01 | S   | E4A |

        int_care_period
        person | started_on | ended_on
        Ada    | 2020-01-01 | 2021-03-01
        Ada    | 2021-03-01 | 2021-06-01
    """,
    "SP-CARE-08": """
        ssda903_episodes
        person | decom      | dec        | rne | rec | rules
        Ada    | 2020-01-01 | 2020-03-01 | S   | X1  |
        Ada    | 2020-04-01 | 2020-06-01 | P   | E4A | SP-CARE-08

        int_care_period
        person | started_on | ended_on
        Ada    | 2020-01-01 | 2020-06-01
    """,
    "SP-CARE-09": """
        ssda903_episodes
        person | decom      | dec        | rne | rec | rules
        Ada    | 2020-01-01 | 2020-03-01 | S   | E4A |
        Ada    | 2020-09-01 | 2020-12-01 | P   | E4A | SP-CARE-09

        int_care_period
        person | started_on | ended_on   | start_is_known
        Ada    | 2020-01-01 | 2020-03-01 | yes
        Ada    | 2020-09-01 | 2020-12-01 | no
    """,
    "SP-CARE-10": """
        ssda903_episodes
        person | decom      | dec        | rne | rec | rules
        Ada    | 2020-01-01 | 2020-03-01 | S   | X1  |
        Ada    | 2020-03-01 | 2020-06-01 | S   | E4A | SP-CARE-10

        int_care_period
        person | started_on | ended_on
        Ada    | 2020-01-01 | 2020-06-01
    """,
    "SP-CARE-11": """
        ssda903_episodes
        person | decom      | dec        | rne | rec | rules
        Ada    | 2020-01-01 | 2020-03-01 | S   | E4A |
        Ada    | 2020-03-01 | 2020-06-01 | P   | E4A | SP-CARE-11

        int_care_period
        person | started_on | ended_on
        Ada    | 2020-01-01 | 2020-06-01
    """,
    "SP-CARE-12": """
        ssda903_episodes
        in      | person | decom      | dec | rne | rules
        2024-06 | Ada    | 2023-11-01 |     | S   | SP-CARE-12
        2025-01 | Ben    | 2023-12-01 |     | S   |

        int_care_period
        person | started_on | ended_on
        Ada    | 2023-11-01 |
        Ben    | 2023-12-01 |
    """,
}
