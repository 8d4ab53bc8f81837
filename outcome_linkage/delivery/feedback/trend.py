"""Better or worse than the supplier's own delivery before: by table, and by what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.feedback.facts import Facts, read_facts
from outcome_linkage.delivery.manifest import DeliveryId, deliveries_below
from outcome_linkage.delivery.validating.verdict import read_verdict
from outcome_linkage.home import Home

Problem = tuple[str | None, str]
"""Column and problem."""


@dataclass(frozen=True)
class Before:
    """A table in the last delivery before that held it: its rows, and how many of them had which problem."""

    delivery: DeliveryId
    read: int
    kept: int
    problems: Mapping[Problem, int] = field(default_factory=dict)
    rules_ran: bool = False


def tables_before(delivery: DeliveryId, home: Home, contracts: Mapping[str, Contract]) -> dict[str, Before]:
    """For each table of a delivery what the same supplier sent before; without those never sent before."""
    verdict = read_verdict(home, delivery)
    last: dict[str, DeliveryId] = {}
    for other in earlier(delivery, home):
        judged = read_verdict(home, other)
        last |= dict.fromkeys(judged.tables if judged else (), other)
    wanted = {table: last[table] for table in (verdict.tables if verdict else ()) if table in last}
    facts = {other: read_facts(other, home, contracts) for other in set(wanted.values())}
    return {table: _before(table, other, facts[other]) for table, other in wanted.items()}


def earlier(delivery: DeliveryId, home: Home) -> list[DeliveryId]:
    """The same supplier's judged deliveries before this one, oldest first."""
    same = (other for other in deliveries_below(home.stage("landing")) if other.supplier == delivery.supplier)
    return [other for other in same if other < delivery and read_verdict(home, other)]


def _before(table: str, delivery: DeliveryId, facts: Facts) -> Before:
    verdict = facts.verdicts[table]
    lines = facts.faults.select("table", "column", "problem", "row").unique().rows()
    problems = Counter((column, problem) for of, column, problem, _ in lines if of == table)
    return Before(delivery, verdict.read, verdict.kept, problems, facts.rules is not None)
