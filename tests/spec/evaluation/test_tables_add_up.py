"""What holds of the tables together: they add up, a second run gives the same, two studies share no key."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from outcome_linkage.evaluation.answers.answer import answer
from outcome_linkage.evaluation.engine.attrition import DoesNotAddUp, check_attrition, stages
from outcome_linkage.evaluation.engine.examples import disappointed
from outcome_linkage.evaluation.engine.keys import secret_of
from outcome_linkage.evaluation.engine.plan import tables_of
from outcome_linkage.evaluation.engine.store import Stamp, store, write_parquet_beside
from outcome_linkage.evaluation.load import load
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import Record
from tests.invented_study import STUDY, Invented, on, study
from tests.spec.evaluation.installation import BAD, GOOD

pytestmark = pytest.mark.slow
PANEL = {"every": "1 month", "from_days": -90, "to_days": 425}


@pytest.fixture
def invented() -> Invented:
    return Invented()


def crowd(invented: Invented) -> Invented:
    """Forty people, of whom some die, leave or are covered for a while, with attendances on many days."""
    for n in range(40):
        events = [("attended", 61 + (n * 37 + k * 53) % 365) for k in range(n % 4)]
        facts: dict[str, object] = {"sex": "FM"[n % 2]}
        if n % 5 == 1:
            facts["died"] = on(40 + n * 9)
        if n % 7 == 2:
            facts["moved_out"] = on(50 + n * 8)
        if n % 6 == 3:
            facts["covered_to_day"] = 90 + n * 5
        invented.person(f"p{n:02}", *events, *([("seen", n)] if n % 3 == 0 else []), **facts)
    return invented


def test_the_flow_of_people_adds_up(invented: Invented) -> None:
    """From the rows of the delivery to the people analysed: came = lost + stayed, and nothing grows."""
    made = crowd(invented).make()
    flow = made.execute(
        "select criterion_id, n_persons_in, n_persons_excluded, n_persons_out, n_records_in, n_records_out "
        "from ev_attrition where arm = 'all' order by step"
    ).fetchall()
    assert flow[0] == ("delivered", 40, 0, 40, 1000, 1000)
    assert flow[1] == ("accepted", 40, 0, 40, 1000, 900)
    assert all(came == lost + stayed for _, came, lost, stayed, _, _ in flow)
    assert [row[3] for row in flow[:-1]] == [row[1] for row in flow[1:]]
    final = made.execute("select count(*) from ev_person").fetchone()
    assert final == (flow[-1][3],) and 0 < flow[-1][3] < 40
    lost = dict(made.execute("select first_failed, count(*) from ev_cohort group by 1").fetchall())
    assert {name: n for name, _, n, _, _, _ in flow if n} == {k: n for k, n in lost.items() if k}


def test_a_flow_that_does_not_add_up_fails_the_run(invented: Invented) -> None:
    """Somebody who vanishes between two tables is no small matter."""
    made = crowd(invented).make()
    made.execute("delete from ev_person where person_key = (select min(person_key) from ev_person)")
    with pytest.raises(DoesNotAddUp, match="other people than ev_person"):
        check_attrition(made)
    made.execute("update ev_attrition set n_persons_out = n_persons_out + 1 where step = 4")
    with pytest.raises(DoesNotAddUp, match="no step accounts for"):
        check_attrition(made)


@pytest.mark.parametrize("every", ["1 month", "2 weeks", "1 quarter"])
def test_a_panel_adds_up_to_the_person(invented: Invented, every: str) -> None:
    """Events and days at risk of all periods are those of the person; a yes is a yes in some period."""
    made = crowd(invented).make(study(panel={**PANEL, "every": every}))
    differ = """
    select p.person_key from ev_person as p inner join ev_period as d on d.person_key = p.person_key
    group by p.person_key, p.o_attended, p.o_attended_pt, p.o_suspended
    having coalesce(sum(d.o_attended), 0) <> coalesce(p.o_attended, 0)
        or sum(d.o_attended_pt) <> p.o_attended_pt
        or (max(d.o_suspended) = 1) <> (p.o_suspended = 1)
    """
    assert made.execute(differ).fetchall() == []
    assert made.execute("select sum(o_attended) from ev_period").fetchone() > (10,)
    unbroken = """
    select count(*) from (select tstart, lag(tstop) over (partition by person_key order by period) as before
    from ev_period) where tstart <> before
    """
    assert made.execute(unbroken).fetchone() == (0,)
    outside = "select count(*) from ev_period where o_attended_pt = 0 and o_attended_st = 0"
    assert made.execute(outside).fetchone() == (0,)


def test_an_arm_alone_with_a_level_is_told(invented: Invented) -> None:
    """Standardised differences compare with the first arm; levels that only one has are disjoint."""
    for n in range(6):
        invented.person(f"p{n}", *([("seen", 3)] if n < 3 else []), sex="F" if n < 3 else "MF"[n % 2])
    found = invented.ask(
        "select level, arm, n, flag from ev_balance where variable = 'sex' order by level, arm"
    )
    assert found == [
        ("female", "not_seen", 2, "imbalanced"),
        ("female", "seen", 3, None),
        ("male", "not_seen", 1, "disjoint"),
        ("male", "seen", 0, None),
    ]


WARNING = {"bound": 1, "action": "warn"}
OPEN_TO_ALL = {
    "status": "registered",
    "covariates": [{"id": "sex", "kind": "attribute", "from": "person"}],
    "estimates": {"bootstrap_draws": 20},
    "diagnostics": dict.fromkeys(
        ("max_smd", "min_overlap", "max_mdrr", "max_linkage_difference", "min_covered"), WARNING
    ),
}
"""A registered study whose diagnostics only warn."""


def stored(of: Evaluation, made: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, bytes]:
    tables = tables_of(of)
    answer(made, of, tables)
    stamp = Stamp(of.id, of.version, "0" * 64, "run")
    store(made, of, tables, stamp, secret_of(of.id, b"s" * 32), Record("ev", "", "", 0, ""))
    files = write_parquet_beside(made, of, tables, folder)
    return {name: path.read_bytes() for name, path in files.items()}


def test_a_second_run_gives_the_same_bytes(invented: Invented, tmp_path: Path) -> None:
    """Every table and estimate, whatever order the people came in."""
    of = study(panel=PANEL, **OPEN_TO_ALL)
    first = stored(of, crowd(invented).make(of), tmp_path / "first")
    again = Invented(dict(reversed(invented.people.items())))
    assert stored(of, again.make(of), tmp_path / "second") == first
    assert set(first) == set(tables_of(of))
    assert pl.read_parquet(tmp_path / "first" / "ev_estimates.parquet")["est"].count() > 0


def test_two_evaluations_share_no_key(invented: Invented, tmp_path: Path) -> None:
    """Neither of persons nor of events, and no table holds the id that linkage gave."""
    crowd(invented)
    keys: list[set[str]] = []
    for name in ("invented", "other"):
        of = study(id=name)
        made = invented.make(of)
        texts = stored(of, made, tmp_path / name)
        assert not any(b"p01" in text for text in texts.values())
        ids = "select person_key from {0}.ev_person union select event_id from {0}.ev_event"
        keys.append({row[0] for row in made.execute(ids.format(f"ev_{name}")).fetchall()})
    assert len(keys[0]) == len(keys[1]) > 40
    assert not keys[0] & keys[1]


def test_examples_are_taken_through_the_study() -> None:
    """Those of the good file come out as expected; the one with a wrong expectation does not."""
    good, bad = load(GOOD, {}).study, load(next(BAD.glob("EV160*")), {}).study
    assert good is not None and list(disappointed(good)) == []
    assert bad is not None
    (fault,) = disappointed(bad)
    assert (fault.code, fault.path) == ("EV160", ("examples", 0, "expect", "suspended"))
    assert (fault.facts["expected"], fault.facts["got"]) == ("0", "1")


@pytest.mark.shared
def test_the_examples_of_the_specification_come_out_as_expected(real_data: Path) -> None:
    """A landmark study with support by day 90."""
    loaded = load(real_data.parent / "evaluation_example.yaml", {})
    assert loaded.study is not None and list(disappointed(loaded.study)) == []


@pytest.mark.parametrize("panel", [None, PANEL])
def test_time_before_an_exposure_is_time_unexposed(
    invented: Invented, panel: dict[str, object] | None
) -> None:
    """Ann is seen on day 20: her days to the 19th are "not seen", with what happened on them; all Ben's."""
    invented.person("ann", ("attended", 10), ("seen", 20), ("attended", 20))
    invented.person("ben", ("attended", 30))
    changing = study(
        assignment={"strategy": "time_varying"},
        followup={"start_days": 1, "horizon_days": 425},
        outcomes=[{**outcome, "window": [1, 425]} for outcome in STUDY["outcomes"]],
        **({"panel": panel} if panel else {}),
    )
    of_each = """
    select person_key, arm, exposed, sum(o_attended), sum(o_attended_pt) from ev_period
    where o_attended_pt > 0 group by all order by all
    """
    made = invented.make(changing)
    assert made.execute(of_each).fetchall() == [
        ("ann", "not_seen", False, 1, 19),
        ("ann", "seen", True, 1, 406),
        ("ben", "not_seen", False, 1, 425),
    ]
    twice = "select count(*) - count(distinct (person_key, trial_no, period)) from ev_period"
    assert made.execute(twice).fetchone() == (0,)
    assert made.execute("select period from ev_period where tstart = 0 or tstop = 20").fetchall()


