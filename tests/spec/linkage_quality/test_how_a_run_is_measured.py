"""How a linkage run is measured.

Nobody knows the truth of real links. What can be known is asked of the links themselves: of strong ids that
are held out, of records that were planted, of contradictions, and of the weights. Each figure is `n` of `of`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage import relatives
from outcome_linkage.linkage.identities import load, open_linkage
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage.persons import find_persons
from outcome_linkage.linkage_quality.contradictions import find_contradictions
from outcome_linkage.linkage_quality.expected import STRONG_ID, expected_precision
from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.held_out import hold_out, judge_links
from outcome_linkage.linkage_quality.inputs import measure_inputs
from outcome_linkage.linkage_quality.measure import NEVER, Extract, measure
from outcome_linkage.linkage_quality.people import describe_people
from outcome_linkage.linkage_quality.planting import judge_planted, plant
from outcome_linkage.linkage_quality.unlinked import count_linked, differences
from tests.tiny_linkage import NOBODY, Record, linked, record, registry, tokens_of

pytestmark = pytest.mark.slow
NHS, OTHER_NHS = "9434765919", "4505577104"
AS_OF = date(2026, 11, 30)
Counts = tuple[int, int | None]
Found = dict[tuple[str, str, str, str], Counts]


@contextmanager
def tables(folder: Path, records: list[Record], persons: list[int]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The records in memory, each known to be of the numbered person, in the order of their keys."""
    connection = open_linkage(folder)
    try:
        load(connection, tokens_of(records, folder / "tokens.parquet"), NOBODY)
        connection.execute("create table known (record integer, person_id varchar)")
        for number, person in enumerate(persons, start=1):
            connection.execute("insert into known values (?, ?)", [number, f"person {person}"])
        connection.execute(
            "create table prior (record integer, person_no bigint, pass varchar, level varchar,"
            " weight double, runner_up_weight double)"
        )
        describe_people(connection, NOBODY, AS_OF)
        yield connection
    finally:
        connection.close()


def by_name(figures: Iterable[Figure]) -> Found:
    """n and of by measure, item, by and group."""
    return {figure.name: (figure.n, figure.of) for figure in figures}


def inputs(folder: Path, *records: Record) -> Found:
    """What is said of the tokens."""
    with tables(folder, list(records), []) as connection:
        return by_name(measure_inputs(connection))


def held_out(folder: Path, *records: Record, looked_after: str = NOBODY) -> Found:
    """What the strong ids say of links made without them."""
    with tables(folder, list(records), []) as connection:
        describe_people(connection, looked_after, AS_OF)
        hold_out(connection)
        find_persons(connection)
        return by_name(judge_links(connection))


def contradictions(
    folder: Path, *records: Record, persons: list[int], deaths: str = NEVER, events: str = NEVER
) -> Found:
    """What contradicts itself in persons put together as said."""
    with tables(folder, list(records), persons) as connection:
        return by_name(find_contradictions(connection, deaths, events))


def measured(home: Home, *records: Record) -> Found:
    """Link the records and measure the whole run."""
    linked(home, list(records))
    tokens = tokens_of(list(records), home.restricted / "again.parquet")
    return by_name(measure(home, Extract(tokens, NOBODY, AS_OF)))


def rows_of(*rows: tuple[str, int, str]) -> str:
    """SQL for supplier, record_key and a date."""
    values = ", ".join(f"('{supplier}', '{key}', date '{day}')" for supplier, key, day in rows)
    return f"select * from (values {values}) as t(supplier, record_key, day)"


def test_a_token_is_complete_when_a_row_has_it(tmp_path: Path) -> None:
    """Two rows of Bristol, one without postcode: half are complete."""
    found = inputs(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("bristol", 2, "Bob", "Fox", "2002-06-07", None),
    )
    assert found["complete", "tok_postcode", "supplier", "bristol"] == (1, 2)
    assert found["complete", "tok_forename", "supplier", "bristol"] == (2, 2)


def test_the_commonest_value_is_counted_in_records_not_rows(tmp_path: Path) -> None:
    """Ann Lee has two rows for two addresses; no surname is held by two people."""
    found = inputs(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS2 2BB"),
        record("bristol", 2, "Bob", "Fox", "2002-06-07", "BS3 3CC"),
    )
    assert found["commonest", "tok_surname", "supplier", "bristol"] == (1, 2)
    assert found["token_rows", ALL, "supplier", "bristol"] == (3, 2)


def test_a_record_of_two_people_is_told_from_one_who_changed(tmp_path: Path) -> None:
    """Housing's 1 is Bob, and social care's is Ann; Cat married and moved, and is one person."""
    found = inputs(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("bristol", 1, "Bob", "Fox", "1974-06-07", "BS3 3CC"),
        record("bristol", 2, "Cat", "Day", "1980-01-02", "BS1 1AA"),
        record("bristol", 2, "Cat", "Ray", "1980-01-02", "BS2 2BB"),
    )
    assert found["two_people", ALL, "supplier", "bristol"] == (1, 2)


