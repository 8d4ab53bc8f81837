"""Who may be linked with whom.

Both suppliers of a pair must permit it. Links are passed on, so that of all suppliers whose tokens are read
every pair is permitted; of two that are not, the less trusted is left out. A table that may not be joined to
everybody whom its people are linked with is not read, and whom only such tables know is not linked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.in_force import suppliers_in_force, suppliers_not_linked
from assets.linkage import link_current
from outcome_linkage.agreements.in_force import TOKENS
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect
from tests.agreements import EVERYBODY, TODAY, agree, complete, judged_on
from tests.factories import delivery, judged, key, rows

COUNCIL, BOARD, FORCE = "bristol", "bnssg_icb", "avon_somerset_police"


def only_with(terms: dict[str, Any], supplier: str, *others: str) -> dict[str, Any]:
    """Let a supplier's tables be linked with these suppliers only."""
    terms["suppliers"][supplier]["linkages"] = list(others)
    return terms


def linked(home: Home, *trusted: str) -> list[str]:
    """Whose tokens are linked, in the order in which they are trusted."""
    order = trusted or tuple(EVERYBODY)
    found = judged_on(home, trusted=order)
    return [name for name in order if found[name, TOKENS].is_read]


def test_everybody_is_linked_where_everybody_permits_it(home: Home) -> None:
    """As in the demo."""
    assert linked(agree(home, complete())) == EVERYBODY


def test_one_side_alone_cannot_permit_a_linkage(home: Home) -> None:
    """The board would be linked with all, the council with nobody: the council's tokens are not read."""
    agree(home, only_with(complete(), COUNCIL))
    assert linked(home, BOARD, COUNCIL, FORCE) == [BOARD, FORCE]
    state = judged_on(home)[COUNCIL, TOKENS]
    assert state.state == "not linked"
    assert f"not permitted to be linked with {', '.join(n for n in EVERYBODY if n != COUNCIL)}" in state.why


def test_a_pair_is_kept_apart_also_from_its_common_partner(home: Home) -> None:
    """Council and force both permit the board and not each other: it would link them all the same."""
    agree(home, only_with(only_with(complete(COUNCIL, BOARD, FORCE), COUNCIL, BOARD), FORCE, BOARD))
    assert linked(home, BOARD, COUNCIL, FORCE) == [BOARD, COUNCIL]
    assert linked(home, BOARD, FORCE, COUNCIL) == [BOARD, FORCE]


def test_a_supplier_that_is_linked_with_nobody_is_still_read(home: Home) -> None:
    """Its people get ids of their own; there is nothing that its tables are joined to."""
    agree(home, only_with(complete(), COUNCIL))
    tables = suppliers_in_force(home, TODAY)[COUNCIL].tables
    assert "cin_children" in tables and TOKENS not in tables


def test_a_table_that_may_not_be_joined_to_the_others_is_not_read(home: Home) -> None:
    """Its supplier's people are linked through other tables, and so would its rows be."""
    terms = complete()
    terms["suppliers"][BOARD]["tables"]["deaths"] = {"linkages": [COUNCIL]}
    state = judged_on(agree(home, terms))[BOARD, "deaths"]
    assert state.state == "not linked" and FORCE in state.why[0] and COUNCIL not in state.why[0]
    assert "deaths" not in suppliers_in_force(home, TODAY)[BOARD].tables
    assert list(suppliers_not_linked(home, TODAY)[BOARD].tables) == ["deaths"]


def who_is_who(home: Home) -> dict[str, str]:
    """The person of each record, as the registry knows them after linking on the run date."""
    apart = suppliers_not_linked(home, TODAY)
    link_current(home, suppliers_in_force(home, TODAY), "run", apart=apart)
    with connect(home.registry, read_only=True) as connection:
        sql = "select supplier || ' ' || record_key, person_id from record_person"
        return dict(connection.execute(sql).fetchall())


def delivered(home: Home, folder: Path) -> Home:
    """Two suppliers that know the same two people by equal tokens; the board's second one only as dead."""
    tokens = rows(TOKENS, 2)
    for supplier, tables in (
        (COUNCIL, {TOKENS: tokens, "cin_children": rows("cin_children", 2, 2026)}),
        (BOARD, {TOKENS: tokens, "residence": rows("residence", 1), "deaths": rows("deaths", 2)}),
    ):
        judged(delivery(folder, supplier, "2026-05", tables, collection_year=2026), home)
    return home


@pytest.mark.slow
def test_tokens_of_suppliers_that_may_not_be_linked_are_left_out(home: Home, tmp_path: Path) -> None:
    """With the same tokens on both sides nobody is linked, and everybody has an id."""
    found = who_is_who(agree(delivered(home, tmp_path), only_with(complete(), COUNCIL)))
    assert len(found) == 4 and len(set(found.values())) == 4


@pytest.mark.slow
def test_whom_only_a_table_knows_that_may_not_be_linked_is_left_out(home: Home, tmp_path: Path) -> None:
    """The first person has a residence too and is linked; of the second the board sent tokens in vain."""
    terms = complete()
    terms["suppliers"][BOARD]["tables"]["deaths"] = {"linkages": []}
    found = who_is_who(agree(delivered(home, tmp_path), terms))
    first, second = key(0), key(1)
    assert found[f"{COUNCIL} {first}"] == found[f"{BOARD} {first}"]
    assert f"{BOARD} {second}" not in found and f"{COUNCIL} {second}" in found


@pytest.mark.slow
def test_where_all_is_permitted_both_are_linked(home: Home, tmp_path: Path) -> None:
    """So that the two tests above can fail."""
    found = who_is_who(agree(delivered(home, tmp_path), complete()))
    assert pl.Series(list(found.values())).n_unique() == 2
