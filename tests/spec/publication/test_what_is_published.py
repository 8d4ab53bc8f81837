"""What is published.

Researchers see the published database, never the warehouse. Only what stands on the publication list is in
it, and some columns may not stand there.
"""

from __future__ import annotations

import pytest

from outcome_linkage.release.publication import NotPublishable, check_publication, forbidden
from schemas.catalogue import CONTRACTS


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