def test_vocabulary_is_compared_in_both_directions(tmp_path: Path) -> None:
    """Health has all surnames that Bristol has, Bristol half of those that health has."""
    found = inputs(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("health", 1, "Eve", "Lee", "1991-05-06", "BS4 4DD"),
        record("health", 2, "Bob", "Fox", "2002-06-07", "BS3 3CC"),
    )
    assert found["overlap", "tok_surname", "supplier_in_supplier", "bristol in health"] == (1, 1)
    assert found["overlap", "tok_surname", "supplier_in_supplier", "health in bristol"] == (1, 2)


def test_links_are_counted_by_stage_and_what_keys_leave_is_the_residual(home: Home) -> None:
    """Ann is linked by a key with place; Bob is linked to nobody and stays in the residual."""
    found = measured(
        home,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("health", 2, "Bob", "Fox", "2002-06-07", "BS3 3CC"),
    )
    assert found["links", ALL, "stage", "1"] == (2, 3)
    assert found["links", ALL, "stage", "none"] == (1, 3)
    assert found["residual", ALL, ALL, ALL] == (1, 3)
    assert found["candidates", "postcode", ALL, ALL] == (1, None)
    assert found["ids", "minted", ALL, ALL] == (2, None)


def test_pairs_are_counted_by_the_block_that_found_them(home: Home) -> None:
    """Ann's surname is misspelt and no key links her: blocks put the pair before the model."""
    found = measured(
        home,
        record("bristol", 1, "Ann", "Leigh", "2001-05-06", "BS1 1AA"),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AB"),
    )
    pairs = {item: n for (measure, item, *_), (n, _) in found.items() if measure == "pairs"}
    ((report,),) = registry(home, "report", "linkage_runs")
    assert pairs == json.loads(report)["pairs_by_block"] and sum(pairs.values()) > 0


