"""The pack as one page that needs no network: whether the delivery can be used, and three things to fix."""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.delivery.feedback.fixes import Cause, Fix
from outcome_linkage.delivery.feedback.pack import Pack
from outcome_linkage.delivery.feedback.spreadsheet import MOST_CELLS
from outcome_linkage.pages import render

FIRST = 3
"""Things to fix that the first screen names."""
MOST_FIXES, MOST_PEOPLE = 40, 25
"""What the page shows; the spreadsheet holds all."""
_HARMS = {
    "delivery refused": "The whole delivery waits for this",
    "table refused": "A whole table is lost",
    "rows lost": "Rows are lost",
    "rule broken": "Kept, but cannot be true",
    "rule to look at": "Kept, but may be wrong",
}


def html(pack: Pack, spreadsheet: str) -> str:
    """The page: one file, no reference to anything outside it. `spreadsheet` names the file beside it."""
    return render(
        Path(__file__).with_name("page.html.j2"),
        {"count": lambda n: f"{n:,}", "rows": lambda n: f"{n:,} {'row' if n == 1 else 'rows'}"},
        pack=pack,
        spreadsheet=spreadsheet,
        numbered=list(enumerate(pack.fixes, start=1))[:MOST_FIXES],
        first=[(number, headline(fix)) for number, fix in enumerate(pack.fixes[:FIRST], start=1)],
        headline=headline,
        colour={"yes": " part" if pack.rows_lost else "", "in part": " part", "no": " closed"}[pack.usable],
        change=lambda fix, cause: change(pack.was(fix, cause), cause.rows),
        harms=_HARMS,
        most_people=MOST_PEOPLE,
        most_cells=MOST_CELLS,
    )


def headline(fix: Fix) -> str:
    """A fix in one line: how much is at stake, where, and what is wrong."""
    cause = fix.causes[0]
    wrong = f"in {_column(cause)} {cause.what}" if cause.column else cause.what
    rows = f"{fix.rows:,} {'row' if fix.rows == 1 else 'rows'} of {fix.table}"
    if fix.harm == "delivery refused":
        return f"{fix.table or 'The folder'}: {wrong}"
    if fix.harm == "table refused":
        return f"None of the {rows} can be used: {wrong}"
    if fix.harm == "rows lost":
        return f"{rows} {'is' if fix.rows == 1 else 'are'} lost: {wrong}"
    return f"{rows}: {cause.what.removesuffix('.')}"


def _column(cause: Cause) -> str:
    """The column, and its letter where all files agree on one."""
    letters = {place.letter for place in cause.cells}
    letter = letters.pop() if len(letters) == 1 else None
    return f"{cause.column} (column{'s' if ',' in letter else ''} {letter})" if letter else str(cause.column)


def change(was: int | None, now: int) -> str:
    """The same problem in the delivery before."""
    if was is None:
        return ""
    if not was:
        return "new since the delivery before"
    if was == now:
        return "as many as in the delivery before"
    return f"{'more' if now > was else 'fewer'} than the {was:,} of the delivery before"
