"""One evaluation from its study to its tables, and not again while what it is made from stays the same."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import duckdb

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.evaluation.answers.answer import answer
from outcome_linkage.evaluation.answers.recall import put_recall
from outcome_linkage.evaluation.answers.sensitivities import sensitivity_answers, varied
from outcome_linkage.evaluation.answers.weighing import put_balance
from outcome_linkage.evaluation.copies import write_copies
from outcome_linkage.evaluation.costs.make import cost_differences, make_costs
from outcome_linkage.evaluation.costs.prices import PriceList
from outcome_linkage.evaluation.engine.attrition import Delivered, attrition_steps, check_attrition
from outcome_linkage.evaluation.engine.inputs import SOURCES, from_warehouse, models_of
from outcome_linkage.evaluation.engine.keys import secret_of
from outcome_linkage.evaluation.engine.plan import Run, after_plan, concepts_of, make_people, tables_of
from outcome_linkage.evaluation.engine.step import take
from outcome_linkage.evaluation.engine.store import Stamp, schema_of, store, write_parquet_beside
from outcome_linkage.evaluation.locked import fingerprint
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.files import sha256_of
from outcome_linkage.linkage_quality.recall import Recall
from outcome_linkage.models.engine import Inputs, Record, digest, records

PARTS = (
    *("engine", "estimates", "costs", "answers"),
    *("adjusted.py", "attributes.py", "codebook.py", "library.py", "origin.py", "resources.py", "rollout.py"),
)
"""Folders and files whose code decides what the tables hold."""


def engine_version() -> str:
    """What the engine is. Another engine makes every table anew."""
    return code_of(*PARTS)


@cache
def code_of(*parts: str) -> str:
    """The SHA-256 of some files, and files of folders, of evaluations."""
    home = Path(__file__).parents[1]
    named = [home / part for part in parts]
    inside = [file for part in named if part.is_dir() for file in part.iterdir()]
    files = sorted(file for file in (*named, *inside) if file.is_file())
    return digest(*(f"{file.relative_to(home).as_posix()} {sha256_of(file)}" for file in files))


PRICES = ("reference.unit_costs", "reference.price_indices")
"""Sources that a study with costs is made from besides."""


class NotBuilt(OutcomeLinkageError):
    """The warehouse lacks what an evaluation reads."""


@dataclass(frozen=True)
class Finished:
    """What a run made: rows by table; `unchanged` when there was nothing to do."""

    evaluation_id: str
    run_id: str
    rows: Mapping[str, int]
    unchanged: bool
    seconds: float


def run(
    connection: duckdb.DuckDBPyConnection,
    study: Evaluation,
    sources: Inputs,
    secret: bytes,
    folder: Path,
    delivered: Delivered,
    prices: PriceList,
    spec_folder: Path | None = None,
    recalls: Sequence[Recall] = (),
) -> Finished:
    """Make the tables of a study in its schema and as Parquet below `folder`.

    `connection` is the warehouse, open for writing, with its sources attached; `prices` are unit costs and
    price indices; `spec_folder` holds the files that the study names; `recalls` say how many true links
    are found. Raises NotBuilt where a mart is missing, DoesNotAddUp where people are.
    """
    started = time.perf_counter()
    stamp = stamp_of(connection, study, sources, delivered, spec_folder, recalls)
    name, known = schema_of(study), records(connection)
    before = known.get(f"{name}.ev")
    tables = tables_of(study)
    if before and before.fingerprint == stamp.run_id and _are_there(folder, study):
        return Finished(study.id, stamp.run_id, _rows(connection, study), True, time.perf_counter() - started)
    read = partial(_read, connection)
    costed = partial(cost_differences, connection, prices)
    changes = sensitivity_answers(connection, study, read, spec_folder, costed)
    read(study)
    make(connection, study, delivered, spec_folder, recalls)
    costs = make_costs(connection, study, prices)
    answer(connection, study, tables, [*costs, *changes])
    record = Record(f"{name}.ev", stamp.run_id, known["person"].deliveries_fingerprint, 0, stamp.run_id)
    rows = store(connection, study, tables, stamp, secret_of(study.id, secret), record)
    write_parquet_beside(connection, study, tables, folder)
    write_copies(folder, study)
    return Finished(study.id, stamp.run_id, rows, False, time.perf_counter() - started)


def _read(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> None:
    from_warehouse(connection, study, concepts_of(study))


def make(
    connection: duckdb.DuckDBPyConnection,
    study: Evaluation,
    delivered: Delivered,
    spec_folder: Path | None = None,
    recalls: Sequence[Recall] = (),
) -> None:
    """Make every working table of a study; the inputs are there. Raises DoesNotAddUp."""
    context = Run(study, spec_folder)
    if study.index is not None:
        make_people(connection, study, spec_folder)
        take(connection, attrition_steps(study, delivered))
        check_attrition(connection)
    take(connection, after_plan(context))
    if study.index is not None:
        put_balance(connection, study)
        put_recall(connection, study, recalls)


def stamp_of(
    connection: duckdb.DuckDBPyConnection,
    study: Evaluation,
    sources: Inputs,
    delivered: Delivered,
    spec_folder: Path | None = None,
    recalls: Sequence[Recall] = (),
) -> Stamp:
    """The names of a run. Raises NotBuilt where a mart is missing."""
    known = records(connection)
    if missing := [name for name in models_of(study) if name not in known]:
        raise NotBuilt(f"{study.id}: reads {missing}, not built yet. Run the pipeline first.")
    spec = fingerprint(study)
    inputs = [f"{name}={known[name].fingerprint}" for name in models_of(study)]
    inputs += [f"{name}={sources.fingerprint(name)}" for name in (*SOURCES, *(PRICES if study.costs else ()))]
    if spec_folder is not None:
        inputs += [f"{file}={sha256_of(spec_folder / file)}" for file in _rollouts(study)]
    run_id = digest(engine_version(), spec, repr(delivered), repr(list(recalls)), *inputs)[:16]
    return Stamp(study.id, study.version, spec, run_id)


def _rollouts(study: Evaluation) -> list[str]:
    """The files of the rollouts of a study and of its changes."""
    studies = [study, *varied(study).values()]
    return sorted({one.rollout.file for one in studies if one.rollout is not None})


def _are_there(folder: Path, study: Evaluation) -> bool:
    """Whether every file of a run is there, copies included: a run that broke while it wrote is made anew."""
    copies = {"parquet": True, "dta": study.output.stata, "csv": study.output.csv}
    endings = [ending for ending, asked in copies.items() if asked]
    return all((folder / f"{name}.{ending}").exists() for name in tables_of(study) for ending in endings)


def _rows(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> dict[str, int]:
    sql = (
        "select table_name, estimated_size from duckdb_tables() "
        "where database_name = current_database() and schema_name = ? order by table_name"
    )
    return dict(connection.execute(sql, [schema_of(study)]).fetchall())
