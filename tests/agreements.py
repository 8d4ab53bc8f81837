"""Agreements for tests: complete ones, by name of table and column, written into a home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from outcome_linkage.agreements.in_force import State, states
from outcome_linkage.home import Home
from schemas.agreements import load_agreements
from schemas.catalogue import CONTRACTS, load_suppliers

TODAY = date(2026, 6, 15)
DAYS = {"landing": 100, "validated": 400, "rejected": 60, "refused": 30, "published": 20, "backups": 50}
TOKEN_DAYS = {**DAYS, "landing": 10, "validated": 200, "rejected": 10, "backups": 20}
EVERYBODY = sorted(load_suppliers())


def needs(table: str) -> list[dict[str, Any]]:
    """A reason for every column of a table, by name."""
    return [{"columns": list(CONTRACTS[table].columns), "why": "the test needs it"}]


def complete(*suppliers: str) -> dict[str, Any]:
    """A complete agreement for every table that these suppliers deliver; all of them without a name."""
    catalogue = load_suppliers()
    return {
        "invented": False,
        "defaults": {
            "processor": "a processor",
            "ends": date(2026, 12, 31),
            "article_6": "6(1)(e)",
            "article_9_or_10": ["9(2)(j)", "10(1)"],
            "schedule_1": "paragraph 4",
            "confidentiality": "not confidential",
            "dpia": "DPIA-1",
            "dpia_review": date(2027, 3, 31),
            "purposes": ["a test"],
            "linkages": EVERYBODY,
            "outputs": ["research rows", "counts"],
            "retention": dict(DAYS),
        },
        "tables": {
            name: {
                "necessity": needs(name),
                **({"retention": dict(TOKEN_DAYS)} if contract.restricted else {}),
            }
            for name, contract in CONTRACTS.items()
        },
        "suppliers": {
            name: {
                "controller": name,
                "reference": f"DSA-{name}",
                "tables": dict.fromkeys(catalogue[name].tables),
            }
            for name in suppliers or catalogue
        },
    }


def agree(home: Home, terms: Mapping[str, Any]) -> Home:
    """Make these the agreements of a home."""
    text = yaml.safe_dump(dict(terms), sort_keys=False)
    (home.root / "agreements.yaml").write_text(text, encoding="utf-8")
    return home


def judged_on(home: Home, today: date = TODAY, trusted: tuple[str, ...] = ()) -> dict[tuple[str, str], State]:
    """The state of every table of the catalogue, by supplier and table."""
    found = states(load_agreements(home.root), load_suppliers(home.root), CONTRACTS, today, trusted)
    return {(state.supplier, state.table): state for state in found}