def test_a_rollout_decides_who_is_exposed_when(invented: Invented, tmp_path: Path) -> None:
    """Ann's area starts in July 2021, Ben's never; periods of the calendar are numbered from 1."""
    (tmp_path / "areas.csv").write_text("unit,start\nE1,2021-07-01\nE2,\n", encoding="utf-8")
    for name, area in (("ann", "E1"), ("ben", "E2")):
        invented.person(name, ("attended", 100))
        invented.but(f"update in_person set la_code = '{area}' where person_id = '{name}'")
    of = study(
        design={"type": "did", "unit": "area"},
        rollout={"file": "areas.csv"},
        study_period={"start": "2021-01-01", "end": "2021-12-31"},
        index={"date": "2021-01-01"},
        arms=[],
        assignment=None,
        followup={"start_days": 0, "horizon_days": 364},
        outcomes=[{**STUDY["outcomes"][1], "window": [0, 364]}],
        panel={"every": "1 quarter", "from_days": 0, "to_days": 364, "anchor": "calendar"},
    )
    columns = "cluster_key, period, exposed, first_treated_period, event_time, o_attended"
    made = invented.make(of, tmp_path)
    assert made.execute(f"select {columns} from ev_period order by person_key, period").fetchall() == [
        ("E1", 1, False, 3, -2, 0),
        ("E1", 2, False, 3, -1, 0),
        ("E1", 3, True, 3, 0, 1),
        ("E1", 4, True, 3, 1, 0),
        ("E2", 1, False, 0, None, 0),
        ("E2", 2, False, 0, None, 0),
        ("E2", 3, False, 0, None, 1),
        ("E2", 4, False, 0, None, 0),
    ]


