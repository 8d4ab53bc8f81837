"""A study on the data of an installation: what the command line and the pipeline both call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from outcome_linkage.agreements.copies import note_study
from outcome_linkage.agreements.terms import Agreements
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.bound_checks import bind
from outcome_linkage.evaluation.costs.prices import read_prices
from outcome_linkage.evaluation.engine.attrition import Delivered
from outcome_linkage.evaluation.engine.examples import disappointed
from outcome_linkage.evaluation.engine.run import Finished, run
from outcome_linkage.evaluation.kept import place_of
from outcome_linkage.evaluation.load import Loaded
from outcome_linkage.evaluation.problems import tell
from outcome_linkage.evaluation.registered import keep_registered, last_registered, same_question
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.home import Home
from outcome_linkage.ledger import delivery_ledger
from outcome_linkage.linkage_quality.recall import recalls_at
from outcome_linkage.models.sources import Sources


@dataclass(frozen=True)
class Installation:
    """The data of a home on a day, opened: `connection` is the warehouse, with `sources` attached.

    `suppliers` are those in force that day, `reference` the folder of lists and prices.
    """

    home: Home
    connection: duckdb.DuckDBPyConnection
    sources: Sources
    contracts: Mapping[str, Contract]
    suppliers: Mapping[str, Supplier]
    reference: Path
    agreements: Agreements
    today: date

    @cached_property
    def ledger(self) -> pl.DataFrame:
        """Rows read, kept, superseded and purged, once for each delivered table that was judged."""
        ledger = delivery_ledger(self.home, self.contracts, self.suppliers)
        judged = ledger.filter(pl.col("read").is_not_null())
        return judged.unique(("supplier", "period", "delivery", "table"))

    def delivered_to(self, study: Evaluation) -> Delivered:
        """Rows that were read of the study's tables, and those that are valid and current."""
        rows = self.ledger.filter(pl.col("table").is_in(study.sources.use))
        current = rows["kept"] - rows["superseded"] - rows["purged"]
        return Delivered(int(rows["read"].sum()), int(current.sum()))

    def bound(self, loaded: Loaded) -> Loaded:
        """The same, with the problems that show against the data, deliveries, agreements and runs before."""
        found = bind(loaded, self.connection, self.agreements, self.today)
        if found.study is None or found.source is None:
            return found
        before = last_registered(folder_of(self.home, found.study))
        return found.also(tell(same_question(found.study, before), found.source))

    def run(self, loaded: Loaded) -> Finished:
        """Make the tables of a study, unless they stand. Raises InputRefused for one with an error.

        The working tables live in a connection of their own, and vanish with it.
        """
        study = usable(loaded)
        with self._alone() as at:
            finished = run(
                at.connection,
                study,
                at.sources,
                at.home.secret("evaluation"),
                folder_of(at.home, study),
                self.delivered_to(study),
                read_prices(at.reference),
                loaded.path.parent,
                recalls_at(at.home),
            )
        keep_registered(folder_of(self.home, study), study)
        note_study(self.home, study.id)
        return finished

    @contextmanager
    def _alone(self) -> Iterator[Installation]:
        with self.connection.cursor() as connection:
            yield replace(self, connection=connection)


def folder_of(home: Home, study: Evaluation) -> Path:
    """Where the files of a study's tables lie in a home."""
    return place_of(home, study.id)


def tried(loaded: Loaded) -> Loaded:
    """The same, with each expectation that the study's invented people do not meet (EV160)."""
    if loaded.study is None or loaded.source is None or not loaded.usable:
        return loaded
    return loaded.also(tell(disappointed(loaded.study), loaded.source))


def usable(loaded: Loaded) -> Evaluation:
    """The study of a file. Raises InputRefused with every problem where there is an error."""
    if loaded.study is None or not loaded.usable:
        problems = "\n".join(map(str, loaded.problems))
        raise InputRefused(f"{loaded.path.name} has problems.\n{problems}")
    return loaded.study
