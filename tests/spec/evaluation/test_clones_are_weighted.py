"""Clones: everybody starts in every arm, and those that keep to it stand for those that do not."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from outcome_linkage.evaluation.engine.clones import keeping
from outcome_linkage.evaluation.estimates.estimate import Asked
from outcome_linkage.evaluation.estimates.incidence import incidences, survival
from tests.invented_study import DAY_0, Invented, outcome, study

pytestmark = pytest.mark.slow
CROWD = 4000
FRAIL = {"id": "sex", "kind": "attribute", "from": "person"}
ATTENDED = {"concept": "emergency_attendance", "source": "ecds_attendances"}
CLONES = study(
    assignment={"strategy": "clone_censor_weight"},
    followup={"start_days": 1, "horizon_days": 425},
    covariates=[FRAIL],
    outcomes=[outcome("time_to_event", id="attended", event=ATTENDED, window=[1, 425])],
)
DRAWN = f"""
create table drawn as
with people as (
    select i, i % 2 = 0 as is_frail, (hash(i) % 1000003 + 1) / 1000004 as u, (hash(i + 500000) % 100) as v
    from range({CROWD}) as r (i)
)
select 'p' || i as person_id, is_frail,
    -- those who are frail attend three times as soon, and are seen twice as often; being seen does nothing
    cast(ceil(-(case when is_frail then 200 else 600 end) * ln(u)) as integer) as attends_on,
    case when v < (case when is_frail then 60 else 30 end) then cast(1 + hash(i + 900000) % 60 as integer) end
        as seen_on
from people
"""
EVERYBODY = """
insert into {0} select t.* replace (d.person_id as person_id) from {0} as t, drawn as d
where t.person_id = 'ann'
"""
HAPPENED = f"""
insert into in_event by name
select person_id, person_id || concept as event_id, person_id || concept as source_event_id, concept, source,
    date '{DAY_0}' + day as event_date, 'child' as whose_record, 'yes' as counts, false as is_adversity
from (
    select person_id, 'domestic_abuse' as concept, 'police_incidents' as source, 0 as day from drawn
    union all
    select person_id, 'emergency_attendance', 'ecds_attendances', attends_on from drawn
    union all
    select person_id, 'mental_health_referral', 'mhsds_referrals', seen_on from drawn
    where seen_on < attends_on
) as happened
"""


@pytest.fixture(scope="module")
def made() -> duckdb.DuckDBPyConnection:
    """Four thousand people, of whom half are frail: marked as female, since that is a characteristic."""
    invented = Invented()
    invented.person("ann")
    invented.but(DRAWN)
    for table in ("in_person", "in_link", "in_coverage", "in_area"):
        invented.but(EVERYBODY.format(table))
    invented.but(
        "update in_person set sex = case when d.is_frail then 'female' else 'male' end "
        "from drawn as d where d.person_id = in_person.person_id"
    )
    invented.but(HAPPENED)
    return invented.make(CLONES)


def ratio(made: duckdb.DuckDBPyConnection, columns: str) -> tuple[float, float, float]:
    """Ratio of risks of being seen against not, and its interval."""
    frame = made.sql(f"select {columns} from ev_person order by person_key, arm").pl()
    found = incidences(frame, Asked(outcome="attended", a="seen", b="not_seen"), 425)
    one = next(one for one in found if one.scale == "rr")
    assert one.est is not None and one.lo is not None and one.hi is not None
    return one.est, one.lo, one.hi


def test_weights_find_no_effect_where_there_is_none(made: duckdb.DuckDBPyConnection) -> None:
    """Without them being seen seems to harm, as those who are frail keep to that arm."""
    without, low, _ = ratio(made, "* exclude (o_attended_w, assignment_weight)")
    assert without > 1.05 and low > 1
    weighted, low, high = ratio(made, "*")
    assert low < 1 < high and abs(weighted - 1) < 0.05


def test_curves_have_the_weights(made: duckdb.DuckDBPyConnection) -> None:
    """They end at the risks that are compared, and not where those who kept to their arm alone would."""
    frame = made.sql("select * from ev_person order by person_key, arm").pl()
    asked = Asked(outcome="attended", a="seen", b="not_seen")
    ends = survival(frame, asked, 425).group_by("arm", maintain_order=True).last()["est"].to_list()
    (difference, *_) = incidences(frame, asked, 425)
    assert difference.est == pytest.approx(ends[0] - ends[1])
    kept = made.sql(
        "select * exclude (o_attended_w, assignment_weight) from ev_person where o_attended_w > 0"
    ).pl()
    without = survival(kept, asked, 425).group_by("arm", maintain_order=True).last()["est"].to_list()
    assert without[0] - without[1] > ends[0] - ends[1] + 0.02


def test_who_kept_to_an_arm_stands_for_all(made: duckdb.DuckDBPyConnection) -> None:
    """Weights of those who stayed add up to nearly everybody, in each arm; of those who left they are 0."""
    total = "select arm, sum(o_attended_w) / count(*) from ev_person group by arm"
    for _, share in made.execute(total).fetchall():
        assert share == pytest.approx(1, abs=0.03)
    left = (
        "select distinct o_attended_w from ev_person where censor_reason = 'arm_switch' and o_attended_d = 0"
    )
    assert made.execute(left).fetchall() == [(0.0,)]
    frail = """
    select arm, sum(assignment_weight) filter (where sex = 'female') / sum(assignment_weight)
    from ev_person group by arm
    """
    for _, share in made.execute(frail).fetchall():
        assert share == pytest.approx(0.5, abs=0.02)


def test_an_event_before_leaving_counts_for_its_own_outcome(made: duckdb.DuckDBPyConnection) -> None:
    """Whoever attends and is not seen by then had kept to "not seen" until the attendance."""
    early = """
    select bool_and(o_attended_w > 0) from ev_person as p inner join drawn as d on d.person_id = p.person_key
    where p.arm = 'not_seen' and o_attended_d = 1 and o_attended_t < 60
    """
    assert made.execute(early).fetchall() == [(True,)]


def test_the_probability_of_keeping_to_an_arm_by_hand() -> None:
    """Of ten, two leave on day 3 and four of the rest on day 5: 0.8 from day 4, 0.4 from day 6."""
    last = np.array([3, 3, 5, 5, 5, 5, 9, 9, 9, 9], dtype=np.float64)
    left = last < 9
    found = keeping(np.ones((10, 1)), last, left)
    assert found[-1] == pytest.approx(0.8 * 0.5, abs=1e-6)


def test_nobody_stands_for_others_where_covariates_tell_all(made: duckdb.DuckDBPyConnection) -> None:
    """Then there is no weight, and no estimate with one."""
    last = np.array([3, 3, 9, 9] * 5, dtype=np.float64)
    columns = np.column_stack([np.ones(20), last == 3])
    assert np.isnan(keeping(columns, last, last == 3)[last == 9]).all()
    frame = made.sql("select * replace (cast(null as double) as o_attended_w) from ev_person").pl()
    (one, *_) = incidences(frame, Asked(outcome="attended", a="seen", b="not_seen"), 425)
    assert one.est is None and "almost completely" in str(one.reason)
