"""What models are given to read: current rows, who is who, code lists, the catalogue; and who is left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating.validate import settle, validate_table
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from outcome_linkage.linkage.registry import TABLES
from outcome_linkage.models.sources import REGISTRY, Sources
from outcome_linkage.warehouse import connect
from schemas.catalogue import CONTRACTS, load_suppliers
from tests.factories import delivery, key, rows

pytestmark = pytest.mark.slow
SUPPLIERS = load_suppliers()
PERSON = {i: f"{i:032x}" for i in range(4)}


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A folder of one code list with awkward values."""
    folder = tmp_path / "reference"
    folder.mkdir()
    text = 'code,meaning,last_year\n01,"Said ""no"", twice",\n  b,"",2020\n'
    (folder / "codes.csv").write_text(text, encoding="utf-8-sig")
    return folder


def deliver(
    home: Home, supplier: str, period: str, tables: dict[str, pl.DataFrame], **manifest: object
) -> None:
    """Send a delivery, receive it and judge it."""
    folder = delivery(home.root / "sent", supplier, period, tables, **manifest)  # type: ignore[arg-type]
    receipt = receive(folder, home, CONTRACTS, SUPPLIERS)
    assert receipt.delivery is not None, receipt.findings
    for table in tables:
        validate_table(receipt.delivery, home, CONTRACTS[table])
    settled = settle(receipt.delivery, home)
    assert settled is not None and settled.status == "accepted"


def link(home: Home, *records: tuple[str, str, str], lacking: tuple[str, ...] = ()) -> None:
    """A registry that knows these (supplier, record_key, person_id)."""
    home.registry.unlink(missing_ok=True)
    with duckdb.connect(str(home.registry)) as connection:
        for name, columns in REGISTRY.items():
            if name not in lacking:
                typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
                connection.execute(f"create table {name} ({typed})")
        for supplier, record_key, person_id in records:
            connection.execute(
                "insert into record_person (supplier, record_key, person_id, pass) values (?, ?, ?, 'k01')",
                [supplier, record_key, person_id],
            )
        for person_id in sorted({person for *_, person in records}):
            connection.execute("insert into person_spine (person_id, sex) values (?, 'male')", [person_id])
            connection.execute("insert into person_area (person_id) values (?)", [person_id])
            connection.execute("insert into person_linkable (person_id) values (?)", [person_id])
            connection.execute("insert into person_household (person_id) values (?)", [person_id])
            connection.execute("insert into person_broad (person_id) values (?)", [person_id])


def ask(sources: Sources, sql: str) -> list[tuple[object, ...]]:
    with connect() as connection:
        sources.attach(connection)
        return connection.execute(sql).fetchall()


def test_without_anything_every_table_is_empty_and_typed(home: Home, reference: Path) -> None:
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    with connect() as connection:
        sources.attach(connection)
        for table in sources.tables:
            if table.startswith(("validated.", "registry.")):
                assert connection.execute(f"select count(*) from {table}").fetchall() == [(0,)]
        described = connection.execute("describe validated.cin_referrals").fetchall()
        spine = connection.execute("describe registry.person_spine").fetchall()
    types = {row[0]: row[1] for row in described}
    assert types["record_key"] == "VARCHAR"
    assert types["referral_date"] == "DATE"
    assert types["_row"] == "BIGINT"
    assert {row[0]: row[1].lower() for row in spine} == REGISTRY["person_spine"]


def test_tokens_are_not_among_the_sources(home: Home, reference: Path) -> None:
    tables = Sources(home, CONTRACTS, SUPPLIERS, reference).tables
    assert "validated.cin_referrals" in tables
    assert not any("token" in table for table in tables)


def test_delivered_rows_carry_where_they_came_from(home: Home, reference: Path) -> None:
    deliver(home, "bristol", "2024-06", {"cin_referrals": rows("cin_referrals", 2)}, collection_year=2024)
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    columns = "record_key, _supplier, _period, _delivery, _file, _row"
    sql = f"select {columns} from validated.cin_referrals order by _row"
    where = ("bristol", "2024-06", "001", "cin_referrals.parquet")
    assert ask(sources, sql) == [(key(0), *where, 1), (key(1), *where, 2)]


