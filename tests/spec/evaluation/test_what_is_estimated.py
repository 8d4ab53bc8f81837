"""What a study answers: every question by its design, and nothing of arms before its gate is open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from outcome_linkage.evaluation.answers.answer import answer
from outcome_linkage.evaluation.answers.diagnostics import _negative_controls
from outcome_linkage.evaluation.answers.hiding import VALUES
from outcome_linkage.evaluation.answers.sensitivities import sensitivity_answers
from outcome_linkage.evaluation.costs.make import make_costs
from outcome_linkage.evaluation.engine.plan import tables_of
from outcome_linkage.evaluation.estimates.estimate import Asked, refused
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from tests.invented_study import DAY_0, Invented, outcome, study
from tests.spec.costs.test_what_people_used import ITEMS, PRICES, Costed

pytestmark = pytest.mark.slow
CROWD = 2000
ATTENDED = {"concept": "emergency_attendance", "source": "ecds_attendances"}
SUSPENDED = {"concept": "suspension", "source": "school_exclusions"}
FIRST = {"id": "attended", "event": ATTENDED}
DRAWN = f"""
create table drawn as
with people as (
    select i, (hash(i, 1) % 1000003 + 1) / 1000004 as u, hash(i, 2) % 100 as v from range({CROWD}) as r (i)
)
select 'p' || i as person_id, cast(ceil(-150 * ln(u)) as integer) as attends_on,
    -- two thirds are to be seen on some day; whoever attends before it is not. Being seen does nothing
    case when v < 66 then cast(1 + hash(i, 5) % 60 as integer) end as seen_on,
    case when hash(i, 3) % 4 = 0 then cast(hash(i, 4) % 426 as integer) end as suspended_on
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
    select person_id, 'suspension', 'school_exclusions', suspended_on from drawn where suspended_on > 0
    union all
    select person_id, 'mental_health_referral', 'mhsds_referrals', seen_on from drawn
    where seen_on < attends_on
) as happened
"""
TURNS = "update in_person set sex = case when hash(person_id, 9) % 2 = 0 then 'female' else 'male' end"


@pytest.fixture(scope="module")
def crowd() -> Invented:
    """People whom an emergency befalls sooner or later, and who are seen unless it came first."""
    invented = Invented()
    invented.person("ann")
    invented.but(DRAWN)
    for table in ("in_person", "in_link", "in_coverage", "in_area"):
        invented.but(EVERYBODY.format(table))
    invented.but(TURNS)
    invented.but(HAPPENED)
    return invented


def whole(window: tuple[int, int] = (1, 120), **changes: Any) -> Evaluation:
    """A registered study of time to the first attendance, whose gate is open."""
    registered: dict[str, Any] = {
        "status": "registered",
        "followup": {"start_days": window[0], "horizon_days": window[1]},
        "outcomes": [outcome("time_to_event", **FIRST, window=list(window))],
        "estimates": {"bootstrap_draws": 20},
        "diagnostics": {"max_smd": {"bound": 9, "action": "warn"}},
    }
    return study(**{**registered, **changes})


def answered(invented: Invented, of: Evaluation, folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """The tables of a study with its answers."""
    made = invented.make(of, folder)
    answer(made, of, tables_of(of))
    return made


def ratio(made: duckdb.DuckDBPyConnection) -> tuple[float, float, float]:
    """Of risks, or of rates, of the first arm against the other; with its interval."""
    sql = "select est, lo, hi from ev_estimates where scale in ('rr', 'irr') and subgroup = 'all'"
    (found,) = made.execute(sql).fetchall()
    return found


MONTHS = {"every": "1 month", "from_days": 0, "to_days": 120}
NAIVE: dict[str, Any] = {"assignment": {"strategy": "at_index"}}
OURS: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {
    "landmark": ((61, 180), {}),
    "time_varying": ((1, 120), {"assignment": {"strategy": "time_varying"}, "panel": MONTHS}),
    "clones": ((1, 120), {"assignment": {"strategy": "clone_censor_weight"}}),
}


def test_immortal_time_looks_like_a_benefit(crowd: Invented) -> None:
    """Being seen does nothing; whoever is seen had no emergency until then. The naive sees a benefit."""
    _, _, hi = ratio(answered(crowd, whole(**NAIVE)))
    assert hi < 0.9


@pytest.mark.parametrize("strategy", OURS)
def test_without_immortal_time_there_is_none(crowd: Invented, strategy: str) -> None:
    """However the arm is decided after day 0, the interval holds no effect."""
    window, changes = OURS[strategy]
    _, lo, hi = ratio(answered(crowd, whole(window, **changes)))
    assert lo < 1 < hi


CONTROL = {**outcome(id="control", role="negative_control", event=SUSPENDED, window=[61, 425])}
BLIND = whole(
    (61, 425),
    status="draft",
    outcomes=[
        outcome(id="main", event=ATTENDED, window=[61, 425]),
        outcome("time_to_event", id="soon", role="secondary", event=ATTENDED, window=[61, 425]),
        CONTROL,
    ],
    covariates=[{"id": "sex", "kind": "attribute", "from": "person"}],
    panel={"every": "1 month", "from_days": -30, "to_days": 425},
    subgroups=["sex"],
)
REGISTERED = BLIND.model_copy(update={"status": "registered"})


@pytest.fixture(scope="module")
def blind(crowd: Invented) -> duckdb.DuckDBPyConnection:
    return answered(crowd, BLIND)


def test_a_draft_shows_no_outcome_by_arm(blind: duckdb.DuckDBPyConnection) -> None:
    """No estimate but those of the negative control, and none of the tables from which one could be made."""
    shown = "select distinct outcome, unblinded, est is not null or events_a is not null from ev_estimates"
    assert sorted(blind.execute(shown).fetchall()) == [
        ("control", True, True),
        ("main", False, False),
        ("soon", False, False),
    ]
    reasons = blind.execute("select distinct reason from ev_estimates where not unblinded").fetchall()
    assert reasons == [("hidden: the study is a draft. Register it to see outcomes by arm.",)]
    assert blind.execute("select distinct outcome from ev_survival").fetchall() == [("control",)]
    for table in ("ev_person", "ev_period"):
        there = set(blind.table(table).columns)
        columns = [f"o_{name}{end}" for name in ("main", "soon") for end in VALUES]
        counts = ", ".join(f"count({column})" for column in columns if column in there)
        assert set(blind.execute(f"select {counts} from {table}").fetchone() or ()) == {0}
        statuses = blind.execute(f"select distinct o_main_st, count(o_control) > 0 from {table} group by 1")
        assert statuses.fetchall() == [(6, True)]
    events = "select distinct item from ev_event where role = 'outcome'"
    assert blind.execute(events).fetchall() == [("control",)]
    censoring = (
        "select distinct outcome, arm from ev_censoring where outcome in ('main', 'soon') order by all"
    )
    assert blind.execute(censoring).fetchall() == [("main", "all"), ("soon", "all")]


def test_rates_of_periods_have_subgroups_too(crowd: Invented) -> None:
    """By what is known of the person."""
    window, changes = OURS["time_varying"]
    made = answered(crowd, whole(window, **changes, subgroups=["sex"]))
    groups = "select distinct subgroup from ev_estimates where est is not null order by 1"
    assert made.execute(groups).fetchall() == [("all",), ("sex=female",), ("sex=male",)]


def test_a_draft_shows_no_cost_by_arm() -> None:
    """Prices are shown, what was used is not; consequences of the negative control are."""
    made = Costed()
    for n in range(8):
        made.person(f"p{n}", *([("seen", 5)] if n < 4 else []), ("attended", 100 + n))
    items = {"price_year": "2024-25", "perspectives": ["nhs"], "items": ITEMS[:1]}
    of = BLIND.model_copy(update={"costs": study(costs=items).costs})
    tables = made.make(of)
    costs = make_costs(tables, of, PRICES)
    answer(tables, of, tables_of(of), costs)
    known = "select count(unit_cost_base) > 0, count(cost_pp), count(n_users) from ev_costs"
    assert tables.execute(known).fetchone() == (True, 0, 0)
    shown = "select distinct outcome from ev_consequences where per_person is not null"
    assert tables.execute(shown).fetchall() == [("o_control",)]
    hidden = "select count(d_cost) + count(net_benefit) from ev_cea"
    assert tables.execute(hidden).fetchone() == (0,)
    people = "select count(k_total) + count(k_nhs), min(k_st) from ev_person"
    assert tables.execute(people).fetchone() == (0, 6)
    used = "select count(*) from ev_event where role = 'resource' or cost_gbp is not null"
    assert tables.execute(used).fetchone() == (0,)


def test_a_draft_of_one_arm_shows_no_outcome_either(crowd: Invented) -> None:
    """Run once for each arm it would tell what a study that compares them may not."""
    alone = whole((61, 425), status="draft", arms=[{"id": "all", "label": "All", "when": "otherwise"}])
    made = answered(crowd, alone)
    is_open, why = gate(made)
    assert not is_open and why and why.startswith("the study is a draft")
    assert made.execute("select count(o_attended) from ev_person").fetchone() == (0,)


def test_ends_of_follow_up_do_not_tell_a_hidden_outcome(crowd: Invented) -> None:
    """Where the outcome ends follow-up as well, ends are told of all arms together, and of nobody alone."""
    ends = {**whole((61, 425)).followup.model_dump(exclude_none=True), "censor_events": [ATTENDED]}
    made = answered(crowd, whole((61, 425), status="draft", followup=ends))
    assert made.execute("select distinct arm from ev_censoring").fetchall() == [("all",)]
    assert made.execute("select count(fu_end) + count(censor_reason) from ev_person").fetchone() == (0,)


def test_what_is_known_before_is_shown(blind: duckdb.DuckDBPyConnection) -> None:
    """Who is in which arm, and how alike arms are: that is what a study is judged by before its outcomes."""
    weighted = blind.execute("select count(*) > 0 from ev_balance where smd_weighted is not null").fetchone()
    assert weighted == (True,)
    assert blind.execute("select count(*) from ev_estimates where n_a is null").fetchone() == (0,)


def gate(made: duckdb.DuckDBPyConnection) -> tuple[bool, str | None]:
    """Whether it is open, and if not why."""
    (found,) = made.execute("select passed, reason from ev_diagnostics where diagnostic = 'gate'").fetchall()
    return found


def test_a_registered_study_shows_outcomes_when_its_diagnostics_pass(crowd: Invented) -> None:
    """Every diagnostic is a row with its value and bound."""
    made = answered(crowd, REGISTERED)
    assert gate(made) == (True, None)
    assert made.execute("select bool_and(unblinded) from ev_estimates").fetchone() == (True,)
    assert made.execute("select count(o_main) > 500 from ev_person").fetchone() == (True,)
    rows = made.execute(
        "select diagnostic, passed, value is not null from ev_diagnostics "
        "where diagnostic like 'm%' order by 1"
    ).fetchall()
    names = ["max_linkage_difference", "max_mdrr", "max_smd", "min_covered", "min_overlap"]
    assert rows == [(name, True, True) for name in names]


STRICT = {"max_mdrr": {"bound": 1.0, "action": "block"}}
WAIVED = {**STRICT, "waived": [{"diagnostic": "max_mdrr", "reason": "a pilot"}]}
WARNED = {"max_mdrr": {"bound": 1.0, "action": "warn"}}


@pytest.mark.parametrize(
    ("diagnostics", "is_open"),
    [(STRICT, False), (WAIVED, True), (WARNED, True)],
    ids=["block", "waived", "warn"],
)
def test_a_diagnostic_that_fails_keeps_outcomes_hidden(
    crowd: Invented, diagnostics: dict[str, Any], is_open: bool
) -> None:
    """Unless it only warns, or is waived with a reason, which stands beside it."""
    made = answered(crowd, whole((61, 425), diagnostics=diagnostics))
    opened, why = gate(made)
    assert opened == is_open and (why is None) == is_open
    row = made.execute("select passed, waived from ev_diagnostics where diagnostic = 'max_mdrr'").fetchone()
    assert row == (False, "a pilot" if diagnostics is WAIVED else None)
    found = made.execute("select count(est) > 0 from ev_estimates").fetchone()
    assert found == (is_open,)


def test_each_subgroup_and_change_is_a_row(crowd: Invented) -> None:
    """A change is the study made again; subgroups belong to the study as it stands."""
    shorter = {"study_period": {"start": "2020-04-01", "end": "2021-12-31"}}
    of = whole((61, 425), subgroups=["sex"], sensitivity=[{"id": "shorter", "change": shorter}])
    changes = sensitivity_answers(crowd.make(of), of, lambda _: None)
    again = crowd.make(of)
    answer(again, of, tables_of(of), changes)
    told = "select sensitivity_id, subgroup, est is not null from ev_estimates where scale = 'rmst_diff'"
    rows = again.execute(told).fetchall()
    assert ("main", "all", True) in rows and ("main", "sex=female", True) in rows
    assert [row[:2] for row in rows if row[0] == "shorter"] == [("shorter", "all")]
    weighted = whole((61, 425), covariates=[{"id": "sex", "kind": "attribute", "from": "person"}])
    methods = "select distinct method like 'ipt%' from ev_estimates order by 1"
    assert answered(crowd, weighted).execute(methods).fetchall() == [(False,), (True,)]


AREAS = "unit,start\nE1,2021-07-01\nE2,2021-10-01\nE3,\n"
RATE = {
    "id": "rate",
    "role": "primary",
    "numerator": ATTENDED,
    "denominator": {"kind": "person_time"},
    "every": "1 month",
    "area": "la_code",
}
OVER_TIME: dict[str, Any] = {
    "rollout": {"file": "areas.csv"},
    "study_period": {"start": "2021-01-01", "end": "2022-06-30"},
    "index": {"date": "2021-01-01"},
    "arms": [],
    "assignment": None,
    "followup": {"start_days": 0, "horizon_days": 545},
    "outcomes": [outcome("count", id="n", event=ATTENDED, window=[0, 545])],
    "panel": {"every": "1 quarter", "from_days": 0, "to_days": 545, "anchor": "calendar"},
}
ONE_ARM = {"arms": [], "assignment": None, "outcomes": [outcome("count", id="n", event=ATTENDED)]}
DESIGNS: dict[str, tuple[dict[str, Any], str]] = {
    "did": ({"design": {"type": "did", "unit": "area"}, **OVER_TIME}, "did_group_time"),
    "stepped": ({"design": {"type": "stepped", "unit": "area"}, **OVER_TIME}, "stepped"),
    "rates of places": (
        {
            "design": {"type": "did", "unit": "area"},
            **OVER_TIME,
            "outcomes": [],
            "panel": None,
            "measures": [RATE],
        },
        "did_group_time",
    ),
    "its": (
        {
            "design": {"type": "its", "unit": "area"},
            **OVER_TIME,
            "index": None,
            "outcomes": [],
            "panel": None,
            "followup": None,
            "measures": [{**RATE, "area": "none"}],
        },
        "its_poisson_ar1",
    ),
    "self_controlled": (
        {
            "design": {"type": "self_controlled", "risk_windows": [{"id": "soon", "window": [1, 60]}]},
            "arms": [],
            "assignment": None,
            "outcomes": [outcome("count", id="n", event=SUSPENDED, window=[-365, 365])],
            "followup": {"start_days": 1, "horizon_days": 365},
        },
        "sccs_conditional_poisson",
    ),
    "one arm": ({"design": {"type": "descriptive"}, **ONE_ARM}, "none"),
}


def in_places(crowd: Invented) -> Invented:
    """The crowd, living in E1, E2 and E3."""
    places = "update in_person set la_code = 'E' || (1 + hash(person_id, 5) % 3)"
    home = Invented(crowd.people, crowd.more, [*crowd.changed, places])
    home.but(
        "insert into in_residence by name select person_id, la_code, date '2000-01-01' as valid_from, "
        "date '2999-12-31' as valid_to from in_person"
    )
    return home


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_has_its_estimator(crowd: Invented, tmp_path: Path, name: str) -> None:
    """An estimate, or a row that says why there is none."""
    changes, method = DESIGNS[name]
    (tmp_path / "areas.csv").write_text("unit,start\nall,2021-10-01\n" if name == "its" else AREAS)
    of = study(status="registered", **changes)
    made = answered(in_places(crowd), of, tmp_path)
    rows = made.execute(
        "select method, est, reason from ev_estimates where subgroup in ('all', 'level')"
    ).fetchall()
    assert rows and all(row[0].startswith(method) for row in rows)
    assert all((est is None) == (reason is not None) for _, est, reason in rows)


def test_the_effect_of_a_higher_share_stands_beside_that_of_the_start(
    crowd: Invented, tmp_path: Path
) -> None:
    """Where the study asks for it; the share is that of the file of the rollout, and hidden as all else."""
    (tmp_path / "areas.csv").write_text("unit,start,share\nE1,2021-07-01,0.5\nE1,2022-01-01,0.9\nE2,,\n")
    changes, _ = DESIGNS["rates of places"]
    rollout = {"file": "areas.csv", "dose_per": 0.1}
    home = in_places(crowd)
    made = answered(home, study(status="draft", **{**changes, "rollout": rollout}), tmp_path)
    rows = made.execute(
        "select contrast, scale, est, reason from ev_estimates where subgroup = 'dose=0.1'"
    ).fetchall()
    assert [row[:3] for row in rows] == [("with_a_higher_share - without", "irr", None)]
    assert "draft" in rows[0][3]


def test_a_control_without_an_estimate_tells_nothing() -> None:
    """It neither passes nor fails, and says why."""
    asked = Asked("control", "a", "b", role="negative_control")
    (one,) = _negative_controls([refused(asked, "risk_score", "rr", "no events.")])
    assert (one.passed, one.value, one.blocks) == (None, None, False)
    assert one.reason == "it cannot be computed: no events."