def test_what_was_counted_of_relatives_is_told_and_taken_as_it_stands(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 40 pairs like twins one is expected to be two people. Nothing is counted again among the planted."""
    rows = [
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("health", 2, "Bob", "Fox", "2002-06-07", "BS3 3CC"),
    ]
    linked(home, rows)
    with duckdb.connect(str(home.registry)) as connection:
        connection.execute(
            "insert into relative_patterns values ('twins', 'bristol', 'health', 40, 1.2, true), "
            "('namesakes', 'bristol', 'health', 9, 11.0, false)"
        )
    monkeypatch.delattr(relatives, "_judge_patterns")
    tokens = tokens_of(rows, home.restricted / "again.parquet")
    found = by_name(measure(home, Extract(tokens, NOBODY, AS_OF)))
    pair = ("supplier_pair", "bristol and health")
    assert found["relatives_linked", "twins", *pair] == (40, None)
    assert found["relatives_expected", "twins", *pair] == (1, None)
    assert found["relatives_refused", "namesakes", *pair] == (9, None)


def test_withdrawn_records_are_not_measured(home: Home) -> None:
    """Bob objected: his record is delivered still, and is no part of any figure."""
    rows = [
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("health", 2, "Bob", "Fox", "2002-06-07", "BS3 3CC"),
    ]
    tokens = tokens_of(rows, home.restricted / "tokens.parquet")
    link(home, tokens, NOBODY, "run 1", opt_outs_sql="select 'health', '2', 'project', date '2026-01-01'")
    found = by_name(measure(home, Extract(tokens, NOBODY, AS_OF)))
    assert found["records", "with tokens", "supplier", "health"] == (1, 1)


def test_a_link_that_is_found_without_the_strong_id_is_recalled(tmp_path: Path) -> None:
    """One NHS number, the same names, birthday and postcode: found again without the number."""
    found = held_out(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS, sex="female"),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS),
    )
    assert found["recall", ALL, ALL, ALL] == (1, 1)
    assert found["recall", ALL, "sex", "female"] == (1, 1)
    assert found["recall", ALL, "age_band", "25 to 64"] == (1, 1)
    assert found["recall", ALL, "supplier_pair", "bristol and health"] == (1, 1)
    assert found["recall", "bristol and health", "sex", "female"] == (1, 1)
    assert found["precision", ALL, ALL, ALL] == (1, 1)


def test_a_link_that_only_the_strong_id_gives_is_missed(tmp_path: Path) -> None:
    """Another surname, birthday and place: with the number one person, without it two."""
    found = held_out(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS),
        record("health", 1, "Ann", "Hope", "1988-11-23", "TA9 9ZZ", nhs_number=NHS),
    )
    assert found["recall", ALL, ALL, ALL] == (0, 1)


def test_a_link_between_two_strong_ids_is_wrong(tmp_path: Path) -> None:
    """Equal in everything but the NHS number: linked only because the numbers are held out, and wrong."""
    found = held_out(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=OTHER_NHS),
    )
    assert found["precision", ALL, ALL, ALL] == (0, 1)
    assert found["precision", ALL, "pass", "postcode"] == (0, 1)


def test_an_equal_id_with_nothing_else_in_common_judges_nothing(tmp_path: Path) -> None:
    """It may be a number entered for the wrong person: neither right nor wrong."""
    found = held_out(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS),
        record("health", 1, "Zoe", "Hope", "1988-11-23", "TA9 9ZZ", nhs_number=NHS),
    )
    assert found["recall", ALL, ALL, ALL] == (0, 0)


def test_measuring_leaves_the_registry_as_it_was(home: Home) -> None:
    """Ids are held out and records planted in memory only."""
    rows = [
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS),
    ]
    linked(home, rows)
    before = home.registry.read_bytes()
    measure(home, Extract(tokens_of(rows, home.restricted / "again.parquet"), NOBODY, AS_OF))
    assert home.registry.read_bytes() == before


def test_a_looked_after_child_is_known_by_their_return(tmp_path: Path) -> None:
    """A record in a return on looked-after children makes the pair one of a looked-after child."""
    found = held_out(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS),
        looked_after="select 'bristol', '1'",
    )
    assert found["recall", ALL, "looked_after", "yes"] == (1, 1)


def test_two_sexes_of_one_person_contradict(tmp_path: Path) -> None:
    """One person, female to one supplier and male to the other."""
    found = contradictions(
        tmp_path,
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS, sex="female"),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number=NHS, sex="male"),
        record("bristol", 2, "Bob", "Fox", "2002-06-07", "BS3 3CC", sex="male"),
        record("health", 2, "Bob", "Fox", "2002-06-07", "BS3 3CC", sex="male"),
        persons=[1, 2, 1, 2],
    )
    assert found["contradiction", "sex", ALL, ALL] == (1, 2)
    assert found["contradiction", ALL, ALL, ALL] == (1, 2)


@pytest.mark.parametrize(("day", "contradicts"), [("2024-05-01", 1), ("2024-02-20", 0), ("2023-05-01", 0)])
def test_events_long_after_death_contradict(tmp_path: Path, day: str, contradicts: int) -> None:
    """Dead by health's record; the police meet the person later. A month's delay is forgiven."""
    found = contradictions(
        tmp_path,
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("police", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        persons=[1, 1],
        deaths=rows_of(("health", 1, "2024-02-01")),
        events=rows_of(("police", 1, day)),
    )
    assert found["contradiction", "after death", ALL, ALL] == (contradicts, 1)


def test_a_suppliers_own_events_after_death_are_not_an_error_of_linkage(tmp_path: Path) -> None:
    """The hospital that recorded the death has a later attendance: its own mistake."""
    found = contradictions(
        tmp_path,
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("police", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        persons=[1, 1],
        deaths=rows_of(("health", 1, "2024-02-01")),
        events=rows_of(("health", 1, "2025-02-01")),
    )
    assert found["contradiction", "after death", ALL, ALL] == (0, 0)


def test_links_are_counted_for_those_who_are_and_are_not_linked(tmp_path: Path) -> None:
    """Of Bristol's two, the girl is found in health and the boy is not."""
    rows = [
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", sex="female"),
        record("bristol", 2, "Bob", "Fox", "2002-06-07", "BS3 3CC", sex="male"),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", sex="female"),
    ]
    with tables(tmp_path, rows, persons=[1, 2, 1]) as connection:
        found = by_name(count_linked(connection))
    assert found["linked_to", "bristol to health", "sex", "female"] == (1, 1)
    assert found["linked_to", "bristol to health", "sex", "male"] == (0, 1)
    assert found["linked_to", "bristol to health", ALL, ALL] == (1, 2)


def test_a_standardised_difference_is_in_units_of_spread() -> None:
    """Half of 100 linked are girls and a quarter of 100 unlinked: 0.25 over a spread of 0.467."""
    (difference,) = differences(
        [
            Figure("linked_to", "a to b", ALL, ALL, 100, 200),
            Figure("linked_to", "a to b", "sex", "female", 50, 75),
        ]
    )
    assert difference.standardised == pytest.approx(0.5345, abs=1e-4)


REGION = [
    record(
        supplier,
        number,
        forename,
        f"{forename[::-1].title()}{surname}",
        f"{1960 + 3 * number % 50}-{1 + number % 12:02d}-{1 + 5 * number % 28:02d}",
        f"BS{1 + number % 9} {number % 10}{'ABDEFGHJ'[number % 8]}{'LNPQRSTU'[number // 8 % 8]}",
        address_line_1=f"{number} {('Oak', 'Elm', 'Ash', 'Fir')[number % 4]} Street",
        sex="female",
    )
    for number, (supplier, forename, surname) in enumerate(
        [
            (supplier, forename, surname)
            for supplier in ("bristol", "health", "police")
            for forename in ("Katherine", "Kate", "Beatrix", "Dorothy", "Miriam", "Rosalind", "Wanda")
            for surname in ("field", "stone", "more", "ham", "ley", "worth", "by", "wick")
        ],
        start=1,
    )
]


@contextmanager
def planted(folder: Path, records: list[Record], of_a_kind: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """The records with others planted among them; nobody is known to two suppliers."""
    with tables(folder, records, list(range(len(records)))) as connection:
        plant(connection, of_a_kind=of_a_kind)
        yield connection


def test_a_planted_copy_is_found_and_a_planted_twin_is_not_linked(tmp_path: Path) -> None:
    """Copies in which nothing changed, and those who moved and say from where, are found; twins stay apart.

    No two people here share names and a guessed birthday: 0 of 0 is planted, which is not none linked.
    """
    with planted(tmp_path, REGION, 3) as connection:
        find_persons(connection)
        found = by_name(judge_planted(connection))
    assert found["planted_found", "nothing changed", ALL, ALL] == (3, 3)
    assert found["planted_found", "moved house, previous postcode kept", ALL, ALL] == (3, 3)
    assert found["planted_wrong", "nothing changed", ALL, ALL] == (0, 3)
    assert found["trap_linked", "twin", ALL, ALL] == (0, 3)
    assert found["trap_linked", "namesake born on 1 January", ALL, ALL] == (0, 0)


def test_the_same_input_plants_the_same_records(tmp_path: Path) -> None:
    """Sources, donors and targets follow an arithmetic order; a source is used once, for another supplier."""
    choices = []
    for _ in range(2):
        with planted(tmp_path, REGION, 3) as connection:
            choices.append(connection.execute("select * from planted order by plant").fetchall())
            ((same,),) = connection.execute("""
                select count(*) from planted as p join record as r on r.record = p.source
                where r.supplier_no = p.target
            """).fetchall()
    assert choices[0] == choices[1] and same == 0
    sources = [row[4] for row in choices[0]]
    assert len(sources) == len(set(sources)) > 40


def test_every_supplier_gets_copies_of_every_other(tmp_path: Path) -> None:
    """Also of those whose people it has no kind of id in common with: of them nothing else is known."""
    four = ("bristol", "health", "police", "schools")
    rows = [{**row, "supplier": name} for name in four for row in REGION]
    with planted(tmp_path, rows, 12) as connection:
        found = connection.execute("""
            select r.supplier_no, p.target, count(*) from planted as p join record as r on r.record = p.source
            group by all order by all
        """).fetchall()
    assert len(found) == 12
    assert min(n for *_, n in found) > max(n for *_, n in found) / 4


def test_planted_records_hold_no_strong_id(tmp_path: Path) -> None:
    """They must be found by names, birthday and place, like the rest of the second linkage."""
    rows = [{**row, "nhs_number": NHS} if row["record_key"] == "1" else row for row in REGION]
    with planted(tmp_path, rows, 3) as connection:
        ((held,),) = connection.execute("""
            select count(*) from identity where record in (select record from planted) and sid_nhs is not null
        """).fetchall()
    assert held == 0


def test_a_link_is_expected_to_be_right_by_its_weight_or_by_its_pass(tmp_path: Path) -> None:
    """Weight 1 is right 2 times in 3; a pass that was right 90 times of 100 is; a strong id 0.99995."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table record as select range::integer as record, 'a' as supplier from range(1000)"
        )
        connection.execute("""
            create table people as select record, null as ethnicity5, null as sex, null as age_band,
                null as imd_quintile, 'no' as looked_after, 'no' as mobile from record
        """)
        connection.execute("""
            create table record_stage as select record, case when record < 300 then 'model'
                when record < 500 then 'postcode' when record < 900 then 'nhs' end as pass,
                case when record < 300 then '4' when record < 500 then '1' when record < 900 then '0'
                else 'none' end as stage from record
        """)
        connection.execute(
            "create table known_weight as select record, if(record < 300, 1.0, null) as weight from record"
        )
        judged = [Figure("precision", ALL, "pass", "postcode", 90, 100)]
        overall = expected_precision(connection, judged)[0]
    right = 300 * 2 / 3 + 200 * 0.9 + 400 * STRONG_ID
    assert overall == Figure("expected_right", ALL, ALL, ALL, round(right), 900)