def test_records_that_are_delivered_no_more_are_nobodys(home: Home, reference: Path) -> None:
    """The registry remembers them, so that they keep their person when they come back."""
    link(home, ("bristol", key(0), key("p")), ("bnssg_icb", key(1), key("p")))
    with connect(home.registry) as connection:
        connection.execute("alter table record_person add column if not exists last_run varchar")
        connection.execute("update record_person set last_run = 'run 7' where supplier = 'bnssg_icb'")
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    assert ask(sources, "select supplier from registry.record_person") == [("bristol",)]


def test_code_lists_are_text_and_empty_is_null(home: Home, reference: Path) -> None:
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    assert ask(sources, "select * from reference.codes") == [
        ("01", 'Said "no", twice', None),
        ("  b", None, "2020"),
    ]


def test_the_catalogue_can_be_read_as_tables(home: Home, reference: Path) -> None:
    covers = (date(2023, 4, 1), date(2024, 3, 31))
    tables = {"cin_referrals": rows("cin_referrals", 2), "cin_children": rows("cin_children", 3)}
    deliver(home, "bristol", "2024-06", tables, collection_year=2024, covers=covers)
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    assert ask(sources, "select * from catalogue.deliveries order by all") == [
        ("bristol", "cin_children", "2024-06", "001", 2024, *covers, 3, "period"),
        ("bristol", "cin_referrals", "2024-06", "001", 2024, *covers, 2, "period"),
    ]
    assert ask(sources, "select la_code from catalogue.supplier_areas where supplier = 'bristol'") == [
        ("E06000023",)
    ]
    basis = "select coverage_basis, register from catalogue.supplier_tables where table_name = 'residence'"
    assert ask(sources, basis) == [("registration", True)]
    assert ask(sources, "select count(*) from catalogue.suppliers") == [(len(SUPPLIERS),)]
    assert ask(sources, "select count(*) from catalogue.supplier_gaps") == [(0,)]


def test_declared_gaps_are_listed_with_their_reason(home: Home, reference: Path) -> None:
    text = (Path(__file__).parents[2] / "schemas" / "suppliers.yaml").read_text()
    entry = "cin_children: {coverage_basis: responsible_authority"
    gap = "gaps: [{start: 2021-01-01, end: 2021-03-31, reason: attack}]"
    text = text.replace(entry, f"{entry}, {gap}", 1)
    (home.root / "suppliers.yaml").write_text(text)
    sources = Sources(home, CONTRACTS, load_suppliers(home.root), reference)
    assert ask(sources, "select * from catalogue.supplier_gaps") == [
        ("bristol", "cin_children", date(2021, 1, 1), date(2021, 3, 31), "attack")
    ]


def objection(i: int, scope: str) -> pl.DataFrame:
    return rows("opt_outs", 1, record_key=[key(i)], scope=[scope])


def three_persons(home: Home) -> None:
    """Persons 0, 1, 2 known to Bristol (person 1 twice) and to the police."""
    deliver(home, "bristol", "2024-06", {"cin_children": rows("cin_children", 4)}, collection_year=2024)
    deliver(
        home, "avon_somerset_police", "2024-06", {"police_crime_persons": rows("police_crime_persons", 3)}
    )
    link(
        home,
        *(("bristol", key(i), PERSON[i]) for i in range(3)),
        ("bristol", key(3), PERSON[1]),
        *(("avon_somerset_police", key(i), PERSON[i]) for i in range(3)),
    )


def known(home: Home, reference: Path) -> dict[str, set[str]]:
    """Record keys that remain in each table, and persons in the registry."""
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    queries = {
        "bristol": "select record_key from validated.cin_children",
        "police": "select record_key from validated.police_crime_persons",
        "spine": "select person_id from registry.person_spine",
        "area": "select person_id from registry.person_area",
        "linkable": "select person_id from registry.person_linkable",
    }
    with connect() as connection:
        sources.attach(connection)
        return {
            name: {str(row[0]) for row in connection.execute(sql).fetchall()} for name, sql in queries.items()
        }


