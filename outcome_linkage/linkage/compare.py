"""What two units say of each other: every agreement of `passes.AGREEMENTS`, over all their rows."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.passes import AGREEMENTS, BIRTH_YEARS_APART, CONTRADICTIONS, Pass


def compare(connection: DuckDBPyConnection, pairs: str, comparison: str) -> None:
    """Make table `comparison`: a, b of the table `pairs`, one boolean per agreement, birth_years_apart.

    An agreement holds when some row of `a` has it with some row of `b`.
    """
    agreements = ", ".join(
        f"coalesce(bool_or({condition}), false) as {name}" for name, condition in AGREEMENTS.items()
    )
    connection.execute(f"""
        create or replace table {comparison} as
        select p.a, p.b, {agreements}, min({BIRTH_YEARS_APART}) as birth_years_apart
        from {pairs} as p join identity as x on x.unit = p.a join identity as y on y.unit = p.b
        group by p.a, p.b
    """)


def contradiction(despite: tuple[str, ...] = ()) -> str:
    """SQL over a comparison: whether one of the contradictions holds that a pass does not link despite."""
    judged = [f"({sql})" for name, sql in CONTRADICTIONS.items() if name not in despite]
    return f"coalesce({' or '.join(judged)}, false)"


def verdict(rule: Pass) -> str:
    """SQL over a comparison: null when the pass accepts the pair, else the reason why it does not."""
    return (
        f"case when not ({rule.when}) then '{_TOO_LITTLE[rule.stage == '0']}' "
        f"when {contradiction(rule.despite)} then 'contradiction' end"
    )


_TOO_LITTLE = {True: "strong id alone", False: "too little agreement"}
