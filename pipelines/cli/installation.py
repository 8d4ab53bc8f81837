"""The data of this home, opened for a command about evaluations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from pipelines.cli.app import research_home

if TYPE_CHECKING:
    from outcome_linkage.evaluation.at_home import Installation

WAIT = 5
"""Seconds to wait for a run that is writing."""


@contextmanager
def installation(*, writing: bool) -> Iterator[Installation]:
    """The warehouse with its sources, the deliveries in use and the agreements of this home."""
    from assets.in_force import suppliers_in_force
    from assets.resources import REFERENCE
    from outcome_linkage.errors import InputRefused, OutcomeLinkageError
    from outcome_linkage.evaluation.at_home import Installation
    from outcome_linkage.models.engine import literal
    from outcome_linkage.models.sources import Sources
    from outcome_linkage.warehouse import WriterBusy, connect, writer_lock
    from schemas.agreements import load_agreements
    from schemas.catalogue import CONTRACTS

    home, today = research_home(), date.today()
    if not home.warehouse.exists():
        raise InputRefused("There is no warehouse in this home yet. Run `outcome-linkage run` first.")
    suppliers, agreements = suppliers_in_force(home, today), load_agreements(home.root)
    sources = Sources(home, CONTRACTS, suppliers, REFERENCE)
    try:
        with writer_lock(home, WAIT), connect(home.warehouse if writing else None) as connection:
            if not writing:
                connection.execute(f"attach {literal(str(home.warehouse))} as warehouse (read_only)")
            sources.attach(connection)
            if not writing:
                connection.execute("use warehouse")
            yield Installation(home, connection, sources, CONTRACTS, suppliers, REFERENCE, agreements, today)
    except WriterBusy:
        raise OutcomeLinkageError(
            "A run is writing the warehouse. Try again when it has ended, or look at files only: "
            "`evaluation validate --static`."
        ) from None
