"""The demo is covered.

The agreements that come with the project are invented, say so, and cover every column of every table that any
supplier of the catalogue delivers: the demo runs, and whoever adds a column sees that somebody must need it.
"""

from __future__ import annotations

from datetime import date

import pytest

from outcome_linkage.agreements.in_force import missing
from outcome_linkage.home import Home
from schemas.agreements import load_agreements
from schemas.catalogue import CONTRACTS, load_suppliers
from tests.agreements import judged_on

INVENTED = load_agreements()


def test_every_table_of_the_catalogue_is_in_force(home: Home) -> None:
    """Today and for as long as anybody will try the demo."""
    for day in (date(2020, 1, 1), date(2099, 12, 31)):
        kept_out = [state.words for state in judged_on(home, day).values() if state.state != "in force"]
        assert not kept_out


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_column_of_every_contract_is_covered(table: str) -> None:
    """Also of tables that nobody delivers yet. A new kind of column needs a reason in agreements.yaml."""
    terms = INVENTED.terms("bristol", table)
    assert terms is not None
    assert list(missing(terms, CONTRACTS[table])) == []


def test_a_column_of_a_kind_that_nobody_needs_is_not_covered() -> None:
    """The reasons are by kind of column, so that the test above can fail."""
    terms = INVENTED.terms("bristol", "deaths")
    assert terms is not None
    assert terms.why_needed("underlying_cause", "pattern")
    assert terms.why_needed("favourite_colour", "whim") is None


def test_the_agreements_say_that_they_are_invented() -> None:
    """In the file, in every reference, in every controller's name."""
    assert INVENTED.invented and not INVENTED.faults
    for supplier in load_suppliers():
        terms = INVENTED.terms(supplier, "opt_outs")
        assert terms is not None and terms.reference and "INVENTED" in terms.reference
        assert terms.controller and "invented" in terms.controller


def test_a_home_with_agreements_of_its_own_has_none_of_the_demo(home: Home) -> None:
    """A file of the home replaces the invented one as a whole."""
    (home.root / "agreements.yaml").write_text("invented: false\n", encoding="utf-8")
    assert load_agreements(home.root).terms("bristol", "cin_children") is None
