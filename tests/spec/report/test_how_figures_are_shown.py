"""How single figures become what a report may show: curves, estimates, numbers, windows, sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from outcome_linkage.evaluation.estimates.estimate import Asked, Estimate, as_frame
from outcome_linkage.evaluation.estimates.incidence import SURVIVAL, survival
from outcome_linkage.evaluation.estimates.risk import risks
from outcome_linkage.evaluation.report.answer import answer
from outcome_linkage.evaluation.report.blocks import Picture, Words
from outcome_linkage.evaluation.report.checklist_items import GUIDELINES
from outcome_linkage.evaluation.report.checklists import FACTS, FOR_PEOPLE, checklists
from outcome_linkage.evaluation.report.design_diagram import design_diagram
from outcome_linkage.evaluation.report.estimated import told
from outcome_linkage.evaluation.report.gate import judged
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.incidence import incidences, life_table
from outcome_linkage.evaluation.report.protocol import in_html
from outcome_linkage.evaluation.report.shown import counts, fixed, parts_of, share_words, shares, significant
from outcome_linkage.evaluation.report.upset import upset
from outcome_linkage.release.profiles import NHS_HES
from tests.invented_run import ARMS, HORIZON, people, study

MINUS = "\N{MINUS SIGN}"


def days(*rows: tuple[int, int, int, int, int]) -> pl.DataFrame:
    """Rows of `ev_survival` in one arm: day, at risk, events, competing, censored."""
    full = [("o", "a", *row, "km", 0.1, 0.0, 1.0) for row in rows]
    return pl.DataFrame(full, schema=SURVIVAL, orient="row")


def run_of(*estimates: Estimate, **changes: Any) -> Gathered:
    """A run that holds nothing but these estimates, of the study with some blocks replaced."""
    return Gathered(study(**changes), Path(), {"ev_estimates": as_frame(estimates)})


def estimate(method: str = "risk_newcombe", scale: str = "rd", **facts: object) -> Estimate:
    """An estimate of the primary outcome: 101 of 403 against 247 of 1,002."""
    counts = {"n_a": 403, "events_a": 101, "n_b": 1002, "events_b": 247}
    figures = {"est": 0.0041, "lo": -0.044, "hi": 0.055, "se": 0.025, "p": 0.9}
    row = {
        "outcome": "suspended",
        "role": "primary",
        "contrast": "support - usual",
        "subgroup": "all",
        "sensitivity_id": "main",
        "method": method,
        "estimand": "att",
        "scale": scale,
        "unblinded": True,
    }
    return Estimate(**{**row, **counts, **figures, **facts})  # type: ignore[arg-type]


def test_a_curve_is_a_life_table_of_thirty_days() -> None:
    """53 at risk, 15 events by day 30, 23 by day 60: 18 of 53, then 25 less 18 of 39."""
    table = days((0, 53, 0, 0, 0), (10, 53, 15, 0, 0), (40, 38, 8, 0, 0), (60, 30, 0, 0, 30))
    found = life_table(table, NHS_HES)
    assert [(step.day, step.est) for step in found] == [
        (0, 0.0),
        (30, round(18 / 53, 3)),
        (60, round(18 / 53 + (1 - 18 / 53) * 7 / 39, 3)),
    ]


def test_eight_events_and_fourteen_give_the_same_curve() -> None:
    """Both are put to 11. Of 1 to 7 there is no curve, for their middle would be far from the truth."""
    curves = [
        life_table(days((0, 100, 0, 0, 0), (10, 100, n, 0, 0), (60, 100 - n, 0, 0, 100 - n)), NHS_HES)
        for n in (8, 13, 7)
    ]
    assert [step[:2] for step in curves[0]] == [step[:2] for step in curves[1]]
    assert curves[2] == []


def test_a_curve_ends_where_few_are_at_risk() -> None:
    """Eight people stay until day 60; after that there are seven."""
    table = days((0, 40, 0, 0, 0), (20, 40, 8, 0, 24), (50, 8, 1, 0, 0), (70, 7, 1, 0, 0), (90, 6, 1, 0, 5))
    assert [step.day for step in life_table(table, NHS_HES)] == [0, 30, 60]


def test_a_curve_stays_near_the_true_one() -> None:
    """With a thousand people what is shown differs from what is known by less than a point."""
    frame = people()
    true = survival(frame, Asked("self_harm", *ARMS), HORIZON).filter(pl.col("arm") == "usual")
    shown = life_table(true, NHS_HES)[-1]
    assert shown.day == HORIZON
    assert shown.est == pytest.approx(true["est"][-1], abs=0.01)


def test_plain_risks_are_made_again_from_released_counts() -> None:
    """101 of 403 and 247 of 1,002 become 100 of 405 and 245 of 1,000; so do the estimate and its interval."""
    (made,) = told(run_of(estimate()))
    assert (made.a.counts, made.b.counts) == ("100 of 405", "245 of 1,000")
    frame = pl.DataFrame(
        {
            "arm": ["support"] * 405 + ["usual"] * 1000,
            "o_suspended": [1] * 100 + [0] * 305 + [1] * 245 + [0] * 755,
            "person_key": [str(n) for n in range(1405)],
        }
    ).with_columns(o_suspended_st=pl.lit(0), cluster_key=pl.col("person_key"))
    wanted = risks(frame, Asked("suspended", "support", "usual"))[0]
    assert (made.row.est, made.row.lo, made.row.hi) == (wanted.est, wanted.lo, wanted.hi)
    (narrow,) = told(run_of(estimate(), estimates={"confidence": 0.8}))
    assert made.row.lo is not None and narrow.row.lo is not None and made.row.lo < narrow.row.lo


@pytest.mark.parametrize("method", ["risk_newcombe", "ipt_weighted_att"])
def test_few_events_hide_an_estimate_of_any_kind(method: str) -> None:
    """Six of 403: neither the difference nor what a model makes of it; the words say that, not how many."""
    (made,) = told(run_of(estimate(method, events_a=6)))
    assert (made.figure, made.interval, made.a.counts) == ("", "", "1 to 7 of 405")
    assert made.row.est is None
    assert made.why_not == "not shown: 0 to 7 people or events in a part of an arm"


def test_a_remark_does_not_tell_nobody_from_few() -> None:
    """None of five had it, two of five, and none of 403 without a finite ratio: one remark."""
    refused = {"est": None, "lo": None, "hi": None, "reason": "one arm has no events: no finite ratio."}
    rows = [
        estimate("ipt_weighted_att", "rr", n_a=5, events_a=0, **refused),
        estimate("ipt_weighted_att", "rr", n_a=5, events_a=2),
        estimate("ipt_weighted_att", "rr", events_a=0, **refused),
        estimate(events_a=398),
    ]
    assert {one.why_not for one in told(run_of(*rows))} == {
        "not shown: 0 to 7 people or events in a part of an arm"
    }


def test_an_estimate_of_a_model_is_rounded() -> None:
    """A difference in risk to a tenth of a point, a ratio to two decimal places."""
    weighted = told(
        run_of(estimate("ipt_weighted_att"), estimate("ipt_weighted_att", "rr", est=0.9137, lo=0.8, hi=1.1))
    )
    assert [one.figure for one in weighted] == ["+0.4", "0.91"]
    assert weighted[0].interval == f"{MINUS}4.4 to +5.5"
    assert all(one.is_weighted and not one.is_beyond_chance for one in weighted)


def test_all_but_few_is_as_hidden_as_few() -> None:
    """Of 60 people all but two: a share of 58 / 60 would give the two away."""
    (shown,) = shares([(58, 60)], NHS_HES)
    assert shown.n is None
    assert shown.counts == "all but 1 to 7 of 60"


def test_nearly_all_of_a_small_group_is_not_said_to_be_few() -> None:
    """27 of 30 in Table 1, and 31 linked of 32: what is hidden is the rest."""
    white, asian = parts_of([27, 3], NHS_HES)
    assert (share_words(white), share_words(asian)) == ("all but 1 to 7", "1 to 7")
    (linked,) = shares([(31, 32)], NHS_HES)
    assert linked.counts == "all but 1 to 7 of 30"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1234.5, "1,230"),
        (0.04567, "0.0457"),
        (-99.95, f"{MINUS}100"),
        (0.0, "0"),
        (-1e-17, "0"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_numbers_to_three_figures(value: float | None, words: str) -> None:
    """With a true minus; nothing for what is not known."""
    assert significant(value) == words


def test_a_small_negative_number_is_nought_without_a_sign() -> None:
    """Minus nought is no number to show."""
    assert fixed(-0.004, 1, plus=True) == "0.0"


def test_every_window_is_drawn() -> None:
    """Look-back, criteria, arms, covariates, adversity, follow-up and outcomes, each with both ends."""
    drawn = design_diagram(study())
    assert isinstance(drawn, Picture)
    rows = {row[0]: tuple(row[1:]) for row in drawn.table.rows}
    assert rows["arm: Therapeutic support"] == ("0", "90")
    assert rows["must be covered, so that first means first"] == (f"{MINUS}365", f"{MINUS}1")
    assert rows["outcome: Any suspension from school"] == ("91", "730")
    assert drawn.svg.count("<rect") == len(rows) == 9
    assert "arm decided by day 90" in drawn.svg


def test_combinations_of_few_are_not_drawn() -> None:
    """Six people with both are left out; the sets that nobody shown is in have no row."""
    n = [shown.n for shown in counts([102, 6], NHS_HES)]
    svg = upset([(("neglect",), n[0]), (("neglect", "abuse"), n[1])], str)
    assert svg.count("<rect") == 2  # one bar, one stripe
    assert "100<" in svg
    assert "abuse" not in svg
    assert upset([(("neglect",), n[1])], str) == ""


def test_a_protocol_keeps_its_tables_and_loses_foreign_html() -> None:
    """Line breaks within the house's tables stay; anything else in angle brackets is text."""
    html = in_html("# Title\n\n## Part\n\n| a | b |\n| --- | --- |\n| one<br>two | <b>three</b> |\n")
    assert "<h3>Part</h3>" in html and "Title" not in html
    assert "<td>one<br>two</td>" in html and "&lt;b&gt;three&lt;/b&gt;" in html


