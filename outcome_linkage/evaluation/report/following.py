"""How long people were followed, why that ended, and which values are not known and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import parts_of, share_words
from outcome_linkage.evaluation.words import CENSORING
from outcome_linkage.evaluation.words import name as plain
from outcome_linkage.linkage_quality.released import Shown

_STATUSES = {
    "observed": "known",
    "partly_covered": "covered in part",
    "not_covered": "not covered",
    "not_linkable": "not linkable",
    "not_linked": "not linked",
    "missing_in_source": "blank in its source",
    "not_applicable": "does not apply",
    "withheld": "withheld",
}
_KINDS = {"o": "outcome", "x": "covariate", "a": "adversity"}


def following(run: Gathered) -> Section | None:
    """Follow-up and censoring; None without people."""
    table = run.table("ev_censoring")
    if not table.height:
        return None
    words = Words(
        "Time ends at the first of what the study lists. Where reasons differ between arms, what is compared "
        "may differ too."
    )
    return Section("followup", "How long they were followed", [words, _censoring(table, run)])


def _censoring(table: pl.DataFrame, run: Gathered) -> Picture:
    outcomes = list(dict.fromkeys(table["outcome"].to_list()))
    summed = table.group_by("outcome", "arm", "reason").agg(pl.col("n").sum())
    numbers = {(o, a, r): n for o, a, r, n in summed.iter_rows()}
    reasons = sorted({reason for _, _, reason in numbers}, key=lambda reason: (reason != "horizon", reason))
    rows, drawn = [], []
    for outcome in outcomes:
        for arm, label in _arms(run, {arm for of, arm, _ in numbers if of == outcome}):
            parts = [numbers.get((outcome, arm, reason), 0) for reason in reasons]
            found = parts_of(parts, run.profile)
            name = f"{_outcome(run, outcome)}: {label}"
            rows.append((name, *map(share_words, found)))
            drawn += _parts(name, reasons, found)
    words = [_reason(reason) for reason in reasons]
    return Picture(
        "Why follow-up ended",
        f"Stacked bars: share of each arm whose follow-up ended by {', '.join(words)}.",
        pictures.stacked([{**row, "part": _reason(str(row["part"]))} for row in drawn], words),
        Grid(("follow-up for", *words), rows),
        f"The end of the window is what one would wish for everybody.{_not_drawn(rows, drawn)}",
    )


def _arms(run: Gathered, found: set[str]) -> list[tuple[str, str]]:
    """The arms that are told apart, in order; everybody together where they are not."""
    labels = {**run.arms, "all": "everybody"}
    return [(arm, label) for arm, label in labels.items() if arm in found]


def _parts(name: str, parts: Sequence[str], found: Sequence[Shown]) -> list[dict[str, object]]:
    return [
        {"name": name, "part": part, "share": shown.share}
        for part, shown in zip(parts, found, strict=True)
        if shown.share and not shown.about
    ]


def _not_drawn(rows: Sequence[Sequence[str]], drawn: Sequence[Mapping[str, object]]) -> str:
    """Which lines have no bar, and why bars may end before 100%."""
    shown = {row["name"] for row in drawn}
    without = [name for name, *_ in rows if name not in shown]
    named = f" Nothing is drawn of: {'; '.join(without)}." if without else ""
    return f"{named} Parts of few people, and parts that would give these away, are in the table only."


def _reason(reason: str) -> str:
    return {"horizon": "end of the window", **CENSORING}.get(reason, plain(reason))


def _outcome(run: Gathered, outcome: str) -> str:
    return "primary outcome" if outcome == "followup" else run.label(outcome)


def missing(run: Gathered) -> Section | None:
    """Values that are not known, by reason; None without any variable."""
    table = run.table("ev_missingness")
    if not table.height:
        return None
    numbers = {(v, a, s): n for v, a, s, n in table.select("variable", "arm", "status", "n").iter_rows()}
    variables = list(dict.fromkeys(variable for variable, _, _ in numbers))
    rows, drawn = [], []
    seen = [status for status in _STATUSES if any(status == s for _, _, s in numbers)]
    for variable in sorted(variables, key=lambda name: ("oxa".find(name[0]), variables.index(name))):
        for arm, label in _arms(run, {arm for of, arm, _ in numbers if of == variable}):
            parts = [numbers.get((variable, arm, status), 0) for status in seen]
            found = parts_of(parts, run.profile)
            name = f"{_variable(variable, run)}: {label}"
            rows.append((name, *map(share_words, found)))
            drawn += _parts(name, [_STATUSES[status] for status in seen], found)
    head = [_STATUSES[status] for status in seen]
    picture = Picture(
        "What is known, and why not",
        f"Stacked bars: for each variable and arm the share with each status: {', '.join(head)}.",
        pictures.stacked(drawn, head),
        Grid(("value", *head), rows),
        _not_drawn(rows, drawn).strip(),
    )
    words = Words(
        "A no is a no only where the person could be linked to the source and it covered the whole time. "
        "Nothing is imputed: what is not known is left out of that estimate."
    )
    return Section("missing", "What is not known", [words, picture])


def _variable(variable: str, run: Gathered) -> str:
    kind, _, name = variable.partition("_")
    return f"{run.label(name)} ({_KINDS.get(kind, kind)})"
