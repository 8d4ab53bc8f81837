"""What had to hold before outcomes are shown by arm, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

import polars as pl

from outcome_linkage.evaluation.answers.diagnostics import COMPARED
from outcome_linkage.evaluation.estimates.estimate import RATIOS, Scale
from outcome_linkage.evaluation.explain import ACTIONS, DIAGNOSTICS
from outcome_linkage.evaluation.report.alike import difference_of
from outcome_linkage.evaluation.report.blocks import Grid, Section, Words
from outcome_linkage.evaluation.report.estimated import SCALES, Told, best, told
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import NOT_SHOWN, shares, significant
from outcome_linkage.evaluation.words import name as plain

CONTROL = "negative_control"
GATE = "gate"
CANNOT_TELL = "cannot tell"
TOO_FEW_TO_TELL = "too few people or events in an arm to show it"
_AN_OUTCOME = "an outcome that the service cannot affect does not differ"


class Judged(NamedTuple):
    """One thing that must hold, as it may be told: `value` is empty or in words where few people are behind.

    `why` is the reason of a waiver that was needed, or why there is no value.
    """

    diagnostic: str
    action: str
    result: str
    of: str
    why: str
    value: str
    bound: str

    @property
    def verdict(self) -> str:
        """The result, what follows from it, and why, such as `FAILED, waived: a pilot`."""
        follows = "outcomes stay hidden" if self.action == "block" else "a warning"
        result = f"FAILED, {follows}" if self.result == "FAILED" else self.result
        return f"{result}: {self.why}" if self.why else result


def judged(run: Gathered) -> list[Judged]:
    """Each diagnostic and each negative control of a run; none where it did not judge itself."""
    table = run.table("ev_diagnostics")
    if not table.height:
        return []
    own = table.filter(~pl.col("diagnostic").is_in([CONTROL, GATE])).iter_rows(named=True)
    found = [
        Judged(
            row["diagnostic"],
            row["action"],
            _result(row["passed"], row["waived"]),
            _of(row["item"], run),
            (row["waived"] if row["passed"] is False else None) or row["reason"] or "",
            _value(row, run),
            significant(row["bound"], 2),
        )
        for row in own
    ]
    return [*found, *_controls(table, run)]


def outcomes_are(run: Gathered) -> str:
    """Whether outcomes are shown by arm; if not, why: such as `hidden: the study is a draft.`"""
    table = run.table("ev_diagnostics")
    rows = table.filter(pl.col("diagnostic") == GATE).to_dicts() if table.height else []
    if not rows:
        return "hidden: the run did not judge itself."
    return "shown." if rows[0]["passed"] else f"hidden: {rows[0]['reason']}"


def gate(run: Gathered) -> Section | None:
    """The section; None where the run did not judge itself."""
    found = judged(run)
    if not found:
        return None
    rows = [
        (
            _capital(DIAGNOSTICS.get(one.diagnostic) or _AN_OUTCOME),
            ACTIONS.get(one.action, one.action).removeprefix("else "),
            *one[2:],
        )
        for one in found
    ]
    words = Words(
        "Outcomes by arm stay hidden, from whoever writes the study too, until it is registered and what "
        "blocks has passed or is waived with a reason. Negative controls do not wait for that, and stay "
        "hidden only where too few people are behind them: then they can tell nothing. Outcomes by arm "
        f"are {outcomes_are(run)}"
    )
    head = ("must hold", "else", "result", "worst", "why", "value", "bound")
    return Section("gate", "Can the comparison be trusted", [words, Grid(head, rows, words=5)])


def _value(row: Mapping[str, Any], run: Gathered) -> str:
    """The value, unless it tells how many few people are; then the verdict has to do."""
    name, item, value = row["diagnostic"], row["item"] or "", row["value"]
    if name == "max_mdrr" and value is not None and row["passed"] is False:
        return f"over {significant(row['bound'], 2)}"
    if value is not None and name in _RELEASED:
        return _beside(_RELEASED[name](item, run), row)
    return significant(value, 2)


def _beside(shown: float | None, row: Mapping[str, Any]) -> str:
    """The value of what is shown; only the side of the bound where rounding puts it on the other."""
    if shown is None:
        return NOT_SHOWN
    if row["passed"] is not None and (shown <= row["bound"]) != row["passed"]:
        return f"{'up to' if row['passed'] else 'over'} {significant(row['bound'], 2)}"
    return significant(shown, 2)


def _linkage_difference(source: str, run: Gathered) -> float | None:
    """How far the shares of a table that are compared lie apart, in points; None where few are behind one."""
    table = run.table("ev_linkage")
    if not table.height:
        return None
    arms = table.filter(pl.col("subgroup") == "arm", pl.col("source") == source)
    found = shares(arms.select(COMPARED, "n").iter_rows(), run.profile)
    told = [shown.share for shown in found if shown.share is not None and not shown.about]
    return 100 * (max(told) - min(told)) if told and len(told) == len(found) else None


_RELEASED = {"max_smd": difference_of, "max_linkage_difference": _linkage_difference}
"""Made again of released figures: to two figures they would give exact counts away."""


def _of(item: str | None, run: Gathered) -> str:
    """What the worst value is of: a part of the study, a level of one, or a contrast."""
    parts = (item or "").removesuffix("=number").replace("=", ": ").split(": ")
    return ": ".join(run.contrast(part) if " - " in part else run.label(part) for part in parts if part)


def _controls(table: pl.DataFrame, run: Gathered) -> list[Judged]:
    """A row for each negative control, with the estimate that answers best and its interval.

    Where that may not be shown there is no verdict either.
    """
    found = table.filter(pl.col("diagnostic") == CONTROL)
    by_outcome = found.with_columns(pl.col("item").str.split(":").list.first()).group_by(
        "item", maintain_order=True
    )
    counted = by_outcome.agg(
        pl.col("passed").count().alias("n"), (~pl.col("passed")).sum().alias("failed"), pl.first("reason")
    )
    rows = told(run)
    return [
        _control(run.label(item or ""), best(rows, item or "", (*RATIOS, *get_args(Scale))), n, apart, why)
        for item, n, apart, why in counted.iter_rows()
    ]


def _control(label: str, one: Told | None, n: int, apart: int, reason: str | None) -> Judged:
    """What `n` estimates of a control say, of which so many lie `apart`; `reason`, where there is none."""
    value = _with_interval(one)
    if not n or not value:
        return Judged(CONTROL, "warn", CANNOT_TELL, label, TOO_FEW_TO_TELL if n else reason or "", "", "")
    why = f"{apart} of {n} estimates of it lie apart" if apart else ""
    return Judged(CONTROL, "warn", "FAILED" if apart else "passed", label, why, value, "")


def _with_interval(one: Told | None) -> str:
    return "" if one is None or not one.figure else f"{SCALES[one.row.scale]} {one.figure} ({one.interval})"


def _result(passed: bool | None, waived: str | None) -> str:
    if passed is None:
        return "not asked"
    return "passed" if passed else "FAILED, waived" if waived else "FAILED"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def failed(run: Gathered) -> list[str]:
    """What blocks, fails and is not waived."""
    table = run.table("ev_diagnostics")
    if not table.height:
        return []
    blocks = (pl.col("action") == "block") & ~pl.col("passed") & pl.col("waived").is_null()
    blocks &= pl.col("diagnostic") != GATE
    return [plain(name) for name in table.filter(blocks)["diagnostic"].unique(maintain_order=True)]


def waived(run: Gathered) -> list[tuple[str, str]]:
    """What fails and is waived, with the reason."""
    table = run.table("ev_diagnostics")
    if not table.height:
        return []
    rows = table.filter(~pl.col("passed") & pl.col("waived").is_not_null())
    return [
        (f"{_capital(DIAGNOSTICS.get(name, plain(name)))} {bound:g}", reason)
        for name, bound, reason in rows.select("diagnostic", "bound", "waived").iter_rows()
    ]


def is_blinded(run: Gathered) -> bool:
    """Whether outcomes by arm are still hidden."""
    table = run.table("ev_estimates")
    main = table.filter(pl.col("role") != CONTROL) if table.height else table
    return bool(main.height) and not main["unblinded"].fill_null(False).any()


def hidden_because(run: Gathered) -> str:
    """Why outcomes are hidden."""
    parts = ["the study is a draft and not registered"] if run.study.status == "draft" else []
    if failing := failed(run):
        parts.append(f"what blocks has failed: {', '.join(failing)}")
    because = "; ".join(parts) or "what blocks has not passed"
    return f"Only negative controls are shown by arm, because {because}."
