"""An invented run of an invented study, for the report: people are drawn, estimates are the house's own.

1,600 children, a third of them supported; support halves the risk of suspension and does nothing for ears.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.answers.hiding import hidden_estimate
from outcome_linkage.evaluation.costs.by_sector import cost_table, priced
from outcome_linkage.evaluation.costs.consequences import consequences
from outcome_linkage.evaluation.costs.effectiveness import CEA, draws_of
from outcome_linkage.evaluation.costs.effects import difference_of_means
from outcome_linkage.evaluation.costs.prices import read_prices
from outcome_linkage.evaluation.estimates.balance import balance
from outcome_linkage.evaluation.estimates.by_kind import cohort_estimates
from outcome_linkage.evaluation.estimates.estimate import Asked, Estimate, as_frame
from outcome_linkage.evaluation.estimates.incidence import survival
from outcome_linkage.evaluation.estimates.resampling import Weighting
from outcome_linkage.evaluation.estimates.sample import floats, of_rows
from outcome_linkage.evaluation.locked import fingerprint
from outcome_linkage.evaluation.shape import shaped
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Outcome

REFERENCE = Path(__file__).parents[1] / "reference"
DOMAINS = ("physical_abuse", "neglect", "domestic_abuse", "parental_substance_misuse")
ARMS = ("support", "usual")
_SAID = ("recall", "recall_lo", "recall_hi", "recall_basis", "reason")
_RECALL = (0.8, 0.75, 0.85, "planted_records")
_REGISTERS = ("ecds_attendances",)
HORIZON = 730
_SOURCES = ["cin_protection_plans", "school_exclusions", "ecds_attendances", "service_episodes"]
SPEC: dict[str, Any] = {
    "schema_version": 1,
    "id": "support",
    "title": "Therapeutic support after a child-protection plan, and suspension from school",
    "version": "1.2.0",
    "status": "registered",
    "question": {
        "population": "Children aged 4 to 15 with a child-protection plan for abuse",
        "intervention": "Therapeutic support accepted within 90 days",
        "comparator": "no support within 90 days",
        "estimand": "att",
        "registration": "https://example.org/invented",
    },
    "governance": {"purpose": "evaluation", "data_agreements": ["INVENTED-1", "INVENTED-2"]},
    "study_period": {"start": "2019-04-01", "end": "2025-03-31"},
    "sources": {"use": _SOURCES},
    "design": {"type": "cohort"},
    "index": {
        "event": {"concept": "cp_plan_start_abuse", "source": "cin_protection_plans"},
        "lookback_required_days": 365,
    },
    "eligibility": [
        {
            "id": "age",
            "label": "Aged 4 to 15 on day 0",
            "keep": {"age_at_index": {"min_years": 4, "max_years": 15}},
        },
        {
            "id": "no_support",
            "label": "No support before",
            "drop": {
                "event": {"concept": "therapy_started", "source": "service_episodes", "window": [-3650, -1]}
            },
        },
    ],
    "arms": [
        {
            "id": "support",
            "label": "Therapeutic support",
            "when": {
                "event": {"concept": "therapy_accepted", "source": "service_episodes", "window": [0, 90]}
            },
        },
        {"id": "usual", "label": "Usual care", "when": "otherwise"},
    ],
    "assignment": {"strategy": "landmark", "landmark_days": 90},
    "followup": {"start_days": 91, "horizon_days": HORIZON},
    "adversity": {
        "window": [-5475, -1],
        "domains": list(DOMAINS),
        "age_bands_years": [[0, 5], [5, 11], [11, 18]],
        "score": {"rule": "count_domains", "min_observable": 3, "categories": ["0", "1", "2+"]},
    },
    "covariates": [
        {"id": "sex", "kind": "attribute", "from": "person"},
        {"id": "imd_quintile", "kind": "attribute", "from": "residence"},
        {
            "id": "suspended_before",
            "label": "Suspensions in the year before",
            "kind": "count",
            "event": {"concept": "suspension", "source": "school_exclusions", "window": [-365, -1]},
        },
    ],
    "outcomes": [
        {
            "id": "suspended",
            "label": "Any suspension from school",
            "role": "primary",
            "kind": "binary",
            "event": {"concept": "suspension", "source": "school_exclusions"},
            "window": [91, HORIZON],
            "direction": "lower_is_better",
        },
        {
            "id": "self_harm",
            "label": "First emergency attendance for self-harm",
            "role": "secondary",
            "kind": "time_to_event",
            "event": {"concept": "self_harm", "source": "ecds_attendances"},
            "competing": ["death"],
            "window": [91, HORIZON],
            "direction": "lower_is_better",
        },
        {
            "id": "ear_infection",
            "label": "Ear infection",
            "role": "negative_control",
            "kind": "binary",
            "event": {"concept": "otitis_media", "source": "ecds_attendances"},
            "window": [91, HORIZON],
        },
    ],
    "costs": {
        "price_year": "2024-25",
        "perspectives": ["nhs", "education"],
        "items": [
            {"resource": "ecds_attendances", "unit_cost": "nhs.ed_attendance", "sector": "nhs"},
            {"resource": "suspensions", "unit_cost": "education.suspension", "sector": "education"},
        ],
    },
    "subgroups": ["sex"],
    "sensitivity": [{"id": "surest_links", "change": {"linkage_level": "strict"}}],
}


def study(**changes: Any) -> Evaluation:
    """The study with some blocks replaced."""
    found = shaped({**deepcopy(SPEC), **changes})
    assert isinstance(found, Evaluation), found
    return found


def of_three_arms(**changes: Any) -> Evaluation:
    """The study with a third arm, of those who were put on a waiting list."""
    waiting = {"concept": "therapy_referred", "source": "service_episodes", "window": [0, 90]}
    third = {"id": "waiting", "label": "Waiting list", "when": {"event": waiting}}
    support, usual = SPEC["arms"]
    return study(**{"arms": [support, third, usual], **changes})


def in_three_arms(frame: pl.DataFrame) -> pl.DataFrame:
    """The people with every fourth of usual care on the waiting list."""
    waits = (pl.col("arm") == "usual") & (pl.int_range(pl.len()) % 4 == 0)
    return frame.with_columns(arm=pl.when(waits).then(pl.lit("waiting")).otherwise("arm"))


def people(size: int = 1600, seed: int = 5) -> pl.DataFrame:
    """Rows as in `ev_person`."""
    draw = np.random.default_rng(seed)
    before = draw.poisson(0.6, size)
    supported = draw.random(size) < 0.22 + 0.1 * (before > 0)
    risk = np.where(supported, 0.55, 1.0) * (0.18 + 0.12 * (before > 0))
    time, end = draw.exponential(2600, size), draw.integers(200, 1400, size)
    death = draw.exponential(60_000, size)
    day = np.minimum(np.minimum(time, death), np.minimum(end, HORIZON)).astype(int)
    kind = np.where(time <= day + 1, 1, np.where(death <= day + 1, 2, 0))
    seen = {
        name: draw.random(size) < share for name, share in zip(DOMAINS, (0.5, 0.35, 0.3, 0.1), strict=True)
    }
    known = draw.random(size) < 0.9
    score = np.sum([column.astype(int) for column in seen.values()], axis=0).tolist()
    bands = np.array(["0-4", "5-10", "11-17"])[draw.integers(0, 3, size)]
    return pl.DataFrame(
        {
            "person_key": [f"{number:032x}" for number in range(size)],
            "trial_no": np.ones(size, dtype=np.int64),
            "arm": np.where(supported, *ARMS),
            "age_index_years": draw.integers(4, 16, size),
            "sex": np.where(draw.random(size) < 0.5, "female", "male"),
            "imd_quintile": draw.choice([1, 1, 1, 2, 2, 3, 4, 5], size),
            "x_suspended_before": before,
            "x_suspended_before_st": np.zeros(size, dtype=np.int64),
            "censor_reason": np.where(end < HORIZON, "study_end", "horizon"),
            "a_score": [n if here else None for n, here in zip(score, known, strict=True)],
            "a_domains_obs": np.where(known, 4, 2),
            **{
                f"a_{name}": [bool(c) if c or k else None for c, k in zip(column, known, strict=True)]
                for name, column in seen.items()
            },
            **{
                f"a_{name}_fb": [str(b) if c else None for c, b in zip(column, bands, strict=True)]
                for name, column in seen.items()
            },
            "o_suspended": (draw.random(size) < risk).astype(int),
            "o_ear_infection": (draw.random(size) < 0.12).astype(int),
            "o_suspended_st": np.where(draw.random(size) < 0.93, 0, 2),
            "o_ear_infection_st": np.zeros(size, dtype=np.int64),
            "o_self_harm": (kind == 1).astype(int),
            "o_self_harm_st": np.zeros(size, dtype=np.int64),
            "o_self_harm_t": day,
            "o_self_harm_d": kind,
        },
        strict=False,
    ).with_columns(o_suspended=pl.when(pl.col("o_suspended_st") == 0).then("o_suspended"))


def tables(of: Evaluation, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The tables of counts that belong to these people."""
    shown = of.status != "draft"
    estimates = [row for outcome in of.outcomes for row in _estimates(outcome, frame, shown, _arms(of))]
    if not shown:
        estimates = [hidden_estimate(row, "the study is a draft.") for row in estimates]
    curves = pl.concat(
        [survival(frame, Asked("self_harm", ARMS[0], other), HORIZON) for other in _arms(of)[1:]]
    ).unique(maintain_order=True)
    found = {
        "ev_person": frame,
        "ev_estimates": as_frame(estimates),
        "ev_survival": curves if shown else curves.clear(),
        "ev_person_source": _person_source(frame),
        "ev_attrition": _attrition(frame),
        "ev_balance": _balance(frame, _arms(of)),
        "ev_censoring": _censoring(frame),
        "ev_missingness": _missing(frame),
        "ev_linkage": _linkage(frame),
        "ev_ascertainment": _ascertainment(frame),
        "ev_coverage": _coverage(),
        "ev_diagnostics": _diagnostics(shown),
        "ev_measures": pl.DataFrame(
            {"measure": ["otitis_media", "suspension"], "blocks_release": [True, False]}
        ),
    }
    return found | (_costs(of, frame) if shown else {})


