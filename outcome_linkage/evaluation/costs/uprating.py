"""From the price year of a unit cost to that of the study."""

from __future__ import annotations

from dataclasses import dataclass

from outcome_linkage.evaluation.costs.prices import PLACEHOLDER, IndexRow, PriceList, PriceListRefused

INDEX_OF_SECTOR = {"nhs": "nhscii", "children_social_care": "pss", "adult_social_care": "pss"}
GDP = "gdp_fy_L8GG"
"""Index of all prices by financial year: of sectors without one of their own, and where that lacks a year."""


@dataclass(frozen=True)
class Uprating:
    """A factor, the index it comes from with its vintage, and what to beware of."""

    factor: float
    index_id: str | None
    vintage: str | None
    warning: str | None = None

    @property
    def blocks_release(self) -> bool:
        """Whether the index is a placeholder."""
        return self.vintage is not None and PLACEHOLDER in self.vintage


def uprating(prices: PriceList, sector: str, from_year: str, to_year: str) -> Uprating:
    """`index(to_year) / index(from_year)` of the sector's index (evaluation.md, B6).

    nhs: NHS Cost Inflation Index; social care: personal social services; others: GDP deflator, which with a
    warning also stands in where the sector's index lacks a year. Series are joined only through a link row.
    Raises `PriceListRefused` if no index has both years.
    """
    if from_year == to_year:
        return Uprating(1.0, None, None)
    own = INDEX_OF_SECTOR.get(sector, GDP)
    for name in dict.fromkeys((own, GDP)):
        series = _linked(prices, name)
        if from_year in series and to_year in series:
            first, last = series[from_year], series[to_year]
            return Uprating(last.value / first.value, name, _vintage(first, last), _warning(own, name, last))
    raise PriceListRefused(f"no price index of sector {sector} or of GDP has both {from_year} and {to_year}.")


def _linked(prices: PriceList, name: str) -> dict[str, IndexRow]:
    """The series with the years before it from a series that a link row turns into it."""
    series = dict(prices.indices.get(name, {}))
    for link_id, years in prices.indices.items():
        old, _, new = link_id.partition(">")
        if new != name:
            continue
        (link,) = years.values()
        for year, row in prices.indices.get(old, {}).items():
            if year <= link.year and year not in series:
                value = row.value * link.value
                vintage = _vintage(row, link)
                series[year] = row.model_copy(update={"value": value, "vintage": vintage})
    return series


def _vintage(first: IndexRow, last: IndexRow) -> str:
    return "; ".join(dict.fromkeys((first.vintage, last.vintage)))


def _warning(own: str, used: str, last: IndexRow) -> str | None:
    said = []
    if used != own:
        said.append(f"{own} lacks a year: {used} stands in.")
    if last.status == "forecast":
        said.append(f"{used} of {last.year} is a forecast.")
    return " ".join(said) or None
