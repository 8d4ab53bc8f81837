"""Unit costs and price indices, as the files of the reference folder hold them, and what is wrong with
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.spec.base import FINANCIAL_YEAR
from outcome_linkage.evaluation.spec.costs import Sector

PLACEHOLDER = "PLACEHOLDER"
Year = Annotated[str, Field(pattern=r"^\d{4}(-\d{2})?$")]


class PriceListRefused(InputRefused):
    """A price list that cannot be used."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UnitCost(_Row):
    """What one unit of a resource costs. `low` and `high` bound it; `cost_set` says how it was made."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$")]
    resource: str
    unit: str
    low: Annotated[float, Field(ge=0)]
    base: Annotated[float, Field(ge=0)]
    high: Annotated[float, Field(ge=0)]
    currency: Literal["GBP"]
    price_year: Annotated[str, Field(pattern=FINANCIAL_YEAR)]
    sector: Sector
    cost_type: Literal["fiscal", "economic", "social"]
    cost_set: str
    source: str
    url: str | None = None
    page: str | None = None
    licence: str
    quality: Literal["A", "B", "C", "D"]
    valid_from: str | None = None
    valid_to: str | None = None
    status: Literal["verified", "unverified", "placeholder"]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.base <= self.high:
            raise ValueError("low, base and high are not in order")
        if (PLACEHOLDER in self.source) != (self.status == "placeholder"):
            raise ValueError(f"a placeholder says {PLACEHOLDER} in its source, and nothing else does")
        return self

    @property
    def blocks_release(self) -> bool:
        """Whether an evaluation that uses it must not be released."""
        return self.status != "verified"


class IndexRow(_Row):
    """One year of a price index. `old>new` as index: the ratio by which `old` is turned into `new`, in that
    year.
    """

    index_id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*(>[A-Za-z][A-Za-z0-9_]*)?$")]
    year: Year
    value: Annotated[float, Field(gt=0)]
    status: Literal["outturn", "forecast", "link"]
    vintage: str

    @model_validator(mode="after")
    def _link_is_said(self) -> Self:
        if (">" in self.index_id) != (self.status == "link"):
            raise ValueError("a link has `old>new` as index_id and `link` as status")
        return self


@dataclass(frozen=True)
class PriceList:
    """Unit costs by id, and index values by index and year."""

    costs: dict[str, UnitCost]
    indices: dict[str, dict[str, IndexRow]]

    def blocking(self, used: Iterable[str]) -> tuple[str, ...]:
        """Ids among those used that are not verified: they block a release."""
        return tuple(sorted({name for name in used if self.costs[name].blocks_release}))


def read_prices(folder: Path) -> PriceList:
    """The lists of a reference folder. Raises `PriceListRefused` with file, row and column of the first
    fault.
    """
    costs = _rows(folder / "unit_costs.csv", UnitCost)
    repeated = {row.id for row in costs if [other.id for other in costs].count(row.id) > 1}
    if repeated:
        raise PriceListRefused(f"unit_costs.csv: ids stand more than once: {', '.join(sorted(repeated))}.")
    indices: dict[str, dict[str, IndexRow]] = {}
    for row in _rows(folder / "price_indices.csv", IndexRow):
        years = indices.setdefault(row.index_id, {})
        if row.year in years:
            raise PriceListRefused(f"price_indices.csv: {row.index_id} has {row.year} more than once.")
        years[row.year] = row
    return PriceList({row.id: row for row in costs}, indices)


_AnyRow = TypeVar("_AnyRow", bound=_Row)


def _rows(path: Path, model: type[_AnyRow]) -> list[_AnyRow]:
    if not path.exists():
        raise PriceListRefused(f"{path.name} is missing from the reference folder.")
    table = pl.read_csv(path, infer_schema=False)
    made = []
    for number, row in enumerate(table.iter_rows(named=True), start=2):
        try:
            made.append(model.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "row"
            words = re.sub(r"^Value error, ", "", first["msg"])
            raise PriceListRefused(f"{path.name}:{number} {where}: {words}.") from None
    return made
