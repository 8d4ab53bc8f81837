"""Every table of the catalogue is delivered, and each file is as its contract and the statutory rules want
it.

Here no file has a fault. People are misrecorded all the same, and a few rules see that.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.manifest import Manifest
from outcome_linkage.delivery.rules.before_sending import rules_before_sending
from outcome_linkage.delivery.validating.validate import validate_frame
from outcome_linkage.synthetic.generate import Generated, generate
from schemas.catalogue import CONTRACTS, load_suppliers
from schemas.rules import RULES

pytestmark = pytest.mark.slow
SEEN_BY_RULES = {
    "cin.8525Q": "a date of birth that was not taken down",
    "ours.H06": "a date of birth that was taken down wrongly",
    "ours.P06": "some crimes are recorded late",
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    """The deliveries of 3,000 people, without a fault in any file."""
    folder = tmp_path_factory.mktemp("clean") / "region"
    return generate(3_000, 11, folder, contracts=CONTRACTS, file_faults=False)


def test_every_contract_is_delivered_by_a_supplier_that_may(clean: Generated) -> None:
    """No table of the catalogue is left out, and no supplier sends what is not its own."""
    suppliers = load_suppliers()
    delivered = {folder: set(Manifest.read(folder).tables) for folder in clean.deliveries}
    assert set.union(*delivered.values()) == set(CONTRACTS)
    for folder, tables in delivered.items():
        assert tables <= set(suppliers[folder.parent.name].tables)


def test_a_file_without_faults_has_no_rejected_row(clean: Generated) -> None:
    """By the codes of its collection year, the patterns, the keys, and the rules of a row."""
    for folder in clean.deliveries:
        for name, entry in Manifest.read(folder).tables.items():
            rows = pl.read_parquet(folder / entry.file)
            _, rejected = validate_frame(rows, CONTRACTS[name], entry.collection_year)
            assert rejected.is_empty(), (
                folder.name,
                name,
                rejected.group_by("column", "reason").len().rows(),
            )


def test_rules_see_only_how_people_are_misrecorded(clean: Generated) -> None:
    """Statutory rules and our own find nothing else in any delivery, and none of them crashes."""
    for folder in clean.deliveries:
        result, _ = rules_before_sending(folder, CONTRACTS, RULES)
        assert result.states["crashed"] == 0
        assert {rule.rule for rule in result.rules if rule.failing} <= set(SEEN_BY_RULES), folder


def test_organisations_of_other_tables_are_known(clean: Generated) -> None:
    """Schools, wards and services that rows name stand in the tables of organisations."""
    found = [pl.read_parquet(path) for path in _files(clean, "organisations")]
    known = pl.concat(found)["organisation_id"].implode()
    named = {"school_pupils": "school_id", "mhsds_ward_stays": "ward", "service_episodes": "team_id"}
    for table, column in named.items():
        rows = pl.concat(pl.read_parquet(path) for path in _files(clean, table))
        assert rows.height > 0 and rows[column].is_in(known).all(), table


def _files(clean: Generated, table: str) -> list[Path]:
    return [path for folder in clean.deliveries for path in folder.glob(f"{table}.parquet")]
