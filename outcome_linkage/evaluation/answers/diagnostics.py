"""`ev_diagnostics`: what must hold before outcomes are shown by arm, and whether it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields

import duckdb
import numpy as np
import polars as pl

from outcome_linkage.evaluation.answers.asking import MAIN
from outcome_linkage.evaluation.answers.frames import get
from outcome_linkage.evaluation.answers.people import arms_of, covariates_of, people
from outcome_linkage.evaluation.engine.facts import primary
from outcome_linkage.evaluation.engine.step import in_list
from outcome_linkage.evaluation.estimates.estimate import RATIOS, CannotEstimate, Estimate
from outcome_linkage.evaluation.estimates.power import minimal_detectable_relative_risk
from outcome_linkage.evaluation.estimates.propensity import overlap, score_of
from outcome_linkage.evaluation.estimates.sample import own_weights
from outcome_linkage.evaluation.spec.analysis import Diagnostic
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.cohort import CloneCensorWeight, TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.walk import of_kind

NOT_ASKED = "nothing that it is about is compared in this study."
NO_FIGURE = "it cannot be computed: "
SMALLEST = ("min_overlap", "min_covered")
"""Diagnostics that fail below their bound; others fail above it."""
COMPARED = pl.when("register").then("n_linked").otherwise("n_linkable")
"""Of `ev_linkage`: who is compared between arms."""
NEAR = (0.8, 1.25)
"""Ratios between which a negative control is near enough to no effect (evaluation.md, B5)."""


@dataclass(frozen=True)
class Checked:
    """One row of `ev_diagnostics`: the worst value, and what it is of. `passed` is null where not asked."""

    diagnostic: str
    item: str | None = None
    value: float | None = None
    bound: float | None = None
    action: str = "warn"
    passed: bool | None = None
    waived: str | None = None
    reason: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether outcomes stay hidden for it."""
        return self.action == "block" and self.passed is False and self.waived is None


_TYPES: dict[str, type[pl.DataType]] = {"value": pl.Float64, "bound": pl.Float64, "passed": pl.Boolean}
DIAGNOSTICS = {field.name: _TYPES.get(field.name, pl.String) for field in fields(Checked)}
"""Columns and types of `ev_diagnostics`, without those that every table has."""
Found = tuple[str, float]
"""What a value is of, and the value."""


def diagnostics_of(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, controls: list[Estimate]
) -> list[Checked]:
    """One row for each diagnostic and each estimate of a negative control. Needs the tables of the run."""
    worst = {
        "max_smd": _smd,
        "min_overlap": _overlap,
        "max_mdrr": _mdrr,
        "max_linkage_difference": _linkage_difference,
        "min_covered": _covered,
    }
    made = []
    for name, of in worst.items():
        try:
            found = list(of(connection, study)) if study.index is not None else []
        except CannotEstimate as why:
            made.append(_checked(study, name, None, f"{NO_FIGURE}{why}"))
            continue
        pick = min if name in SMALLEST else max
        made.append(_checked(study, name, pick(found, key=lambda one: one[1]) if found else None))
    return [*made, *_negative_controls(controls)]


def as_frame(checked: list[Checked]) -> pl.DataFrame:
    """The rows of `ev_diagnostics`."""
    return pl.DataFrame([asdict(one) for one in checked], schema=DIAGNOSTICS)


def _checked(study: Evaluation, name: str, found: Found | None, failure: str | None = None) -> Checked:
    asked: Diagnostic = getattr(study.diagnostics, name)
    waived = next((one.reason for one in study.diagnostics.waived if one.diagnostic == name), None)
    if found is None:
        passed = None if failure is None else False
        return Checked(name, None, None, asked.bound, asked.action, passed, waived, failure or NOT_ASKED)
    item, value = found
    passed = value >= asked.bound if name in SMALLEST else value <= asked.bound
    return Checked(name, item, value, asked.bound, asked.action, passed, waived)


