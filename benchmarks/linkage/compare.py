"""Linkers side by side, on the same data in the same run: precision, recall, F1, seconds, memory.

    .venv/bin/python -m benchmarks.linkage.compare region REGION…        # generate --identities-only
    .venv/bin/python -m benchmarks.linkage.compare febrl                 # FEBRL 1 to 4 without national id
    .venv/bin/python -m benchmarks.linkage.compare all REGION… --write   # everything, into docs/linkers.md

Each linker runs in a process of its own on the same tokens; Splink's default also on clear text where the
data have it. Loading the tokens and training count in every time. A pair is two records of two suppliers; in
FEBRL 1 to 3, which are one file each, two records of that file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.linkage import febrl
from benchmarks.linkage.linkers import LINKERS, NIGHT, NIGHT_TITLE

FIGURES = Path("docs/linkers.md")


def run(linker: str, data: str, *more: str) -> dict[str, Any]:
    """One linker in a process of its own; its figures."""
    command = [sys.executable, "-m", "benchmarks.linkage.linkers", linker, data, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{linker} failed on {data}:\n{done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def rows(data: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Every linker on every data set that it can take, in order; `data`: title and folder."""
    for title, folder in data:
        clear = (Path(folder) / "clear.parquet").exists()
        for name, linker in LINKERS.items():
            if linker.needs_clear_text and not clear:
                continue
            yield {"data": title, "linker": linker.title} | run(name, folder)
        if (Path(folder) / "deliveries").exists():
            night = run(NIGHT, folder)
            yield {"data": title, "linker": NIGHT_TITLE} | night
            to_persons = {"seconds": night["seconds_to_persons"]}
            yield {"data": title, "linker": "of which from tokens to persons"} | night | to_persons


def table(found: list[dict[str, Any]]) -> Table:
    """The figures for the terminal."""
    shown = Table("data", "linker", "precision", "recall", "F1", "worst group", "seconds", "GB")
    for row in found:
        shown.add_row(*cells(row))
    return shown


def cells(row: dict[str, Any]) -> list[str]:
    """One line of the table."""
    worst = f"{row['worst_group']} {row['worst_recall']:.3f}" if row.get("worst_group") else ""
    return [
        *(row["data"], row["linker"], f"{row['precision']:.4f}", f"{row['recall']:.4f}", f"{row['f1']:.4f}"),
        *(worst, f"{row['seconds']:.1f}", f"{row['gigabytes']:.1f}"),
    ]


def page(found: list[dict[str, Any]]) -> str:
    """The figures as a page of the documentation."""
    head = "| data | linker | precision | recall | F1 | worst-served group, recall | seconds | GB |"
    lines = [f"| {' | '.join(cells(row))} |" for row in found]
    return "\n".join(["# Linkers side by side", "", *_INTRODUCTION, "", head, "|---" * 8 + "|", *lines, ""])


_INTRODUCTION = (
    "Made by `python -m benchmarks.linkage.compare all REGION… --write`, all linkers in one run on two",
    "cores. The invented regions have three suppliers (health, council, police) and no NHS number; their",
    "error rates are assumed, higher for minority ethnic and mobile people. FEBRL 1 to 4 are linked without",
    "the national id: 4 as two suppliers, 1 to 3 as one file whose duplicates are to be found. There another",
    "forename at one address may be a twin, which nothing in one file can rule out: ours leaves such pairs",
    "apart. Seconds include loading and training; a night is the whole run, registry and all, with the model",
    "of the day before. Read rankings, not decimals.",
)


def main() -> None:
    """Print the figures; with --write also the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=("region", "febrl", "all"))
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--febrl4", type=Path, default=Path("../shared/real_data/febrl4"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = [(path.name.replace("_", " "), str(path)) for path in options.folders]
        if options.what in ("febrl", "all"):
            data = [*febrl.prepare(Path(folder), options.febrl4), *data]
        found = []
        for row in rows(data):
            found.append(row)
            print("  ".join(cells(row)), flush=True)
    Console().print(table(found))
    if options.write:
        FIGURES.write_text(page(found))


if __name__ == "__main__":
    main()
