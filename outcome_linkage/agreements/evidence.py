"""The annex to a data-protection impact assessment: what is held, why, by whom, for how long, who looked.

Everything in it is read from agreements, contracts, the access log and the destruction record, or is a
statement about the design (`facts`). Counts of people under eight are hidden. It holds no row and no key.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from outcome_linkage.access import LOG
from outcome_linkage.agreements import facts
from outcome_linkage.agreements.destruction import read_record
from outcome_linkage.agreements.flows import draw
from outcome_linkage.agreements.in_force import State
from outcome_linkage.agreements.terms import ZONES, Agreements, Terms
from outcome_linkage.agreements.withdrawn import withdrawn_records
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.home import Home
from outcome_linkage.pages import render
from outcome_linkage.release.profiles import NHS_HES

_TEMPLATE = Path(__file__).with_name("evidence.html.j2")
_MISSING = "missing"


@dataclass(frozen=True)
class Subject:
    """What the annex is about: a home on a day, with its agreements and catalogue."""

    home: Home
    agreements: Agreements
    suppliers: Mapping[str, Supplier]
    contracts: Mapping[str, Contract]
    states: Sequence[State]
    today: date


class Accessed(NamedTuple):
    """What one user did with one command."""

    command: str
    user: str
    times: int
    failed: int
    first: str
    last: str


def html(subject: Subject) -> str:
    """The annex as one page that needs no network."""
    return render(
        _TEMPLATE,
        {},
        subject=subject,
        flows=draw([(name, _agreed(subject, name)) for name in subject.suppliers]),
        parties=list(_parties(subject)),
        tables=list(_tables(subject)),
        kept_out=[state for state in subject.states if state.state != "in force"],
        zones=ZONES,
        retention=list(_retention(subject)),
        roles=facts.ROLES,
        keys=[(key, _at(subject.home, key.file)) for key in facts.KEYS],
        risks=facts.RISKS,
        accessed=access_summary(subject.home),
        destroyed=_destroyed(subject.home),
        withdrawn=_hidden(withdrawn_records(subject.home).height),
    )


def access_summary(home: Home) -> list[Accessed]:
    """The access log by command and user: how often, how often in vain, first and last day."""
    path = home.root / LOG
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    by: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in map(json.loads, lines):
        by.setdefault((entry["command"], entry["user"]), []).append(entry)
    return [
        Accessed(
            *who,
            times=len(entries),
            failed=sum(entry["rows"] is None for entry in entries),
            first=min(entry["at"] for entry in entries)[:10],
            last=max(entry["at"] for entry in entries)[:10],
        )
        for who, entries in sorted(by.items())
    ]


def _agreed(subject: Subject, supplier: str) -> str:
    own = [state for state in subject.states if state.supplier == supplier]
    in_force = sum(state.state == "in force" for state in own)
    return f"{in_force} of {len(own)} tables in force"


def _terms(subject: Subject, supplier: str) -> dict[str, Terms]:
    """What is agreed on each table of a supplier, as far as anything is."""
    listed = subject.suppliers[supplier].tables
    found = {table: subject.agreements.terms(supplier, table) for table in sorted(listed)}
    return {table: terms for table, terms in found.items() if terms and table in subject.contracts}


def _parties(subject: Subject) -> Iterator[dict[str, Any]]:
    """Each supplier: what is agreed on all its tables alike, and what differs, by tables that share it."""
    for name, supplier in subject.suppliers.items():
        agreed = {table: _basis(terms) for table, terms in _terms(subject, name).items()}
        one = next(iter(agreed.values()), {})
        differs = [label for label in one if len({basis[label] for basis in agreed.values()}) > 1]
        rows: dict[tuple[str, ...], list[str]] = {}
        for table, basis in agreed.items():
            rows.setdefault(tuple(basis[label] for label in differs), []).append(table)
        yield {
            "title": supplier.title,
            "fault": subject.agreements.fault(name),
            "alike": [(label, text) for label, text in one.items() if label not in differs],
            "differs": differs,
            "rows": [(tables, texts) for texts, tables in rows.items()],
        }


def _basis(terms: Terms) -> dict[str, str]:
    """What is agreed on a table, in words by label."""
    reference = f", {terms.confidentiality_reference}" if terms.confidentiality_reference else ""
    return {
        "Controller": terms.controller or _MISSING,
        "Processor": terms.processor or _MISSING,
        "Agreement": f"{terms.reference or _MISSING}, until {terms.ends or _MISSING}",
        "UK GDPR, Article 6": terms.article_6 or _MISSING,
        "UK GDPR, Article 9 or 10": ", ".join(terms.article_9_or_10) or _MISSING,
        "DPA 2018, Schedule 1": terms.schedule_1 or _MISSING,
        "Confidential patient information": f"{terms.confidentiality or _MISSING}{reference}",
        "Impact assessment": f"{terms.dpia or _MISSING}, to be reviewed by {terms.dpia_review or _MISSING}",
        "Purposes": "; ".join(terms.purposes) or _MISSING,
        "May be linked with": _MISSING if terms.linkages is None else ", ".join(terms.linkages) or "nobody",
        "May become": _MISSING if terms.outputs is None else ", ".join(terms.outputs) or "nothing",
    }


def _tables(subject: Subject) -> Iterator[dict[str, Any]]:
    """Each table that somebody may deliver: its columns, what they say, and why they are needed."""
    for table, contract in sorted(subject.contracts.items()):
        by = [name for name, supplier in subject.suppliers.items() if table in supplier.tables]
        if by:
            yield {
                "name": table,
                "about": contract.description,
                "by": by,
                "restricted": contract.restricted,
                "columns": [
                    (column.name, column.description, column.kind, _reasons(subject, by, table, column))
                    for column in contract.columns.values()
                ],
            }


def _reasons(subject: Subject, by: Sequence[str], table: str, column: Any) -> dict[str, list[str]]:
    """The reasons for a column, each with the suppliers whose agreement gives it; "" where none does."""
    found: dict[str, list[str]] = {}
    for supplier in by:
        terms = subject.agreements.terms(supplier, table)
        found.setdefault((terms and terms.why_needed(column.name, column.kind)) or "", []).append(supplier)
    return found


def _retention(subject: Subject) -> Iterator[tuple[str, str, list[int | None]]]:
    """Days by zone: each supplier, and every set of days that some of its tables share."""
    for name in subject.suppliers:
        shared: dict[tuple[int | None, ...], list[str]] = {}
        for table, terms in _terms(subject, name).items():
            shared.setdefault(tuple(terms.retention.get(zone) for zone in ZONES), []).append(table)
        for days, tables in shared.items():
            all_but_few = len(tables) > len(subject.suppliers[name].tables) / 2
            yield name, "all other tables" if all_but_few else ", ".join(tables), list(days)


def _destroyed(home: Home) -> list[tuple[str, int, int, date | None, int]]:
    """Destructions by rule: files, rows, last day, and how many were begun and are not done."""
    records = read_record(home)
    files = Counter(record.rule for record in records)
    return [
        (
            rule,
            n,
            sum(record.rows or 0 for record in records if record.rule == rule),
            max((record.done for record in records if record.rule == rule and record.done), default=None),
            sum(record.done is None for record in records if record.rule == rule),
        )
        for rule, n in sorted(files.items())
    ]


def _at(home: Home, file: str | None) -> str:
    """How a secret lies in the home: its mode, or that it is not there."""
    path = home.root / file if file else None
    if path is None:
        return "not in this installation"
    if not path.exists():
        return "not made yet"
    return f"mode {path.stat().st_mode & 0o777:o}"


def _hidden(people: int) -> str:
    """A count of people, hidden where it is small."""
    return (
        f"{NHS_HES.hide_from} to {NHS_HES.hide_to}"
        if NHS_HES.hide_from <= people <= NHS_HES.hide_to
        else f"{people:,}"
    )
