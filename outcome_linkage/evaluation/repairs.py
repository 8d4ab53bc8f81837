"""How many delivered rows each rule changed or left out on their way into spells, by supplier.

Made every night from `int_repair_count`, with small counts hidden. What the rules are: reference/repairs.csv.
"""

from __future__ import annotations

import duckdb
import polars as pl

from outcome_linkage.evaluation.counts_table import SCHEMA, CountsTable
from outcome_linkage.release.disclosure import release_counts
from outcome_linkage.release.profiles import NHS_HES, Profile

SOURCE = "int_repair_count"
_KEY = ("rule", "source_table", "supplier")
_COUNTS = ("n_rows", "n_people", "n_looked_at")
_HIDDEN = "Whether the count is hidden because it is small."


def repair_counts(connection: duckdb.DuckDBPyConnection, profile: Profile = NHS_HES) -> pl.DataFrame:
    """Released counts, in order of rule, table and supplier; a rule that met no row has a zero."""
    columns = ", ".join((*_KEY, "effect", *_COUNTS))
    counts = connection.sql(f"select {columns} from {SOURCE} order by {', '.join(_KEY)}").pl()
    for name in _COUNTS:
        counts = release_counts(counts, name, profile)
    return counts.select(list(REPAIR_COUNTS.columns))


def met(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, ...]]:
    """Rule, table, supplier, rows changed or left out, rows looked at; of rules that met a row."""
    return connection.execute(
        "select rule, source_table, supplier, coalesce(n_rows::varchar, $few), "
        f"coalesce(n_looked_at::varchar, $few) from {REPAIR_COUNTS.name} where n_rows > 0 or n_rows_hidden "
        "order by rule, source_table, supplier",
        {"few": NHS_HES.few},
    ).fetchall()


REPAIR_COUNTS = CountsTable(
    name=f"{SCHEMA}.repair_counts",
    source=SOURCE,
    description=(
        "One row per rule by which rows become spells, delivered table and supplier: how many rows the "
        f"rule changed or left out. Counts of {NHS_HES.hide_from} to {NHS_HES.hide_to} are hidden, others "
        f"rounded to {NHS_HES.round_to}, zero shown."
    ),
    key=_KEY,
    columns={
        "rule": ("varchar", "Rule; reference/repairs.csv says what is wrong, what is done and why."),
        "source_table": ("varchar", "Delivered table; link_tokens for addresses."),
        "supplier": ("varchar", "Supplier of the rows."),
        "effect": ("varchar", "What becomes of a row: left_out, moved, joined, parted or kept."),
        "n_rows": ("bigint", "Rows that the rule met, rounded; null where hidden. Unit: rows."),
        "n_rows_hidden": ("boolean", _HIDDEN),
        "n_people": ("bigint", "Persons of those rows, rounded; null where hidden. Unit: people."),
        "n_people_hidden": ("boolean", _HIDDEN),
        "n_looked_at": (
            "bigint",
            "Rows that the supplier's deliveries in use hold, rounded; null where hidden. Unit: rows.",
        ),
        "n_looked_at_hidden": ("boolean", _HIDDEN),
    },
    count=repair_counts,
)
