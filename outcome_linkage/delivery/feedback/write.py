"""The pack as files in a folder of its own, for its supplier alone."""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.delivery.feedback.pack import Pack
from outcome_linkage.delivery.feedback.page import html
from outcome_linkage.delivery.feedback.spreadsheet import write_spreadsheet
from outcome_linkage.files import write_text

PAGE, SPREADSHEET = "feedback.html", "feedback.xlsx"


def write_pack(pack: Pack, folder: Path) -> Path:
    """Write the page and the spreadsheet into `folder`, made with mode 0700; return the page."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_spreadsheet(pack, folder / SPREADSHEET)
    write_text(folder / PAGE, html(pack, SPREADSHEET))
    return folder / PAGE
