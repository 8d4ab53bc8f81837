"""What can be said of a study with the data at hand: catalogue, reference lists, marts and agreements.

Nothing is told of a person: a problem quotes the specification, names and dates of deliveries, and no count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from outcome_linkage.agreements.terms import Agreements
from outcome_linkage.evaluation.bound_checks import (
    agreed,
    controls,
    owners,
    prices,
    reached,
    recorded,
    sources,
    units,
)
from outcome_linkage.evaluation.bound_checks.known import known_to
from outcome_linkage.evaluation.load import Loaded
from outcome_linkage.evaluation.problems import Fault, tell
from outcome_linkage.evaluation.source import Source
from outcome_linkage.evaluation.spec.evaluation import Evaluation

MARTS = ("person", "person_coverage", "adversity_event", "outcome_event", "measure_event")
"""The marts that are looked at."""


def bind(
    loaded: Loaded,
    connection: duckdb.DuckDBPyConnection,
    agreements: Agreements | None = None,
    today: date | None = None,
) -> Loaded:
    """The same with the problems that show against the data; a file without a usable study stays as it is.

    `connection` has the marts, and `catalogue`, `reference` and `validated` attached. Agreements are
    judged on the day `today`, where both are given.
    """
    if not loaded.usable or loaded.study is None or loaded.source is None:
        return loaded
    faults = list(bound_faults(loaded.study, loaded.source, connection))
    if agreements is not None and today is not None:
        known = known_to(connection)
        faults += agreed.agreements_cover(loaded.study, known, agreements, today)
    return loaded.also(tell(faults, loaded.source))


def bound_faults(study: Evaluation, source: Source, connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """Everything but agreements."""
    known = known_to(connection)
    yield from sources.are_known(study, known)
    yield from sources.concepts(study, known)
    yield from sources.of_examples(study, known)
    yield from recorded.has_values(study, known)
    yield from recorded.at_an_age(study, known)
    yield from sources.are_verified(study, known)
    yield from sources.both_roles(study, known)
    yield from controls.controls_are_other_records(study, known)
    yield from sources.cover_the_study(study, known)
    yield from sources.period_is_covered(study, known)
    yield from reached.some_day_0_is_covered(study, known)
    yield from sources.are_seen(study, known, connection)
    yield from sources.look_back(study, known, connection)
    yield from owners.are_obeyed(study, known)
    yield from units.have_the_value(study, connection)
    yield from units.few_enough_to_split(study, connection)
    yield from units.cells(study, source, connection)
    yield from units.rollout_units(study, source, connection)
    yield from prices.have_prices(study, known)
