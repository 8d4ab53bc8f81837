"""What the use of services costs, by sector."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.base import FINANCIAL_YEAR, Block, Name, Share

Sector = Literal[
    "nhs",
    "children_social_care",
    "adult_social_care",
    "police_cjs",
    "education",
    "housing",
    "dwp",
    "victim_society",
]


Pounds = Annotated[float, Field(ge=0)]


class Discount(Block):
    """Yearly rates at which later costs and effects count less; whole years after index."""

    costs: Share = 0.035
    """Rate for costs."""
    effects: Share = 0.035
    """Rate for effects."""
    sensitivity: tuple[Share, ...] = (0.0, 0.015)
    """Other rates, shown beside it."""


class Item(Block):
    """One thing that is paid for."""

    resource: Name
    """What is used: a delivered table, or a resource that is counted in one."""
    unit_cost: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$", examples=["nhs.ed_attendance"])]
    """Id of its price in the table of unit costs."""
    sector: Sector
    """Who pays."""


class Costs(Block):
    """Costs and consequences. Every sector stands in a column of its own."""

    price_year: Annotated[str, Field(pattern=FINANCIAL_YEAR, examples=["2024-25"])]
    """Financial year whose prices are used."""
    perspectives: Annotated[tuple[Sector | Literal["societal"], ...], Field(min_length=1)]
    """Whose costs are added up; societal: everybody's."""
    discount: Discount = Discount()
    """Yearly rates."""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    """What is paid for."""
    thresholds: Annotated[tuple[Pounds, ...], Field(min_length=1)] = (0.0, 1000.0, 5000.0, 20000.0)
    """What an event avoided, or another unit of effect, may be worth, in GBP; our own rule."""
    icer: bool = False
    """Whether one figure per unit of effect is made, beside costs and effects themselves."""
