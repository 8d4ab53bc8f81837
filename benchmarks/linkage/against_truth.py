"""How good the links of a home are, against the truth of the generated region that it was fed with.

    .venv/bin/python benchmarks/linkage/against_truth.py HOME REGION

REGION is what `outcome-linkage generate --out REGION` wrote. Prints precision and recall by pair of
suppliers (a supplier beside itself: its duplicates), then by ethnic group. With --all, also both together.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from outcome_linkage.home import Home
from outcome_linkage.linkage.quality import ALL, Agreement, against_truth


def tables(agreements: Sequence[Agreement], everything: bool = False) -> list[Table]:
    """One table by pair of suppliers, one by ethnic group, and on demand one of both."""
    by_pair = [a for a in agreements if a.ethnicity5 == ALL]
    by_group = [a for a in agreements if a.supplier_a == ALL]
    shown = [
        _table("by pair of suppliers", [(_pair(a), a) for a in by_pair]),
        _table("by ethnic group", [(a.ethnicity5, a) for a in by_group]),
    ]
    if everything:
        both = [a for a in agreements if ALL not in (a.supplier_a, a.ethnicity5)]
        shown.append(_table("by both", [(f"{_pair(a)}, {a.ethnicity5}", a) for a in both]))
    return shown


def _pair(agreement: Agreement) -> str:
    if agreement.supplier_a == ALL:
        return ALL
    return f"{agreement.supplier_a} - {agreement.supplier_b}"


def _table(title: str, rows: Sequence[tuple[str, Agreement]]) -> Table:
    table = Table("", "true pairs", "links", "precision", "recall", title=title)
    for label, a in rows:
        table.add_row(label, f"{a.truth:,}", f"{a.linked:,}", _share(a.precision), _share(a.recall))
    return table


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


def main() -> None:
    """Print the tables for the home and region named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("region", type=Path)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    agreements = against_truth(Home(options.home.resolve()), options.region.resolve() / "truth")
    for table in tables(agreements, options.all):
        Console().print(table)


if __name__ == "__main__":
    main()
