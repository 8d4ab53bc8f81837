"""The packs of a home, one for each delivery: made again only when what a pack is made from has changed.

They lie in `feedback/<supplier>/<period>/<NNN>`, mode 0700, since they name records; those of deliveries that
the privacy gate turned away in `…/refused-<NNN>`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from outcome_linkage.agreements.destruction import deliveries_gone
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.feedback.facts import Facts, read_facts
from outcome_linkage.delivery.feedback.fixes import Harm
from outcome_linkage.delivery.feedback.pack import Pack, Usable, make_pack
from outcome_linkage.delivery.feedback.trend import earlier, tables_before
from outcome_linkage.delivery.feedback.write import PAGE, SPREADSHEET, write_pack
from outcome_linkage.delivery.manifest import MANIFEST, DeliveryId, deliveries_below
from outcome_linkage.delivery.receiving.refused import Refusal, refusals
from outcome_linkage.delivery.rules.result import RESULT
from outcome_linkage.delivery.validating.verdict import VERDICT, read_verdict
from outcome_linkage.files import write_text
from outcome_linkage.home import Home

MADE = "made.json"
_CODE = sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in (".py", ".j2"))


class Made(BaseModel):
    """What may be told of a pack anywhere: counts. `fixes` counts things to mend by their harm."""

    model_config = ConfigDict(extra="forbid")
    fingerprint: str
    usable: Usable
    fixes: dict[Harm, int]
    rows_lost: int
    people: int


class KeptPack(BaseModel):
    """A pack and where its page lies, relative to the home; `unchanged` if it was there already."""

    delivery: str
    page: str
    made: Made
    unchanged: bool


def keep_packs(supplier: Supplier, home: Home, contracts: Mapping[str, Contract]) -> list[KeptPack]:
    """Make every pack of one supplier that is missing or no longer holds, oldest delivery first.

    None of a delivery of which files were destroyed: their time is over, and so is that of feedback.
    """
    gone = deliveries_gone(home)
    judged = [
        delivery
        for delivery in deliveries_below(home.stage("landing"))
        if delivery.supplier == supplier.name and str(delivery) not in gone and read_verdict(home, delivery)
    ]
    turned_away = [refusal for refusal in refusals(home) if refusal.supplier == supplier.name]
    return [
        *(_keep_judged(delivery, supplier, home, contracts) for delivery in judged),
        *(_keep_refused(refusal, supplier, home, contracts) for refusal in turned_away),
    ]


def _keep_judged(
    delivery: DeliveryId, supplier: Supplier, home: Home, contracts: Mapping[str, Contract]
) -> KeptPack:
    folder, inputs = home.feedback / delivery.path, _inputs(delivery, home)
    fingerprint = _fingerprint([*inputs, *_CODE], supplier)
    if held := _held(folder, fingerprint):
        return _kept(str(delivery), folder, home, held, unchanged=True)
    facts, before = read_facts(delivery, home, contracts), tables_before(delivery, home, contracts)
    pack = make_pack(facts, contracts, supplier, before=before)
    return _kept(str(delivery), folder, home, _write(pack, folder, fingerprint), unchanged=False)


def _keep_refused(
    refusal: Refusal, supplier: Supplier, home: Home, contracts: Mapping[str, Contract]
) -> KeptPack:
    number = f"refused-{refusal.number}"
    folder = home.feedback / refusal.supplier / refusal.period / number
    fingerprint = _fingerprint(_CODE, supplier, refusal.model_dump_json())
    name = f"{refusal.supplier}/{refusal.period}/{number}"
    if held := _held(folder, fingerprint):
        return _kept(name, folder, home, held, unchanged=True)
    facts = Facts(refusal.supplier, refusal.period, number, findings=tuple(refusal.findings))
    made = _write(make_pack(facts, contracts, supplier), folder, fingerprint)
    return _kept(name, folder, home, made, unchanged=False)


def _inputs(delivery: DeliveryId, home: Home) -> Iterator[Path]:
    """The files that say all there is to know of a delivery and of those before it."""
    for each in (*earlier(delivery, home), delivery):
        yield home.folder("landing", each) / MANIFEST
        for name in (VERDICT, RESULT):
            if (path := home.folder("validated", each) / name).exists():
                yield path


def _fingerprint(paths: Sequence[Path], supplier: Supplier, *facts: str) -> str:
    parts = [supplier.title, *supplier.tables, *facts]
    parts += [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _held(folder: Path, fingerprint: str) -> Made | None:
    """The pack that lies there, if it is whole and made from the same."""
    if not all((folder / name).exists() for name in (PAGE, SPREADSHEET, MADE)):
        return None
    try:
        made = Made.model_validate_json((folder / MADE).read_bytes())
    except ValidationError:
        return None
    return made if made.fingerprint == fingerprint else None


def _write(pack: Pack, folder: Path, fingerprint: str) -> Made:
    """The files of the pack; the one that says what it was made from comes last."""
    (folder / MADE).unlink(missing_ok=True)
    write_pack(pack, folder)
    harms = [fix.harm for fix in pack.fixes]
    made = Made(
        fingerprint=fingerprint,
        usable=pack.usable,
        fixes={harm: harms.count(harm) for harm in dict.fromkeys(harms)},
        rows_lost=pack.rows_lost,
        people=len(pack.people),
    )
    write_text(folder / MADE, made.model_dump_json(indent=1))
    return made


def _kept(delivery: str, folder: Path, home: Home, made: Made, *, unchanged: bool) -> KeptPack:
    page = (folder / PAGE).relative_to(home.root).as_posix()
    return KeptPack(delivery=delivery, page=page, made=made, unchanged=unchanged)
