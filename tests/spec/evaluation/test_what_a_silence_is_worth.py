"""Values and their status: a zero must be earned."""

from __future__ import annotations

from datetime import date

import pytest

from tests.invented_study import Invented, on, outcome, study

pytestmark = pytest.mark.slow
YES_NO = ("o_suspended", "o_suspended_st", "o_suspended_pt")
TIME = ("o_first_t", "o_first_d")


@pytest.fixture
def invented() -> Invented:
    return Invented()


def test_nothing_seen_is_a_zero_for_somebody_linked_and_covered(invented: Invented) -> None:
    """Ann could be found, every day was covered, and nothing happened."""
    invented.person("ann")
    assert invented.of("ann", *YES_NO) == (0, 0, 365)


def test_who_is_outside_coverage_is_never_observed(invented: Invented) -> None:
    """Whatever was seen of them: no day, a part, or a day with an event."""
    invented.person("no day", covered_to_day=60)
    invented.person("part", covered_to_day=200)
    invented.person("seen", ("suspended", 100), covered_to_day=200)
    invented.person("seen later", ("suspended", 300), covered_to_day=200)
    made = invented.make()
    found = made.execute(f"select person_key, {', '.join(YES_NO)} from ev_person order by all").fetchall()
    assert found == [
        ("no day", None, 2, 0),
        ("part", None, 3, 140),
        ("seen", 1, 3, 140),
        ("seen later", 1, 3, 140),
    ]


def test_a_gap_takes_its_days_away_and_ends_a_time_to_event(invented: Invented) -> None:
    """Attendances are not known for days 100 to 199: a count has those of other days only."""
    invented.person("ann", ("attended", 150), ("attended", 300))
    part = "(select * replace (date '{}' as interval_{}) from in_coverage where source = 'ecds_attendances')"
    before, after = part.format(on(99), "to"), part.format(on(200), "from")
    invented.but(f"create table parts as select * from {before} union all select * from {after}")
    invented.but("delete from in_coverage where source = 'ecds_attendances'")
    invented.but("insert into in_coverage select * from parts")
    columns = ("o_attended", "o_attended_st", "o_attended_pt", *TIME)
    assert invented.of("ann", *columns) == (1, 3, 265, 39, 0)


def test_who_could_not_be_linked_has_no_value(invented: Invented) -> None:
    """Not even a zero; nor has who should be on a register and is not, or who objected."""
    invented.person("ann", linkable=("mhsds_referrals",))
    invented.person("ben")
    invented.person("cal")
    invented.but("update in_source set register = source = 'ecds_attendances'")
    invented.but(
        "update in_link set withheld = true where person_id = 'cal' and supplier = 'school_exclusions'"
    )
    found = invented.ask(
        "select o_suspended, o_suspended_st, o_attended_st from ev_person order by person_key"
    )
    assert found == [(None, 1, 1), (0, 0, 7), (None, 6, 7)]


def test_who_died_first_had_no_event(invented: Invented) -> None:
    """Followed to the death without a break: a no for certain."""
    invented.person("ann", died=on(200))
    assert invented.of("ann", *YES_NO) == (0, 0, 140)
    invented.person("ben", died=on(200), moved_out=on(150))
    assert invented.of("ben", *YES_NO) == (None, 3, 90)


def test_an_outcome_that_cannot_happen_at_that_age_is_not_applicable(invented: Invented) -> None:
    """Ann is ten; this outcome happens from 14."""
    invented.person("ann")
    of = study(outcomes=[outcome(at_risk_ages=[14, 16])])
    assert invented.of("ann", *YES_NO, study=of) == (None, 5, 0)


def test_a_record_that_cannot_be_judged_is_missing(invented: Invented) -> None:
    """It could be a suspension but for a blank."""
    invented.person("ann", ("suspended", 100))
    invented.but("update in_event set counts = 'unknown' where concept = 'suspension'")
    assert invented.of("ann", *YES_NO) == (None, 4, 365)


def test_events_close_together_are_one_episode(invented: Invented) -> None:
    """Within 10 days of a kept one: 100, 105 and 110 are one, 111 begins the next; 121 belongs to it."""
    invented.person("ann", *(("attended", day) for day in (100, 105, 110, 111, 121)))
    attended = {"concept": "emergency_attendance", "source": "ecds_attendances"}
    of = study(outcomes=[outcome("count", event=attended, dedup_days=10)])
    made = invented.make(of)
    assert made.execute("select o_suspended from ev_person").fetchone() == (2,)
    events = (
        "select day, episode_no, is_kept, n_merged, dup_of from ev_event where role = 'outcome' order by day"
    )
    assert [row[:4] for row in made.execute(events).fetchall()] == [
        (100, 1, True, 3),
        (105, 1, False, 3),
        (110, 1, False, 3),
        (111, 2, True, 2),
        (121, 2, False, 2),
    ]


def test_a_time_to_event_counts_its_day_and_what_competes(invented: Invented) -> None:
    """Day 61 is the first day at risk; a death is 2, the end of follow-up 0."""
    invented.person("event", ("attended", 61), died=on(62))
    invented.person("death", died=on(62))
    invented.person("neither")
    found = invented.ask(f"select person_key, {', '.join(TIME)} from ev_person order by all")
    assert found == [("death", 2, 2), ("event", 1, 1), ("neither", 365, 0)]