def _smd(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> Iterator[Found]:
    """Differences of what is adjusted for, else of the basic characteristics, with the estimates' weights."""
    if not _compares_people(study):
        return
    own = [one.id for one in study.covariates]
    rows = get(connection, "ev_balance").filter(pl.col("arm") != arms_of(study)[0])
    for row in rows.filter(pl.col("variable").is_in(own) if own else pl.lit(True)).to_dicts():
        value = row["smd_weighted"] if row["smd_weighted"] is not None else row["smd_raw"]
        if value is not None:
            yield f"{row['variable']}={row['level']}", abs(value)


def _overlap(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> Iterator[Found]:
    """Of the propensities of the first arm and each other. Raises `CannotEstimate` where there is none."""
    if not _compares_people(study) or not study.covariates or isinstance(study.assignment, CloneCensorWeight):
        return
    frame = people(connection, study)
    first, *others = arms_of(study)
    for other in others:
        rows = frame.filter(pl.col("arm").is_in([first, other]))
        treated = (rows["arm"] == first).to_numpy().astype(np.float64)
        if not 0 < treated.sum() < len(treated):
            raise CannotEstimate("one arm has nobody.")
        score = score_of(rows, covariates_of(study), treated, own_weights(rows))
        yield f"{first} - {other}", overlap(score, treated)


def _mdrr(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> Iterator[Found]:
    """The smallest relative risk of the primary outcome that each comparison would see.

    Where exposure changes, person-days exposed and not take the place of people. Raises `CannotEstimate`
    where a comparison could see none.
    """
    main = primary(study)
    if main is None or not (_compares_people(study) or _changes(study)):
        return
    timed = main.kind in ("binary", "time_to_event")
    seen = f"o_{main.id}_d = 1" if timed else f"o_{main.id} > 0"
    sql = f"select arm, count(*), count(*) filter (where {seen}) from temp.ev_person group by arm"
    if _changes(study):
        days, events = f"sum(o_{main.id}_pt)", f"coalesce(sum(o_{main.id}), 0)"
        sql = f"select case when exposed then $a else $b end, {days}, {events} from temp.ev_period group by 1"
    first, *others = arms_of(study)
    found = connection.execute(sql, {"a": first, "b": others[0]} if _changes(study) else {}).fetchall()
    many, events_of = ({row[0]: int(row[n] or 0) for row in found} for n in (1, 2))
    for other in others:
        a, b = many.get(first, 0), many.get(other, 0)
        events_seen = events_of.get(first, 0) + events_of.get(other, 0)
        least = minimal_detectable_relative_risk(events_seen, a, b, study.estimates.confidence)
        yield f"{main.id}: {first} - {other}", least


def _linkage_difference(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> Iterator[Found]:
    """Percentage points between arms in the share linked, by delivered table.

    Without a register few are linked, and those to whom something happened: there the share who could be
    linked is compared, and tables of suppliers that tell who is in which arm are left out, since in them an
    arm is linked by construction.
    """
    if not _compares_people(study):
        return
    by_arm = (pl.col("subgroup") == "arm") & ~pl.col("source").is_in(_tell_the_arm(connection, study))
    share = 100 * COMPARED / pl.col("n")
    rows = get(connection, "ev_linkage").filter(by_arm).group_by("source")
    yield from rows.agg((share.max() - share.min()).alias("points")).sort("source").rows()


def _tell_the_arm(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> list[str]:
    """Tables without a register, of the suppliers of those that arms are read from."""
    read = in_list(event.source for _, event in of_kind(study.arms, Event))
    found = connection.execute(
        "select distinct source from in_source where not register and supplier in "
        f"(select supplier from in_source where source in ({read}))"
    )
    return [source for (source,) in found.fetchall()]


def _covered(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> Iterator[Found]:
    """Share of each outcome's days under follow-up that all its sources cover, in whoever is at risk."""
    sql = """
    select item, sum(n_days) / sum(seen_to - seen_from + 1)
    from out_value where role = 'outcome' and status not in (5, 6) and seen_to >= seen_from
    group by item order by item
    """
    if study.outcomes and study.followup is not None:
        yield from connection.execute(sql).fetchall()


def _compares_people(study: Evaluation) -> bool:
    people_stay = len(study.arms) > 1 and study.design.type in ("cohort", "matched_cohort")
    return people_stay and not _changes(study)


def _changes(study: Evaluation) -> bool:
    """Whether people change arm during follow-up: nobody is compared with others on day 0."""
    return isinstance(study.assignment, TimeVarying)


def _negative_controls(controls: list[Estimate]) -> Iterator[Checked]:
    """A control whose interval excludes no effect warns, unless its ratio is near 1; it never blocks.

    Of the study as it stands, in everybody; by ratios where there are any. One without an estimate tells
    nothing, with the reason.
    """
    whole = [one for one in controls if (one.sensitivity_id, one.subgroup) == (MAIN, "all")]
    judged = {one.outcome for one in whole if None not in (one.est, one.lo, one.hi)}
    for name in dict.fromkeys(one.outcome for one in whole if one.outcome not in judged):
        why = next((one.reason for one in whole if one.outcome == name and one.reason), "no figures.")
        yield Checked("negative_control", name, reason=f"{NO_FIGURE}{why}")
    by_ratio = {one.outcome for one in whole if one.scale in RATIOS and one.est is not None}
    for one in whole:
        if one.est is None or one.lo is None or one.hi is None:
            continue
        if one.scale not in RATIOS and one.outcome in by_ratio:
            continue
        none = 1.0 if one.scale in RATIOS else 0.0
        near = one.scale in RATIOS and NEAR[0] <= one.est <= NEAR[1]
        item = f"{one.outcome}: {one.contrast}, {one.method}, {one.scale}"
        yield Checked("negative_control", item, one.est, none, "warn", near or one.lo <= none <= one.hi)