def test_guidelines_have_all_their_items() -> None:
    """13 of RECORD, 4 steps of GUILD, 28 of CHEERS, all subjects of TARGET (6 and 7 in eight parts)."""
    sizes = {name: len(one.items) for name, one in GUIDELINES.items()}
    assert sizes == {"RECORD": 13, "GUILD": 4, "TARGET": 27, "CHEERS 2022": 28}
    assert {item.fact for one in GUIDELINES.values() for item in one.items} - {""} == set(FACTS)


def test_a_study_without_costs_has_no_cheers() -> None:
    """And sections that a page lacks are not pointed at."""
    section = checklists(Gathered(study(costs=None), Path(), {}), set())
    titles = [block.title for block in section.blocks if block.kind == "grid"]
    assert titles == ["RECORD", "GUILD", "TARGET"]
    rows = {row[1]: row for block in section.blocks if block.kind == "grid" for row in block.rows}
    assert rows["Missing data"][2:] == (FOR_PEOPLE, "")


def test_a_waiver_is_told_only_of_what_fails() -> None:
    """A check that passes is said to pass, and a control stands with its interval."""
    rows = [
        ("max_smd", "sex=female", 0.04, 0.1, "block", True, "a pilot", None),
        ("max_mdrr", "suspended: support - usual", 12.0, 10.0, "block", False, None, None),
        ("min_covered", "suspended", 0.7, 0.8, "block", False, "a pilot", None),
        (
            "negative_control",
            "suspended: support - usual, risk_score, rr",
            1.1,
            1.0,
            "warn",
            True,
            None,
            None,
        ),
    ]
    columns = ["diagnostic", "item", "value", "bound", "action", "passed", "waived", "reason"]
    found = run_of(estimate("ipt_weighted_att", "rr", est=1.1, lo=0.9, hi=1.34))
    tables = {**found.tables, "ev_diagnostics": pl.DataFrame(rows, schema=columns, orient="row")}
    told_of = {one.diagnostic: one for one in judged(Gathered(found.study, Path(), tables))}
    assert told_of["max_smd"].verdict == "passed"
    assert told_of["max_mdrr"].verdict == "FAILED, outcomes stay hidden"
    assert told_of["max_mdrr"].of == "Any suspension from school: Therapeutic support against Usual care"
    assert told_of["min_covered"].verdict == "FAILED, waived: a pilot"
    assert told_of["negative_control"].value == "ratio of risks 1.10 (0.90 to 1.34)"


