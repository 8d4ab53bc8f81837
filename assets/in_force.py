"""Agreements as the pipeline sees them on a run date: states of tables, and the catalogue cut to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from outcome_linkage.agreements.evidence import Subject
from outcome_linkage.agreements.in_force import State, states, tables_read
from outcome_linkage.agreements.purge import Purged, purge
from outcome_linkage.delivery.validating.current import current_files
from outcome_linkage.home import Home
from schemas.agreements import load_agreements
from schemas.catalogue import CONTRACTS, Supplier, load_suppliers


def trusted_first(suppliers: Mapping[str, Supplier]) -> tuple[str, ...]:
    """The suppliers in the order in which they are believed where they differ: registers come first."""
    registers = {s.name for s in suppliers.values() if any(t.register_of_people for t in s.tables.values())}
    return tuple(sorted(suppliers, key=lambda name: name not in registers))


def table_states(home: Home, today: date) -> list[State]:
    """The state of every table of the catalogue on a day."""
    suppliers = load_suppliers(home.root)
    return states(load_agreements(home.root), suppliers, CONTRACTS, today, trusted_first(suppliers))


def suppliers_in_force(home: Home, today: date) -> dict[str, Supplier]:
    """The catalogue without the tables that may not be read on that day: to models they do not exist."""
    read = tables_read(table_states(home, today))
    return _only(load_suppliers(home.root), read)


def suppliers_not_linked(home: Home, today: date) -> dict[str, Supplier]:
    """The catalogue cut down to tables that may be held and not be linked; tokens are none of them."""
    apart: dict[str, set[str]] = {}
    for state in table_states(home, today):
        if state.state == "not linked" and not CONTRACTS[state.table].restricted:
            apart.setdefault(state.supplier, set()).add(state.table)
    return _only(load_suppliers(home.root), apart)


def tables_in_use(home: Home, suppliers: Mapping[str, Supplier]) -> dict[str, set[str]]:
    """The suppliers of which each delivered table has current rows."""
    files = current_files(home, CONTRACTS, suppliers)
    return {table: {file.supplier for file in of_table if file.rows} for table, of_table in files.items()}


def purge_home(home: Home, today: date) -> Purged:
    """Destroy what is due on a day, and what is left of people who withdrew; hold the writer's lock."""
    agreements, suppliers = load_agreements(home.root), load_suppliers(home.root)
    return purge(home, agreements, suppliers, CONTRACTS, table_states(home, today), today)


def subject_of(home: Home, today: date) -> Subject:
    """What the annex of this home is about on a day."""
    return Subject(
        home=home,
        agreements=load_agreements(home.root),
        suppliers=load_suppliers(home.root),
        contracts=CONTRACTS,
        states=table_states(home, today),
        today=today,
    )


def _only(suppliers: Mapping[str, Supplier], tables: Mapping[str, set[str]]) -> dict[str, Supplier]:
    return {
        name: supplier.model_copy(
            update={"tables": {t: s for t, s in supplier.tables.items() if t in tables.get(name, ())}}
        )
        for name, supplier in suppliers.items()
    }
