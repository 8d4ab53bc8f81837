"""What a home keeps of studies, whether or not their file is still there, and how it is taken out.

Tables stay when a file goes: nobody's answer vanishes because a file was moved. They are taken out by hand,
or by a purge where people withdrew and no night has made them again; the destruction record names every file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from outcome_linkage.agreements.destruction import Destruction, Shredder
from outcome_linkage.agreements.withdraw import whole
from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.locked import FILE, Locked
from outcome_linkage.home import Home
from outcome_linkage.models.engine import literal, records, transaction
from outcome_linkage.warehouse import connect

ZONE, RULE = "evaluations", "taken out by hand"


def place_of(home: Home, evaluation_id: str) -> Path:
    """Where the files of a study's tables lie in a home."""
    return home.root / ZONE / evaluation_id


def kept_in(home: Home) -> list[str]:
    """The ids of studies of which a home keeps files."""
    return sorted(path.name for path in (home.root / ZONE).glob("*") if path.is_dir())


def may_go(
    evaluation_id: str,
    kept: Iterable[str],
    with_file: Iterable[str],
    locked: Locked,
    shipped: Iterable[str] = (),
) -> None:
    """Raises InputRefused for a study that is not kept, that has its file, or that is locked.

    And for one of `shipped`: those of the software's own folder of which nobody has said that they may go.
    """
    if evaluation_id not in kept:
        raise InputRefused(f"Nothing is kept of a study `{evaluation_id}`.")
    if evaluation_id in with_file:
        raise InputRefused(
            f"{evaluation_id} has its file: the next night would make its tables again. Take it out first."
        )
    if versions := [version for name, version in locked if name == evaluation_id]:
        raise InputRefused(
            f"{evaluation_id} {', '.join(versions)} is locked: its tables are evidence. Where they may go, "
            f"take its line out of {FILE} first."
        )
    if evaluation_id in shipped:
        raise InputRefused(
            f"{evaluation_id} is not without a file: its file is in the software's own folder, which this "
            "installation does not run. Say --shipped if its tables are to be destroyed all the same."
        )


def take_out(home: Home, evaluation_id: str, today: date, rule: str = RULE) -> list[Destruction]:
    """Destroy the files of a study, and its schema where there is a warehouse; the record of every file.

    Whoever calls holds the writer's lock. What was begun and broke is finished by calling again.
    """
    folder, shredder = place_of(home, evaluation_id), Shredder(home, today)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    gone = [whole(path, ZONE, rule, today, shredder) for path in files]
    if home.warehouse.exists():
        with connect(home.warehouse) as connection:
            _drop(connection, evaluation_id)
    shutil.rmtree(folder, ignore_errors=True)
    return gone


def _drop(connection: duckdb.DuckDBPyConnection, evaluation_id: str) -> None:
    records(connection)  # makes the table in a warehouse that never had one
    with transaction(connection):
        connection.execute(f"drop schema if exists ev_{evaluation_id} cascade")
        name = literal(f"ev_{evaluation_id}.")
        connection.execute(f"delete from main._models where starts_with(name, {name})")
