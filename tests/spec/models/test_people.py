"""One row per person, whoever they are known to."""

from __future__ import annotations

from tests.spec.models.region import LSOA, Region, day


def test_a_home_is_the_last_one_known(region: Region) -> None:
    """Small area, authority and deprivation come from registration, else from the identifiers."""
    region.person("ann", lives=[("bristol", "2010-05-20", "2018-06-30"), ("bath", "2018-07-01", None)])
    region.person("ben", lives=[], la_code="E06000024", imd_quintile=4)
    columns = "la_code, lsoa21, imd_quintile, birth_year"
    assert region.of("person", "ann", columns) == [("E06000022", LSOA["bath"], 2, 2010)]
    assert region.of("person", "ben", columns) == [("E06000024", None, 4, 2010)]


def test_a_death_comes_from_the_register_else_from_the_census(region: Region) -> None:
    """Of several dates the earliest of the better source."""
    for name in ("cal", "dan", "eve"):
        region.person(name)
    for name, on in (("cal", "2019-01-02"), ("dan", "2019-01-05")):
        region.row("cin_children", name, death_date=on)
    region.row("deaths", "cal", death_date="2019-01-03")
    columns = "death_date, death_source"
    assert region.of("person", "cal", columns) == [(day("2019-01-03"), "deaths")]
    assert region.of("person", "dan", columns) == [(day("2019-01-05"), "cin_children")]
    assert region.of("person", "eve", columns) == [(None, None)]


def test_codes_are_harmonised_beside_the_originals(region: Region) -> None:
    """Sex is coded 1, 2, M, F, 0 and 9 by different returns; ethnic groups by different lists."""
    region.person("fay")
    region.row("cin_children", "fay", sex="2", ethnicity="CHNE")
    region.row("ecds_attendances", "fay", arrival_date="2019-01-01", sex="9", ethnic_category="R")
    region.row(
        "police_crime_persons", "fay", crime_id="c1", role="witness", sex="F", self_defined_ethnicity=None
    )
    columns = "sex_code, sex, ethnicity_code, ethnicity5"
    assert region.of("stg_local_authority__cin_children", "fay", columns) == [
        ("2", "female", "CHNE", "Asian")
    ]
    assert region.of("stg_health__ecds_attendances", "fay", columns) == [("9", "unknown", "R", "Asian")]
    assert region.of("stg_police__police_crime_persons", "fay", columns) == [("F", "female", None, "Unknown")]
