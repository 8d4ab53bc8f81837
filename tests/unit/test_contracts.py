"""The codes of organisations, the rules of rows, the scales of questionnaires, and who delivers what."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import yaml

from schemas import fields
from schemas.catalogue import CONTRACTS, load_suppliers
from schemas.codes import codes
from schemas.contract import RowRule
from schemas.measures import measure_scales


def accepts(pattern: str, text: str) -> bool:
    return bool(pl.Series([text]).str.contains(pattern).item())


@pytest.mark.parametrize(
    "known_as",
    ["RVN", "R0A", "RVN3A", "RA701", "L81001", "Y02873", "137432", "8014001", "SH01", "E06000023", "CP1234"],
)
def test_an_organisation_is_known_by_a_public_code(known_as: str) -> None:
    """Trusts, sites, practices, schools, local authorities, and services that number themselves."""
    assert accepts(fields.ORGANISATION, known_as)


@pytest.mark.parametrize(
    "personal",
    [
        *("BS1 4ND", "BS14ND", "M11AE", "EC1A1BB", "N11A A", "9434765919", "A801200001015", "12/123456A"),
        *("Smith", "SMITH", "High Street Hostel", "2010-05-01", "01/05/2010", "ann@example.org"),
    ],
)
def test_nothing_personal_has_the_shape_of_an_organisation(personal: str) -> None:
    """No postcode, NHS number, pupil number, police number, date, name or address can pass for one."""
    assert not accepts(fields.ORGANISATION, personal)


@pytest.mark.parametrize(
    "rule",
    [rule for contract in CONTRACTS.values() for rule in contract.row_rules],
    ids=lambda rule: rule.reason,
)
def test_a_rule_says_nothing_of_a_row_that_is_empty(rule: RowRule) -> None:
    """It can be asked of any rows; only one that asks for a date finds a fault in an empty row."""
    contract = next(c for c in CONTRACTS.values() if rule in c.row_rules)
    nothing = contract.empty().clear(1)
    found = nothing.select(rule.broken()).to_series()
    assert found.dtype == pl.Boolean
    assert bool(found.item()) == (rule.reason == "has_no_date")


def test_somebody_delivers_every_table() -> None:
    assert {table for s in load_suppliers().values() for table in s.tables} == set(CONTRACTS)


def test_the_voluntary_supplier_is_marked_as_invented() -> None:
    voluntary = [s for s in load_suppliers().values() if s.sector == "voluntary"]
    assert [s.name for s in voluntary] == ["safe_harbour"]
    assert "invented" in voluntary[0].title


def test_a_home_may_know_other_suppliers(tmp_path: Path) -> None:
    """One of any sector may list the tables of any sector, but no table without a contract."""
    entry = {"title": "Youth service", "sector": "voluntary", "owner": "team:youth", "area": ["E06000023"]}
    listed = {"youth": {**entry, "fresh_for_days": 90, "tables": {"service_contacts": {}}}}
    (tmp_path / "suppliers.yaml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    assert list(load_suppliers(tmp_path)["youth"].tables) == ["service_contacts"]
    listed["youth"]["tables"] = {"tea_parties": {}}
    (tmp_path / "suppliers.yaml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    with pytest.raises(ValueError, match="youth lists tables without a contract"):
        load_suppliers(tmp_path)


def test_every_scale_is_of_a_questionnaire_and_can_be_scored() -> None:
    scales = measure_scales()
    assert {s.instrument for s in scales} == set(codes("measure.instrument"))
    assert {s.scale for s in scales} == set(codes("measure.scale"))
    assert len({(s.instrument, s.scale) for s in scales}) == len(scales)
    for scale in scales:
        assert scale.low < scale.high
        assert scale.better in ("lower", "higher")
        assert scale.status in ("verified", "unverified")
        assert scale.source


def test_codes_of_hospitals_and_mental_health_have_their_years() -> None:
    """Years are those in which the collection year ends; MHSDS changed in October 2021 and April 2024."""
    assert {"25", "2A", "2D"} == set(codes("hes.admimeth", 2014)) - set(codes("hes.admimeth", 2013))
    assert set(codes("mhsds.primary_reason", 2025)) - set(codes("mhsds.primary_reason", 2024)) == {"31"}
    assert {"03", "11"} <= set(codes("mhsds.contact_mechanism", 2022))
    assert "11" not in codes("mhsds.contact_mechanism", 2021)
    assert "03" not in codes("mhsds.contact_mechanism", 2023)
    assert not {"02", "03"} & set(codes("mhsds.restrictive_intervention", 2023))


def test_a_row_is_dated_by_what_happened_and_not_by_what_came_before() -> None:
    """A register has no day of its own; a plan has its own start, not the referral's."""
    dated = {name: contract.dated_by for name, contract in CONTRACTS.items()}
    assert dated["cin_plans"] == "plan_start_date"
    assert dated["ecds_attendances"] == "arrival_date"
    assert dated["service_episodes"] == "started_date"
    assert dated["residence"] is None and dated["ssda903_header"] is None
    for contract in CONTRACTS.values():
        assert contract.dated_by is None or contract.columns[contract.dated_by].kind == "date"
