"""Everything that is costed has a price, in the right unit, which can be brought to the price year."""

from __future__ import annotations

from collections.abc import Iterator

from outcome_linkage.evaluation.bound_checks.known import Known, Price
from outcome_linkage.evaluation.problems import Fault, fault, nearest
from outcome_linkage.evaluation.resources import RESOURCES
from outcome_linkage.evaluation.spec.evaluation import Evaluation

INDEX_OF_SECTOR = {"nhs": "nhscii", "children_social_care": "pss", "adult_social_care": "pss"}
EVERY_SECTOR = ("gdp_fy_L8GG", "gdp_cy_MNF2")
"""Indices of all prices, which stand in where a sector has none of its own."""


def have_prices(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV501, EV502, EV503, EV505."""
    if study.costs is None:
        return
    for n, item in enumerate(study.costs.items):
        path = ("costs", "items", n, "unit_cost")
        price = known.prices.get(item.unit_cost)
        if price is None:
            yield fault("EV501", path, name=item.unit_cost, nearest=nearest(item.unit_cost, known.prices))
            continue
        if not _can_be_uprated(price, study.costs.price_year, known):
            years = {"frm": price.price_year, "to": study.costs.price_year}
            yield fault("EV502", path, name=price.id, **years)
        resource = RESOURCES.get(item.resource)
        if resource and resource.source not in study.sources.use:
            table = {"resource": item.resource, "source": resource.source}
            yield fault("EV505", ("costs", "items", n, "resource"), **table)
        if resource and resource.unit != price.unit:
            words = {"resource": item.resource, "counted": resource.unit, "priced": price.unit}
            yield fault("EV503", path, name=price.id, **words)


def _can_be_uprated(price: Price, to: str, known: Known) -> bool:
    if price.price_year == to:
        return True
    usable = (INDEX_OF_SECTOR.get(price.sector), *EVERY_SECTOR)
    return any(
        {price.price_year, to} <= known.indexed_years.get(name, frozenset()) for name in usable if name
    )
