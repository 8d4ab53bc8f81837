"""How right the relationships of a home are, against the truth of the generated region that it was fed with.

    .venv/bin/python benchmarks/linkage/relationships.py HOME REGION

REGION is what `outcome-linkage generate --out REGION` wrote; HOME received its deliveries and was run. Prints
precision and recall by kind, then what was done with the statements of suppliers.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from outcome_linkage.home import Home
from outcome_linkage.linkage.relationship_quality import relationships_against_truth
from outcome_linkage.warehouse import connect


def agreement_table(home: Home, truth: Path) -> Table:
    """Precision and recall by kind."""
    table = Table("kind", "counted in", "claimed", "true", "precision", "recall", title="relationships")
    for a in relationships_against_truth(home, truth):
        shares = ("" if share is None else f"{share:.4f}" for share in (a.precision, a.recall))
        table.add_row(a.kind, a.unit, f"{a.claimed:,}", f"{a.truth:,}", *shares)
    return table


def verdict_table(home: Home) -> Table:
    """What was done with the statements of suppliers."""
    table = Table("supplier", "kind", "basis", "verdict", "statements", title="statements")
    connection = connect()
    connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
    rows = connection.execute("select * from warehouse.int_relationship_verdict order by all").fetchall()
    for *words, statements in rows:
        table.add_row(*words, f"{statements:,}")
    connection.close()
    return table


def main() -> None:
    """Print the tables for the home and region named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("region", type=Path)
    options = parser.parse_args()
    home = Home(options.home.resolve())
    Console().print(agreement_table(home, options.region.resolve() / "truth"))
    Console().print(verdict_table(home))


if __name__ == "__main__":
    main()
