"""Precision and recall by pair of suppliers and ethnic group, on a truth small enough to count by hand."""

from __future__ import annotations

from outcome_linkage.linkage.quality import ALL, Agreement, agreements
from outcome_linkage.warehouse import connect


def counted(*rows: tuple[str, str, int, int, str]) -> list[Agreement]:
    with connect() as connection:
        connection.execute(
            "create table judged "
            "(supplier varchar, record_key varchar, ours int, truth int, ethnicity5 varchar)"
        )
        connection.executemany("insert into judged values (?, ?, ?, ?, ?)", rows)
        return agreements(connection)


def test_counts() -> None:
    found = counted(
        ("a", "1", 1, 1, "White"),
        ("b", "1", 1, 1, "White"),
        ("a", "2", 2, 2, "Asian"),
        ("b", "2", 3, 2, "Asian"),
        ("b", "3", 2, 3, "White"),
    )
    assert found[0] == Agreement(ALL, ALL, ALL, truth=2, linked=2, both=1)
    by_group = {a.ethnicity5: a for a in found if a.supplier_a == ALL}
    assert (by_group["White"].precision, by_group["White"].recall) == (1.0, 1.0)
    assert (by_group["Asian"].precision, by_group["Asian"].recall) == (0.0, 0.0)
    assert Agreement("a", "b", ALL, 2, 2, 1) in found


def test_duplicates_of_one_supplier_are_a_pair_of_their_own() -> None:
    found = counted(("a", "1", 1, 1, "White"), ("a", "2", 1, 1, "White"))
    assert Agreement("a", "a", "White", 1, 1, 1) in found


def test_nothing_to_divide_by() -> None:
    nothing = Agreement("a", "b", ALL, truth=0, linked=0, both=0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)
    assert Agreement("a", "b", ALL, truth=4, linked=2, both=2).f1 == 2 / 3
