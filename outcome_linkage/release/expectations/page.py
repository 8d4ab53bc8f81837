"""The report as one page that needs no network: what failed first, then every table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from outcome_linkage.pages import render

if TYPE_CHECKING:
    from outcome_linkage.release.expectations.judge import Judged
    from outcome_linkage.release.expectations.report import Report


def html(report: Report, words: Callable[[Judged], str]) -> str:
    """The page: one file, no reference to anything outside it."""
    tables = [(t, [e for e in report.expectations if e.table == t.table]) for t in report.tables]
    return render(Path(__file__).with_name("page.html.j2"), {"words": words}, report=report, tables=tables)