def test_a_yes_or_no_has_a_time_too(invented: Invented) -> None:
    """For whoever could be seen for a part: a death before it competes, whether or not the study says so."""
    invented.person("event", ("suspended", 100))
    invented.person("death", died=on(200))
    invented.person("part", covered_to_day=200)
    invented.person("never", covered_to_day=60)
    columns = "o_suspended, o_suspended_t, o_suspended_d, o_suspended_e"
    assert invented.ask(f"select person_key, {columns} from ev_person order by all") == [
        ("death", 0, 140, 2, 0),
        ("event", 1, 40, 1, 0),
        ("never", None, None, None, None),
        ("part", None, 140, 0, 0),
    ]


def test_days_before_somebody_could_be_seen_are_not_at_risk(invented: Invented) -> None:
    """Ann can be linked from day 71: her tenth day at risk is the twentieth of the window."""
    late = study(index={**study().index.model_dump(mode="json"), "max_entry_delay_days": 30})  # type: ignore[union-attr]
    invented.person("ann", ("attended", 80))
    invented.but(f"update in_link set linkable_from = date '{on(71)}'")
    columns = ("o_first_t", "o_first_d", "o_first_e", "o_first_pt")
    assert invented.of("ann", *columns, study=late) == (20, 1, 10, 10)


def test_days_of_spells_are_counted_once(invented: Invented) -> None:
    """Two spells that overlap, and one that runs on beyond the end of the window."""
    invented.person("ann", *(("suspended", day) for day in (100, 102, 420)))
    closed = " ".join(f"when date '{on(a)}' then date '{on(b)}'" for a, b in ((100, 104), (102, 109)))
    ends = f"case event_date {closed} end"
    invented.but(f"update in_event set end_date = {ends} where concept = 'suspension'")
    assert invented.of("ann", "o_suspended", study=study(outcomes=[outcome("days")])) == (10 + 6,)


def test_covariates_are_earned_alike(invented: Invented) -> None:
    """A year before that is covered in part tells of what was seen, and nothing else."""
    before = {"concept": "suspension", "source": "school_exclusions", "window": [-365, -1]}
    of = study(covariates=[{"id": "before", "kind": "binary", "event": before}])
    invented.person("ann")
    invented.person("ben")
    invented.person("cal", ("suspended", -50))
    invented.but(f"update in_coverage set interval_from = date '{on(-100)}' where person_id <> 'ann'")
    found = invented.ask("select x_before, x_before_st from ev_person order by person_key", of)
    assert found == [(0, 0), (None, 3), (1, 3)]


ADVERSITY = {
    "window": [-3650, -1],
    "domains": ["neglect", "sexual_abuse", "parental_offending"],
    "age_bands_years": [[0, 5], [5, 18]],
    "dedup_days": 30,
    "score": {"rule": "count_domains", "min_observable": 2, "categories": ["0", "1", "2+"]},
}


def test_adversity_has_a_dose_a_time_and_bounds(invented: Invented) -> None:
    """Two episodes of neglect, the first at three; a parent's offences could be seen by nobody."""
    invented.person("ann")
    for number, day in enumerate((date(2015, 3, 1), date(2015, 3, 20), date(2016, 6, 1))):
        invented.more.setdefault("in_event", []).append(
            {
                "person_id": "ann",
                "event_id": f"n{number}",
                "source_event_id": f"n{number}",
                "concept": "neglect",
                "source": "police_incidents",
                "event_date": day,
                "whose_record": "child",
                "counts": "yes",
                "is_adversity": True,
                "in_score": True,
            }
        )
    invented.but("update in_domain set read_from = 'parent' where domain = 'parental_offending'")
    of = study(adversity=ADVERSITY)
    columns = (
        "a_neglect",
        "a_neglect_n",
        "a_neglect_fb",
        "a_neglect_st",
        "a_sexual_abuse",
        "a_parental_offending",
    )
    assert invented.of("ann", *columns, study=of) == (True, 2, "0-4", 0, False, None)
    scores = (
        "a_domains_obs",
        "a_score",
        "a_score_cat",
        "a_score_min",
        "a_score_max",
        "a_score_b1",
        "a_score_b2",
    )
    assert invented.of("ann", *scores, study=of) == (2, 1, "1", 1, 2, 1, 0)


def test_a_score_counts_records_of_its_own_set(invented: Invented) -> None:
    """A domain may hold other records, too: they are told, and do not count."""
    invented.person("ann", ("incident", -400))
    invented.but(f"update in_event set is_adversity = true, in_score = event_date <> date '{on(-400)}'")
    domains = {**ADVERSITY, "domains": ["domestic_abuse", "neglect"]}
    index = {"event": {"concept": "domestic_abuse", "source": "police_incidents"}, "pick": "last"}
    of = study(adversity=domains, index=index)
    columns = ("a_domestic_abuse", "a_domestic_abuse_n", "a_score", "a_score_max")
    assert invented.of("ann", *columns, study=of) == (True, 1, 0, 0)
