"""`ev_measures`: the measures that a study reads, as the library of the installation has them."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.walk import of_kind

MEASURES = "ev_measures"
SAID = ("version", "definition", "evidence_level", "weaknesses", "status", "basis")
"""What the library says of a measure."""
UNVERIFIED = "unverified"
ASCERTAINMENT = "ascertainment"
"""Where a measure is used that matches records of another agency to day 0."""
_LISTED = (
    "select 1 from information_schema.tables where table_catalog = 'reference' and table_name = 'measures'"
)


def put_measures(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, matched: Iterable[str] = ()
) -> None:
    """Make `ev_measures`: one row per measure that the study names, and where it names it; `matched` are
    those that tell who else knew of day 0.

    `blocks_release`: nobody verified it, so that nothing made with it may leave until the data owner has.
    """
    places_of = used_in(study)
    for measure in sorted(matched):
        places_of.setdefault(measure, []).append(ASCERTAINMENT)
    used = pl.DataFrame(
        [{"measure": name, "used_in": ", ".join(places)} for name, places in places_of.items()],
        schema={"measure": pl.String, "used_in": pl.String},
    )
    rows = used.join(library(connection), on="measure", how="left", maintain_order="left")
    blocks = (pl.col("status") == UNVERIFIED).fill_null(False)
    put(connection, MEASURES, rows.with_columns(blocks_release=blocks).sort("measure"))


def used_in(study: Evaluation) -> dict[str, list[str]]:
    """The parts of the file that name each measure, in its order."""
    found: dict[str, list[str]] = {}
    named = [(str(path[0]), event.concept) for path, event in of_kind(study, Event)]
    named += [("adversity", domain) for domain in (study.adversity.domains if study.adversity else ())]
    for part, measure in named:
        places = found.setdefault(measure, [])
        if part not in places:
            places.append(part)
    return found


def library(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """`measure` and `SAID` of every measure; no rows where the reference lists are not attached."""
    if not connection.execute(_LISTED).fetchall():
        return pl.DataFrame(schema=dict.fromkeys(("measure", *SAID), pl.String))
    texts = ", ".join(f"cast({name} as varchar) as {name}" for name in ("measure", *SAID))
    return connection.sql(f"select {texts} from reference.main.measures").pl()


def versions_of(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The version of each measure of the library."""
    return dict(library(connection).select("measure", "version").rows())
