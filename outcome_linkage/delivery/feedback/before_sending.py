"""The pack before a delivery is sent, at the supplier's desk, where own ids and headers may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from outcome_linkage.delivery.checking.beside import earlier_beside, manifest_of
from outcome_linkage.delivery.checking.check import CheckReport, report_of, rules_too
from outcome_linkage.delivery.checking.rehearse import Rehearsal, rehearsed
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.encoding.keymap import read_key_map
from outcome_linkage.delivery.feedback.facts import Facts, read_facts
from outcome_linkage.delivery.feedback.notes import read_notes
from outcome_linkage.delivery.feedback.pack import Own, Pack, make_pack
from outcome_linkage.delivery.feedback.trend import tables_before
from outcome_linkage.delivery.receiving.refused import UNKNOWN, RefusedFinding
from outcome_linkage.delivery.rules.rule import RuleBook


@dataclass(frozen=True)
class Judges:
    """What a delivery is judged by at the supplier's."""

    contracts: Mapping[str, Contract]
    suppliers: Mapping[str, Supplier]
    book: RuleBook


def feedback_before_sending(folder: Path, judges: Judges, own: Own) -> tuple[CheckReport, Pack]:
    """What the research side would say of the delivery in `folder`, and the pack that it would send back.

    Compared with earlier deliveries of the same supplier, where they lie beside it. Changes nothing.
    """

    rules = rules_too(judges.contracts, judges.book)
    with rehearsed(
        folder, judges.contracts, judges.suppliers, earlier=_earlier(folder), then=rules
    ) as rehearsal:
        return report_of(rehearsal, judges.contracts), _pack(folder, rehearsal, judges, own)


def own_of(folder: Path, notes: Path | None, keep_map: Path | None) -> Own:
    """What the supplier kept of encoding the delivery in `folder`; notes on another delivery say nothing."""
    ids = read_key_map(keep_map) if keep_map else None
    kept, manifest = read_notes(notes) if notes else None, manifest_of(folder)
    if kept and manifest and (kept.supplier, kept.period) != (manifest.supplier, manifest.period):
        kept = None
    return Own(kept, ids)


def _pack(folder: Path, rehearsal: Rehearsal, judges: Judges, own: Own) -> Pack:
    home, delivery, manifest = rehearsal.home, rehearsal.receipt.delivery, manifest_of(folder)
    supplier, period = (manifest.supplier, manifest.period) if manifest else (UNKNOWN, UNKNOWN)
    known = read_facts(delivery, home, judges.contracts) if delivery else Facts(supplier, period, None)
    facts = known.before_sending(RefusedFinding(**vars(finding)) for finding in rehearsal.receipt.findings)
    before = tables_before(delivery, home, judges.contracts) if delivery else {}
    return make_pack(facts, judges.contracts, judges.suppliers.get(supplier), before=before, own=own)


def _earlier(folder: Path) -> list[Path]:
    """Of those that lie beside it, for each of its tables the last one with it."""
    this = manifest_of(folder)
    last: dict[str, Path] = {}
    for other, path in earlier_beside(folder):
        last |= dict.fromkeys(other.tables, path)
    return sorted({last[table] for table in (this.tables if this else ()) if table in last})
