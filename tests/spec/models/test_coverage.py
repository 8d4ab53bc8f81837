"""Where and when a source could have seen a person."""

from __future__ import annotations

from typing import Any

import pytest

from assets.resources import SQL
from outcome_linkage.models.sql_file import load_models
from outcome_linkage.warehouse import connect
from tests.spec.models.region import Region, day

pytestmark = pytest.mark.slow

INTERVAL = "interval_from, interval_to, covered, reason, ended_by"


def covered(
    region: Region, name: str, table: str, columns: str = INTERVAL, supplier: str | None = None
) -> list[Any]:
    where = f"source_table = '{table}'" + (f" and supplier = '{supplier}'" if supplier else "")
    return region.of("person_coverage", name, columns, where, order="interval_from")


def test_coverage_is_what_was_delivered_while_the_person_lived_there(region: Region) -> None:
    """From the later of the two beginnings to the earlier of the two ends, whichever that is."""
    region.person("ann", lives=[("bristol", "2010-05-20", "2018-06-30"), ("bath", "2018-07-01", None)])
    region.person("ben", lives=[("bristol", "2016-02-01", None)])
    assert covered(region, "ann", "ecds_attendances") == [
        (day("2015-01-01"), day("2018-06-30"), True, None, "moved_out")
    ]
    assert covered(region, "ben", "ecds_attendances") == [
        (day("2016-02-01"), day("2024-12-31"), True, None, "coverage_end")
    ]


def test_each_supplier_covers_its_own_area(region: Region) -> None:
    """Bath lies in the force's area and in no other supplier's."""
    region.person("cal", lives=[("bath", "2010-05-20", None)])
    suppliers = region.of("person_coverage", "cal", "distinct supplier")
    assert suppliers == [("avon_somerset_police",)]


def test_a_move_within_the_area_does_not_break_coverage(region: Region) -> None:
    """One stretch for the health board, and one after the other for two councils."""
    region.person(
        "dan", lives=[("bristol", "2010-05-20", "2018-06-30"), ("north_somerset", "2018-07-01", None)]
    )
    assert covered(region, "dan", "ecds_attendances", "interval_from, interval_to") == [
        (day("2015-01-01"), day("2024-12-31"))
    ]
    assert covered(region, "dan", "school_exclusions", "supplier, interval_from, interval_to") == [
        ("bristol", day("2015-01-01"), day("2018-06-30")),
        ("north_somerset", day("2018-07-01"), day("2024-12-31")),
    ]


def test_nobody_is_covered_before_birth_or_after_death(region: Region) -> None:
    """The month of birth is all that is known, so coverage may begin with its first day."""
    region.person("eve", "2018-05-01", lives=[("bristol", "2018-01-01", None)])
    region.row("deaths", "eve", death_date="2020-02-10")
    assert covered(region, "eve", "ecds_attendances") == [
        (day("2018-05-01"), day("2020-02-10"), True, None, "death")
    ]


def test_deliveries_that_adjoin_are_one_time_and_a_missing_year_is_a_hole(region: Region) -> None:
    """Two returns in a row, then none for a year."""
    region.delivers(
        "bristol",
        "cin_referrals",
        ("2017-04-01", "2018-03-31"),
        ("2018-04-01", "2019-03-31"),
        ("2020-04-01", "2021-03-31"),
    )
    region.person("fay")
    assert covered(region, "fay", "cin_referrals", "interval_from, interval_to") == [
        (day("2017-04-01"), day("2019-03-31")),
        (day("2020-04-01"), day("2021-03-31")),
    ]


def test_a_declared_gap_is_not_covered_and_keeps_its_reason(region: Region) -> None:
    """Hackney's census of 2021 is the pattern: the return exists, the year does not."""
    region.gap("bristol", "cin_referrals", "2019-04-01", "2020-03-31", "cyber-attack")
    region.person("gus")
    assert covered(region, "gus", "cin_referrals", "interval_from, interval_to, covered, reason, days") == [
        (day("2015-01-01"), day("2019-03-31"), True, None, 1551),
        (day("2019-04-01"), day("2020-03-31"), False, "cyber-attack", 366),
        (day("2020-04-01"), day("2024-12-31"), True, None, 1736),
    ]


