"""`ev_coverage`: month by month, how many people of a study each table could have seen."""

from __future__ import annotations

import pytest

from tests.invented_study import Invented

pytestmark = pytest.mark.slow
_MONTHS = "select month, n, n_covered from ev_coverage where source = 'school_exclusions' order by month"


def _people() -> Invented:
    invented = Invented()
    for name in ("anna", "ben", "cleo"):
        invented.person(name)
    return invented


def test_every_month_of_the_study_has_a_row() -> None:
    """For each table, whether or not it covers anybody."""
    rows = _people().ask(
        "select source, count(*), min(month), max(month) from ev_coverage group by 1 order by 1"
    )
    assert [row[1:] for row in rows] == [(48, "2020-04", "2024-03")] * 4


def test_a_month_is_judged_by_its_fifteenth() -> None:
    """Coverage from 16 June and to 14 September holds July and August."""
    invented = _people()
    invented.but(
        "update in_coverage set interval_from = date '2021-06-16', interval_to = date '2021-09-14' "
        "where source = 'school_exclusions' and person_id = 'anna'"
    )
    found = {month: (n, covered) for month, n, covered in invented.ask(_MONTHS)}
    assert [found[f"2021-{month:02}"] for month in (6, 7, 8, 9)] == [(3, 2), (3, 3), (3, 3), (3, 2)]


def test_a_gap_keeps_its_reason() -> None:
    """Nobody is covered in it, and the table says why."""
    invented = _people()
    invented.but(
        "update in_coverage set covered = false, reason = 'cyber-attack', interval_from = date '2020-10-01', "
        "interval_to = date '2021-03-31' where source = 'school_exclusions'"
    )
    sql = (
        "select distinct n_covered, n_gap, reason from ev_coverage where source = 'school_exclusions' "
        "and month between '2020-10' and '2021-03'"
    )
    assert invented.ask(sql) == [(0, 3, "cyber-attack")]
