"""Who is in a study, from when to when they count, and why their time ends."""

from __future__ import annotations

from datetime import date

import pytest

from tests.invented_study import DAY_0, Invented, on, outcome, study

pytestmark = pytest.mark.slow
AGES = {"outcomes": [outcome(at_risk_ages=[5, 10])]}


@pytest.fixture
def invented() -> Invented:
    return Invented()


def test_the_first_arm_that_fits_is_taken_when_it_is_decided(invented: Invented) -> None:
    """Ann is seen after two weeks, Ben in the third month, which is too late for the arm."""
    invented.person("ann", ("seen", 14))
    invented.person("ben", ("seen", 61))
    found = invented.ask("select person_key, arm, arm_decided_day from ev_cohort order by person_key")
    assert found == [("ann", "seen", 14), ("ben", "not_seen", 60)]


def test_follow_up_starts_after_the_landmark_and_no_time_is_immortal(invented: Invented) -> None:
    """Who dies, leaves or has the outcome before day 60 is in no arm, whether or not they had been seen."""
    invented.person("stays", ("seen", 50))
    invented.person("dies", ("seen", 10), died=on(40))
    invented.person("dies unseen", died=on(40))
    invented.person("leaves", moved_out=on(59))
    invented.person("suspended", ("suspended", 30))
    made = invented.make()
    lost = dict(made.execute("select person_key, first_failed from ev_cohort").fetchall())
    assert lost == {
        "stays": None,
        "dies": "landmark",
        "dies unseen": "landmark",
        "leaves": "landmark",
        "suspended": "landmark",
    }
    assert made.execute("select person_key, fu_start, fu_days from ev_person").fetchall() == [
        ("stays", on(61), 365)
    ]
    before = "select count(*) from ev_person where fu_start <= index_date + 60 or o_first_t > fu_days"
    assert made.execute(before).fetchone() == (0,)


@pytest.mark.parametrize(
    ("facts", "ends", "reason"),
    [
        ({}, on(425), "horizon"),
        ({"died": on(200)}, on(200), "death"),
        ({"moved_out": on(200)}, on(200), "moved_out"),
        ({"covered_to_day": 200}, on(200), "coverage_end"),
        ({"died": on(200), "moved_out": on(200)}, on(200), "death"),
        ({"died": on(201), "moved_out": on(200)}, on(201), "death"),
    ],
)
def test_the_earliest_reason_ends_follow_up(
    invented: Invented, facts: dict[str, object], ends: date, reason: str
) -> None:
    """Of two on one day the first listed; a residence closed before a death does not come first."""
    invented.person("ann", **facts)
    assert invented.of("ann", "fu_end", "fu_days", "censor_reason") == (ends, (ends - on(60)).days, reason)


def test_the_end_of_the_study_ends_everything(invented: Invented) -> None:
    """Nothing counts after its last day."""
    invented.person("ann", ("suspended", 400))
    short = study(study_period={"start": "2020-04-01", "end": str(on(300))})
    found = invented.of("ann", "fu_end", "censor_reason", "o_suspended", "o_suspended_st", study=short)
    assert found == (on(300), "study_end", None, 3)


def test_days_of_grace_after_the_last_residence_count(invented: Invented) -> None:
    """A move shows late in registers: with 28 days of grace the time goes on for as long."""
    invented.person("ann", ("attended", 220), moved_out=on(200))
    grace = study(followup={"start_days": 61, "horizon_days": 425, "moved_out_grace_days": 28})
    columns = ("fu_end", "censor_reason", "o_attended", "o_attended_pt")
    assert invented.of("ann", *columns, study=grace) == (on(228), "moved_out", 1, 168)
    assert invented.of("ann", *columns) == (on(200), "moved_out", 0, 140)


def test_an_age_limit_ends_the_time_at_risk(invented: Invented) -> None:
    """At risk of suspension up to age 10 here; Ann, born in May 2011, turns 11 on day 348."""
    invented.person("ann")
    found = invented.of("ann", "fu_end", "censor_reason", "o_suspended_pt", study=study(**AGES))
    assert found == (date(2022, 5, 14), "age_limit", (date(2022, 5, 14) - on(60)).days)