def test_an_unknown_residence_is_a_reason(region: Region) -> None:
    """Hal's home is not known: the time that was delivered is named, and is not covered."""
    region.person("hal", lives=[])
    assert covered(region, "hal", "deaths", "supplier, covered, reason") == [(None, False, "no_residence")]


def test_addresses_that_came_with_identifiers_stand_in_until_registration(region: Region) -> None:
    """Registration is believed from its first day on; after its last the person has left."""
    council = [("bristol", "E06000023", "2016-01-01", None)]
    region.person("ida", lives=[("bristol", "2018-01-01", "2019-12-31")], address=council)
    region.person("jan", lives=[], address=[("bristol", "E06000023", None, None)])
    assert covered(region, "ida", "ecds_attendances", "interval_from, interval_to") == [
        (day("2016-01-01"), day("2019-12-31"))
    ]
    assert covered(region, "jan", "ecds_attendances", "reason") == [("no_residence",)]


def test_a_council_stays_responsible_for_a_child_it_placed_elsewhere(region: Region) -> None:
    """Care follows the child out of the area; the area's schools and hospitals do not."""
    region.person("kit", lives=[("bristol", "2010-05-20", "2018-06-30"), ("elsewhere", "2018-07-01", None)])
    region.row("ssda903_episodes", "kit", decom="2018-06-01", rne="S", ls="C2", dec="2020-01-31", rec="E4A")
    assert covered(region, "kit", "ssda903_episodes", "supplier, interval_to, ended_by") == [
        ("bristol", day("2020-01-31"), "moved_out")
    ]
    assert covered(region, "kit", "school_exclusions", "interval_to") == [(day("2018-06-30"),)]


def test_people_in_crimes_are_covered_where_the_crimes_are_too(region: Region) -> None:
    """A person in a crime has no day without the crime."""
    region.delivers("avon_somerset_police", "police_crimes", ("2018-01-01", "2019-12-31"))
    region.person("liv")
    assert covered(region, "liv", "police_crime_persons", "interval_from, interval_to") == [
        (day("2018-01-01"), day("2019-12-31"))
    ]


def test_a_table_that_nobody_delivered_covers_nobody(region: Region) -> None:
    """It is an empty table, and no error."""
    for council in ("bristol", "north_somerset", "south_gloucestershire"):
        region.delivers(council, "school_exclusions")
    region.person("max")
    assert covered(region, "max", "school_exclusions") == []


@pytest.mark.slow
def test_two_suppliers_who_cover_the_same_days_give_one_interval() -> None:
    """Rows that tie have no order of their own, whichever of DuckDB's threads comes first."""
    connection = connect()
    connection.execute("""
        create table person_coverage as
        select person::varchar as person_id, 'deaths' as source_table, supplier, true as covered,
            date '2020-01-01' + (365 * year)::integer as interval_from,
            date '2020-12-30' + (365 * year)::integer as interval_to,
            case when supplier = 'a' then 'coverage_end' else 'death' end as ended_by
        from range(20000) as p(person), range(3) as y(year), (values ('a'), ('b')) as s(supplier)
    """)
    connection.execute("""
        create table int_person_supplier as
        select distinct person_id, supplier, true as linkable, null::date as linkable_from, true as linked
        from person_coverage
    """)
    connection.execute("attach ':memory:' as catalogue")
    connection.execute("""
        create table catalogue.supplier_tables as
        select supplier, 'deaths' as table_name, false as register from (values ('a'), ('b')) as s(supplier)
    """)
    model = load_models(SQL)["int_source_interval"]
    found = connection.sql(
        f"select interval_from, interval_to, ended_by, count(*) from ({model.sql}) group by all"
    ).fetchall()
    assert found == [(day("2020-01-01"), day("2022-12-30"), "death", 20000)]