@pytest.mark.parametrize(
    ("starts", "first"), [("2021-05-15", 2), ("2021-08-15", 3), ("2020-06-01", 1), ("2022-06-01", 0)]
)
def test_the_period_in_which_a_unit_starts_is_its_first(
    invented: Invented, tmp_path: Path, starts: str, first: int
) -> None:
    """Whether it starts on the first day or within; before the panel is its first period, after it never."""
    (tmp_path / "areas.csv").write_text(f"unit,start\nE1,{starts}\n", encoding="utf-8")
    invented.person("ann")
    invented.but("update in_person set la_code = 'E1'")
    of = study(
        design={"type": "did", "unit": "area"},
        rollout={"file": "areas.csv"},
        study_period={"start": "2021-01-01", "end": "2021-12-31"},
        index={"date": "2021-01-01"},
        arms=[],
        assignment=None,
        followup={"start_days": 0, "horizon_days": 364},
        outcomes=[{**STUDY["outcomes"][1], "window": [0, 364]}],
        panel={"every": "1 quarter", "from_days": 0, "to_days": 364, "anchor": "calendar"},
    )
    found = invented.make(of, tmp_path).execute(
        "select period, exposed, first_treated_period, event_time from ev_period order by period"
    )
    since = [(n, 0 < first <= n, first, n - first if first else None) for n in (1, 2, 3, 4)]
    assert found.fetchall() == since


def test_never_is_not_the_period_of_day_0(invented: Invented) -> None:
    """Counted from day 0, who is in the first arm is exposed from period 0 on, and the others never."""
    at_index = study(
        assignment={"strategy": "at_index"},
        arms=[
            {"id": "girls", "label": "Girls", "when": {"attribute": {"name": "sex", "one_of": ["female"]}}},
            {"id": "boys", "label": "Boys", "when": "otherwise"},
        ],
        panel=PANEL,
    )
    invented.person("ann")
    invented.person("ben", sex="M")
    firsts = "select distinct arm, first_treated_period from ev_period where period >= 0 order by arm"
    assert invented.ask(firsts, at_index) == [("boys", None), ("girls", 0)]


