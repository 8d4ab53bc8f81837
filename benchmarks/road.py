"""Seconds and peak memory of each stage of the road, beside a floor measured in the same run.

The floor is DuckDB reading the same delivered files and writing them as Parquet once: what moving the
bytes costs before anything is checked, linked or counted. Each stage runs in a process of its own.

    .venv/bin/python benchmarks/road.py                    # 20,000 and 200,000 people
    .venv/bin/python benchmarks/road.py --people 20000
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

SEED = 1


def generate(folder: Path, people: int) -> None:
    """Invent the region and encode its deliveries."""
    from outcome_linkage.synthetic.generate import generate as invent
    from schemas.catalogue import CONTRACTS

    invent(people, SEED, folder / "region", contracts=CONTRACTS)


def floor(folder: Path, people: int) -> None:
    """Read every delivered file with DuckDB and write it as Parquet once."""
    import duckdb

    to = folder / "floor"
    to.mkdir()
    with duckdb.connect() as connection:
        for number, path in enumerate(sorted((folder / "region" / "deliveries").rglob("*.parquet"))):
            connection.execute(f"copy (from '{path}') to '{to / str(number)}.parquet' (compression zstd)")


def receive(folder: Path, people: int) -> None:
    """Gate every delivery and put it into landing."""
    from outcome_linkage.delivery.receiving import receive as receiving
    from outcome_linkage.home import Home
    from schemas.catalogue import CONTRACTS, load_suppliers

    home = Home(folder / "home").ensure()
    for path in receiving.find_deliveries(folder / "region" / "deliveries"):
        receipt = receiving.receive(path, home, CONTRACTS, load_suppliers())
        assert receipt.status == "received", receipt


def validate(folder: Path, people: int) -> None:
    """The `delivery` job for every delivery."""
    from outcome_linkage.delivery.validating.verdict import pending
    from outcome_linkage.home import Home
    from pipelines.definitions import build_defs
    from pipelines.instance import opened
    from pipelines.run import run_delivery

    home = Home(folder / "home")
    with opened(home) as instance:
        defs = build_defs(home)
        for delivery in pending(home):
            run_delivery(defs, instance, home, delivery, lambda text: None)
        assert not pending(home)


def nightly(*groups: str) -> Callable[[Path, int], None]:
    """The part of the `nightly` job that belongs to some groups of assets."""

    def stage(folder: Path, people: int) -> None:
        from outcome_linkage.home import Home
        from pipelines.definitions import build_defs
        from pipelines.instance import opened
        from pipelines.run import QUIET

        home = Home(folder / "home")
        with opened(home) as instance:
            defs = build_defs(home)
            specs = defs.resolve_all_asset_specs()
            result = defs.resolve_job_def("nightly").execute_in_process(
                instance=instance,
                run_config=QUIET,
                asset_selection=[spec.key for spec in specs if spec.group_name in groups],
            )
            assert result.success

    stage.__doc__ = f"The assets of {', '.join(groups)}."
    return stage


STAGES: dict[str, Callable[[Path, int], None]] = {
    "generate and encode": generate,
    "floor": floor,
    "receive": receive,
    "validate": validate,
    "link": nightly("linkage"),
    "models": nightly("staging", "intermediate", "marts", "evaluations"),
    "publish": nightly("published"),
}


def measured(stage: str, folder: Path, people: int) -> tuple[float, float]:
    """Wall seconds and peak resident GB of one stage in a process of its own."""
    arguments = [sys.executable, __file__, "--stage", stage, "--folder", str(folder), "--people", str(people)]
    started = time.perf_counter()
    child = os.posix_spawn(sys.executable, arguments, dict(os.environ))
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit(f"the stage `{stage}` failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1e6


def main() -> None:
    """Run every stage for each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", type=int, nargs="*", default=[20_000, 200_000])
    parser.add_argument("--stage", choices=list(STAGES))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.stage:
        STAGES[options.stage](options.folder, options.people[0])
        return
    for people in options.people:
        with tempfile.TemporaryDirectory() as folder:
            report(people, {stage: measured(stage, Path(folder), people) for stage in STAGES})


def report(people: int, figures: dict[str, tuple[float, float]]) -> None:
    """Print one size: seconds, times the floor, peak memory."""
    table = Table("stage", "seconds", "times the floor", "peak GB", title=f"{people:,} people")
    base = figures["floor"][0]
    for stage, (seconds, memory) in figures.items():
        table.add_row(stage, f"{seconds:.1f}", f"{seconds / base:.1f}", f"{memory:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
