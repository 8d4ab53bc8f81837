"""What had to hold before outcomes are shown by arm, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from outcome_linkage.evaluation.explain import ACTIONS, DIAGNOSTICS
from outcome_linkage.evaluation.report.baseline import is_shown
from outcome_linkage.evaluation.report.blocks import Grid, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import TOO_FEW, shares, significant
from outcome_linkage.evaluation.words import name as plain

CONTROL = "negative_control"
GATE = "gate"
_ALSO = {
    GATE: "the study is registered, and what blocks has passed or is waived",
    CONTROL: "an outcome that the service cannot affect does not differ",
}


def gate(run: Gathered) -> Section | None:
    """The section; None where the run did not judge itself."""
    table = run.table("ev_diagnostics")
    if not table.height:
        return None
    rows: list[tuple[str, ...]] = []
    for row in table.filter(pl.col("diagnostic") != CONTROL).iter_rows(named=True):
        what = _ALSO.get(row["diagnostic"]) or DIAGNOSTICS.get(row["diagnostic"], plain(row["diagnostic"]))
        rows.append(
            (
                _capital(what),
                ACTIONS.get(row["action"], row["action"]).removeprefix("else "),
                _result(row["passed"], row["waived"]),
                _of(row["item"], run),
                row["waived"] or row["reason"] or "",
                _value(row, run),
                significant(row["bound"], 2),
            )
        )
    rows += _controls(table, run)
    words = Words(
        "Outcomes by arm stay hidden, from whoever writes the study too, until it is registered and what "
        "blocks has passed or is waived with a reason. Negative controls are always shown."
    )
    head = ("must hold", "else", "result", "worst", "why", "value", "bound")
    return Section("gate", "Can the comparison be trusted", [words, Grid(head, rows, words=5)])


def _value(row: Mapping[str, Any], run: Gathered) -> str:
    """The value, unless it tells how many few people are; then the verdict has to do."""
    name, item, value = row["diagnostic"], row["item"] or "", row["value"]
    if name == "max_mdrr" and value is not None and row["passed"] is False:
        return f"over {significant(row['bound'], 2)}"
    if name == "max_smd" and value is not None and not is_shown(item, run):
        return TOO_FEW
    if name == "max_linkage_difference" and value is not None and not _linkage_is_shown(item, run):
        return TOO_FEW
    return significant(value, 2)


def _linkage_is_shown(source: str, run: Gathered) -> bool:
    """Whether the shares linked to a table may be told of both arms."""
    table = run.table("ev_linkage")
    if not table.height:
        return False
    arms = table.filter(pl.col("subgroup") == "arm", pl.col("source") == source)
    found = shares(arms.select("n_linked", "n").iter_rows(), run.profile)
    return bool(found) and all(shown.share is not None and not shown.about for shown in found)


def _of(item: str | None, run: Gathered) -> str:
    """What the worst value is of: a part of the study, or a level of one."""
    parts = (item or "").removesuffix("=number").split("=")
    return ": ".join(run.label(part) for part in parts if part)


def _controls(table: pl.DataFrame, run: Gathered) -> list[tuple[str, ...]]:
    """A row for each negative control; its figures stand among the estimates, where they may be shown."""
    found = table.filter(pl.col("diagnostic") == CONTROL, pl.col("passed").is_not_null())
    by_outcome = found.with_columns(pl.col("item").str.split(":").list.first()).group_by(
        "item", maintain_order=True
    )
    counted = by_outcome.agg(pl.len().alias("n"), (~pl.col("passed")).sum().alias("failed"))
    return [
        (
            _capital(_ALSO[CONTROL]),
            ACTIONS["warn"].removeprefix("else "),
            "FAILED" if apart else "passed",
            run.label(item or ""),
            f"{apart} of {n} estimates of it lie apart" if apart else "",
            "",
            "",
        )
        for item, n, apart in counted.iter_rows()
    ]


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