def test_a_person_who_becomes_linkable_late_enters_late_or_not_at_all(invented: Invented) -> None:
    """Ten days late is within the 30 that this study allows; 40 is not."""
    late = study(index={**study().index.model_dump(mode="json"), "max_entry_delay_days": 30})  # type: ignore[union-attr]
    for name, days in (("ann", 10), ("ben", 40)):
        invented.person(name)
        invented.but(
            f"update in_link set linkable_from = date '{on(61 + days)}' "
            f"where person_id = '{name}' and supplier = 'school_exclusions'"
        )
    assert invented.of("ann", "entry_days", "fu_start", study=late) == (10, on(71))
    found = invented.ask("select first_failed from ev_cohort where person_key = 'ben'", late)
    assert found == [("entry",)]


def test_the_look_back_must_be_covered_and_without_the_same_event(invented: Invented) -> None:
    """Otherwise the first event that is seen may not be the first."""
    looks = {"event": {"concept": "domestic_abuse", "source": "police_incidents"}}
    back = study(index={**looks, "lookback_required_days": 365})
    invented.person("ann")
    invented.person("ben")
    invented.person("cal", ("incident", -430), ("incident", -300), index=False)
    invented.but(f"update in_coverage set interval_from = date '{on(-100)}' where person_id = 'ben'")
    found = dict(invented.ask("select person_key, first_failed from ev_cohort", back))
    assert found == {"ann": None, "ben": "lookback", "cal": "lookback"}


@pytest.mark.parametrize(("pick", "days"), [("first", [0]), ("last", [90]), ("every", [0, 30, 90])])
def test_which_event_is_day_0(invented: Invented, pick: str, days: list[int]) -> None:
    """The first within the study, the last, or each, as a trial of its own."""
    invented.person("ann", ("incident", 30), ("incident", 90), ("incident", 90))
    index = {"event": {"concept": "domestic_abuse", "source": "police_incidents"}, "pick": pick}
    found = invented.ask("select index_date, trial_no from ev_cohort order by trial_no", study(index=index))
    assert found == [(on(day), number) for number, day in enumerate(days, 1)]


def test_every_rule_is_answered_for_everybody(invented: Invented) -> None:
    """With the day on which it was so; the first that fails is told, the others are answered all the same."""
    rules = [
        {"id": "young", "label": "Under 10", "keep": {"age_at_index": {"max_years": 9}}},
        {
            "id": "attended",
            "label": "Attended twice in the year before",
            "keep": {
                "event": {
                    "concept": "emergency_attendance",
                    "source": "ecds_attendances",
                    "window": [-365, -1],
                    "at_least": 2,
                }
            },
        },
        {
            "id": "either",
            "label": "A girl, or from elsewhere",
            "drop": {
                "any": [
                    {"attribute": {"name": "sex", "one_of": ["male"]}},
                    {"not": {"resident": {"before_days": 365}}},
                ]
            },
        },
    ]
    invented.person("ann", ("attended", -20), ("attended", -10), ("attended", -5))
    invented.person("ben", ("attended", -20), sex="M")
    columns = "first_failed, crit_young, crit_attended, crit_attended_date, crit_either"
    found = invented.ask(f"select {columns} from ev_cohort order by person_key", study(eligibility=rules))
    assert found == [("young", False, True, on(-10), True), ("young", False, False, None, False)]


def test_clones_keep_to_their_arm_until_they_leave_it(invented: Invented) -> None:
    """Ann, seen on day 20, leaves "not seen" the day before; Ben leaves "seen" on day 60."""
    clones = study(
        assignment={"strategy": "clone_censor_weight"},
        followup={"start_days": 1, "horizon_days": 425},
        outcomes=[outcome(window=[1, 425])],
    )
    invented.person("ann", ("seen", 20))
    invented.person("ben")
    found = invented.ask(
        "select person_key, arm, censor_reason, date_diff('day', index_date, fu_end) from ev_person "
        "order by all",
        clones,
    )
    assert found == [
        ("ann", "not_seen", "arm_switch", 19),
        ("ann", "seen", "horizon", 425),
        ("ben", "not_seen", "horizon", 425),
        ("ben", "seen", "arm_switch", 60),
    ]


