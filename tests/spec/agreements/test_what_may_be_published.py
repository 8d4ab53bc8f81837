"""What may be published.

An agreement permits rows of people for researchers, released counts, both or neither. A published table is
left out when it is made of a delivered table, by however many steps, whose rows may not be given out so.
"""

from __future__ import annotations

import pytest

from assets.releases import PUBLICATION, made_of
from outcome_linkage.agreements.outputs import kind_of, not_permitted
from outcome_linkage.home import Home
from outcome_linkage.release.publication import load_publication
from schemas.agreements import load_agreements
from tests.agreements import agree, complete

pytestmark = pytest.mark.slow
BEHIND = {"person": {"link_tokens", "deaths"}, "ev_standing.status_counts": {"deaths"}, "stg": {"residence"}}
IN_USE = {"deaths": {"bnssg_icb"}, "residence": {"bnssg_icb"}, "link_tokens": {"bnssg_icb", "bristol"}}


def left_out(home: Home, outputs: list[str] | None) -> dict[str, list[str]]:
    """What is left out where the board's deaths permit these outputs."""
    terms = complete()
    if outputs is not None:
        terms["suppliers"]["bnssg_icb"]["tables"]["deaths"] = {"outputs": outputs}
    return not_permitted(BEHIND, load_agreements(agree(home, terms).root), IN_USE)


def test_everything_is_published_that_agreements_permit(home: Home) -> None:
    """As in the demo."""
    assert left_out(home, None) == {}


def test_counts_may_be_permitted_where_rows_are_not(home: Home) -> None:
    """The tables of an evaluation hold released counts; all others have a row for each person or event."""
    assert left_out(home, ["counts"]) == {"person": ["bnssg_icb does not permit research rows of deaths"]}


def test_nothing_may_be_permitted(home: Home) -> None:
    """What other tables give stays published."""
    assert set(left_out(home, [])) == {"person", "ev_standing.status_counts"}


def test_a_table_that_nobody_delivered_stands_in_no_way(home: Home) -> None:
    """Only rows that are in use count."""
    terms = complete()
    terms["suppliers"]["bnssg_icb"]["tables"]["deaths"] = {"outputs": []}
    agreements = load_agreements(agree(home, terms).root)
    assert not_permitted(BEHIND, agreements, {"deaths": set()}) == {}


def test_what_a_published_table_is_made_of_is_read_from_its_sql() -> None:
    """Through marts and intermediate models down to deliveries; whoever has an id came by tokens."""
    found = made_of(load_publication(PUBLICATION))
    assert {"link_tokens", "deaths", "residence"} <= found["person"]
    assert found["ev_standing.status_counts"] == found["adversity_outcome"]
    assert "opt_outs" not in set().union(*found.values())


def test_counts_are_told_from_rows_by_their_schema() -> None:
    """Evaluations live in schemas of their own."""
    assert (kind_of("ev_standing.status_counts"), kind_of("person")) == ("counts", "research rows")
