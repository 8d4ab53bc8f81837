"""What must hold of a study's tables, on tables that somebody spoiled."""

from __future__ import annotations

import duckdb
import pytest

from outcome_linkage.evaluation.tables_hold import CHECKS, Held, held
from tests.invented_study import study

CHECK = {check.name: check for check in CHECKS}
TABLES = """
create schema ev_invented;
create table ev_invented.ev_attrition as select * from (values
    (0, 'delivered', 'all', 10, 2, 8, 20, 18), (1, 'final', 'all', 8, 1, 7, 18, 9)
) as t (
    step, criterion_id, arm, n_persons_in, n_persons_excluded, n_persons_out, n_records_in, n_records_out
);
create table ev_invented.ev_person as select 'p' || n as person_key from range(7) as r (n);
create table ev_invented.ev_diagnostics as select * from (values
    ('gate', null, null, null, 'block', false, null, 'the study is a draft.'),
    ('max_smd', 'sex', 0.05::double, 0.1::double, 'block', true, null, null),
    ('max_mdrr', 'first', 12.0, 10.0, 'block', false, 'a pilot', null),
    ('min_covered', null, null, 0.8, 'block', null, null, 'nothing that it is about is compared.')
) as t (diagnostic, item, value, bound, action, passed, waived, reason);
create table ev_invented.ev_estimates as select * from (values
    ('suspended', 'primary', null, false), ('ear', 'negative_control', 1.1, true)
) as t (outcome, role, est, unblinded);
create table ev_invented.ev_measures as select 'suspension' as measure, false as blocks_release;
create table ev_invented.ev_costs as select 'nhs.visit' as unit_cost_id, false as blocks_release;
"""


def after(*spoiled: str) -> dict[str, Held]:
    """What is found by each check."""
    connection = duckdb.connect()
    connection.execute(TABLES)
    for sql in spoiled:
        connection.execute(sql)
    return {name: held(connection, study(), check) for name, check in CHECK.items()}


def test_tables_that_are_right_hold() -> None:
    """What was waived, or not asked, fails nothing; no value is told, for it may be of few people."""
    found = after()
    assert all(one.passed for one in found.values())
    told = str(found["diagnostics"].facts["diagnostics"])
    assert "| max_smd | sex | 0.1 | passes |" in told
    assert "fails, waived: a pilot" in told and "nothing that it is about" in told and "gate" not in told
    assert found["blinded"].facts["outcomes by arm"] == "hidden: the study is a draft."


@pytest.mark.parametrize(
    ("check", "spoiled", "warns"),
    [
        ("adds_up", "update ev_invented.ev_attrition set n_persons_out = 6 where step = 1", False),
        ("adds_up", "delete from ev_invented.ev_person where person_key = 'p0'", False),
        ("diagnostics", "update ev_invented.ev_diagnostics set passed = false where item = 'sex'", False),
        (
            "diagnostics",
            "update ev_invented.ev_diagnostics set passed = false, action = 'warn' where item = 'sex'",
            True,
        ),
        ("blinded", "update ev_invented.ev_estimates set est = 0.9 where role = 'primary'", False),
        (
            "blinded",
            "delete from ev_invented.ev_diagnostics where diagnostic = 'gate'; "
            "update ev_invented.ev_estimates set est = 0.9, unblinded = true where role = 'primary'",
            False,
        ),
        ("measures", "update ev_invented.ev_measures set blocks_release = true", True),
        ("prices", "update ev_invented.ev_costs set blocks_release = true", True),
    ],
)
def test_what_is_spoiled_is_found(check: str, spoiled: str, warns: bool) -> None:
    """By the check that is about it, as a warning where it keeps nothing back."""
    found = after(spoiled)
    assert not found[check].passed and found[check].warns == warns
    assert all(one.passed for name, one in found.items() if name != check)
