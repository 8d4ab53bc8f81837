"""The answer on one page, in words, from the figures as they are shown; and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from outcome_linkage.evaluation.estimates.estimate import RATIOS
from outcome_linkage.evaluation.report.blocks import Block, Card, Cards, Notice, Section, Words
from outcome_linkage.evaluation.report.costs import PLACEHOLDER, placeholder_words, unverified
from outcome_linkage.evaluation.report.estimated import (
    UNITS,
    Told,
    about,
    best,
    by_contrast,
    confidence_of,
    method_words,
    told,
)
from outcome_linkage.evaluation.report.gate import CONTROL, failed, hidden_because, is_blinded, waived
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import count, listed
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Measure, Outcome

_SCALES = {
    "binary": ("rd", "rr"),
    "time_to_event": ("rd", "rmst_diff", "rr"),
    "count": ("irr",),
    "days": ("mean_diff",),
    "continuous": ("mean_diff",),
}
ALIKE = "after the arms were made alike in what was recorded before"
_OF_A_SERIES = ("irr", "rr", "mean_diff", "rd")


def answer(run: Gathered) -> Section:
    """What was found, and how far it can be trusted."""
    blocks: list[Block] = list(_notices(run))
    blocks += [Words(text) for text in _sentences(run)]
    blocks.append(Cards(list(_cards(run))))
    return Section("answer", "The answer", blocks)


def _notices(run: Gathered) -> Iterator[Notice]:
    status = run.study.status
    if is_blinded(run):
        yield Notice(f"{status.capitalize()}: outcomes by arm are hidden", hidden_because(run), "warned")
    elif status == "draft":
        yield Notice("Draft", "The study is not registered: its plan may still change.", "warned")
    else:
        yield Notice(status.capitalize(), registered_words(run.study))
    if not is_blinded(run) and (failing := failed(run)):
        yield Notice("Not to be trusted yet", f"What should block has failed: {listed(failing)}.", "closed")
    if found := waived(run):
        text = " ".join(f"{what}: failed, and waived since “{reason}”." for what, reason in found)
        yield Notice(f"Checks that are waived: {len(found)}", text, "warned")
    if unverified(run):
        yield Notice(PLACEHOLDER, placeholder_words(run), "closed")
    if shaky := unverified_measures(run):
        text = (
            f"Nobody has verified: {listed(shaky)}. A release is blocked until the data owner confirms them."
        )
        yield Notice("Unverified measures", text, "closed")


def registered_words(study: Evaluation) -> str:
    """What is known of a registration: what the file says. When it was made, the software does not see."""
    where = study.question.registration
    return (
        f"The file says that the study is {study.status}{f' at {where}' if where else ', and not where'}. "
        "Outcomes are shown by arm only while it says so. When it was registered, and what was known by "
        "then, is not checked here."
    )


def unverified_measures(run: Gathered) -> list[str]:
    """Measures of the study whose definition nobody has verified; they block a release."""
    table = run.table("ev_measures")
    return table.filter(pl.col("blocks_release"))["measure"].to_list() if table.height else []


def _sentences(run: Gathered) -> Iterator[str]:
    asked = run.study.question
    if asked.population and asked.intervention:
        against = f", against: {asked.comparator}" if asked.comparator else ""
        yield f"{asked.population}. {asked.intervention}{against}."
    rows = told(run)
    if is_blinded(run):
        return
    for outcome in run.asked:
        if outcome.role == "primary":
            yield from _of_outcome(outcome, rows, run)
    controls = [one for one in rows if one.row.role == CONTROL and one.is_main and not one.why_not]
    if controls:
        apart = {one.row.outcome for one in controls if one.is_beyond_chance}
        yield (
            "Outcomes that the service cannot affect do not differ beyond chance."
            if not apart
            else f"An outcome that the service cannot affect differs beyond chance "
            f"({listed([run.label(name) for name in sorted(apart)])}): the arms differed before."
        )


def _of_outcome(outcome: Outcome | Measure, rows: Sequence[Told], run: Gathered) -> Iterator[str]:
    """A sentence for each contrast, which is named where there are several."""
    for of_contrast in by_contrast(rows, outcome.id).values():
        yield sentence(outcome, of_contrast, run)


def sentence(outcome: Outcome | Measure, rows: Sequence[Told], run: Gathered) -> str:
    """What was found of one outcome in one contrast; the estimates are of these alone, and one at least."""
    scales = _SCALES[outcome.kind] if isinstance(outcome, Outcome) else _OF_A_SERIES
    label = about(rows[0], run)
    found = best(rows, outcome.id, scales)
    if found is None:
        why = next((f" ({one.why_not.rstrip('.')})" for one in rows if one.why_not), "")
        return f"{label}: no estimate can be shown{why}."
    how = ALIKE if found.is_weighted else method_words(found.row.method)
    what = "ratio" if found.row.scale in RATIOS else "difference"
    return (
        f"{label}: {_arms(found, run)}The {what} {how} is {found.figure}{UNITS.get(found.row.scale, '')} "
        f"({confidence_of(run)} interval {found.interval}){_made_of(found)}. {_other_way(found, what, run)}"
        f"{_says(found, outcome, run)}"
    )


def _arms(found: Told, run: Gathered) -> str:
    """The shares that had it, of counts as shown, where they can be told."""
    first, second = _sides(found, run)
    if not (found.a.percent and found.b.percent and second):
        return ""
    return (
        f"{found.a.percent} ({found.a.counts}) of those with “{first}” and {found.b.percent} "
        f"({found.b.counts}) with “{second}” had it. "
    )


def _sides(found: Told, run: Gathered) -> tuple[str, str]:
    first, _, second = found.row.contrast.partition(" - ")
    return run.arm(first), run.arm(second) if second else ""


def _made_of(found: Told) -> str:
    """Why a figure is not what the shares beside it give."""
    if found.is_of_counts or not found.a.percent:
        return ""
    return ", by a model of the records and not of these counts"


def _other_way(found: Told, what: str, run: Gathered) -> str:
    """That the shares beside a figure point elsewhere, and which to go by."""
    if not _points_elsewhere(found):
        return ""
    before = "from before the arms were made alike" if found.is_weighted else "of those of whom it is known"
    return (
        f"The shares point the other way: they are of counts rounded to {run.profile.round_to}, {before}; "
        f"the {what} is not. Go by the {what} and its interval. "
    )


def _points_elsewhere(found: Told) -> bool:
    """Whether the shares of the released counts differ in the other direction than the estimate."""
    row, first, second = found.row, found.a.share, found.b.share
    if row.est is None or first is None or second is None:
        return False
    apart = row.est - (1.0 if row.scale in RATIOS else 0.0)
    return apart * (second - first if row.scale == "rmst_diff" else first - second) < 0


def _says(found: Told, outcome: Outcome | Measure, run: Gathered) -> str:
    """In words what the interval says; no cause is claimed."""
    if not found.is_beyond_chance:
        return "The interval holds no difference at all: chance alone can explain it."
    none = 1.0 if found.row.scale in RATIOS else 0.0
    less = (found.row.est or 0.0) < none
    if found.row.scale == "rmst_diff":
        less = not less
    direction = getattr(outcome, "direction", None)
    good = {"lower_is_better": less, "higher_is_better": not less}.get(direction or "")
    side = f"{'Less' if less else 'More'} of it with “{_sides(found, run)[0]}”"
    judged = "" if good is None else ", which is better" if good else ", which is worse"
    return f"{side}{judged}, beyond chance; what was not recorded may still explain it."


def _cards(run: Gathered) -> Iterator[Card]:
    sizes = {row["arm"]: row["people"] for row in run.sizes.iter_rows(named=True)}
    for arm, label in run.arms.items():
        yield Card(label, count(sizes.get(arm), run.profile), "people analysed")
    period = run.study.study_period
    yield Card("Data through", _through(run), f"study period {period.start} to {period.end}")


def _through(run: Gathered) -> str:
    """The last month that any table covers for anybody, else the end of the study."""
    table = run.table("ev_coverage")
    covered = table.filter(table["n_covered"] > run.profile.hide_to) if table.height else table
    return str(covered["month"].max()) if covered.height else str(run.study.study_period.end)
