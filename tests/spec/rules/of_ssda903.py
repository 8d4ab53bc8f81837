"""Examples of the SSDA903 rules. The collection year is 2024: 1 April 2023 to 31 March 2024."""

from __future__ import annotations

EXAMPLES: dict[str, str] = {
    "301": """
        ssda903_header
        child | birth_month
        A     | 2024-04-01 | <-
        B     | 2024-03-01
    """,
    "351": """
        ssda903_header
        child | birth_month
        A     | 1998-03-01 | <-
        B     | 1998-04-01
    """,
    "202": """
        ssda903_header
        child | sex
        A     | M  | <-
        B     | M
        C     | U

        last_year.ssda903_header
        child | sex
        A     | 2
        B     | 1
        C     | 1
    """,
    "203": """
        ssda903_header
        child | birth_month
        A     | 2012-05-01 | <-
        B     | 2012-06-01

        last_year.ssda903_header
        child | birth_month
        A     | 2012-06-01
        B     | 2012-06-01
    """,
    "204": """
        ssda903_header
        child | ethnic
        A     | WBRI | <-
        B     | WBRI

        last_year.ssda903_header
        child | ethnic
        A     | MWBC
        B     | WBRI
    """,
    "INT03": """
        ssda903_header
        child | sex
        A     | F

        ssda903_episodes
        child | decom
        A     | 2023-05-01
        B     | 2023-05-01 | <-
    """,
    "174": """
        ssda903_header
        child | sex | mc_birth_month
        A     | 1   | 2023-01-01 | <-
        B     | 1   |
        C     | 2   | 2023-01-01
    """,
    "611": """
        ssda903_header
        child | mother | mc_birth_month
        A     | yes    |            | <-
        B     | yes    | 2023-01-01
        C     | no     |
    """,
    "612": """
        ssda903_header
        child | mother | mc_birth_month
        A     | no     | 2023-01-01 | <-
        B     |        | 2023-01-01 | <-
        C     | yes    | 2023-01-01
    """,
    "620": """
        ssda903_header
        child | mother | birth_month
        A     | yes    | 2013-05-01 | <-
        B     | yes    | 2009-05-01
        C     | no     | 2013-05-01
    """,
    "621": """
        ssda903_header
        child | birth_month | mc_birth_month
        A     | 2023-01-01  | 2008-02-01 | <-
        B     | 2008-02-01  | 2023-01-01
    """,
    "625": """
        ssda903_header
        child | mc_birth_month
        A     | 2024-04-01 | <-
        B     | 2024-03-01
    """,
    "207": """
        ssda903_header
        child | mother
        A     | no  | <-
        B     | yes

        last_year.ssda903_header
        child | mother
        A     | yes
        B     | no
    """,
    "624": """
        ssda903_header
        child | mc_birth_month
        A     | 2022-01-01 | <-
        B     | 2022-02-01

        last_year.ssda903_header
        child | mc_birth_month
        A     | 2022-02-01
        B     | 2022-02-01
    """,
    "607": """
        ssda903_header
        child | sex | mother
        A     | 2   |    | <-
        B     | 2   | no
        C     | 1   |
        D     | 2   |

        ssda903_episodes
        child | decom      | dec        | rec | ls
        A     | 2023-05-01 | 2023-06-01 | E8  | C2
        B     | 2023-05-01 | 2023-06-01 | E8  | C2
        C     | 2023-05-01 | 2023-06-01 | E8  | C2
        D     | 2023-05-01 |            |     | C2
    """,
    "142": """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 |            |    | <-
        A     | 2023-09-01 |            |
        B     | 2023-05-01 | 2023-09-01 | X1
        B     | 2023-09-01 |            |
    """,
    "148": """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 | 2023-06-01 |    | <-
        B     | 2023-05-01 |            | E8 | <-
        C     | 2023-05-01 | 2023-06-01 | E8
        D     | 2023-05-01 |            |
    """,
    "355": """
        ssda903_episodes
        child | decom      | dec
        A     | 2023-05-01 | 2023-05-01 | <-
        B     | 2023-05-01 | 2023-05-02
    """,
    "356": """
        ssda903_episodes
        child | decom      | dec
        A     | 2023-05-02 | 2023-05-01 | <-
        B     | 2023-05-02 | 2023-05-02
        C     | 2023-05-02 |
    """,
    "501": """
        ssda903_episodes
        child | decom      | dec
        A     | 2023-05-01 | 2023-09-02
        A     | 2023-09-01 |            | <-
        B     | 2023-05-01 | 2023-09-01
        B     | 2023-09-01 |
    """,
    "388": """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 | 2023-09-01 | X1 | <-
        A     | 2023-09-02 |            |
        B     | 2023-05-01 | 2023-09-01 | X1
        B     | 2023-09-01 |            |
        C     | 2023-05-01 | 2023-09-01 | X1 | <-
    """,
    "431": """
        ssda903_episodes
        child | decom      | dec        | rne | ls
        A     | 2023-05-01 | 2023-09-01 | S   | C2
        A     | 2023-09-01 |            | S   | C2 | <-
        B     | 2023-05-01 | 2023-09-01 | S   | C2
        B     | 2023-09-02 |            | S   | C2
    """,
    "432": """
        ssda903_episodes
        child | decom      | dec        | rne | rec
        A     | 2023-05-01 | 2023-09-01 | S   | E4A
        A     | 2023-09-01 |            | P   |     | <-
        B     | 2023-05-01 | 2023-09-01 | S   | E4A
        B     | 2023-12-01 |            | S   |
        C     | 2023-05-01 | 2023-09-01 | S   | X1
        C     | 2023-09-01 |            | P   |
    """,
    "433": """
        ssda903_episodes
        child | decom      | dec        | rne
        A     | 2023-05-01 | 2023-09-01 | S
        A     | 2023-09-03 |            | P  | <-
        B     | 2023-05-01 | 2023-09-01 | S
        B     | 2023-09-01 |            | P
    """,
    "357": """
        ssda903_episodes
        child | decom      | rne
        A     | 2023-05-01 | P  | <-
        B     | 2023-05-01 | S
        C     | 2022-05-01 | P
    """,
    "437": """
        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-01 | 2023-09-01 | E2 | <-
        A     | 2023-09-01 |            |
        B     | 2023-05-01 | 2023-09-01 | E2
    """,
    "504": """
        ssda903_episodes
        child | decom      | dec        | rne | cin
        A     | 2023-05-01 | 2023-09-01 | S   | N1
        A     | 2023-09-01 | 2023-12-01 | P   | N5 | <-
        A     | 2024-01-01 |            | S   | N5
        B     | 2023-05-01 | 2023-09-01 | S   | N1
        B     | 2023-09-01 |            | P   | N1
    """,
    "353": """
        ssda903_episodes
        child | decom
        A     | 1991-10-13 | <-
        B     | 1991-10-14
    """,
    "354": """
        ssda903_episodes
        child | decom
        A     | 2024-04-01 | <-
        B     | 2024-03-31
    """,
    "385": """
        ssda903_episodes
        child | decom      | dec
        A     | 2023-05-01 | 2024-04-01 | <-
        B     | 2023-05-01 | 2024-03-31
        C     | 2023-05-01 |
    """,
    "302": """
        ssda903_header
        child | birth_month
        A     | 2023-06-01
        B     | 2023-05-01

        ssda903_episodes
        child | decom
        A     | 2023-05-31 | <-
        B     | 2023-05-01
    """,
    "352": """
        ssda903_header
        child | birth_month
        A     | 2005-04-01
        B     | 2005-05-01

        ssda903_episodes
        child | decom      | rne
        A     | 2023-05-15 | S | <-
        B     | 2023-05-15 | S
    """,
    "359": """
        ssda903_header
        child | birth_month
        A     | 2006-02-01
        B     | 2006-02-01
        C     | 2006-02-01
        D     | 2006-04-01

        ssda903_episodes
        child | decom      | dec        | ls | place
        A     | 2023-05-15 |            | C2 | U6 | <-
        B     | 2023-05-15 |            | V2 | K2
        C     | 2023-05-15 | 2024-01-01 | C2 | U6
        D     | 2023-05-15 |            | C2 | U6
    """,
    "386": """
        ssda903_header
        child | birth_month
        A     | 2005-04-01
        B     | 2015-04-01

        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-15 | 2023-09-01 | E11 | <-
        B     | 2023-05-15 | 2023-09-01 | E11
    """,
    "387": """
        ssda903_header
        child | birth_month
        A     | 2010-04-01
        B     | 2006-04-01

        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-15 | 2023-09-01 | E5 | <-
        B     | 2023-05-15 | 2023-09-01 | E5
    """,
    "389": """
        ssda903_header
        child | birth_month
        A     | 2010-04-01
        B     | 2006-04-01

        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-15 | 2023-09-01 | E7 | <-
        B     | 2023-05-15 | 2023-09-01 | E7
    """,
    "407": """
        ssda903_header
        child | birth_month
        A     | 2005-04-01
        B     | 2015-04-01

        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-15 | 2023-09-01 | E47 | <-
        B     | 2023-05-15 | 2023-09-01 | E47
    """,
    "460": """
        ssda903_header
        child | birth_month
        A     | 2006-04-01
        B     | 2005-04-01

        ssda903_episodes
        child | decom      | dec        | rec
        A     | 2023-05-15 | 2023-09-01 | E17 | <-
        B     | 2023-05-15 | 2023-09-01 | E17
    """,
    "358": """
        ssda903_header
        child | birth_month
        A     | 2014-04-01
        B     | 2008-04-01

        ssda903_episodes
        child | decom      | ls
        A     | 2023-05-15 | J1 | <-
        B     | 2023-05-15 | J1
    """,
    "361": """
        ssda903_episodes
        child | decom      | dec        | ls
        A     | 2023-05-01 | 2023-05-05 | L1 | <-
        B     | 2023-05-01 | 2023-05-04 | L1
    """,
    "362": """
        ssda903_episodes
        child | decom      | dec        | ls
        A     | 2023-05-01 | 2023-05-15 | L2 | <-
        A     | 2023-05-15 | 2023-05-25 | L2 | <-
        B     | 2023-05-01 | 2023-05-22 | L2
        C     | 2023-05-01 | 2023-05-15 | L2
        C     | 2023-09-01 | 2023-09-15 | L2
    """,
    "363": """
        ssda903_episodes
        child | decom      | dec        | ls
        A     | 2023-05-01 | 2023-05-09 | L3 | <-
        B     | 2023-05-01 | 2023-05-08 | L3
    """,
    "365": """
        ssda903_episodes
        child | decom      | dec        | ls
        A     | 2023-05-01 | 2023-05-19 | V3 | <-
        B     | 2023-05-01 | 2023-05-18 | V3
    """,
    "445": """
        ssda903_episodes
        child | decom      | ls
        A     | 2006-05-01 | D1 | <-
        B     | 2005-05-01 | D1
    """,
    "446": """
        ssda903_episodes
        child | decom      | ls
        A     | 2005-05-01 | E1 | <-
        B     | 2006-05-01 | E1
    """,
    "502": """
        ssda903_episodes
        child | decom
        A     | 2023-01-02 | <-
        B     | 2023-01-01

        last_year.ssda903_episodes
        child | decom      | dec        | ls
        A     | 2022-06-01 | 2023-01-01 | C2
        A     | 2023-01-01 |            | C2
        B     | 2023-01-01 |            | C2
    """,
    **{
        f"503{letter}": f"""
            ssda903_episodes
            child | decom      | {column}
            A     | 2023-01-01 | {now} | <-
            B     | 2023-01-01 | {then}

            last_year.ssda903_episodes
            child | decom      | {column}{" | ls" if column != "ls" else ""}
            A     | 2023-01-01 | {then}{" | C2" if column != "ls" else ""}
            B     | 2023-01-01 | {then}{" | C2" if column != "ls" else ""}
        """
        for letter, column, then, now in (
            ("A", "rne", "S", "P"),
            ("B", "ls", "C1", "C2"),
            ("C", "cin", "N1", "N5"),
            ("D", "place", "U6", "U1"),
            ("E", "place_provider", "PR1", "PR4"),
            ("F", "urn", "SC123456", "SC654321"),
        )
    },
    "562": """
        ssda903_episodes
        child | decom
        A     | 2022-05-01 | <-
        B     | 2022-06-01
        C     | 2023-06-01

        last_year.ssda903_episodes
        child | decom      | dec
        A     | 2022-06-01 |
        B     | 2022-06-01 |
    """,
    "NoE": """
        ssda903_episodes
        child | decom
        A     | 2022-05-01 | <-
        B     | 2022-05-01
        C     | 2023-05-01

        last_year.ssda903_episodes
        child | decom
        B     | 2022-05-01
    """,
    "199": """
        ssda903_episodes
        child | decom
        A     | 2023-05-01 | <-
        B     | 2023-05-01

        so_far.ssda903_episodes
        child | decom      | dec        | rec
        A     | 2022-01-01 | 2022-06-01 | E11
        B     | 2022-01-01 | 2022-06-01 | E4A
    """,
    "434": """
        ssda903_episodes
        child | decom      | rne | ls | place
        A     | 2023-05-01 | S   | C1 | U6
        A     | 2023-06-01 | L   | C1 | U6 | <-
        B     | 2023-05-01 | S   | C1 | U6
        B     | 2023-06-01 | L   | C2 | U1 | <-
        C     | 2023-05-01 | S   | C1 | U6
        C     | 2023-06-01 | L   | C2 | U6
    """,
    "435": """
        ssda903_episodes
        child | decom      | rne | ls | place
        A     | 2023-05-01 | S   | C1 | U6
        A     | 2023-06-01 | P   | C1 | U6 | <-
        B     | 2023-05-01 | S   | C1 | U6
        B     | 2023-06-01 | P   | C2 | U1 | <-
        C     | 2023-05-01 | S   | C1 | U6
        C     | 2023-06-01 | P   | C1 | U1
    """,
    "436": """
        ssda903_episodes
        child | decom      | rne | ls | place
        A     | 2023-05-01 | S   | C1 | U6
        A     | 2023-06-01 | B   | C1 | U1 | <-
        B     | 2023-05-01 | S   | C1 | U6
        B     | 2023-06-01 | B   | C2 | U6 | <-
        C     | 2023-05-01 | S   | C1 | U6
        C     | 2023-06-01 | B   | C2 | U1
    """,
    "225": """
        ssda903_episodes
        child | decom      | rne | rec | place | reason_place_change
        A     | 2023-05-01 | S   | X1  | U6    |       | <-
        A     | 2023-06-01 | P   |     | U1    |
        B     | 2023-05-01 | S   | X1  | U6    | CREQB
        B     | 2023-06-01 | P   |     | U1    |
        C     | 2023-05-01 | S   | X1  | U6    |
        C     | 2023-06-01 | P   |     | T1    |
    """,
    "226": """
        ssda903_episodes
        child | decom      | place | reason_place_change
        A     | 2023-05-01 | U6    | CARPL
        A     | 2023-06-01 | T1    |       | <-
        B     | 2023-05-01 | U6    |
        B     | 2023-06-01 | T1    | CARPL | <-
        C     | 2023-05-01 | U6    |
        C     | 2023-06-01 | T1    |
    """,
    "217": """
        ssda903_episodes
        child | decom      | place | rne
        A     | 2023-05-01 | A3    | P | <-
        B     | 2023-05-01 | A3    | T
    """,
    "375": """
        ssda903_episodes
        child | decom      | dec        | place
        A     | 2023-05-01 | 2023-06-13 | T1 | <-
        B     | 2023-05-01 | 2023-06-12 | T1
    """,
    "376": """
        ssda903_episodes
        child | decom      | dec        | place
        A     | 2023-05-01 | 2023-05-23 | T3 | <-
        B     | 2023-05-01 | 2023-05-22 | T3
    """,
    "379": """
        ssda903_episodes
        child | decom      | dec        | place
        A     | 2023-05-01 | 2023-05-09 | T4 | <-
        B     | 2023-05-01 | 2023-05-08 | T4
    """,
    "380": """
        ssda903_episodes
        child | decom      | rne | place
        A     | 2023-05-01 | S   | T1 | <-
        B     | 2023-05-01 | P   | T1
        C     | 2023-05-01 | S   | U6
    """,
    "381": """
        ssda903_episodes
        child | decom      | rec | place
        A     | 2023-05-01 | E4A | T1 | <-
        B     | 2023-05-01 | X1  | T1
        C     | 2023-05-01 | E4A | U6
    """,
    "383": """
        ssda903_episodes
        child | decom      | rne | place
        A     | 2023-05-01 | S   | U6
        A     | 2023-06-01 | P   | T1 | <-
        A     | 2023-06-08 | P   | U1
        B     | 2023-05-01 | S   | U6
        B     | 2023-06-01 | P   | T1
        B     | 2023-06-08 | P   | U6
    """,
    "213": """
        ssda903_episodes
        child | decom      | place | place_provider
        A     | 2023-05-01 | T1    | PR1 | <-
        B     | 2023-05-01 | T1    |
        C     | 2023-05-01 | U6    | PR1
    """,
    "366": """
        ssda903_episodes
        child | decom      | ls | rne
        A     | 2023-05-01 | V3 | P | <-
        B     | 2023-05-01 | V3 | S
    """,
    "382": """
        ssda903_episodes
        child | decom      | ls | place
        A     | 2023-05-01 | V3 | T1 | <-
        B     | 2023-05-01 | V3 | U6
        C     | 2023-05-01 | C2 | T1
    """,
    "384": """
        ssda903_episodes
        child | decom      | ls | place
        A     | 2023-05-01 | V4 | U4 | <-
        B     | 2023-05-01 | V4 | U6
        C     | 2023-05-01 | C2 | U4
    """,
    "426": """
        ssda903_episodes
        child | decom      | ls
        A     | 2023-05-01 | V3 | <-
        A     | 2023-06-01 | V4 | <-
        B     | 2023-05-01 | V3
        B     | 2023-06-01 | V3
    """,
    "371": """
        ssda903_header
        child | birth_month
        A     | 2010-01-01
        B     | 2007-01-01

        ssda903_episodes
        child | decom      | place
        A     | 2023-05-01 | K3 | <-
        B     | 2023-05-01 | K3
    """,
    "372": """
        ssda903_header
        child | birth_month
        A     | 2015-01-01
        B     | 2007-01-01

        ssda903_episodes
        child | decom      | place
        A     | 2023-05-01 | R5 | <-
        B     | 2023-05-01 | R5
    """,
    "373": """
        ssda903_header
        child | birth_month
        A     | 2020-01-01
        B     | 2015-01-01

        ssda903_episodes
        child | decom      | place
        A     | 2023-05-01 | S1 | <-
        B     | 2023-05-01 | S1
    """,
    "374": """
        ssda903_header
        child | birth_month
        A     | 2012-01-01
        B     | 2007-01-01

        ssda903_episodes
        child | decom      | place
        A     | 2023-05-01 | P3 | <-
        B     | 2023-05-01 | P3
    """,
    "378": """
        ssda903_episodes
        child | decom      | place | ls
        A     | 2023-05-01 | P1    | V2 | <-
        B     | 2023-05-01 | P1    | C2
    """,
    "526": """
        ssda903_episodes
        child | decom      | place | place_provider
        A     | 2023-05-01 | U6    |    | <-
        B     | 2023-05-01 | U6    | PR1
        C     | 2023-05-01 | T1    |
        D     | 2023-05-01 | Z1    |
    """,
    **{
        number: f"""
            ssda903_episodes
            child | decom      | place   | place_provider
            A     | 2023-05-01 | {wrong} | {provider} | <-
            B     | 2023-05-01 | {right} | {provider}
        """
        for number, provider, wrong, right in (
            ("527", "PR1", "R2", "U6"),
            ("528", "PR2", "R5", "U6"),
            ("529", "PR3", "A4", "R1"),
            ("530", "PR4", "P1", "U6"),
            ("531", "PR5", "P1", "U6"),
            ("550", "PR0", "U6", "P1"),
        )
    },
    "390": """
        ssda903_episodes
        child | decom      | rec | place
        A     | 2023-05-01 | E11 | U6 | <-
        B     | 2023-05-01 | E11 | A4
    """,
    "408": """
        ssda903_episodes
        child | decom      | place | ls
        A     | 2023-05-01 | A6    | C2 | <-
        B     | 2023-05-01 | A6    | E1
        C     | 2023-05-01 | A4    | C2
    """,
    "516": """
        ssda903_episodes
        child | decom      | rec | place
        A     | 2023-05-01 | E45 | K2 | <-
        B     | 2023-05-01 | E45 | U1
        C     | 2023-05-01 | E47 | K2
    """,
}
