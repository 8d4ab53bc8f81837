"""The standing evaluation: how many people, by adversity domain and status of each outcome.

Built every night from the mart `adversity_outcome`, so that a researcher sees at once how much is known and
how much is not. It holds released counts only (`release.disclosure`) and makes no comparison: there are no
unexposed people in the mart.
"""

from __future__ import annotations

import duckdb
import polars as pl

from outcome_linkage.evaluation.counts_table import SCHEMA, CountsTable, build_counts
from outcome_linkage.models.engine import Built
from outcome_linkage.release.disclosure import release_counts
from outcome_linkage.release.profiles import NHS_HES, Profile

TABLE = f"{SCHEMA}.status_counts"
SOURCE = "adversity_outcome"
HORIZONS = (365, 730)
ALL = "all"
"""Status and value of the row that counts everybody, from the true number and not from released ones."""
DESCRIPTION = (
    "One row per adversity domain, outcome, length of follow-up, status and value: how many people. "
    f"Counts of {NHS_HES.hide_from} to {NHS_HES.hide_to} are hidden, others rounded to {NHS_HES.round_to}, "
    "zero shown."
)
COLUMNS = {
    "adversity_domain": ("varchar", "Domain of the crosswalk."),
    "outcome": ("varchar", "Outcome concept; reference/measures.csv defines each."),
    "days": ("integer", "Length of follow-up from the first recorded adversity. Unit: days."),
    "status": (
        "varchar",
        "Why the value is what it is; first of several in the order of adversity_outcome. all: everybody.",
    ),
    "value": ("varchar", "yes: seen; no: not seen, and the silence is earned; unknown; all: everybody."),
    "people": ("bigint", "People, rounded; null where hidden. Unit: people."),
    "people_hidden": ("boolean", "Whether the count is hidden because it is small."),
}
# Every status with the values that it allows: these are shown even where nobody has them.
CELLS = (
    ("observed", "yes"),
    ("observed", "no"),
    ("partly_covered", "yes"),
    ("partly_covered", "unknown"),
    ("missing_in_source", "unknown"),
    ("not_covered", "unknown"),
    ("not_linked", "unknown"),
    ("not_linkable", "unknown"),
    ("not_applicable", "unknown"),
    ("withheld", "unknown"),
)
_VERSION = "2"
_COUNTS = """
with counted as ({counted}),
cells as (
    select * from (values {cells}) as listed (status, value)
    union
    select status, value from counted
),
questions as (select distinct adversity_domain, outcome, days from counted)
select q.adversity_domain, q.outcome, q.days, c.status, c.value, coalesce(n.people, 0) as people
from questions as q
cross join cells as c
left join counted as n
    on n.adversity_domain = q.adversity_domain and n.outcome = q.outcome and n.days = q.days
    and n.status = c.status and n.value = c.value
order by q.adversity_domain, q.outcome, q.days, c.status, c.value
"""
_COUNTED = """
select adversity_domain, outcome, {days} as days, status_{days} as status,
    case when outcome_{days} then 'yes' when not outcome_{days} then 'no' else 'unknown' end as value,
    count(*) as people
from {source}
group by all
union all
select adversity_domain, outcome, {days}, '{all}', '{all}', count(*) from {source} group by all
"""


def status_counts(connection: duckdb.DuckDBPyConnection, profile: Profile = NHS_HES) -> pl.DataFrame:
    """Released counts of people from `adversity_outcome`; columns as COLUMNS, in order of all keys.

    Every domain and outcome of the mart has a row for each cell of CELLS and for any other that occurs.
    """
    counted = " union all ".join(_COUNTED.format(days=days, source=SOURCE, all=ALL) for days in HORIZONS)
    cells = ", ".join(f"('{status}', '{value}')" for status, value in CELLS)
    counts = connection.sql(_COUNTS.format(counted=counted, cells=cells)).pl()
    return release_counts(counts, "people", profile).select(list(COLUMNS))


STATUS_COUNTS = CountsTable(
    name=TABLE,
    source=SOURCE,
    description=DESCRIPTION,
    key=("adversity_domain", "outcome", "days", "status", "value"),
    columns=COLUMNS,
    count=status_counts,
    facts=(_VERSION, CELLS),
)


def build_status_counts(connection: duckdb.DuckDBPyConnection, run_id: str) -> Built:
    """Write `status_counts` to the warehouse table `ev_standing.status_counts`, unless nothing changed.

    Raises ModelFailed when the mart is not built yet.
    """
    return build_counts(connection, STATUS_COUNTS, run_id)
