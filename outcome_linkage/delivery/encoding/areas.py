"""From a postcode to a small area, and from a small area to what may be known of it in clear."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.encoding.dates import look_up
from outcome_linkage.delivery.reading.parts import source_name
from outcome_linkage.delivery.reading.read import read_file
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.linkage import normalise

REFERENCE = Path(__file__).parents[3] / "reference"
_LSOA = r"^E01\d{6}$"


def read_postcodes(path: Path) -> pl.DataFrame:
    """The lookup that a supplier gives: columns postcode (normalised, each once) and lsoa21.

    Raises RawInputRefused for a file without these two columns and whatever `read_file` refuses.
    """
    raw = read_file(path, {"postcode": "postcode", "lsoa21": "lsoa21"}).frame
    if missing := {"postcode", "lsoa21"} - set(raw.columns):
        raise RawInputRefused(
            "missing_column",
            expected="columns postcode and lsoa21",
            found=f"no {', no '.join(sorted(missing))}",
            where=f"{source_name(path)}, row 1",
            todo="Rename the columns of the lookup.",
        )
    table = raw.select(postcode=normalise.postcode(raw["postcode"]), lsoa21="lsoa21")
    return table.drop_nulls().unique("postcode", keep="first", maintain_order=True)


def small_areas(values: pl.Series, postcodes: pl.DataFrame | None) -> pl.Series:
    """The LSOA (2021) of each postcode; null where the lookup has none, or none is given.

    What is an LSOA already, as in a pseudonymised feed, stays.
    """
    lsoa = pl.select(pl.when(pl.lit(values).str.contains(_LSOA)).then(pl.lit(values))).to_series()
    if postcodes is None:
        return lsoa.rename(values.name)
    found = look_up(normalise.postcode(values), postcodes["postcode"], postcodes["lsoa21"])
    return lsoa.zip_with(lsoa.is_not_null(), found).rename(values.name)


def about_areas(lsoas: pl.Series) -> pl.DataFrame:
    """Columns la_code and imd_quintile (1 most deprived) of each LSOA 2021; null outside the lookup.

    Source: reference/lsoa_lookup.csv; quintile = ceil(IMD 2025 decile / 2).
    """
    keyed = lsoas.rename("lsoa21").to_frame().join(_areas(), on="lsoa21", how="left", maintain_order="left")
    return keyed.select("la_code", "imd_quintile")


@cache
def _areas() -> pl.DataFrame:
    raw = pl.read_csv(REFERENCE / "lsoa_lookup.csv", infer_schema=False)
    areas = raw.select(
        lsoa21="lsoa21_code",
        la_code="ltla22_code",
        imd_quintile=((pl.col("imd2025_decile").cast(pl.Int8) + 1) // 2),
    )
    return areas.unique("lsoa21", keep="first", maintain_order=True)
