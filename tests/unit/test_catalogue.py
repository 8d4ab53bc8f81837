"""Every contract says what must be known of it before its rows are read, and no column is free text."""

from __future__ import annotations

import csv
import re
import sys

import polars as pl
import pytest

from outcome_linkage.delivery.reading.cells import NO_VALUE
from schemas.catalogue import CONTRACTS, load_suppliers
from schemas.codes import CODE_LISTS, code_lists
from schemas.contract import Column, Contract

KINDS = {"hex", "id", "code", "pattern", "date", "month", "number", "flag", "token"}
COLUMNS = [(contract, column) for contract in CONTRACTS.values() for column in contract.columns.values()]
SOURCE = r"[@(][0-9a-f]{7}\b|No public layout"
PERSONAL = ("Ann Smith", "BS1 4ND", "9434765919", "A801200001015", "ann@example.org", "01/05/2010")


def of_column(case: tuple[Contract, Column] | object) -> str | None:
    return case.name if isinstance(case, Contract | Column) else None


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=of_column)
def test_a_contract_says_what_a_row_is_and_what_identifies_it(contract: Contract) -> None:
    assert contract.description.startswith("One row per ")
    assert contract.description.endswith(".") and "\n" not in contract.description
    assert set(contract.primary_key) <= set(contract.columns)
    assert contract.primary_key or contract.restricted
    assert not contract.caveat or contract.caveat.endswith(".")
    assert {rule.column for rule in contract.row_rules} <= set(contract.columns)


def test_the_module_of_a_contract_names_its_source_or_says_that_there_is_none() -> None:
    """A source by the commit at which it was read, or that no layout of such a table is public."""
    modules = {c.model.__module__ for c in CONTRACTS.values() if c.sector not in ("linkage", "any")}
    silent = [name for name in modules if not re.search(SOURCE, sys.modules[name].__doc__ or "")]
    assert silent == []


@pytest.mark.parametrize(("contract", "column"), COLUMNS, ids=of_column)
def test_a_column_is_described_and_judged_by_something_narrower_than_text(
    contract: Contract, column: Column
) -> None:
    assert column.description and column.kind in KINDS
    assert re.fullmatch("[a-z][a-z0-9_]*", column.name)
    if column.dtype == pl.String:
        assert column.code_list or column.pattern
    if column.kind in ("date", "month", "number"):
        assert column.unit
    if column.code_list:
        assert column.code_list in code_lists()


@pytest.mark.parametrize(
    "column", [column for _, column in COLUMNS if column.pattern and column.kind == "pattern"], ids=of_column
)
def test_no_pattern_lets_a_person_through(column: Column) -> None:
    """Neither a name nor an address, number or full date of birth has the shape of a value of ours.

    Lists of clinical codes are numbers of up to 18 digits: there the check digit of the gate decides.
    """
    fits = [text for text in PERSONAL if pl.Series([text]).str.contains(column.pattern or "").item()]
    assert fits in ([], ["9434765919"])
    assert not fits or "SNOMED" in column.description, column.name


def test_dates_of_birth_are_months_and_homes_are_areas() -> None:
    names = {(column.name, column.kind) for contract, column in COLUMNS if not contract.restricted}
    assert {kind for name, kind in names if "birth" in name} == {"month"}
    assert not {name for name, _ in names if re.search("post|address|dob|nhs_number|(^|_)upn$|name$", name)}


def test_every_code_has_a_meaning_a_status_and_a_source() -> None:
    with CODE_LISTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(None not in row and None not in row.values() for row in rows)
    keys = [(row["list"], row["code"], row["first_year"]) for row in rows]
    assert len(keys) == len(set(keys))
    for row in rows:
        assert row["code"] and row["meaning"] and row["status"] and row["source"], row
        years = [int(row[name]) for name in ("first_year", "last_year") if row[name]]
        assert years == sorted(years) and all(2000 < year < 2100 for year in years)


def test_no_code_is_a_word_that_is_read_as_no_value() -> None:
    """NONE is a disability of the census, and none a risk of the police; None is what programs write."""
    assert [code for held in code_lists().values() for code in held if code.code in NO_VALUE] == []


def test_every_code_list_is_in_use() -> None:
    in_use = {column.code_list for _, column in COLUMNS if column.code_list}
    assert set(code_lists()) - in_use == set()


def test_suppliers_deliver_tables_of_their_own_sector_or_of_any() -> None:
    for supplier in load_suppliers().values():
        sectors = {CONTRACTS[table].sector for table in supplier.tables}
        assert sectors <= {"linkage", "any", supplier.sector}, supplier.name


def test_every_table_of_a_council_is_delivered_by_all_three() -> None:
    councils = [s for s in load_suppliers().values() if s.sector == "local_authority"]
    theirs = {name for name, contract in CONTRACTS.items() if contract.sector == "local_authority"}
    assert len(councils) == 3
    assert all(theirs <= set(council.tables) for council in councils)


def test_every_school_table_names_the_school() -> None:
    schools = [contract for name, contract in CONTRACTS.items() if name.startswith("school_")]
    assert len(schools) == 3
    assert all("school_id" in contract.columns for contract in schools)
