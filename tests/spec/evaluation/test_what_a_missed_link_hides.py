"""What a missed link hides: who could be linked in each arm, and how much more an agency may have known."""

from __future__ import annotations

import pytest

from outcome_linkage.evaluation.answers.diagnostics import Checked, diagnostics_of
from tests.invented_study import Invented, study


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