def test_an_objection_to_one_supplier_hides_that_suppliers_rows_of_the_person(
    home: Home, reference: Path
) -> None:
    """Person 1 has two records at Bristol and objects with one: both are hidden, the police's is not."""
    three_persons(home)
    deliver(home, "bristol", "2024-07", {"opt_outs": objection(1, "supplier")})
    found = known(home, reference)
    assert found["bristol"] == {key(0), key(2)}
    assert found["police"] == {key(0), key(1), key(2)}
    assert found["spine"] == found["area"] == found["linkable"] == {PERSON[0], PERSON[1], PERSON[2]}


def test_an_objection_to_the_project_hides_the_person_everywhere(home: Home, reference: Path) -> None:
    three_persons(home)
    deliver(home, "bnssg_icb", "2024-07", {"opt_outs": objection(9, "project")})
    link(
        home,
        *(("bristol", key(i), PERSON[i]) for i in range(3)),
        ("bristol", key(3), PERSON[1]),
        *(("avon_somerset_police", key(i), PERSON[i]) for i in range(3)),
        ("bnssg_icb", key(9), PERSON[1]),
    )
    found = known(home, reference)
    assert found["bristol"] == found["police"] == {key(0), key(2)}
    assert found["spine"] == found["area"] == found["linkable"] == {PERSON[0], PERSON[2]}


@pytest.mark.parametrize("objector", [0, 1])
def test_a_row_about_two_people_is_hidden_when_either_objects(
    home: Home, reference: Path, objector: int
) -> None:
    """A relationship of persons 0 and 1, and one of 2 and 3."""
    pairs = rows("relationships", 2, record_key=[key(0), key(2)], related_record_key=[key(1), key(3)])
    deliver(home, "bristol", "2024-06", {"relationships": pairs})
    deliver(home, "bristol", "2024-07", {"opt_outs": objection(objector, "project")})
    link(home, *(("bristol", key(i), PERSON[i]) for i in range(4)))
    with duckdb.connect(str(home.registry)) as connection:
        for a, b in ((0, 1), (1, 0), (2, 3)):
            row = [PERSON[a], PERSON[b]]
            connection.execute(
                "insert into person_household (person_id, related_person_id) values (?, ?)", row
            )
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    assert ask(sources, "select record_key from validated.relationships") == [(key(2),)]
    households = "select person_id from registry.person_household where related_person_id is not null"
    assert ask(sources, households) == [(PERSON[2],)]


def test_an_objection_of_a_record_that_is_not_linked_yet_hides_it(home: Home, reference: Path) -> None:
    deliver(home, "bristol", "2024-06", {"cin_children": rows("cin_children", 2)}, collection_year=2024)
    deliver(home, "bristol", "2024-07", {"opt_outs": objection(0, "project")})
    found = known(home, reference)
    assert found["bristol"] == {key(1)}


def bury(home: Home, supplier: str, record_key: str, scope: str, person_id: str | None) -> None:
    """A tombstone, as linkage leaves it: the record is nobody's."""
    with duckdb.connect(str(home.registry)) as connection:
        connection.execute(
            "delete from record_person where supplier = ? and record_key = ?", [supplier, record_key]
        )
        connection.execute(
            "insert into tombstones (supplier, record_key, scope, person_id) values (?, ?, ?, ?)",
            [supplier, record_key, scope, person_id],
        )


def test_a_withdrawn_record_stays_hidden_when_nobody_lists_it(home: Home, reference: Path) -> None:
    """And so does the person's other record at that supplier; the police's does not."""
    three_persons(home)
    bury(home, "bristol", key(1), "supplier", PERSON[1])
    found = known(home, reference)
    assert found["bristol"] == {key(0), key(2)}
    assert found["police"] == {key(0), key(1), key(2)}
    assert found["spine"] == {PERSON[0], PERSON[1], PERSON[2]}


