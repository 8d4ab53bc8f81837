"""What a missed link hides: who could be linked in each arm, and how much more an agency may have known."""

from __future__ import annotations

from typing import Any

import pytest

from outcome_linkage.evaluation.answers.diagnostics import Checked, diagnostics_of
from outcome_linkage.evaluation.answers.recall import (
    NOT_MEASURED,
    OF_ALL,
    OTHER_LEVEL,
    REGISTER,
    SAME,
    bounds_of,
)
from outcome_linkage.linkage_quality.figures import Figure, wilson
from outcome_linkage.linkage_quality.recall import Found, Recall, pooled, recalls_in
from outcome_linkage.linkage_quality.released import release
from tests.invented_study import DAY_0, Invented, study

pytestmark = pytest.mark.slow


def linkage_difference(invented: Invented) -> Checked:
    """What `max_linkage_difference` finds."""
    of = study()
    found = diagnostics_of(invented.make(of), of, [])
    return next(one for one in found if one.diagnostic == "max_linkage_difference")


@pytest.fixture
def both() -> Invented:
    """Four people, two of whom are seen; one of each arm is suspended."""
    invented = Invented()
    invented.person("ann", ("seen", 5), ("suspended", 90))
    invented.person("bea", ("seen", 9))
    invented.person("cat", ("suspended", 95))
    invented.person("dot")
    return invented


def test_who_has_a_record_is_not_who_could_be_linked(both: Invented) -> None:
    """Without a register only those to whom something happened are linked: arms may differ in that."""
    both.but("update in_link set linked = person_id = 'ann' where supplier = 'school_exclusions'")
    found = linkage_difference(both)
    assert (found.value, found.passed) == (0.0, True)


def test_arms_of_whom_others_could_be_linked_differ(both: Invented) -> None:
    """Where one of two has identifiers too poor to be found, it is by 50 percentage points."""
    both.but("update in_link set linkable = false where person_id = 'dot' and supplier = 'school_exclusions'")
    found = linkage_difference(both)
    assert (found.item, found.value, found.passed) == ("school_exclusions", 50.0, False)


def test_a_table_that_tells_the_arm_is_left_out(both: Invented) -> None:
    """Whoever is seen has a record there, so that their arm is linked by construction."""
    both.but("update in_link set linkable = linked where supplier = 'mhsds_referrals'")
    found = linkage_difference(both)
    assert (found.value, found.passed) == (0.0, True)


def test_on_a_register_everybody_should_be_found(both: Invented) -> None:
    """There the share linked is compared, in the table that tells the arm too: the others may be in it."""
    both.but("update in_source set register = true where source = 'mhsds_referrals'")
    found = linkage_difference(both)
    assert (found.item, found.value, found.passed) == ("mhsds_referrals", 100.0, False)


PAIR = "ecds_attendances and police_incidents"
FOUND = Recall(PAIR, "all", "all", "planted_records", 80, 80, 80, 100)
SEX = Recall(PAIR, "sex", "female", "planted_records", 30, 30, 30, 60)
MATCH = {"measure": "attended_for_it", "source": "police_incidents", "linked_source": "ecds_attendances"}
ATTENDED_FOR_IT = f"""
insert into in_event by name
select person_id, person_id || 'match' as event_id, 'attended_for_it' as concept,
    'police_incidents' as source, date '{DAY_0}' as event_date, 'yes' as counts
from in_person where person_id in ('p0', 'p1', 'p2', 'p3', 'p4')
"""


@pytest.fixture
def ten() -> Invented:
    """Ten people with an incident; five of them have an attendance that is matched to it."""
    invented = Invented(more={"in_match": [MATCH]})
    for n in range(10):
        invented.person(f"p{n}", sex="F" if n % 2 else "M")
    invented.but(ATTENDED_FOR_IT)
    return invented


def linkage(invented: Invented, *recalls: Recall, of: str = "main", **where: str) -> list[tuple[Any, ...]]:
    """Recall and reason of rows of `ev_linkage`, at a level of linkage."""
    made = invented.make(study(linkage_level=of), recalls=recalls)
    rules = " and ".join(f"{name} = '{value}'" for name, value in where.items())
    sql = f"select distinct recall, recall_basis, reason from ev_linkage where {rules} order by all"
    return made.execute(sql).fetchall()


def test_a_table_without_a_register_carries_the_recall_of_its_links(ten: Invented) -> None:
    """Of the links between those who deliver it and those who tell day 0; for a group where that is told."""
    assert linkage(ten, FOUND, SEX, source="ecds_attendances", subgroup="sex") == [
        (0.5, "planted_records", None),
        (0.8, "planted_records", OF_ALL),
    ]
    assert linkage(ten, FOUND, SEX, source="ecds_attendances", level="all") == [
        (0.8, "planted_records", None)
    ]


def test_where_recall_was_not_estimated_there_is_a_reason(ten: Invented) -> None:
    """Nobody measured it, or of too few links; of another level; a register; or there is nothing to link."""
    few = FOUND._replace(found=8, few=8, many=8, of=9)
    assert linkage(ten, few, source="ecds_attendances") == [(None, None, NOT_MEASURED)]
    assert linkage(ten, FOUND, of="strict", source="ecds_attendances") == [(None, None, OTHER_LEVEL)]
    assert linkage(ten, FOUND, source="police_incidents") == [(None, None, SAME)]
    ten.but("update in_source set register = true where source = 'mhsds_referrals'")
    assert linkage(ten, FOUND, source="mhsds_referrals") == [(None, None, REGISTER)]


def test_what_another_agency_knew_has_bounds(ten: Invented) -> None:
    """Five of ten: 50% at least; 50 / 0.8 = 62.5% if missed links were found.

    At most 50 / the lower end of recall. That is our own rule; those whom it did not know of are the rest.
    """
    made = ten.make(recalls=[FOUND])
    sql = "select pct, pct_lo, pct_if_linked, pct_hi, recall_lo from ev_ascertainment order by len(sources)"
    (not_known, known) = made.execute(sql).fetchall()
    low = known[-1]
    assert known[:3] == (50.0, 50.0, 62.5)
    assert known[3] == pytest.approx(50 / low)
    assert not_known[:3] == (50.0, pytest.approx(100 - 50 / low), 37.5)
    assert not_known[3] == 50.0


def test_no_more_can_be_known_than_all() -> None:
    """Nine of ten and a recall of 0.8 are 100%."""
    assert bounds_of(0.9, Found(0.8, 0.7, 0.9, "held_out_ids")) == (1.0, 0.9, 1.0)


def test_held_out_ids_count_before_planted_records() -> None:
    """Planted records are damaged by choice; where neither has ten links, nothing is told."""
    real = FOUND._replace(basis="held_out_ids", found=99, few=99, many=99)
    assert pooled([FOUND, real], [PAIR]) == Found(0.99, *wilson(99, 100), "held_out_ids")
    assert pooled([FOUND], [PAIR]) == Found(0.8, *wilson(80, 100), "planted_records")
    assert pooled([FOUND._replace(of=9)], [PAIR]) is None


def test_recall_is_read_as_it_may_be_shown() -> None:
    """1 to 7 of 98 missed are 4 in the middle: between what 7 and what 1 would give."""
    figures = [Figure("recall", "all", "supplier_pair", PAIR, 95, 98)]
    (read,) = recalls_in(release(figures))
    assert read[4:] == (96, 93, 99, 100)
    found = pooled([read], [PAIR])
    assert found == Found(0.96, wilson(93, 100)[0], wilson(99, 100)[1], "held_out_ids")
