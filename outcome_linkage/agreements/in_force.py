"""Which tables may be used on a day, which may not and why: what is missing, over, or not allowed.

Pure functions of agreements, catalogue and run date. An objection is honoured whatever agreements say, so
that `opt_outs` is always read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from outcome_linkage.agreements.law import unlawful
from outcome_linkage.agreements.terms import OUTPUTS, ZONES, Agreements, Terms
from outcome_linkage.delivery.contract import Contract, Supplier

OPT_OUTS = "opt_outs"
TOKENS = "link_tokens"
_TEXTS = {
    "controller": "the controller",
    "processor": "the processor",
    "reference": "the reference of the agreement",
    "dpia": "the reference of the data-protection impact assessment",
}
_LAST_DAYS = {"ends": "the agreement", "dpia_review": "the review of the impact assessment"}


@dataclass(frozen=True)
class State:
    """What may be done with a supplier's table on a day.

    `why`: everything that stands in the way. `until`: the last day on which the dated terms hold, also when
    it has passed; None where no date is agreed.
    """

    supplier: str
    table: str
    state: Literal["in force", "blocked", "not linked"]
    why: tuple[str, ...]
    until: date | None

    @property
    def is_read(self) -> bool:
        """Whether linkage and models may read the table."""
        return self.state == "in force" or self.table == OPT_OUTS

    @property
    def words(self) -> str:
        """The state in one line."""
        until = f" until {self.until}" if self.until and not self.why else ""
        return f"{self.state}{until}{': ' if self.why else ''}{'; '.join(self.why)}"


def states(
    agreements: Agreements,
    suppliers: Mapping[str, Supplier],
    contracts: Mapping[str, Contract],
    today: date,
    trusted: Sequence[str] = (),
) -> list[State]:
    """The state of every table that the catalogue lists, in order of supplier and table.

    `trusted`: suppliers in the order in which they come first where not all may be linked with each other.
    """
    judged = [
        _judge(agreements, suppliers[supplier], contracts[table], contracts, today)
        for supplier in sorted(suppliers)
        for table in sorted(suppliers[supplier].tables)
        if table in contracts
    ]
    together = linked_together(agreements, judged, trusted or sorted(suppliers))
    return [_allowed(state, agreements, together) for state in judged]


def tables_read(found: Iterable[State]) -> dict[str, set[str]]:
    """The tables that linkage and models may read, by supplier."""
    read: dict[str, set[str]] = {}
    for state in found:
        read.setdefault(state.supplier, set())
        if state.is_read:
            read[state.supplier].add(state.table)
    return read


def linked_together(agreements: Agreements, judged: Iterable[State], trusted: Sequence[str]) -> list[str]:
    """The suppliers whose tokens are linked: each may be linked with every other of them.

    A pair must be allowed by both. Links are passed on from pair to pair, so that leaving out a single pair
    would not keep it apart: of two that may not be linked, the less trusted is left out altogether.
    """
    with_tokens = {s.supplier for s in judged if s.table == TOKENS and s.state == "in force"}
    together: list[str] = []
    for supplier in (name for name in trusted if name in with_tokens):
        if all(
            _may(agreements, supplier, TOKENS, o) and _may(agreements, o, TOKENS, supplier) for o in together
        ):
            together.append(supplier)
    return together


def missing(terms: Terms, contract: Contract) -> Iterator[str]:
    """Everything that an agreement does not say of a table, whatever day it is."""
    yield from (f"{words} is missing" for name, words in _TEXTS.items() if not getattr(terms, name))
    yield from (
        f"the last day of {words} is missing"
        for name, words in _LAST_DAYS.items()
        if not getattr(terms, name)
    )
    yield from unlawful(terms)
    if not terms.purposes:
        yield "the purposes are missing"
    if terms.linkages is None:
        yield "the permitted linkages are missing (an empty list permits none)"
    yield from _outputs(terms)
    yield from _retention(terms)
    needless = [c.name for c in contract.columns.values() if not terms.why_needed(c.name, c.kind)]
    if needless:
        yield f"nobody says why these columns are needed: {', '.join(needless)}"


def _judge(
    agreements: Agreements,
    supplier: Supplier,
    contract: Contract,
    contracts: Mapping[str, Contract],
    today: date,
) -> State:
    terms = agreements.terms(supplier.name, contract.name)
    if fault := agreements.fault(supplier.name):
        return State(supplier.name, contract.name, "blocked", (fault,), None)
    if terms is None:
        return State(supplier.name, contract.name, "blocked", ("no agreement names the table",), None)
    last_days = {words: day for name, words in _LAST_DAYS.items() if (day := getattr(terms, name))}
    over = (f"{words} ended on {day}" for words, day in last_days.items() if day < today)
    why = (*missing(terms, contract), *over, *_longer(agreements, supplier, contract, contracts, terms))
    return State(
        supplier.name,
        contract.name,
        "blocked" if why else "in force",
        why,
        min(last_days.values(), default=None),
    )


def _outputs(terms: Terms) -> Iterator[str]:
    if terms.outputs is None:
        yield "the permitted outputs are missing (an empty list permits none)"
    elif unknown := sorted(set(terms.outputs) - set(OUTPUTS)):
        yield f"outputs are some of {', '.join(OUTPUTS)}; found {', '.join(unknown)}"


def _retention(terms: Terms) -> Iterator[str]:
    if unsaid := [zone for zone in ZONES if terms.retention.get(zone, 0) < 1]:
        yield f"nobody says how long data stay in: {', '.join(unsaid)}"
    if unknown := sorted(set(terms.retention) - set(ZONES)):
        yield f"retention is for {', '.join(ZONES)}; found {', '.join(unknown)}"


def _longer(
    agreements: Agreements,
    supplier: Supplier,
    contract: Contract,
    contracts: Mapping[str, Contract],
    terms: Terms,
) -> Iterator[str]:
    """Where tokens would stay as long as what they lead to, or longer."""
    if not contract.restricted:
        return
    payload = [
        agreed.retention
        for table in supplier.tables
        if table != OPT_OUTS and table in contracts and not contracts[table].restricted
        if (agreed := agreements.terms(supplier.name, table))
    ]
    for zone in ("landing", "validated", "rejected", "backups"):
        shortest = min((days[zone] for days in payload if zone in days), default=None)
        if shortest is not None and terms.retention.get(zone, 0) >= shortest:
            yield f"tokens stay in {zone} as long as other tables ({shortest} days), or longer"


def _may(agreements: Agreements, supplier: str, table: str, other: str) -> bool:
    terms = agreements.terms(supplier, table)
    return bool(terms and terms.linkages and other in terms.linkages)


def _allowed(state: State, agreements: Agreements, together: Sequence[str]) -> State:
    """The state, once it is known whose tokens are linked with whose."""
    if state.state == "blocked" or state.table == OPT_OUTS:
        return state
    if state.table == TOKENS:
        apart = (
            ()
            if state.supplier in together
            else tuple(
                other
                for other in together
                if not (
                    _may(agreements, state.supplier, TOKENS, other)
                    and _may(agreements, other, TOKENS, state.supplier)
                )
            )
        )
    else:
        partners = together if state.supplier in together else ()
        apart = tuple(
            o
            for o in partners
            if o != state.supplier and not _may(agreements, state.supplier, state.table, o)
        )
    if not apart:
        return state
    return State(
        state.supplier,
        state.table,
        "not linked",
        (f"not permitted to be linked with {', '.join(apart)}",),
        state.until,
    )
