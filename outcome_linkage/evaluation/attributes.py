"""What can be asked of a person besides recorded events: the characteristics that the marts hold."""

from __future__ import annotations

from typing import NamedTuple


class Attribute(NamedTuple):
    """A characteristic; `values` are all it can have, none for a number or where the data decide."""

    name: str
    says: str
    categorical: bool = True
    values: tuple[str, ...] = ()


ETHNIC_GROUPS = ("Asian", "Black", "Mixed", "Other", "White", "Unknown")
ATTRIBUTES: dict[str, Attribute] = {
    attribute.name: attribute
    for attribute in (
        Attribute("sex", "male, female or unknown", values=("male", "female", "unknown")),
        Attribute("ethnicity5", "ethnic group of five, or unknown", values=ETHNIC_GROUPS),
        Attribute(
            "imd_quintile",
            "deprivation of the residence at index, 1 most deprived",
            values=("1", "2", "3", "4", "5"),
        ),
        Attribute("la_code", "local authority of residence at index"),
        Attribute("lsoa21", "small area of residence at index"),
        Attribute("organisation_id", "school, ward, team or other organisation at index"),
        Attribute("age_band", "age at index in the bands of `adversity.age_bands_years`, else of five years"),
        Attribute("age_index_years", "age at index in whole years", categorical=False),
        Attribute("birth_year", "year of birth", categorical=False),
        Attribute("index_quarter", "quarter of the year of the index date"),
        Attribute("a_score_cat", "category of the adversity score"),
    )
}
AFTER_INDEX = ("arm", "fu_start", "fu_end", "fu_days", "censor_reason")
"""Columns that depend on what happens after the index date."""
ORGANISATIONS = ("organisation", "school", "ward", "team")
"""Kinds of organisation that a person can be with at index."""
CLUSTERS = ("la_code", "lsoa21", *ORGANISATIONS)
"""What people can share."""
SCORE = "a_score_cat"
"""The characteristic that only a study with a score in categories has."""
