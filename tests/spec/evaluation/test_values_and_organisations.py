"""Events that carry a value, such as a score or the sessions of a term, and the organisation they are of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.invented_study import STUDY, Invented, on, outcome, study

pytestmark = pytest.mark.slow
SCORE = {"concept": "sdq_total", "source": "mhsds_referrals"}
ABSENCE = {"concept": "absence_share", "source": "school_exclusions"}
MISSED = ("o_missed", "o_missed_st", "o_missed_pt")


@pytest.fixture
def invented() -> Invented:
    return Invented()


def record(invented: Invented, name: str, event: dict[str, str], day: int, **facts: Any) -> None:
    """Something more that is recorded of a person."""
    rows = invented.more.setdefault("in_event", [])
    id_ = f"more {len(rows)}"
    common = {"person_id": name, "event_id": id_, "source_event_id": id_, **event, "event_date": on(day)}
    rows.append({**common, "whose_record": "child", "counts": "yes", "is_adversity": False, **facts})


def term(invented: Invented, name: str, first: int, last: int, missed: float, possible: float) -> None:
    """The sessions of a term, which has no days of its own."""
    record(invented, name, ABSENCE, first, end_date=on(last), value=missed, denominator=possible)


def scored(kind: str) -> dict[str, Any]:
    return {"id": "score", "role": "secondary", "kind": kind, "event": SCORE, "window": [61, 425]}


def test_a_score_is_the_last_of_its_window(invented: Invented) -> None:
    """Ann's 17 comes after the window; Ben's was recorded without a total; nobody measured Cal."""
    for name in ("ann", "ben", "cal"):
        invented.person(name)
    for day, points in ((70, 25.0), (400, 14.0), (430, 17.0)):
        record(invented, "ann", SCORE, day, value=points)
    record(invented, "ben", SCORE, 100)
    of = study(outcomes=[outcome(), scored("continuous")])
    found = invented.ask("select o_score, o_score_st from ev_person order by person_key", of)
    assert found == [(14.0, 0), (None, 4), (None, 4)]


def test_a_score_before_is_a_covariate(invented: Invented) -> None:
    """The latest of the year before day 0."""
    invented.person("ann")
    for day, points in ((-300, 25.0), (-20, 14.0), (20, 9.0)):
        record(invented, "ann", SCORE, day, value=points)
    before = {"id": "score", "kind": "latest", "event": {**SCORE, "window": [-365, -1]}}
    assert invented.of("ann", "x_score", "x_score_st", study=study(covariates=[before])) == (14.0, 0)


def missed(kind: str = "continuous") -> dict[str, Any]:
    return {"id": "missed", "role": "secondary", "kind": kind, "event": ABSENCE, "window": [61, 425]}


def test_whole_terms_count_and_no_part_of_one(invented: Invented) -> None:
    """Of four terms two lie within the window: 10 and 20 of 100 sessions were missed. `_pt` has the days."""
    invented.person("ann")
    for first, last, sessions in ((0, 90, 99), (100, 190, 10), (200, 299, 20), (400, 490, 99)):
        term(invented, "ann", first, last, sessions, 100)
    of = study(outcomes=[outcome(), missed()])
    assert invented.of("ann", *MISSED, study=of) == (0.15, 0, 91 + 100)


def test_a_term_that_is_not_covered_throughout_does_not_count(invented: Invented) -> None:
    """Ben is covered for the first of two terms and the beginning of the second; Cal for none of either."""
    for name, last in (("ann", None), ("ben", 250), ("cal", 120)):
        invented.person(name, **({"covered_to_day": last} if last else {}))
        term(invented, name, 100, 190, 10, 100)
    term(invented, "ann", 200, 299, 20, 100)
    of = study(outcomes=[outcome(), missed()])
    found = invented.ask(f"select {', '.join(MISSED)} from ev_person order by person_key", of)
    assert found == [(0.15, 0, 191), (0.1, 3, 91), (None, 2, 0)]


def test_a_window_without_a_whole_term_is_not_covered(invented: Invented) -> None:
    """A term began before it, another ended after it."""
    invented.person("ann")
    term(invented, "ann", 0, 90, 10, 100)
    term(invented, "ann", 400, 490, 10, 100)
    of = study(outcomes=[outcome(), missed()])
    assert invented.of("ann", *MISSED, study=of) == (None, 2, 0)


def test_a_period_has_the_share_of_its_own_terms(invented: Invented) -> None:
    """Quarters from day 0: a term that runs on into the next quarter is in neither."""
    invented.person("ann")
    for first, last, sessions in ((95, 150, 10), (160, 200, 99), (280, 330, 20)):
        term(invented, "ann", first, last, sessions, 100)
    panel = {"every": "3 months", "from_days": 0, "to_days": 365}
    of = study(outcomes=[outcome(), missed()], panel=panel)
    found = invented.ask("select period, o_missed, o_missed_st from ev_period order by period", of)
    assert found[1:4] == [(1, 0.1, 0), (2, None, 4), (3, 0.2, 0)]


def with_schools(invented: Invented) -> dict[str, Any]:
    """Ann is on the roll of one school on day 0 and Ben of another; Ann was there before."""
    for name, stays in (("ann", [("S1", -900, -1), ("S2", 0, 900)]), ("ben", [("S1", -900, 900)])):
        invented.person(name, ("suspended", 100))
        invented.more.setdefault("in_organisation", []).extend(
            {
                "person_id": name,
                "kind": "school",
                "organisation_id": school,
                "valid_from": on(first),
                "valid_to": on(last),
            }
            for school, first, last in stays
        )
    return {"design": {"type": "cohort", "unit": "school"}}


def test_people_of_one_school_are_alike(invented: Invented) -> None:
    """The school on day 0 is the unit of a study of schools, and what errors are clustered by."""
    of = study(**with_schools(invented))
    columns = "organisation_id, cluster_key"
    found = invented.ask(f"select {columns} from ev_person order by person_key", of)
    assert found == [("S2", "S2"), ("S1", "S1")]
    invented.person("cal")
    unknown = "select cluster_key from ev_person where person_key = 'cal'"
    assert invented.ask(unknown, of) == [("unknown",)]
    del invented.people["cal"]
    shared = study(design={"type": "cohort", "cluster": "school"})
    assert invented.ask(f"select {columns} from ev_person order by person_key", shared) == found


def test_an_organisation_is_a_characteristic(invented: Invented) -> None:
    """That rules can ask for, as for any other."""
    rule = {"attribute": {"name": "organisation_id", "one_of": ["S1"]}}
    rules = [{"id": "there", "label": "At school S1", "keep": rule}]
    of = study(**with_schools(invented), eligibility=rules)
    assert invented.ask("select person_key from ev_person", of) == [("ben",)]


def test_an_index_event_says_where_it_was(invented: Invented) -> None:
    """Where nothing is known of a stay; and each event keeps its own."""
    invented.person("ann", ("suspended", 100))
    invented.but("update in_event set organisation_id = 'W1' where concept = 'domestic_abuse'")
    invented.but("update in_event set organisation_id = 'S9' where concept = 'suspension'")
    made = invented.make()
    assert made.execute("select organisation_id from ev_person").fetchall() == [("W1",)]
    places = "select role, organisation_id from ev_event order by role"
    assert made.execute(places).fetchall()[:2] == [("index", "W1"), ("outcome", "S9")]


def test_a_school_can_be_the_unit_that_starts(invented: Invented, tmp_path: Path) -> None:
    """School S2 starts its policy in September, S1 never."""
    (tmp_path / "policy.csv").write_text("unit,start\nS1,\nS2,2021-09-01\n", encoding="utf-8")
    schools = with_schools(invented)
    of = study(
        design={"type": "did", "unit": "school"},
        rollout={"file": "policy.csv"},
        study_period={"start": "2021-01-01", "end": "2021-12-31"},
        index={"date": str(on(0))},
        arms=[],
        assignment=None,
        followup={"start_days": 0, "horizon_days": 200},
        outcomes=[{**STUDY["outcomes"][1], "window": [0, 200]}],
        panel={"every": "1 quarter", "from_days": 0, "to_days": 364, "anchor": "calendar"},
    )
    assert schools["design"]["unit"] == of.design.unit
    columns = "cluster_key, max(first_treated_period), max(cast(exposed as integer))"
    made = invented.make(of, tmp_path)
    assert made.execute(f"select {columns} from ev_period group by 1 order by 1").fetchall() == [
        ("S1", 0, 0),
        ("S2", 3, 1),
    ]


def test_a_covariate_can_be_taken_anew_in_each_period(invented: Invented) -> None:
    """The latest score of the year before each quarter, and the place lived in on its first day."""
    invented.person("ann")
    for day, points in ((-300, 25.0), (100, 14.0)):
        record(invented, "ann", SCORE, day, value=points)
    invented.more["in_residence"] = [
        {"person_id": "ann", "imd_quintile": 1, "valid_from": on(-4000), "valid_to": on(150)},
        {"person_id": "ann", "imd_quintile": 5, "valid_from": on(151), "valid_to": on(4000)},
    ]
    score = {"id": "score", "kind": "latest", "event": {**SCORE, "window": [-365, -1]}, "time_varying": True}
    place = {"id": "imd_quintile", "kind": "attribute", "from": "residence", "time_varying": True}
    of = study(
        covariates=[score, place], panel={"every": "3 months", "from_days": 0, "to_days": 365}, subgroups=[]
    )
    made = invented.make(of)
    found = "select period, x_score, x_imd_quintile from ev_period where period < 4 order by period"
    assert made.execute(found).fetchall() == [(0, 25.0, 1), (1, None, 1), (2, 14.0, 5), (3, 14.0, 5)]
    assert made.execute("select x_score, x_imd_quintile from ev_person").fetchall() == [(25.0, 1)]