def test_every_table_and_column_says_what_it_is(invented: Invented, tmp_path: Path) -> None:
    """Where a researcher's prompt shows it; columns named after parts of the study too."""
    domains = {"window": [-365, -1], "domains": ["neglect"], "age_bands_years": [[0, 18]]}
    of = study(
        panel=PANEL, adversity=domains, covariates=[{"id": "sex", "kind": "attribute", "from": "person"}]
    )
    made = crowd(invented).make(of)
    stored(of, made, tmp_path)
    blank = (
        "select table_name from duckdb_{0}() where schema_name = 'ev_invented' and coalesce(comment, '') = ''"
    )
    assert made.execute(blank.format("tables")).fetchall() == []
    assert made.execute(blank.format("columns")).fetchall() == []
    said = "select comment from duckdb_columns() where column_name = 'o_first_t'"
    assert made.execute(said).fetchone() == (
        "Days from the window's first to first, to what competes, or to the end. Unit: days.",
    )


ATTENDED = {"concept": "emergency_attendance", "source": "ecds_attendances"}
OPEN = {"arms": [], "assignment": None, "followup": None}
AT_ONCE = {"followup": {"start_days": 1, "horizon_days": 425}}
DESIGNS: dict[str, dict[str, object]] = {
    "trials at regular times": {
        "design": {"type": "cohort", "sequential_trials": {"every": "3 months", "max": 4}},
        "index": {"date": "2021-01-01"},
    },
    "first on a register": {"index": {"enrolment": {"source": "school_exclusions"}}},
    "a description": {"design": {"type": "descriptive"}, **OPEN},
    "rates only": {
        "design": {"type": "descriptive"},
        **OPEN,
        "index": None,
        "outcomes": [],
        "measures": [
            {
                "id": "rate",
                "numerator": ATTENDED,
                "denominator": {"kind": "person_time"},
                "every": "1 month",
            }
        ],
    },
    "people without outcomes": {"design": {"type": "descriptive"}, **OPEN, "outcomes": []},
    "clones in a panel": {"assignment": {"strategy": "clone_censor_weight"}, **AT_ONCE, "panel": PANEL},
    "every event, matched": {
        "design": {"type": "matched_cohort"},
        "index": {**STUDY["index"], "pick": "every"},
        "match": {"exact": ["sex"], "caliper": {"age_index_years": 1}, "seed": 1},
    },
}


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("people", [True, False], ids=["people", "nobody"])
def test_every_design_makes_its_tables(invented: Invented, name: str, people: bool) -> None:
    """With people and without; the flow adds up, or the run would fail."""
    if people:
        invented.person("ann", ("seen", 5), ("attended", 100))
        invented.person("ben", ("incident", 40), ("attended", 90))
        invented.but("update in_source set register = source = 'school_exclusions'")
        invented.but("update in_link set linked = true")
        home = {"person_id": "ann", "la_code": "E1", "valid_from": on(-4000), "valid_to": on(4000)}
        invented.more["in_residence"] = [home]
    of = study(**DESIGNS[name])
    made = invented.make(of)
    answer(made, of, tables_of(of))
    rows = {table: made.execute(f"select count(*) from {table}").fetchone() for table in tables_of(of)}
    counted = rows.get("ev_person", rows.get("ev_area_period"))
    assert counted is not None and (counted > (0,)) == people


def test_days_before_and_after_day_0_count_alike_where_a_window_holds_both(invented: Invented) -> None:
    """As in a study that compares people with themselves."""
    invented.person("ann", ("attended", -100), ("attended", 100))
    window = {**STUDY["outcomes"][1], "window": [-365, 365]}
    design = {"type": "self_controlled", "risk_windows": [{"id": "after", "window": [1, 30]}]}
    of = study(**{**OPEN, "design": design, "outcomes": [window]})
    assert invented.of("ann", "o_attended", "o_attended_st", "o_attended_pt", study=of) == (2, 0, 731)


def test_a_date_for_all_asks_for_no_record() -> None:
    """Where day 0 is one date, who is alive on it has it, with or without a link: the flow says so."""
    by_event = {one.id: one.label for one in stages(study())}
    by_date = {one.id: one.label for one in stages(study(index={"date": "2021-06-01"}))}
    assert by_event["linked"] == "Has a record with a supplier of the study's tables"
    assert by_date["linked"].endswith(", or is alive on 2021-06-01, day 0")
    assert by_date["index"] == "Alive on day 0: born by 2021-06-01, and not dead before"
    assert by_event["entry"] == "Could be linked to school_exclusions by day 61, when follow-up begins"
