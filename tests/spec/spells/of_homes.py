"""Examples of the rules by which residences become one place a day."""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "SP-RES-01": """
        residence
        person | lsoa21         | valid_from | valid_to   | rules
        Ada    | bristol        | 2020-01-01 | 2020-06-30 |
        Ada    | north_somerset | 2020-09-01 | 2020-08-01 | SP-RES-01

        int_residence
        person | lsoa21  | valid_from | valid_to
        Ada    | bristol | 2020-01-01 | 2020-06-30
    """,
    "SP-RES-02": """
        residence
        in      | person | lsoa21  | valid_from | valid_to   | rules
        2024-12 | Ada    | bristol | 2020-01-01 | 2020-06-30 | SP-RES-02
        2025-01 | Ada    | bristol | 2020-01-01 | 2020-06-30 |

        int_residence
        person | lsoa21  | valid_from | valid_to
        Ada    | bristol | 2020-01-01 | 2020-06-30
    """,
    "SP-RES-03": """
        address
        person | supplier | la_code   | from       | to | rules
        Ada    | bristol  | E06000023 | 2018-01-01 |    | SP-RES-03

        residence
        person | lsoa21         | valid_from | valid_to   | rules
        Ada    | north_somerset | 2020-01-01 | 2020-06-30 |

        int_residence
        person | basis        | la_code   | valid_from | valid_to
        Ada    | link_tokens  | E06000023 | 2018-01-01 | 2019-12-31
        Ada    | registration | E06000024 | 2020-01-01 | 2020-06-30
    """,
    "SP-RES-04": """
        residence
        in      | person | lsoa21         | valid_from | valid_to   | rules
        2024-12 | Ada    | bristol        | 2020-01-01 | 2020-12-31 | SP-RES-04
        2025-01 | Ada    | north_somerset | 2020-01-01 | 2020-06-30 |

        int_residence
        person | lsoa21         | valid_from | valid_to
        Ada    | north_somerset | 2020-01-01 | 2020-06-30
        Ada    | bristol        | 2020-07-01 | 2020-12-31
    """,
    "SP-RES-05": """
        residence
        person | lsoa21         | valid_from | valid_to   | rules
        Ada    | bristol        | 2020-01-01 | 2020-06-30 | SP-RES-05
        Ada    | north_somerset | 2020-06-30 | 2020-12-31 |

        int_residence
        person | lsoa21         | valid_from | valid_to
        Ada    | bristol        | 2020-01-01 | 2020-06-29
        Ada    | north_somerset | 2020-06-30 | 2020-12-31
    """,
    "SP-RES-06": """
        residence
        person | lsoa21         | valid_from | valid_to   | rules
        Ada    | bristol        | 2020-01-01 | 2022-12-31 | SP-RES-06
        Ada    | north_somerset | 2020-07-01 | 2020-12-31 |
        Ben    | bristol        | 2020-01-01 |            | SP-RES-06
        Ben    | north_somerset | 2020-07-01 |            |

        int_residence
        person | lsoa21         | valid_from | valid_to
        Ada    | bristol        | 2020-01-01 | 2020-06-30
        Ada    | north_somerset | 2020-07-01 | 2020-12-31
        Ada    | bristol        | 2021-01-01 | 2022-12-31
        Ben    | bristol        | 2020-01-01 | 2020-06-30
        Ben    | north_somerset | 2020-07-01 | 2999-12-31
    """,
}