def write_run(folder: Path, of: Evaluation | None = None, frame: pl.DataFrame | None = None) -> Path:
    """The tables of a run as its folder holds them."""
    of = of or study()
    stamp = {
        "evaluation_id": of.id,
        "spec_version": of.version,
        "spec_sha256": fingerprint(of),
        "run_id": "0123456789abcdef",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables(of, people() if frame is None else frame).items():
        stamped = table.with_columns(**{column: pl.lit(text) for column, text in stamp.items()})
        stamped.write_parquet(folder / f"{name}.parquet")
    return folder


def _arms(of: Evaluation) -> list[str]:
    return [arm.id for arm in of.arms]


def _estimates(outcome: Outcome, frame: pl.DataFrame, shown: bool, arms: list[str]) -> Iterator[Estimate]:
    """The first arm against each other."""
    covariates = ("sex", "imd_quintile", "x_suspended_before")
    for other in arms[1:]:
        asked = Asked(
            outcome.id, arms[0], other, role=outcome.role, estimand="att", draws=40, unblinded=shown
        )
        yield from cohort_estimates(frame, asked, outcome.kind, HORIZON, Weighting(covariates))
        for sex in ("female", "male"):
            part = frame.filter(pl.col("sex") == sex)
            yield from cohort_estimates(part, replace(asked, subgroup=f"sex={sex}"), outcome.kind, HORIZON)


def _person_source(frame: pl.DataFrame) -> pl.DataFrame:
    draw = np.random.default_rng(3)
    linked = frame.select("person_key", "arm").with_columns(linked=True, linkable=True)
    weights = [pl.Series("link_weight", draw.normal(mean, 4, frame.height)) for mean in (24, 17)]
    named = zip(_SOURCES[1:3], weights, strict=True)
    return pl.concat([linked.with_columns(weight, source=pl.lit(source)) for source, weight in named])


def _balance(frame: pl.DataFrame, arms: list[str]) -> pl.DataFrame:
    """Before weighting, and with weights that would make previous suspensions alike."""

    def weight_of(rows: pl.DataFrame, first: str, other: str) -> Any:
        return np.where((rows["arm"] == other) & (rows["x_suspended_before"] > 0), 1.4, 1.0)

    variables = {"age_index_years": "age_index_years", "sex": "sex", "imd_quintile": "imd_quintile"}
    found = frame.with_columns(pl.col("imd_quintile").cast(pl.String))
    return balance(found, arms, variables | {"suspended_before": "x_suspended_before"}, weight_of)


def _attrition(frame: pl.DataFrame) -> pl.DataFrame:
    steps = (
        ("delivered", "People of the region, rows as delivered", 0),
        ("accepted", "Rows that are valid and current", 0),
        ("linked", "Has a record with a supplier of the study's tables", 2312),
        ("index", "Has a day 0 within the study period (from here on, records are index events)", 38_004),
        ("age", "Aged 4 to 15 on day 0", 611),
        ("no_support", "No support before", 143),
        ("landmark", "Alive, in the area and without the outcome on day 90", 57),
        ("arm", "In one of the arms", 0),
        ("final", "Analysed", 0),
    )
    size, rows = frame.height + sum(lost for *_, lost in steps), []
    for step, (name, label, lost) in enumerate(steps):
        rows.append(
            {
                "step": step,
                "criterion_id": name,
                "label": label,
                "arm": "all",
                "n_persons_in": size,
                "n_persons_excluded": lost,
                "n_persons_out": size - lost,
                "n_records_in": 3 * size,
                "n_records_out": 3 * (size - lost),
                "excl_pct_female": 49.0 if lost else None,
                "excl_mean_age": 16.2 if lost else None,
                "excl_pct_imd1": 27.0 if lost else None,
                "excl_pct_minority": 5.0 if lost else None,
                "smd_max": 0.4 if lost else None,
            }
        )
        size -= lost
    return pl.DataFrame(rows)


def _censoring(frame: pl.DataFrame) -> pl.DataFrame:
    counted = frame.group_by("arm", reason="censor_reason").agg(n=pl.len()).sort("arm", "reason")
    return counted.select(
        pl.lit("followup").alias("outcome"), "arm", pl.lit(630).alias("day_band"), "reason", "n"
    )


def _missing(frame: pl.DataFrame) -> pl.DataFrame:
    status = pl.when(pl.col("o_suspended_st") == 0).then(pl.lit("observed")).otherwise(pl.lit("not_covered"))
    counted = frame.group_by("arm", status=status).agg(n=pl.len()).sort("arm", "status")
    return counted.select(pl.lit("o_suspended").alias("variable"), "arm", "status", "n")


def _linkage(frame: pl.DataFrame) -> pl.DataFrame:
    rows = []
    for source, share in zip(_SOURCES, (1.0, 0.91, 0.84, 0.31), strict=True):
        for subgroup in ("all", "arm", "sex", "imd_quintile"):
            by = pl.lit("all") if subgroup == "all" else pl.col(subgroup).cast(pl.String)
            for level, n in frame.group_by(by.alias("level")).agg(n=pl.len()).sort("level").iter_rows():
                known = (n, n, round(n * share), 100 * share, 0.05, 22.0)
                found = (None, None, None, None, None) if source in _REGISTERS else (*_RECALL, None)
                rows.append((source, subgroup, level, source in _REGISTERS, *known, *found))
    columns = [
        "source",
        "subgroup",
        "level",
        "register",
        "n",
        "n_linkable",
        "n_linked",
        "pct",
        "smd_linked_vs_not",
        "median_weight",
        *_SAID,
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _ascertainment(frame: pl.DataFrame) -> pl.DataFrame:
    harmed = int(frame["o_self_harm"].sum())
    rows = [
        ("self_harm", "outcome", "ecds_attendances", harmed - 30),
        ("self_harm", "outcome", "apc_episodes+ecds_attendances", 30),
        ("neglect", "adversity", "cin_protection_plans", 402),
        ("neglect", "adversity", "cin_assessments+cin_protection_plans", 131),
        ("neglect", "adversity", "cin_assessments", 5),
        ("plan_known_to_police", "index", "cin_protection_plans", 1202),
        ("plan_known_to_police", "index", "cin_protection_plans+police_incidents", 398),
    ]
    table = pl.DataFrame(rows, schema=["outcome", "role", "sources", "n"], orient="row")
    recall = [pl.lit(value).alias(name) for name, value in zip(_SAID, (*_RECALL, None), strict=True)]
    return table.with_columns(*recall, linked_source=pl.lit("police_incidents"))


def _coverage() -> pl.DataFrame:
    months = (
        pl.date_range(date(2019, 4, 1), date(2025, 3, 1), "1mo", eager=True).dt.strftime("%Y-%m").to_list()
    )
    rows = []
    for source in _SOURCES:
        for month in months:
            gap = source == "cin_protection_plans" and "2020-10" <= month < "2021-04"
            n = 0 if gap else 1500 - 90 * _SOURCES.index(source)
            rows.append((source, "bristol", month, 1600, n, 1600 * gap, "cyber-attack" if gap else None))
    columns = ["source", "supplier", "month", "n", "n_covered", "n_gap", "reason"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _diagnostics(shown: bool) -> pl.DataFrame:
    draft = None if shown else "the study is a draft."
    rows = [
        ("max_smd", "sex=female", 0.04, 0.1, "block", True, None, None),
        ("min_overlap", None, 0.71, 0.2, "block", True, None, None),
        ("max_mdrr", "suspended", 0.61, 10.0, "block", True, None, None),
        (
            "max_linkage_difference",
            "ecds_attendances",
            6.2,
            5.0,
            "block",
            False,
            "Looked at by hand: movers",
            None,
        ),
        ("min_covered", "suspended", 0.93, 0.8, "block", True, None, None),
        ("negative_control", "ear_infection", 1.1, None, "warn", True, None, None),
        ("gate", None, None, None, "block", shown, None, draft),
    ]
    columns = ["diagnostic", "item", "value", "bound", "action", "passed", "waived", "reason"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _costs(of: Evaluation, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    assert of.costs is not None
    prices = priced(of.costs.items, read_prices(REFERENCE), of.costs.price_year)
    draw = np.random.default_rng(11)
    resources = [item.resource for item in of.costs.items]
    use = [
        {"person_key": key, "resource": resource, "day": int(draw.integers(91, 700)), "units": 1.0}
        for key in frame["person_key"]
        for resource in resources
        if draw.random() < 0.3
    ]
    uses, members = pl.DataFrame(use), frame.select("person_key", "arm")
    known = members.select("person_key").join(pl.DataFrame({"resource": resources}), how="cross")
    totals = uses.group_by("person_key").agg(pl.len().alias("k_total") * 100.0)
    with_costs = frame.join(totals, on="person_key", how="left").with_columns(
        pl.col("k_total").fill_null(0.0)
    )
    return {
        "ev_cea": _worth(of, with_costs),
        "ev_costs": cost_table(members, uses, prices, (0.035, 0.0, 0.015), known, _arms(of)),
        "ev_consequences": consequences(with_costs, ["o_suspended", "o_self_harm", "k_total"]),
    }


def _worth(of: Evaluation, frame: pl.DataFrame) -> pl.DataFrame:
    """Costs beside suspensions avoided, at the study's prices and rates and at low prices."""
    assert of.costs is not None
    known = frame.filter(pl.col("o_suspended").is_not_null())
    asked = Asked("suspended", *ARMS, draws=60)
    group = of_rows(known, asked, known["o_suspended"])
    everybody, spent = np.ones(len(group.value)), floats(group.frame["k_total"])
    costs = difference_of_means(group.treated, np.column_stack([spent, 0.5 * spent]), everybody)
    effect = difference_of_means(group.treated, group.value[:, None], everybody)
    drawn = draws_of(group, asked, None, costs, {asked.outcome: effect})
    about = {"contrast": asked.contrast, "perspective": "education", "outcome": asked.outcome}
    about |= {"discount_costs": 0.035, "discount_effects": 0.035}
    rows = [
        {**about, "price": price, **row}
        for column, price in enumerate(("base", "low"))
        for row in drawn.worth(asked.outcome, of.costs.thresholds, cost=column)
    ]
    return pl.DataFrame(rows, schema=CEA)
