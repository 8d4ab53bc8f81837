"""What is good to know and nobody's fault, apart from errors: else a clean-up is read as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import polars as pl

from outcome_linkage.delivery.checking.advice import advice
from outcome_linkage.delivery.feedback.facts import Facts
from outcome_linkage.delivery.receiving.finding import RULES as GATE
from outcome_linkage.delivery.receiving.finding import Finding


def information(facts: Facts, expected: Collection[str]) -> list[str]:
    """A sentence each. `expected` names the tables that the catalogue lists for the supplier."""
    return [*_copies(facts), *_warnings(facts), *_rules(facts), *_not_sent(facts, expected)]


def _copies(facts: Facts) -> Iterator[str]:
    """Rows left out by a clean-up."""
    counted = (
        facts.rejected.group_by("table", "problem").agg(pl.col("row").n_unique()).sort("table", "problem")
    )
    for table, problem, rows in counted.rows():
        what, todo = advice(problem)
        if not todo:
            yield f"{table}: {_rows(rows)} left out: {what}."


def _warnings(facts: Facts) -> Iterator[str]:
    for found in facts.findings:
        if not Finding(**found.model_dump()).refuses:
            rule, where = GATE[found.rule], ", ".join(filter(None, (found.table, found.column)))
            yield f"{where}: {found.count:,} {rule.found}. {rule.todo}"


def _rules(facts: Facts) -> Iterator[str]:
    if facts.rules is None:
        yield "Rules across rows and tables were not run on this delivery: they count as skipped."
        return
    states = Counter(rule.state for rule in facts.rules)
    if states["pass"]:
        yield f"{states['pass']} rules across rows and tables found nothing."
    why = Counter(rule.why for rule in facts.rules if rule.state == "skipped")
    for reason, n in sorted(why.items()):
        yield f"{n} {'rule' if n == 1 else 'rules'} skipped: {reason}."
    if states["crashed"]:
        yield f"{states['crashed']} rules could not be run: a fault of the pipeline, not of the delivery."


def _not_sent(facts: Facts, expected: Collection[str]) -> Iterator[str]:
    """How much of what the supplier may deliver is here: most deliveries are one return."""
    held = set(expected) & set(facts.verdicts)
    if held and len(held) < len(expected):
        yield f"This delivery holds {len(held)} of the {len(expected)} tables that you may deliver."


def _rows(n: int) -> str:
    return f"{n:,} {'row' if n == 1 else 'rows'}"