CROWD = 6000
DRAWN = """
create table drawn as select
    'p' || i as person_id,
    cast(ceil(-200 * ln((hash(i) % 1000003 + 1) / 1000004)) as integer) as attends_on,
    case when hash(i + 500000) % 2 = 0 then cast(hash(i + 900000) % 61 as integer) end as seen_on
from range({crowd}) as r (i)
"""
RECORDED = """
insert into in_event by name
select person_id, person_id || concept as event_id, event_id as source_event_id, concept, source,
    date '{day_0}' + day as event_date, 'child' as whose_record, 'yes' as counts, false as is_adversity
from (
    select person_id, 'domestic_abuse' as concept, 'police_incidents' as source, 0 as day from drawn
    union all
    select person_id, 'emergency_attendance', 'ecds_attendances', attends_on from drawn
    union all
    -- nobody is seen for it any more once it has happened
    select person_id, 'mental_health_referral', 'mhsds_referrals', seen_on from drawn
    where seen_on < attends_on
) as happened
"""
LIKE_ANN = """
insert into {0} select t.* replace (d.person_id as person_id)
from {0} as t, drawn as d where t.person_id = 'ann'
"""
OURS = "select arm, sum(cast(o_suspended_d = 1 as integer)) / sum(o_suspended_t) from ev_person group by arm"
NAIVE = """
select coalesce(seen_on < attends_on, false),
    sum(cast(attends_on <= 425 as integer)) / sum(least(attends_on, 425))
from drawn group by 1
"""


def test_a_landmark_shows_no_benefit_where_there_is_none(invented: Invented) -> None:
    """Attendances come at random, whoever is seen; being seen takes living without one until then.

    Counted from day 1 by what happens later, being seen seems to protect, as the days until it are immortal.
    """
    invented.person("ann")
    invented.but(DRAWN.format(crowd=CROWD))
    for table in ("in_person", "in_link", "in_coverage", "in_area"):
        invented.but(LIKE_ANN.format(table))
    invented.but(RECORDED.format(day_0=DAY_0))
    attended = {"concept": "emergency_attendance", "source": "ecds_attendances"}
    made = invented.make(study(outcomes=[outcome("time_to_event", event=attended)]))
    ours, naive = (dict(made.execute(sql).fetchall()) for sql in (OURS, NAIVE))
    assert 0.9 < ours["seen"] / ours["not_seen"] < 1.1
    assert naive[True] / naive[False] < 0.85


def test_a_recorded_event_can_end_the_time_at_risk(invented: Invented) -> None:
    """Here an attendance: the day before it is the last, and what comes after does not count."""
    attended = {"concept": "emergency_attendance", "source": "ecds_attendances"}
    follow = {"start_days": 61, "horizon_days": 425, "censor_events": [attended]}
    of = study(followup=follow, outcomes=[outcome("count")])
    invented.person("ann", ("suspended", 100), ("attended", 200), ("suspended", 300))
    columns = ("fu_end", "censor_reason", "o_suspended", "o_suspended_st", "o_suspended_pt")
    assert invented.of("ann", *columns, study=of) == (on(199), "emergency_attendance", 1, 3, 139)


def test_an_objection_ends_the_time_with_every_source(invented: Invented) -> None:
    """Where the study says so. What the supplier of the objection told is hidden altogether either way."""
    invented.person("ann", ("attended", 100), ("attended", 300))
    objection = f"withheld = true, withheld_from = date '{on(200)}'"
    invented.but(f"update in_link set {objection} where supplier = 'mhsds_referrals'")
    columns = ("censor_reason", "o_attended", "o_attended_st", "o_attended_pt")
    assert invented.of("ann", *columns) == ("horizon", 2, 0, 365)
    reasons = ["death", "moved_out", "coverage_end", "study_end", "opt_out"]
    follow = {"start_days": 61, "horizon_days": 425, "censor_at": reasons}
    assert invented.of("ann", *columns, study=study(followup=follow)) == ("opt_out", 1, 3, 139)
