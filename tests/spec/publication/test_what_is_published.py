"""What is published.

Researchers see the published database, never the warehouse. Only what stands on the publication list is in
it, and some columns may not stand there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.release.publication import NotPublishable, check_publication, forbidden, load_publication
from schemas.catalogue import CONTRACTS

PUBLICATION = Path(__file__).parents[3] / "dbt_like_sql" / "publication.yaml"
# Every column that is published, by what it tells. A new one is a decision: add it here with the list.
PUBLISHED = {
    "who, and roughly": "person_id birth_year sex ethnicity5 la_code imd_quintile n_records n_suppliers",
    "dates of events": "event_date end_date index_date outcome_date death_date date_basis",
    "ages at events": "age_years age_months age_index_years life_stage",
    "what happened": "adversity_domain outcome code source_column n_codes about whose_record evidence_level "
    "ace_set counts_in_ace_score dates_adversity n_sources index_is_first",
    "where it was recorded": "source supplier _supplier index_source outcome_source",
    "what followed": "outcome_before outcome_day0 outcome_day outcome_365 outcome_730 in_denominator_365 "
    "in_denominator_730 end_reason",
    "why a value is missing": "status_before status_365 status_730",
    "how sure the link is": "link_pass link_weight link_lead link_level broad_person_id",
    "returns of a council": "referral_date referral_source primary_need closure_reason no_further_action "
    "factor initial_conference_date authorisation_date initial_category latest_category previous_plans "
    "reason_new_episode legal_status category_of_need placement_type reason_ceased "
    "category sessions reason1 reason2 reason3 sen_provision",
    "notices of a force": "role incident_type child_present dash_risk referred_to_la",
    "contacts with health services": "department_type attendance_category admission_date discharge_date "
    "admission_method patient_class episode_order primary_reason priority rejection_date registration_date",
    "released counts": "days status value people people_hidden rule source_table effect n_rows n_rows_hidden "
    "n_people n_people_hidden n_looked_at n_looked_at_hidden",
}


def test_nothing_else_is_published() -> None:
    """The publication list holds no column but these."""
    allowed = {column for columns in PUBLISHED.values() for column in columns.split()}
    listed = {column for columns in load_publication(PUBLICATION).values() for column in columns}
    assert listed - allowed == set()


def test_no_interval_that_begins_at_birth_or_ends_with_a_move_is_published() -> None:
    """Stretches of coverage and residence would tell a month of birth and a history of moves."""
    assert not {"person_coverage", "int_residence"} & set(load_publication(PUBLICATION))


@pytest.mark.parametrize(
    "column",
    [
        *("record_key", "mother_record_key"),
        *("tok_surname", "sid_nhs", "k01", "household_token"),
        *("_file", "_row", "_period", "_delivery", "last_delivery"),
        *("lsoa21", "home_lsoa21", "lsoa11", "postcode", "uprn"),
        *("birth_month", "expected_birth_month", "dob", "birth_date", "tok_dob"),
        *("nhs_number", "upn", "pnc_id", "forename", "previous_surname"),
    ],
)
def test_a_column_that_could_identify_someone_is_refused_even_when_listed(column: str) -> None:
    """Supplier's ids, tokens, file and row numbers, small areas, months of birth and identifiers."""
    with pytest.raises(NotPublishable, match="may not be published"):
        check_publication({"person": ("person_id", column)})


@pytest.mark.parametrize(
    "column",
    ["person_id", "birth_year", "sex", "ethnicity5", "la_code", "imd_quintile", "event_date", "supplier"],
)
def test_what_a_researcher_needs_may_be_listed(column: str) -> None:
    """Birth year, sex, ethnicity of five, local authority, deprivation quintile and dates of events."""
    check_publication({"person": (column,)})


def test_every_token_of_the_contract_is_refused() -> None:
    """No column of link_tokens that holds a token or a key may ever be listed."""
    tokens = [c.name for c in CONTRACTS["link_tokens"].columns.values() if c.kind in ("token", "hex")]
    assert tokens
    assert all(forbidden(name) for name in tokens)


def test_every_month_and_small_area_of_the_contracts_is_refused() -> None:
    """No delivered month of birth, household or small area may ever be listed."""
    named = {
        column.name
        for contract in CONTRACTS.values()
        for column in contract.columns.values()
        if column.kind in ("month", "token", "hex") or "lsoa" in column.name
    }
    assert named
    assert [name for name in sorted(named) if not forbidden(name)] == []
