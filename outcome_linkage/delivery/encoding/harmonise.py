"""Sex and ethnic group as every supplier codes them, brought to one scheme."""

from __future__ import annotations

from functools import cache

import polars as pl

from outcome_linkage.delivery.encoding.areas import REFERENCE

_SEXES = {
    **dict.fromkeys(("M", "MALE", "1"), "male"),
    **dict.fromkeys(("F", "FEMALE", "2"), "female"),
}
_READ_AS_NUMBER = r"^(\d+)\.0$"


def sex(values: pl.Series) -> pl.Series:
    """male, female, or unknown for any other code; null stays null."""
    codes = values.str.to_uppercase().str.replace(_READ_AS_NUMBER, "$1")
    found = codes.replace_strict(_SEXES, default="unknown", return_dtype=pl.String)
    return found.set(values.is_null(), None).rename(values.name)


def ethnicity5(values: pl.Series) -> pl.Series:
    """White, Mixed, Asian, Black, Other, or Unknown for any other code; null stays null.

    Takes the codes of the DfE, the NHS and the police, and the group names themselves
    (reference/ethnicity.csv).
    """
    groups = _ethnic_groups()
    found = values.str.to_uppercase().str.replace(_READ_AS_NUMBER, "$1")
    found = found.replace_strict(groups, default="Unknown", return_dtype=pl.String)
    return found.set(values.is_null(), None).rename(values.name)


@cache
def _ethnic_groups() -> dict[str, str]:
    table = pl.read_csv(REFERENCE / "ethnicity.csv", infer_schema=False)
    codes = dict(table.select("source_code", "ons_5_group").iter_rows())
    return codes | {group.upper(): group for group in table["ons_5_group"].unique()}
