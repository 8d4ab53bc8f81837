"""The quality of deliveries of our contracts, for a process that needs nothing of Dagster."""

from collections.abc import Mapping
from datetime import date

from outcome_linkage.delivery_quality.report import Made, make_report
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS, Supplier


def look_at_deliveries(home: Home, suppliers: Mapping[str, Supplier], today: date) -> Made:
    """Measure what is new and judge it, as `make_report`."""
    return make_report(home, CONTRACTS, suppliers, today)
