"""Groups and units of a study as they are in the data: how many cells a measure has, and who rolls out."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import duckdb

from outcome_linkage.evaluation.answers.asking import MOST_LEVELS
from outcome_linkage.evaluation.attributes import ATTRIBUTES
from outcome_linkage.evaluation.problems import Fault, fault, nearest
from outcome_linkage.evaluation.rollout import read_rollout
from outcome_linkage.evaluation.source import KeyPath, Source
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Measure
from outcome_linkage.evaluation.spec.predicates import HasAttribute
from outcome_linkage.evaluation.walk import of_kind

MOST_CELLS = 500
BANDS = 20
"""Values of a characteristic that is made of bands."""
_AREAS = (("person", "la_code"), ("person", "lsoa21"), ("reference.main.lsoa_lookup", "lsoa21_code"))
_PLACES = ("la_code", "lsoa21")
_ORGANISATIONS = (("validated.main.organisations", "organisation_id"),)
_PEOPLE = (("person", "person_id"),)
UNITS = {"area": _AREAS, "person": _PEOPLE}
"""Where a unit stands in the data; every other kind of unit is an organisation."""


def cells(study: Evaluation, source: Source, connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """EV141: a measure is not split into more cells than anybody could read.

    Of places that a rollout names, those count.
    """
    for n, measure in enumerate(study.measures):
        levels = _levels(measure, connection)
        if measure.area in levels and (named := _in_rollout(study, source)):
            levels[measure.area] = min(levels[measure.area], named)
        if (number := prod(levels.values())) > MOST_CELLS:
            how = " x ".join(f"{count} of {name}" for name, count in levels.items())
            yield fault("EV141", ("measures", n), cells=number, how=how)


def have_the_value(study: Evaluation, connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """EV146: a place that a criterion or arm asks for is in the data."""
    for path, asked in of_kind(study, HasAttribute):
        name = asked.attribute.name
        known = _values(connection, "person", name) if name in _PLACES else set()
        for n, value in enumerate(asked.attribute.one_of):
            if known and str(value) not in known:
                where: KeyPath = (*path, "attribute", "one_of", n)
                yield fault("EV146", where, name=name, value=value, nearest=nearest(str(value), known))


def few_enough_to_split(study: Evaluation, connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """EV134: a subgroup of so many values that results are not split by it."""
    for n, name in enumerate(study.subgroups):
        if name not in _SPLIT or (many := _SPLIT[name](study, connection)) <= MOST_LEVELS:
            continue
        why = f"it has {many} values, and results are split by {MOST_LEVELS} at most"
        remedy = "Take it out, or keep fewer of them."
        yield fault("EV134", ("subgroups", n), what=f"`{name}`", why=why, remedy=remedy)


def _quarters(study: Evaluation, _: duckdb.DuckDBPyConnection) -> int:
    start, end = study.study_period.start, study.study_period.end
    return (end.year - start.year) * 4 + (end.month - 1) // 3 - (start.month - 1) // 3 + 1


def _areas(_: Evaluation, connection: duckdb.DuckDBPyConnection) -> int:
    return len(_values(connection, "person", "la_code"))


_SPLIT = {"index_quarter": _quarters, "la_code": _areas}
"""Characteristics whose number of values the study or the data decide."""


def _in_rollout(study: Evaluation, source: Source) -> int:
    if study.rollout is None:
        return 0
    return len({one.unit for one in read_rollout(source.path.parent / study.rollout.file)})


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
    starts = read_rollout(source.path.parent / study.rollout.file)
    for row, unit in {one.unit: (one.row, one.unit) for one in reversed(starts)}.values():
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