def test_a_relationship_with_a_withdrawn_record_is_hidden(home: Home, reference: Path) -> None:
    """Whichever of the two it is, and though its person is not known."""
    pairs = rows("relationships", 3, record_key=[key(0), key(1), key(2)], related_record_key=[key(3)] * 3)
    pairs[2, "related_record_key"] = key(0)
    deliver(home, "bristol", "2024-06", {"relationships": pairs})
    link(home, *(("bristol", key(i), PERSON[i]) for i in range(4)))
    bury(home, "bristol", key(0), "project", None)
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    assert ask(sources, "select record_key from validated.relationships") == [(key(1),)]


def test_a_tombstone_changes_the_fingerprint_of_what_it_may_hide(home: Home, reference: Path) -> None:
    link(home)
    before = fingerprints(home, reference)
    bury(home, "bristol", key(1), "supplier", None)
    names = changed(before, fingerprints(home, reference))
    assert {"validated.cin_children", "registry.tombstones"} <= names
    assert "validated.police_crimes" not in names


def test_objections_themselves_can_be_read(home: Home, reference: Path) -> None:
    deliver(home, "bristol", "2024-07", {"opt_outs": objection(1, "project")})
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    assert ask(sources, "select record_key, scope from validated.opt_outs") == [(key(1), "project")]


def test_a_registry_without_its_tables_is_an_error(home: Home, reference: Path) -> None:
    link(home, lacking=("person_spine",))
    with (
        connect() as connection,
        pytest.raises(OutcomeLinkageError, match=r"lacks the tables \['person_spine'\]"),
    ):
        Sources(home, CONTRACTS, SUPPLIERS, reference).attach(connection)


def test_attaching_again_shows_the_new_state(home: Home, reference: Path) -> None:
    with connect() as connection:
        Sources(home, CONTRACTS, SUPPLIERS, reference).attach(connection)
        deliver(home, "bristol", "2024-06", {"cin_children": rows("cin_children", 2)}, collection_year=2024)
        link(home, ("bristol", key(0), PERSON[0]))
        Sources(home, CONTRACTS, SUPPLIERS, reference).attach(connection)
        for table, rows_now in (("validated.cin_children", 2), ("registry.person_spine", 1)):
            assert connection.execute(f"select count(*) from {table}").fetchall() == [(rows_now,)]


def fingerprints(home: Home, reference: Path) -> dict[str, str]:
    sources = Sources(home, CONTRACTS, SUPPLIERS, reference)
    return {table: sources.fingerprint(table) for table in sources.tables} | {
        "all": sources.deliveries_fingerprint
    }


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    assert set(before) == set(after)
    return {name for name, value in before.items() if after[name] != value} - {"all"}


def test_fingerprints_change_with_content_and_only_then(home: Home, reference: Path) -> None:
    first = fingerprints(home, reference)
    assert fingerprints(home, reference) == first
    deliver(home, "bristol", "2024-06", {"cin_children": rows("cin_children", 4)}, collection_year=2024)
    second = fingerprints(home, reference)
    assert changed(first, second) == {"validated.cin_children", "catalogue.deliveries"}
    assert first["all"] != second["all"]
    (reference / "codes.csv").write_text("code\n1\n")
    third = fingerprints(home, reference)
    assert changed(second, third) == {"reference.codes"}
    link(home, ("bristol", key(0), PERSON[0]))
    fourth = fingerprints(home, reference)
    assert changed(third, fourth) == {f"registry.{name}" for name in REGISTRY if name != "tombstones"}
    link(home, ("bristol", key(0), PERSON[0]))
    assert fingerprints(home, reference) == fourth


def test_an_objection_changes_the_fingerprint_of_what_it_may_hide(home: Home, reference: Path) -> None:
    before = fingerprints(home, reference)
    deliver(home, "bristol", "2024-07", {"opt_outs": objection(1, "supplier")})
    names = changed(before, fingerprints(home, reference))
    assert "validated.cin_children" in names
    assert "validated.police_crimes" not in names


def test_what_linkage_writes_is_what_models_read() -> None:
    """Names and types of the registry's tables are written down on both sides; they must agree."""
    for name, columns in REGISTRY.items():
        written = dict(column.split() for column in TABLES[name].split(", "))
        assert {column: written[column] for column in columns} == columns