def test_parts_never_pass_their_whole() -> None:
    """Rounded one by one, 13, 13, 13 and 13 of 52 would be 60 of 50."""
    found = parts_of([13, 13, 13, 13, 0], NHS_HES)
    assert [one.n for one in found] == [15, 15, 15, 15, 0]
    assert sum(one.share or 0 for one in found) == pytest.approx(1.0)
    few = parts_of([50, 3], NHS_HES)
    assert few[1].n is None and sum(one.share or 0 for one in few if not one.about) <= 1


def test_a_difference_with_errors_by_cluster_is_that_of_the_counts_beside_it() -> None:
    """100 of 405 less 245 of 1,000, with an interval as wide as before; a model's is left as it is."""
    crude = 101 / 403 - 247 / 1002
    (made,) = told(run_of(estimate("risk_cluster_robust", est=crude, lo=crude - 0.05, hi=crude + 0.05)))
    assert made.is_of_counts and made.row.est == pytest.approx(100 / 405 - 245 / 1000)
    assert made.row.hi is not None and made.row.lo is not None
    assert made.row.hi - made.row.lo == pytest.approx(0.1)
    (model,) = told(run_of(estimate("ipt_weighted_att")))
    assert not model.is_of_counts and model.row.est == 0.0041


def test_a_series_says_its_step_and_its_slope() -> None:
    """Each term of an interrupted series has a sentence of its own."""
    rows = [
        estimate("its_poisson_ar1", "irr", subgroup=term, contrast="after - before", est=0.8, lo=0.7, hi=0.9)
        for term in ("level", "trend")
    ]
    run = run_of(*rows)
    said = " ".join(block.text for block in answer(run).blocks if isinstance(block, Words))
    assert "Any suspension from school, the step at the start:" in said
    assert "Any suspension from school, the slope after it, for each period:" in said


