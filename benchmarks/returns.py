"""Seconds and peak memory from a supplier's raw files to judged tables, by the commands that they would type.

Invents files in the layout in which councils have them (headers, order of columns, dates): a whole
SSDA903 set, and one term of the school census. Then `encode`, `check`, `receive` and `run`, each in a process
of its own, start-up included; `run` judges the delivery, links people, and builds and publishes every table.
A long export of a practice is encoded only: what counts there is the memory of the supplier's machine.
Python's own setting is used: modules are compiled once (the warming-up), as in any installation.

    .venv/bin/python -m benchmarks.returns
    .venv/bin/python -m benchmarks.returns --children 2600 --pupils 10000 --events 5000000
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.invented_returns import Tables, gp_events, looked_after, school_census

USERS = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
COMMAND = "from pipelines.cli import app; app()"
Figures = tuple[float, float, float]


def write(tables: Tables, folder: Path, name: str) -> list[Path]:
    """The tables as CSV files."""
    folder.mkdir(parents=True)
    for table, frame in tables.items():
        frame.write_csv(folder / name.format(table))
    return sorted(folder.iterdir())


def timed(folder: Path, *arguments: str) -> Figures:
    """Seconds by the clock, seconds of both processors, and peak resident GB of one command."""
    command = [sys.executable, "-c", COMMAND, *arguments]
    started = time.perf_counter()
    quiet = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    child = os.posix_spawn(
        sys.executable,
        command,
        {**USERS, "OUTCOME_LINKAGE_HOME": str(folder / "home")},
        file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)],
    )
    os.close(quiet)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"`{arguments[0]}` failed:\n{(folder / 'said.txt').read_text()[-2000:]}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def road(table: str, raw: list[Path], folder: Path, *, whole: bool) -> dict[str, Figures]:
    """What each command takes, from these files to published tables; `encode` alone unless `whole`."""
    key = folder / "keys" / "linkage.key"
    key.parent.mkdir(mode=0o700)
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    delivery = folder / "deliveries" / "bristol" / "2025-07"
    said = {"table": table, "supplier": "bristol", "period": "2025-07", "year": "2025"}
    secrets = {"key-file": key, "record-secret": key.with_name("record.secret"), "out": folder / "deliveries"}
    options = [word for name, value in (said | secrets).items() for word in (f"--{name}", str(value))]
    figures = {"encode": timed(folder, "encode", *map(str, raw), *options)}
    if whole:
        for command in (["check", str(delivery)], ["receive", str(delivery)], ["run"]):
            figures[command[0]] = timed(folder, *command)
    return figures


def main() -> None:
    """Measure all and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--children", type=int, default=2_600)
    parser.add_argument("--pupils", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=5_000_000)
    options = parser.parse_args()
    shown = Table("return", "command", "seconds", "processor seconds", "peak GB")
    returns = {
        "ssda903": (looked_after, options.children, "SSDA903_2025_{}.csv"),
        "school_census": (school_census, options.pupils, "2025_spring_{}.csv"),
        "gp_events": (gp_events, options.events, "{}.csv"),
    }
    with tempfile.TemporaryDirectory() as warming_up:
        timed(Path(warming_up), "run")
    for table, (invent, size, name) in returns.items():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            raw = write(invent(size), folder / "raw", name)
            figures = road(table, raw, folder, whole=table != "gp_events")
        for command, (seconds, worked, memory) in figures.items():
            shown.add_row(table, command, f"{seconds:.1f}", f"{worked:.1f}", f"{memory:.2f}")
    Console().print(shown)


if __name__ == "__main__":
    main()
