"""Where people live: real small areas, with invented postcodes, streets and dwellings in them.

Small areas, local authorities and deprivation come from `reference/lsoa_lookup.csv`. Postcode districts
BS60 to BS79 and BA60 to BA79 do not exist, so no postcode here is anyone's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.cultures import words
from outcome_linkage.synthetic.identifiers import uprns
from outcome_linkage.synthetic.randomness import Floats, Ints, Random, pick
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, OUTSIDE

LOOKUP: Final = Path(__file__).parents[2] / "reference" / "lsoa_lookup.csv"
AUTHORITIES: Final = (*LOCAL_AUTHORITIES.values(), OUTSIDE)
AUTHORITY_WEIGHTS: Final = (0.46, 0.21, 0.28, 0.05)
PEOPLE_PER_POSTCODE: Final = 40
_LETTERS: Final = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
_SECTORS: Final = 200
_STREETS: Final = tuple(
    f"{first} {second}"
    for first in words(
        "Acorn Alder Apple Ashgrove Avon Badger Beech Birch Blenheim Bramble Brunel Cabot "
        "Canal Castle Cedar Chapel Cherry Chestnut Church Clifton Clover Coldharbour "
        "Coronation Cotswold Cromwell Dovecote Downs Elder Elm Fairfield Falcon Fern Foundry "
        "Foxglove Gloucester Grange Harbour Hawthorn Hazel Heron Highfield Holly Horfield Ivy "
        "Jubilee Juniper Kestrel Kings Kingfisher Larch Laurel Lavender Lime Linden Lodge "
        "Maple Manor Market Meadow Mendip Mill Myrtle Nelson Northfield Oak Old Orchard Park "
        "Poplar Primrose Priory Quarry Queens Railway Raven Redland Ridge Rosemary Rowan "
        "School Severn Shaftesbury Somerset Springfield Spruce Station Sycamore Temple "
        "Thistle Trafalgar Vicarage Victoria Walnut Waterloo Wells Westbury Willow Windmill "
        "Woodland Wordsworth Wren Yew"
    )
    for second in words(
        "Road Street Close Avenue Lane Way Gardens Drive Terrace Crescent Place Court Rise Grove"
    )
)


@dataclass(frozen=True)
class Places:
    """The small areas in order, and the postcodes in them: postcode p lies in area p // per_area."""

    areas: pl.DataFrame
    per_area: int

    @property
    def authority(self) -> Ints:
        """For each small area, the position of its authority in AUTHORITIES."""
        return self.areas["authority"].to_numpy()

    @property
    def quintile(self) -> Ints:
        """For each small area, its deprivation quintile, 1 most deprived."""
        return self.areas["quintile"].to_numpy()

    @property
    def weights(self) -> Floats:
        """For each small area, its share of the population."""
        counts = np.bincount(self.authority, minlength=len(AUTHORITIES))
        return (np.array(AUTHORITY_WEIGHTS) / counts)[self.authority]

    def draw(self, random: Random, size: int) -> Ints:
        """`size` small areas, by population."""
        return pick(random, self.weights, size)

    @cached_property
    def postcodes(self) -> pl.DataFrame:
        """Every postcode with its small area: postcode, lsoa21; in order of number."""
        number = np.arange(self.areas.height * self.per_area)
        lsoa = self.areas["lsoa21"].gather(number // self.per_area)
        return pl.DataFrame({"postcode": self._texts(number), "lsoa21": lsoa})

    def _texts(self, number: Ints) -> pl.Series:
        area = number // self.per_area
        outside = self.authority[area] == AUTHORITIES.index(OUTSIDE)
        inside_areas = int((self.authority != AUTHORITIES.index(OUTSIDE)).sum())
        local = np.where(outside, area - inside_areas, area)
        spread = np.where(outside, self.areas.height - inside_areas, inside_areas)
        sector = local * _SECTORS // spread
        first = _first_postcode(sector, spread, self.per_area)
        unit = (np.where(outside, number - inside_areas * self.per_area, number) - first) * 37 % 400
        text = np.char.add(np.where(outside, "BA", "BS"), (60 + sector // 10).astype(str))
        text = np.char.add(np.char.add(text, " "), (sector % 10).astype(str))
        text = np.char.add(np.char.add(text, _LETTERS[unit // 20]), _LETTERS[unit % 20])
        return pl.Series(text)


def _first_postcode(sector: Ints, spread: Ints, per_area: int) -> Ints:
    """The number of the first postcode in a sector, counted from the first area of its side."""
    return -(-sector * spread // _SECTORS) * per_area


def load_places(people: int) -> Places:
    """The small areas of the four authorities, with as many postcodes as `people` need."""
    table = pl.read_csv(LOOKUP).filter(pl.col("ltla22_code").is_in(AUTHORITIES))
    areas = (
        table.select(
            pl.col("lsoa21_code").alias("lsoa21"),
            pl.col("ltla22_code")
            .replace_strict({code: i for i, code in enumerate(AUTHORITIES)}, return_dtype=pl.Int64)
            .alias("authority"),
            ((pl.col("imd2025_decile") + 1) // 2).alias("quintile"),
        )
        .unique(subset="lsoa21", keep="first", maintain_order=True)
        .sort("authority", "lsoa21")
    )
    per_area = max(1, min(60, round(people / areas.height / PEOPLE_PER_POSTCODE)))
    return Places(areas, per_area)


def dwellings(random: Random, places: Places, area: Ints, block: int) -> pl.DataFrame:
    """A new dwelling in each of `area`: area, postcode (numbers), address_line_1, uprn (text)."""
    number = np.arange(len(area))
    postcode = area * places.per_area + random.integers(0, places.per_area, len(area))
    street = pl.Series(_STREETS).gather((postcode * 7919 + postcode // 13) % len(_STREETS))
    house = pl.Series(random.integers(1, 140, len(area))).cast(pl.String)
    flat = pl.Series(random.integers(1, 12, len(area))).cast(pl.String)
    in_flats = pl.Series(random.random(len(area)) < 0.15)
    line = (house + " " + street).alias("line")
    return pl.DataFrame(
        {
            "area": area,
            "postcode": postcode,
            "address_line_1": pl.select(
                pl.when(in_flats).then("Flat " + flat + ", " + line).otherwise(line)
            ).to_series(),
            "uprn": uprns(number + block * 1_000_000),
        }
    )
