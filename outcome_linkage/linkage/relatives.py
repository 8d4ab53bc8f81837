"""People who share a home: twins, brothers and sisters, father and son of one name.

They agree in surname and home, so the model alone would take one for the other where the right record is
missing. Whether such a pair may link is decided by counting. Pairs of the same pattern of which one or both
are linked elsewhere are certainly two people; from how many have one side linked, the other, or both, follows
how many with neither side linked are to be expected (two-sample capture-recapture, Chapman 1951). Only where
that is next to nothing beside the candidates does the pattern link. See docs/decisions/002.
"""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.comparisons import DIFFERENT

# Expected wrong links among those that a pattern would add, at the upper 95% bound.
AT_MOST = 0.1
_UNLIKE = (
    "(a.tok_forename <> b.tok_forename and a.tok_forename_canonical <> b.tok_forename_canonical"
    " and a.tok_forename3 <> b.tok_forename3 and a.tok_forename_end <> b.tok_forename_end"
    " and a.tok_forename_soundex <> b.tok_forename_soundex)"
)
_YEARS_APART = "abs(year(a.birth_month) - year(b.birth_month)) > 1"


@dataclass(frozen=True)
class Pattern:
    """`scored`: how the model's levels show it; `at_home`: the same of two rows a and b of one home."""

    name: str
    scored: str
    at_home: str


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "twins",
        f"forename = '{DIFFERENT}' and birthday in ('same', 'day and month swapped')",
        f"{_UNLIKE} and a.tok_dob = b.tok_dob",
    ),
    Pattern(
        "brothers and sisters",
        f"forename = '{DIFFERENT}' and birthday not in ('same', 'day and month swapped')",
        f"{_UNLIKE} and (a.tok_dob = b.tok_dob) is not true",
    ),
    Pattern(
        "namesakes",
        f"forename <> '{DIFFERENT}' and (birthday = '{DIFFERENT}' or birth_years_apart > 10)",
        f"a.tok_forename = b.tok_forename and {_YEARS_APART}",
    ),
)


def refuse_relatives(
    connection: DuckDBPyConnection, scored: str, refused: str, at_least: float, count_anew: bool
) -> None:
    """Move pairs of `scored` that may be relatives to `refused` (a, b, weight, reason), unless allowed.

    A father and son may share day and month: `birth_years_apart` tells, beside the levels of `scored`.

    Makes `lookalike` (a, b), the pairs that stay. Needs `identity`, `cluster` with the links made so far, and
    `pattern_verdict`, unless that is to be counted anew.
    """
    cases = " ".join(f"when {pattern.scored} then '{pattern.name}'" for pattern in PATTERNS)
    connection.execute(f"""
        create or replace table relative as
        select s.a, s.b, s.weight, case {cases} end as pattern, m.supplier_no as sa, n.supplier_no as sb
        from {scored} as s join cluster as m on m.unit = s.a join cluster as n on n.unit = s.b
        where case {cases} end is not null
    """)
    if count_anew:
        _judge_patterns(connection, scored, at_least)
    connection.execute("""
        create or replace table lookalike as
        select r.a, r.b from relative as r join pattern_verdict as v
            on v.is_allowed and v.pattern = r.pattern and v.sa = r.sa and v.sb = r.sb
    """)
    connection.execute(
        "delete from relative using lookalike as l where l.a = relative.a and l.b = relative.b"
    )
    connection.execute(f"insert into {refused} select a, b, weight, pattern from relative")
    connection.execute(f"delete from {scored} as s using relative as r where r.a = s.a and r.b = s.b")
    connection.execute("drop table relative")


def _judge_patterns(connection: DuckDBPyConnection, scored: str, at_least: float) -> None:
    """Table `pattern_verdict` (pattern, sa, sb, candidates, expected wrong ones, is_allowed).

    Where a pattern has too few candidates to tell, all patterns of the two suppliers are counted together.
    """
    _count_settled(connection, scored, at_least)
    connection.execute(f"""
        create or replace table pattern_verdict as
        with seen as (
            select r.pattern, r.sa, r.sb, count(*) as n, coalesce(any_value(s.one), 0) as one,
                coalesce(any_value(s.other), 0) as other, coalesce(any_value(s.both_sides), 0) as both_sides
            from relative as r left join settled as s
                on s.pattern = r.pattern and s.sa = r.sa and s.sb = r.sb
            where r.weight >= {at_least} group by r.pattern, r.sa, r.sb
        ),
        every as (
            select sa, sb, sum(n) as n, sum(one) as one, sum(other) as other, sum(both_sides) as both_sides
            from seen group by sa, sb
        )
        select s.pattern, s.sa, s.sb, s.n::bigint as candidates, {_expected("s")}::double as expected,
            {_few("s")} or {_few("e")} as is_allowed
        from seen as s join every as e on e.sa = s.sa and e.sb = s.sb
    """)
    connection.execute("drop table settled")


def _expected(counts: str) -> str:
    """SQL: wrong links to expect, from pairs of two certain people (Chapman's estimate of the unseen)."""
    return f"(({counts}.one + 1) * ({counts}.other + 1) / ({counts}.both_sides + 1))"


def _few(counts: str) -> str:
    """SQL: the upper 95% bound of the wrong links is small beside the candidates; it is 3 if none is seen."""
    expected = _expected(counts)
    return f"{expected} + 2 * sqrt({expected}) <= {AT_MOST} * {counts}.n"


def _count_settled(connection: DuckDBPyConnection, scored: str, at_least: float) -> None:
    """Table `settled` (pattern, sa, sb, one, other, both_sides): pairs of two people, by who is linked.

    A unit is settled towards a supplier if it is linked to one of its units, or has a candidate there that
    is no relative.
    """
    cases = " ".join(f"when {pattern.at_home} then '{pattern.name}'" for pattern in PATTERNS)
    connection.execute(f"""
        create or replace table settled as
        with linked as (
            select c.unit, d.supplier_no as towards
            from cluster as c join cluster as d on d.cluster = c.cluster
            union
            select s.a, n.supplier_no from {scored} as s join cluster as n on n.unit = s.b
            where s.weight >= {at_least} and (s.a, s.b) not in (select (a, b) from relative)
            union
            select s.b, m.supplier_no from {scored} as s join cluster as m on m.unit = s.a
            where s.weight >= {at_least} and (s.a, s.b) not in (select (a, b) from relative)
        ),
        home as (
            select distinct unit, supplier_no, tok_surname, tok_postcode, tok_forename,
                tok_forename_canonical, tok_forename3, tok_forename_end, tok_forename_soundex, tok_dob,
                birth_month
            from identity where tok_surname is not null and tok_postcode is not null
        ),
        pair as (
            select distinct a.unit as a, b.unit as b, a.supplier_no as sa, b.supplier_no as sb,
                case {cases} end as pattern
            from home as a join home as b on a.tok_surname = b.tok_surname and a.tok_postcode = b.tok_postcode
            and a.supplier_no < b.supplier_no
        ),
        judged as (
            select p.pattern, p.sa, p.sb, x.unit is not null as is_one, y.unit is not null as is_other
            from pair as p
            left join linked as x on x.unit = p.a and x.towards = p.sb
            left join linked as y on y.unit = p.b and y.towards = p.sa
            left join cluster as c on c.unit = p.a
            left join cluster as d on d.unit = p.b
            where c.cluster <> d.cluster and p.pattern is not null
        )
        select pattern, sa, sb, count(*) filter (is_one and not is_other) as one,
            count(*) filter (is_other and not is_one) as other,
            count(*) filter (is_one and is_other) as both_sides
        from judged group by pattern, sa, sb
    """)
