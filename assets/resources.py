"""Resources: the home folder, its one writer's lock, and the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource
from pydantic import PrivateAttr

from assets.extract import extract
from assets.in_force import suppliers_in_force
from assets.look import look_at_deliveries
from outcome_linkage.beside import beside
from outcome_linkage.delivery.validating.verdict import tables_delivered
from outcome_linkage.delivery_quality.report import Made as DeliveriesSeen
from outcome_linkage.evaluation.at_home import Installation
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.pack import Made as LinksMeasured
from outcome_linkage.linkage_quality.pack import make_pack
from outcome_linkage.models.engine import build_together, drop_removed
from outcome_linkage.models.graph import Graph, build_graph, check_test
from outcome_linkage.models.lineage import column_catalogue
from outcome_linkage.models.sources import Sources
from outcome_linkage.models.sql_file import SqlTest, generated_tests, load_models, load_tests
from outcome_linkage.models.waiting import waiting
from outcome_linkage.release.expectations.judge import Batch, Judged, judge, make_ready
from outcome_linkage.release.expectations.measures import Sets
from outcome_linkage.warehouse import writer_lock
from schemas.agreements import load_agreements
from schemas.catalogue import CONTRACTS, Supplier

R = TypeVar("R")

PROJECT = Path(__file__).parents[1]
REFERENCE = PROJECT / "reference"
SQL = PROJECT / "dbt_like_sql"
LATE = {"dagster/priority": "-1"}
"""Of the steps that could come next, the last: their work was begun, and goes on beside the others."""


def house_models() -> Graph:
    """The models of `dbt_like_sql/`, read once by a process."""
    return _models_of(SQL)


def house_tests() -> Mapping[str, Sequence[SqlTest]]:
    """What must hold of each model, by name: its header's promises, and the tests beside it."""
    return _tests_of(SQL)


@cache
def _models_of(folder: Path) -> Graph:
    return build_graph(load_models(folder))


@cache
def _tests_of(folder: Path) -> Mapping[str, Sequence[SqlTest]]:
    graph = _models_of(folder)
    tests = {name: generated_tests(model) for name, model in graph.models.items()}
    for test in load_tests(folder, graph.models):
        check_test(graph, test)
        tests[test.model].append(test)
    return tests


@dataclass(frozen=True)
class Session:
    """The warehouse as one run sees it: a connection with one fixed state of all sources attached."""

    connection: duckdb.DuckDBPyConnection
    sources: Sources

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """Columns and types of every table, as `column_catalogue`; whoever makes one again puts it in."""
        return column_catalogue(self.connection)


class HomeFolder(dg.ConfigurableResource[Any]):
    """The home of this installation, for whoever only looks: a sensor must not wait for a run to end."""

    root: str

    @property
    def home(self) -> Home:
        """The home folder."""
        return Home(Path(self.root).resolve()).ensure()


class Warehouse(DuckDBResource):
    """The home and its DuckDB file.

    The writer's lock is held for the whole run, so that two runs never write at once; the kernel frees
    it when a run's process dies. Connections are closed even when a step fails. `run_date` is the day on
    which agreements are judged, the day on which the run began unless it is given.
    """

    root: str
    run_date: str = ""
    _began: date | None = PrivateAttr(default=None)
    _run_id: str = PrivateAttr(default="")
    _run: ExitStack | None = PrivateAttr(default=None)
    _session: Session | None = PrivateAttr(default=None)
    _installation: Installation | None = PrivateAttr(default=None)
    _judge_ready: bool = PrivateAttr(default=False)
    _begun: dict[Callable[..., Any], Future[Any]] = PrivateAttr(default_factory=dict)

    @classmethod
    def at(cls, root: Path | str, run_date: date | None = None) -> Warehouse:
        """The warehouse of the home folder `root`."""
        day = run_date.isoformat() if run_date else ""
        return cls(root=str(root), database=str(Home(Path(root)).warehouse), run_date=day)

    @property
    def home(self) -> Home:
        """The home folder of this installation."""
        return Home(Path(self.root).resolve()).ensure()

    @property
    def today(self) -> date:
        """The run date: one day for the whole run, also when it goes on after midnight."""
        if self.run_date:
            return date.fromisoformat(self.run_date)
        return self._began or date.today()

    @property
    def suppliers(self) -> dict[str, Supplier]:
        """The suppliers, with the tables whose agreement is in force on the run date."""
        return suppliers_in_force(self.home, self.today)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Warehouse]:
        """Hold the writer's lock for as long as a run uses the resource."""
        with writer_lock(self.home), ExitStack() as stack:
            self._run, self._began, self._run_id = stack, date.today(), context.run_id or ""
            self._session = self._installation = None
            self._begun, self._judge_ready = {}, False
            stack.callback(self._end_reports)
            yield self

    @contextmanager
    def get_connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The warehouse, opened for writing."""
        opened = super().get_connection()
        connection = opened.__enter__()
        try:
            yield connection
        finally:
            connection.close()

    def make_judge_ready(self) -> None:
        """Have Great Expectations imported by whoever changes something first: marts come next."""
        if not self._judge_ready:
            beside().begin(make_ready)
            self._judge_ready = True

    def judge(self, batches: Sequence[Batch], sets: Sets) -> list[Judged]:
        """Judge the marts."""
        return beside().begin(judge, batches, sets).result()

    def begin(self, call: partial[Any]) -> None:
        """Begin a report, beside the steps that do not wait for it."""
        self._begun[call.func] = beside().begin(call.func, *call.args)

    def report(self, call: partial[R]) -> R:
        """A report: the one that was begun, else made now."""
        begun = self._begun.pop(call.func, None)
        return begun.result() if begun else call()

    def _end_reports(self) -> None:
        """Nothing of a run goes on when the run has let go of the writer's lock."""
        wait([begun for begun in self._begun.values() if not begun.cancel()])

    def look_at_deliveries(self) -> partial[DeliveriesSeen]:
        """Judge the quality of what was delivered."""
        return partial(look_at_deliveries, self.home, self.suppliers, self.today)

    def measure_links(self) -> partial[LinksMeasured]:
        """Measure the last linkage run."""
        return partial(make_pack, self.home, extract(self.home, self.suppliers, self.today))

    def session(self) -> Session:
        """This run's session, opened by the first step that asks: linkage must have been done by then."""
        if self._session is None:
            connection = self._under_way().enter_context(self.get_connection())
            sources = Sources(self.home, CONTRACTS, self.suppliers, REFERENCE)
            sources.attach(connection)
            drop_removed(connection, house_models().models)
            self._build_waiting(connection, sources)
            self._session = Session(connection, sources)
        return self._session

    def _build_waiting(self, connection: duckdb.DuckDBPyConnection, sources: Sources) -> None:
        """Build what waits for its first delivery: others read it, and a night has no step for it."""
        graph, tests = house_models(), house_tests()
        names = waiting(graph, tables_delivered(self.home))
        build_together(connection, [(graph.models[n], tests[n]) for n in names], sources, self._run_id)

    def installation(self) -> Installation:
        """This run's session as studies need it, one for all: it reads the ledger of deliveries once."""
        if self._installation is None:
            session, suppliers = self.session(), self.suppliers
            self._installation = Installation(
                home=self.home,
                connection=session.connection,
                sources=session.sources,
                contracts=CONTRACTS,
                suppliers=suppliers,
                reference=REFERENCE,
                agreements=load_agreements(self.home.root),
                today=self.today,
            )
        return self._installation

    def _under_way(self) -> ExitStack:
        """What ends with the run."""
        if self._run is None:
            raise RuntimeError("this belongs to a run; the resource was not set up by one")
        return self._run
