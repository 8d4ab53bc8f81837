"""The report as one page that needs no network: what failed first, then every table."""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.pages import render
from outcome_linkage.release.expectations.told import Report, words


def html(report: Report) -> str:
    """The page: one file, no reference to anything outside it."""
    tables = [(t, [e for e in report.expectations if e.table == t.table]) for t in report.tables]
    return render(Path(__file__).with_name("page.html.j2"), {"words": words}, report=report, tables=tables)