def sentences(*rows: Estimate) -> str:
    """The answer in words, of these estimates."""
    return " ".join(block.text for block in answer(run_of(*rows)).blocks if isinstance(block, Words))


def test_shares_that_point_the_other_way_are_said_to() -> None:
    """11 of 38 are 28.9% and 55 of 199 27.6%, and 10 of 40 and 55 of 200 the other way round."""
    facts: dict[str, Any] = {
        "n_a": 38,
        "events_a": 11,
        "n_b": 199,
        "events_b": 55,
        "est": 0.011,
        "lo": -0.14,
        "hi": 0.17,
    }
    said = sentences(estimate("ipt_weighted_att", **facts))
    assert "25.0% (10 of 40)" in said and "27.5% (55 of 200)" in said and "+1.1 percentage points" in said
    assert "The shares point the other way: they are of counts rounded to 5" in said
    assert "point the other way" not in sentences(estimate("ipt_weighted_att", **{**facts, "est": -0.011}))


def test_under_a_curve_stands_what_the_estimates_say() -> None:
    """293 of 301 had it: 290 of 300 there and not 295 here; 38 of 40 are all but few."""
    for whole, had, words in ((301, 293, "290"), (40, 38, "all but 1 to 7")):
        table = days((0, whole, 0, 0, 0), (20, whole, had, 0, 0), (60, whole - had, 0, 0, whole - had))
        table = table.with_columns(outcome=pl.lit("suspended"), arm=pl.lit("all"))
        run = Gathered(study(), Path(), {"ev_survival": table})
        vars(run)["arms"] = {"all": "everybody"}
        (picture,) = incidences(run)
        assert picture.table.rows[1][2] == words
