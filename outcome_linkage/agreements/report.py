"""The states of all tables as a file of the home, for whoever asks later, and to tell a change from none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from outcome_linkage.agreements.in_force import State
from outcome_linkage.files import write_text
from outcome_linkage.home import Home

REPORT = "agreements.json"
SOON = timedelta(days=60)
"""How long before its last day an agreement is told to end soon."""


def write_report(home: Home, found: Sequence[State], invented: bool) -> bool:
    """Write `<home>/agreements.json`; whether it already said the same."""
    told = {"invented": invented, "tables": [asdict(state) for state in found]}
    text = json.dumps(told, indent=1, default=str) + "\n"
    path = home.root / REPORT
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return True
    write_text(path, text)
    return False


def ending_soon(found: Sequence[State], today: date) -> list[State]:
    """Tables in force of which a last day comes within `SOON`."""
    return [state for state in found if state.is_read and state.until and state.until - today <= SOON]
