"""What a study answers, and whether it may be seen yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import duckdb

from outcome_linkage.evaluation.answers.curves import curves_of
from outcome_linkage.evaluation.answers.diagnostics import Checked, diagnostics_of
from outcome_linkage.evaluation.answers.diagnostics import as_frame as frame_of_diagnostics
from outcome_linkage.evaluation.answers.estimating import estimates_of
from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.answers.hiding import SHOWN_ROLE, compares, hidden_estimate, hide
from outcome_linkage.evaluation.codebook import put_codebook
from outcome_linkage.evaluation.estimates.estimate import Estimate, as_frame
from outcome_linkage.evaluation.library import put_measures
from outcome_linkage.evaluation.spec.evaluation import Evaluation

GATE = "gate"
"""The last row of `ev_diagnostics`: whether outcomes are shown by arm, and if not, why."""
OPEN_STATUS = ("registered", "locked")


def answer(
    connection: duckdb.DuckDBPyConnection,
    study: Evaluation,
    tables: Iterable[str],
    sensitivities: Sequence[Estimate] = (),
) -> bool:
    """The tables of answers, `ev_measures` and `ev_codebook`; no outcome by arm while the gate is shut.

    Needs the working tables of the study. Returns whether the gate is open.
    """
    made = [*estimates_of(connection, study), *sensitivities]
    checked = diagnostics_of(connection, study, [one for one in made if one.role == SHOWN_ROLE])
    why = why_hidden(study, checked)
    gate = Checked(GATE, action="block", passed=why is None, reason=why)
    put(connection, "ev_diagnostics", frame_of_diagnostics([*checked, gate]))
    shown = [replace(one, unblinded=True) if why is None else hidden_estimate(one, why) for one in made]
    put(connection, "ev_estimates", as_frame(shown))
    if study.index is not None:
        put(connection, "ev_survival", curves_of(connection, study))
    if why is not None:
        hide(connection, study, tables)
    matched = connection.execute("select distinct measure from in_match").fetchall()
    put_measures(connection, study, (measure for (measure,) in matched))
    put_codebook(connection, study, tables)
    return why is None


def why_hidden(study: Evaluation, checked: Iterable[Checked]) -> str | None:
    """Why outcomes stay hidden; None where they may be seen.

    A draft that compares nothing hides what became of its people too: run once for each arm it would tell
    what one that compares them may not.
    """
    if not compares(study) and not study.outcomes:
        return None
    failed = [one.diagnostic for one in checked if one.blocks] if compares(study) else []
    also = f"{', '.join(failed)} did not pass. Change the design, or waive with a reason." if failed else ""
    if study.status not in OPEN_STATUS:
        return f"the study is a draft. Register it to see outcomes by arm. {also}".strip()
    return also or None
