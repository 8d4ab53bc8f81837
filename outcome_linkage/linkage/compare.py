"""What two units say of each other: the agreements and contradictions of `passes`, over all their rows."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.passes import AGREEMENTS, BIRTH_YEARS_APART, CONTRADICTIONS, Pass


def compare(connection: DuckDBPyConnection, pairs: str, comparison: str) -> None:
    """Make table `comparison`: a, b of the table `pairs`, a boolean per agreement and per contradiction.

    An agreement holds when some row of `a` has it with some row of `b`. A contradiction's column is called
    `contradicts_<name>`.
    """
    agreements = ", ".join(
        f"coalesce(bool_or({condition}), false) as {name}" for name, condition in AGREEMENTS.items()
    )
    contradictions = ", ".join(
        f"coalesce({condition}, false) as contradicts_{name}" for name, condition in CONTRADICTIONS.items()
    )
    connection.execute(f"""
        create or replace table {comparison} as
        with agreement as (
            select p.a, p.b, {agreements}, min({BIRTH_YEARS_APART}) as birth_years_apart
            from {pairs} as p join identity as x on x.unit = p.a join identity as y on y.unit = p.b
            group by p.a, p.b
        )
        select *, {contradictions} from agreement
    """)


def count(connection: DuckDBPyConnection, table: str) -> int:
    """The rows of a table."""
    ((rows,),) = connection.execute(f"select count(*) from {table}").fetchall()
    return int(rows)


def contradiction(despite: tuple[str, ...] = ()) -> str:
    """SQL over a comparison: whether one of the contradictions holds that a pass does not link despite."""
    return f"({' or '.join(f'contradicts_{name}' for name in CONTRADICTIONS if name not in despite)})"


def verdict(rule: Pass) -> str:
    """SQL over a comparison: null when the pass accepts the pair, else the reason why it does not."""
    too_little = "strong id alone" if rule.stage == "0" else "too little agreement"
    return (
        f"case when ({rule.when}) is not true then '{too_little}' "
        f"when {contradiction(rule.despite)} then 'contradiction' end"
    )
