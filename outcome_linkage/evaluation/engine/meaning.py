"""What each table and column of an evaluation means: its grain, its words, its unit.

Columns named after a part of the study are described by the pattern of their name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Table(NamedTuple):
    """A table: what one row is, and how sensitive it is: person, or aggregate."""

    grain: str
    sensitivity: str


TABLES: Mapping[str, Table] = {
    "ev_cohort": Table("One row per candidate, trial and, for clones, arm.", "person"),
    "ev_person": Table("One row per included person, trial and, for clones, arm.", "person"),
    "ev_person_source": Table("One row per included person, trial, arm and delivered table.", "person"),
    "ev_event": Table("One row per included person, trial, arm, role and recorded event.", "person"),
    "ev_period": Table("One row per included person, trial, arm and period.", "person"),
    "ev_attrition": Table("One row per step and arm, and for all.", "aggregate"),
    "ev_balance": Table("One row per variable, level and arm.", "aggregate"),
    "ev_missingness": Table("One row per variable, arm and status.", "aggregate"),
    "ev_linkage": Table("One row per delivered table, subgroup and level.", "aggregate"),
    "ev_ascertainment": Table("One row per outcome or domain and set of tables that knew it.", "aggregate"),
    "ev_censoring": Table("One row per outcome, arm, 90 days of follow-up and reason.", "aggregate"),
    "ev_costs": Table("One row per arm, resource and yearly rate of discounting.", "aggregate"),
    "ev_consequences": Table("One row per arm and outcome or sector.", "aggregate"),
    "ev_cea": Table("One row per contrast, outcome, perspective, price, rate and threshold.", "aggregate"),
    "ev_area_period": Table("One row per measure, area, group and period.", "aggregate"),
    "ev_estimates": Table(
        "One row per outcome, contrast, subgroup, change of the study, method and scale.", "aggregate"
    ),
    "ev_survival": Table("One row per outcome, arm and day on which something happened.", "aggregate"),
    "ev_diagnostics": Table(
        "One row per diagnostic, per figure of a negative control, and the gate.", "aggregate"
    ),
}
STATUS = (
    "0 observed, 1 not_linkable, 2 not_covered, 3 partly_covered, 4 missing_in_source, 5 not_applicable, "
    "6 withheld, 7 not_linked."
)
_COLUMNS: Mapping[str, str] = {
    "person_key": "The person, in this evaluation alone.",
    "trial_no": "Which of the person's days 0, from 1.",
    "cluster_key": "What people share that makes them alike; errors are widened by it.",
    "match_set": "The set of people matched to each other; null without matching.",
    "match_weight": "Weight from matching: others of a set share that of one.",
    "arm": "Arm of the study; in ev_period that of the row.",
    "index_date": "Day 0.",
    "index_quarter": "Quarter of day 0.",
    "first_failed": "First rule that was not met, in the order of the study.",
    "included": "Whether the person is in ev_person.",
    "arm_decided_day": "Day on which the arm was decided. Unit: days from day 0.",
    "assignment_weight": "1 for whoever is included; weights of clones are fitted with the estimates.",
    "age_index_years": "Age on day 0, born on the 15th. Unit: years.",
    "age_band": "Age on day 0 in bands.",
    "sex": "male, female or unknown.",
    "ethnicity5": "Ethnic group of five.",
    "imd_quintile": "Deprivation of the residence on day 0, else the last known; 1 most deprived.",
    "area_code": "Local authority of residence on day 0, else the last known; in ev_area_period the area.",
    "organisation_id": "School, ward, team or other organisation: of the event, or of the person on day 0.",
    "entry_days": "Days by which the person entered late. Unit: days.",
    "fu_start": "First day of follow-up for the primary outcome.",
    "fu_end": "Last day of follow-up for the primary outcome.",
    "fu_days": "Days from the first to the last of follow-up. Unit: days.",
    "censor_reason": "What ended follow-up; of several on one day the first that the study lists.",
    "a_assessed": "Whether any completed assessment exists; factors of one are unknown without it.",
    "a_domains_obs": "Domains of the score that could be observed, or were seen. Unit: domains.",
    "a_score": "Service-recorded adversity: domains seen; null with too few observable.",
    "a_score_cat": "Group of the score.",
    "a_score_min": "The score with unobservable domains taken as 0.",
    "a_score_max": "The score with unobservable domains taken as 1.",
    "source": "Delivered table.",
    "linkable": "The person's identifiers could pass a stage of linkage with the table's supplier.",
    "linkable_from": "First day from which they could; null for no limit.",
    "linked": "The supplier has a record of the person.",
    "withheld": "The supplier's rows about the person are hidden by an objection.",
    "link_weight": "Lowest match weight of the links. Unit: log2 odds.",
    "covered_days": "Usable days between the first and last day of follow-up. Unit: days.",
    "gap_reason": "Reason of a declared gap in that time.",
    "event_id": "The event, in this evaluation alone.",
    "role": "index, exposure, adversity, covariate, outcome or resource; of an estimate: for what.",
    "item": "Part of the study that the event belongs to, by its id.",
    "concept": "Measure of the library.",
    "domain": "Domain of adversity.",
    "whose_record": "child (the person's own), parent or household.",
    "event_date": "Day of the event.",
    "day": "Day from day 0. Unit: days.",
    "age_years": "Age at the event. Unit: years.",
    "age_months": "Age at the event while under 2 years. Unit: months.",
    "episode_no": "Episode that the event is part of, from 1.",
    "is_kept": "The first event of its episode, which alone is counted.",
    "is_covered": "On a day that every table needed covers.",
    "dup_of": "The kept event of the episode, for others.",
    "n_merged": "Events of the episode. Unit: events.",
    "unit_cost_id": "Price of the event; null where it is not costed.",
    "cost_gbp": "Cost of its covered days, undiscounted: adds up to k_total_u. Unit: GBP of the price year.",
    "sector": "Who pays.",
    "resource": "What is used.",
    "n_users": "People who used it. Unit: people.",
    "units": "Uses, of all. Unit: as `unit` says.",
    "units_pp": "Uses per person whose use could be seen. Unit: as `unit` says.",
    "unit": "What a price is per.",
    "unit_cost_base": "Price as listed. Unit: GBP of `price_year_from`.",
    "price_year_from": "Price year as listed.",
    "index_id": "Price index that brings it to the price year of the study; null where none is needed.",
    "index_vintage": "When the index was published.",
    "factor": "By how much the listed price is multiplied.",
    "cost_pp": "Cost per person whose use could be seen. Unit: GBP of the price year.",
    "lo": "Lower bound: of an interval; of costs, at the low price.",
    "hi": "Upper bound: of an interval; of costs, at the high price.",
    "discounted": "Whether later costs count less.",
    "discount_rate": "By how much less, a year.",
    "blocks_release": "A price or index is a placeholder or not verified: nothing made with it may leave.",
    "perspective": "Whose costs are added up: one sector's, or societal: everybody's that are paid for.",
    "price": "Which prices are taken: base, low or high.",
    "discount_costs": "Yearly rate at which later costs count less.",
    "discount_effects": "Yearly rate at which later effects count less.",
    "d_cost": "Difference of mean costs, a less b. Unit: GBP of the price year.",
    "d_cost_lo": "Its lower end.",
    "d_cost_hi": "Its upper end.",
    "d_effect": "What a gains over b: events avoided where lower is better. Unit: of the outcome, per person.",
    "d_effect_lo": "Its lower end.",
    "d_effect_hi": "Its upper end.",
    "share_ne": "Share of draws in which a costs more and does more.",
    "share_nw": "Share of draws in which a costs more and does less.",
    "share_se": "Share of draws in which a costs less and does more.",
    "share_sw": "Share of draws in which a costs less and does less.",
    "icer": "Cost per unit of effect; null unless asked for and unless it says something. Unit: GBP.",
    "threshold": "What one more unit of effect is taken to be worth. Unit: GBP.",
    "net_benefit": "threshold x d_effect - d_cost. Unit: GBP.",
    "probability": "Share of draws in which the net benefit is positive.",
    "draws": "Bootstrap draws. Unit: draws.",
    "n_known": "People with a value. Unit: people.",
    "total": "Sum of the values.",
    "per_person": "Mean of the values.",
    "period": "Number of the period: 0 holds day 0; by the calendar, 1 is the first.",
    "period_start": "First day.",
    "period_end": "Last day.",
    "cal_period": "Month of the first day.",
    "tstart": "First day, from day 0. Unit: days.",
    "tstop": "Day after the last, from day 0. Unit: days.",
    "exposed": "Whether the unit has started, or the person is in the first arm, on the first day.",
    "first_treated_period": "First exposed period; 0 for never.",
    "event_time": "Periods since the first exposed one; null for never.",
    "post": "After day 0, or by the calendar after the start.",
    "step": "Number of the step, from 0.",
    "criterion_id": "Name of the step.",
    "label": "What the step asks.",
    "n_persons_in": "People who came. Unit: people.",
    "n_persons_excluded": "People who were lost. Unit: people.",
    "n_persons_out": "People who stayed. Unit: people.",
    "n_records_in": "Records that came: delivered rows, from day 0 on index events. Unit: records.",
    "n_records_out": "Records that stayed. Unit: records.",
    "excl_pct_female": "Of the lost. Unit: percent.",
    "excl_mean_age": "Of the lost, on day 0 or at the start of the study. Unit: years.",
    "excl_pct_imd1": "Of the lost, in the most deprived quintile. Unit: percent.",
    "excl_pct_minority": "Of the lost with a known ethnic group, other than White. Unit: percent.",
    "smd_max": "Largest standardised difference between lost and kept.",
    "variable": "Column, or characteristic.",
    "level": "Level of a characteristic, `number` for a number; in ev_area_period 1 after the start.",
    "n": "How many. Unit: people.",
    "n_missing": "With nothing recorded. Unit: people.",
    "n_not_linkable": "Who could not be, or were not, linked. Unit: people.",
    "n_not_covered": "Not covered, or in part. Unit: people.",
    "pct": "Share. Unit: percent.",
    "mean": "Mean.",
    "sd": "Standard deviation.",
    "p25": "Lower quartile.",
    "p50": "Median.",
    "p75": "Upper quartile.",
    "smd_raw": "Standardised difference from the first arm; infinite where no level is shared.",
    "smd_weighted": "The same with the weights of matching.",
    "var_ratio": "Ratio of variances to the first arm.",
    "flag": "ok, imbalanced (over 0.1) or disjoint (a level that one arm has and the other not).",
    "status": "Why the value is what it is.",
    "subgroup": "Characteristic; of an estimate its level, or `all`.",
    "n_linkable": "Who could be linked. Unit: people.",
    "n_linked": "Who were linked. Unit: people.",
    "smd_linked_vs_not": "Standardised difference of the level between linked and not linked.",
    "median_weight": "Median match weight. Unit: log2 odds.",
    "outcome": "Outcome of the study, domain of adversity, or costs of a sector.",
    "sources": "Delivered tables that hold it, together.",
    "day_band": "First of 90 days of follow-up. Unit: days.",
    "reason": "Of censoring: what ended follow-up. Elsewhere: why there is no figure, or what to beware of.",
    "measure_id": "Measure of the study.",
    "numerator": "Events on covered days. Unit: events.",
    "denominator": "What the rate is per, in its own unit.",
    "person_days": "Covered days lived there. Unit: days.",
    "rate": "Numerator per so many units of the denominator.",
    "covered_share": "Share of the days lived there that are covered.",
    "phase": "pre or post; null for a place that never starts.",
    "months_since_start": "Months from the start. Unit: months.",
    "t": "Number of the period, from 1.",
    "trend": "Periods since the start, from 1; 0 before.",
    "contrast": "Arm, window or time a - arm, window or time b.",
    "sensitivity_id": "Change of the study, by its id; main for the study as it stands.",
    "method": "How it was estimated; see the reference of estimators.",
    "estimand": "Whose average effect: att, ate, itt or descriptive.",
    "scale": "rd, rr, irr, rmst_diff (days), mean_diff or mean_diff_gbp (GBP of the price year).",
    "n_a": "In a: people, periods or units. Unit: people.",
    "n_b": "In b: people, periods or units. Unit: people.",
    "events_a": "Events in a. Unit: events.",
    "events_b": "Events in b. Unit: events.",
    "pdays_a": "Person-days at risk in a. Unit: days.",
    "pdays_b": "Person-days at risk in b. Unit: days.",
    "est": "Estimate: a against b on the scale; in ev_survival the cumulative incidence.",
    "se": "Standard error; of the logarithm for ratios.",
    "p": "Two-sided p-value.",
    "e_value": "How strongly something unmeasured would have to go with both to explain a ratio away.",
    "unblinded": "Whether figures are shown: of negative controls always, else once the gate is open.",
    "n_at_risk": "Who could still have it. Unit: people.",
    "n_event": "Who had it that day. Unit: people.",
    "n_competing": "Whom something competing met that day. Unit: people.",
    "n_censored": "Whose time ended that day. Unit: people.",
    "estimator": "km (Kaplan-Meier) without competing events, else aj (Aalen-Johansen).",
    "diagnostic": "Diagnostic of the study, negative_control, or gate: whether outcomes are shown by arm.",
    "value": "The worst value.",
    "bound": "Where it begins to fail; no effect for a negative control.",
    "action": "warn, or block: outcomes by arm stay hidden.",
    "passed": "Whether it holds; null where it is not asked.",
    "waived": "Why it may fail.",
    "evaluation_id": "Name of the study.",
    "spec_version": "Version of the study.",
    "spec_sha256": "Fingerprint of what the study says.",
    "run_id": "Fingerprint of what the run was made from; the same study on the same data has the same.",
}
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"crit_(\w+)_date", "Day on which what `{0}` asks for came about."),
    (r"crit_(\w+)", "Whether rule `{0}` is met."),
    (r"group(\d)", "Group {0} of the measure."),
    (r"k_st", f"Status of k_total: {STATUS}"),
    (r"k_(\w+)_u", "Cost of {0} undiscounted. Unit: GBP of the price year."),
    (
        r"k_(\w+)",
        "Cost of {0}, discounted; null unless it could be seen. Unit: GBP of the price year.",
    ),
    (r"a_score_b(\d)", "Domains of the score first seen in age band {0}. Unit: domains."),
    (r"a_(\w+)_st", f"Status of a_{{0}}: {STATUS}"),
    (r"a_(\w+)_n", "Episodes of {0}. Unit: episodes."),
    (r"a_(\w+)_fd", "Day of the first {0}. Unit: days from day 0."),
    (r"a_(\w+)_fb", "Age band of the first {0}."),
    (r"a_(\w+)", "Whether {0} was recorded; null unless seen or earned."),
    (r"x_(\w+)_st", f"Status of x_{{0}}: {STATUS}"),
    (r"x_(\w+)", "Covariate {0} of the study."),
    (r"o_(\w+)_st", f"Status of o_{{0}}: {STATUS}"),
    (r"o_(\w+)_pt", "Days at risk of {0} that could be seen. Unit: days."),
    (r"o_(\w+)_t", "Days from the window's first to {0}, to what competes, or to the end. Unit: days."),
    (r"o_(\w+)_e", "Days of the window before the person came under risk of {0}. Unit: days."),
    (r"o_(\w+)_d", "0 followed to the end without {0}, 1 {0}, 2 and more what competes, in order."),
    (r"o_(\w+)", "Outcome {0} of the study; null unless seen or earned."),
)


def meaning_of(column: str) -> str:
    """What a column means, in words. Raises KeyError for one that nobody has described."""
    if column in _COLUMNS:
        return _COLUMNS[column]
    for pattern, words in _PATTERNS:
        if found := re.fullmatch(pattern, column):
            return words.format(*found.groups())
    raise KeyError(column)


def meanings(columns: Iterable[str]) -> dict[str, str]:
    """What each column means."""
    return {column: meaning_of(column) for column in columns}


def description_of(table: str) -> str:
    """What a table holds: grain and sensitivity."""
    grain, sensitivity = TABLES[table]
    return f"{grain} Sensitivity: {sensitivity}."
