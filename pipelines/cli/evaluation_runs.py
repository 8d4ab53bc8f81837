"""Commands that take an evaluation through the data of this home: what it would have, and its tables."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from pipelines.cli.app import out, print_json, print_table, research_home
from pipelines.cli.evaluations import WAIT, Named, evaluation, load_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from outcome_linkage.evaluation.engine.attrition import Delivered
    from outcome_linkage.evaluation.spec.evaluation import Evaluation
    from outcome_linkage.home import Home
    from outcome_linkage.models.sources import Sources


class Opened(NamedTuple):
    """A study that is right against the data, and the data."""

    study: Evaluation
    folder: Path
    connection: duckdb.DuckDBPyConnection
    sources: Sources
    home: Home


@evaluation.command()
def preview(
    name: Named, as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False
) -> None:
    """How many people a study would have, step by step; small counts are hidden, and nothing is written."""
    from outcome_linkage.evaluation.engine.preview import preview as count

    with _opened(name, writing=False) as at:
        counts = count(at.connection, at.study, delivered_to(at.home, at.study)).to_dicts()
    if as_json:
        print_json(counts)
        return
    rows = [[r["of"], r["what"], "few" if r["people_hidden"] else str(r["people"])] for r in counts]
    print_table(
        f"{at.study.id} {at.study.version}: people, as they may be shown", ["", "what", "people"], rows
    )


@evaluation.command()
def run(name: Named) -> None:
    """Make the tables of a study: the schema `ev_<id>` of the warehouse, and Parquet files beside."""
    from assets.resources import REFERENCE
    from outcome_linkage.evaluation.costs.prices import read_prices
    from outcome_linkage.evaluation.engine.run import run as make

    with _opened(name, writing=True) as at:
        secret, folder = at.home.secret("evaluation"), at.home.root / "evaluations" / at.study.id
        delivered = delivered_to(at.home, at.study)
        prices = read_prices(REFERENCE)
        made = make(at.connection, at.study, at.sources, secret, folder, delivered, prices, at.folder)
    what = "unchanged since the last run" if made.unchanged else f"made in {made.seconds:.1f} s"
    out.print(f"{at.study.id} {at.study.version}: {len(made.rows)} tables, {what}.", highlight=False)
    out.print(f"Run {made.run_id}; Parquet files in {folder}.", highlight=False)


def delivered_to(home: Home, study: Evaluation) -> Delivered:
    """Rows that were read of the study's tables, and those that are valid and current."""
    import polars as pl

    from assets.in_force import suppliers_in_force
    from outcome_linkage.evaluation.engine.attrition import Delivered
    from outcome_linkage.ledger import delivery_ledger
    from schemas.catalogue import CONTRACTS

    ledger = delivery_ledger(home, CONTRACTS, suppliers_in_force(home, date.today()))
    rows = ledger.filter(pl.col("table").is_in(study.sources.use) & pl.col("read").is_not_null())
    rows = rows.unique(("supplier", "period", "delivery", "table"))
    return Delivered(int(rows["read"].sum()), int((rows["kept"] - rows["superseded"] - rows["purged"]).sum()))


@contextmanager
def _opened(name: str, *, writing: bool) -> Iterator[Opened]:
    """A study and the warehouse. Raises InputRefused where the study is wrong, and says what is."""
    from assets.in_force import suppliers_in_force
    from assets.resources import REFERENCE
    from outcome_linkage.errors import InputRefused, OutcomeLinkageError
    from outcome_linkage.evaluation.bound_checks import bind
    from outcome_linkage.models.engine import literal
    from outcome_linkage.models.sources import Sources
    from outcome_linkage.warehouse import WriterBusy, connect, writer_lock
    from schemas.agreements import load_agreements
    from schemas.catalogue import CONTRACTS

    home, today = research_home(), date.today()
    if not home.warehouse.exists():
        raise InputRefused("There is no warehouse in this home yet. Run `outcome-linkage run` first.")
    sources = Sources(home, CONTRACTS, suppliers_in_force(home, today), REFERENCE)
    try:
        with writer_lock(home, WAIT), connect(home.warehouse if writing else None) as connection:
            if not writing:
                connection.execute(f"attach {literal(str(home.warehouse))} as warehouse (read_only)")
            sources.attach(connection)
            if not writing:
                connection.execute("use warehouse")
            loaded = bind(load_named(name), connection, load_agreements(home.root), today)
            if loaded.study is None or not loaded.usable:
                problems = "\n".join(map(str, loaded.problems))
                raise InputRefused(f"{name} has problems.\n{problems}")
            _tell_examples(loaded.study)
            yield Opened(loaded.study, loaded.path.parent, connection, sources, home)
    except WriterBusy:
        raise OutcomeLinkageError("A run is writing the warehouse. Try again when it has ended.") from None


def _tell_examples(study: Evaluation) -> None:
    """Refuse a study whose invented people do not come out as it expects."""
    from outcome_linkage.errors import InputRefused
    from outcome_linkage.evaluation.codes import CODES
    from outcome_linkage.evaluation.engine.examples import disappointed

    told = [
        f"EV160 {'.'.join(map(str, one.path))}: {CODES['EV160'].message.format(**one.facts)}"
        for one in disappointed(study)
    ]
    if told:
        raise InputRefused("Examples do not come out as expected.\n" + "\n".join(told))
