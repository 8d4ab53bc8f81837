"""Groups and units of a study as they are in the data: how many cells a measure has, and who rolls out."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import duckdb

from outcome_linkage.evaluation.attributes import ATTRIBUTES
from outcome_linkage.evaluation.problems import Fault, fault, nearest
from outcome_linkage.evaluation.rollout import read_rollout
from outcome_linkage.evaluation.source import Source
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Measure

MOST_CELLS = 500
BANDS = 20
"""Values of a characteristic that is made of bands."""
_AREAS = (("person", "la_code"), ("person", "lsoa21"))
_ORGANISATIONS = (("validated.main.organisations", "organisation_id"),)
_PEOPLE = (("person", "person_id"),)
UNITS = {"area": _AREAS, "person": _PEOPLE}
"""Where a unit stands in the data; every other kind of unit is an organisation."""


def cells(study: Evaluation, connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """EV141: a measure is not split into more cells than anybody could read."""
    for n, measure in enumerate(study.measures):
        levels = _levels(measure, connection)
        if (number := prod(levels.values())) > MOST_CELLS:
            how = " x ".join(f"{count} of {name}" for name, count in levels.items())
            yield fault("EV141", ("measures", n), cells=number, how=how)


def _levels(measure: Measure, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = [*measure.group_by, *([] if measure.area == "none" else [measure.area])]
    return {name: _count(name, connection) for name in dict.fromkeys(names)}


def _count(name: str, connection: duckdb.DuckDBPyConnection) -> int:
    if name in ATTRIBUTES and ATTRIBUTES[name].values:
        return len(ATTRIBUTES[name].values)
    if name in ("la_code", "lsoa21"):
        return max(1, len(_values(connection, "person", name)))
    return len(_organisations(connection)) or 1 if name == "organisation" else BANDS


def rollout_units(
    study: Evaluation, source: Source, connection: duckdb.DuckDBPyConnection
) -> Iterator[Fault]:
    """EV142: whoever starts is somebody the data know."""
    if study.rollout is None:
        return
    places = UNITS.get(study.design.unit, _ORGANISATIONS)
    known = {value for table, column in places for value in _values(connection, table, column)}
    for row, unit, _ in read_rollout(source.path.parent / study.rollout.file):
        if unit not in known:
            hint = nearest(unit, known) if places is not _PEOPLE else ""
            yield fault(
                "EV142",
                ("rollout", "file"),
                file=study.rollout.file,
                row=row,
                unit=unit,
                what=study.design.unit,
                nearest=hint,
            )


def _organisations(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {value for table, column in _ORGANISATIONS for value in _values(connection, table, column)}


def _values(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> set[str]:
    """Every value of a column; none where the table or column does not exist."""
    try:
        rows = connection.execute(f"select distinct {column} from {table} where {column} is not null")
    except (duckdb.CatalogException, duckdb.BinderException):
        return set()
    return {str(row[0]) for row in rows.fetchall()}
