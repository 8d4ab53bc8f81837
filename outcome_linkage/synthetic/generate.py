"""An invented region as deliveries: lives, then records, then raw files, then what `encode` makes of them.

Everything under `out` is invented, keys included. The same people and seed give the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.encode import encode
from outcome_linkage.synthetic.agencies.care import care_episodes
from outcome_linkage.synthetic.agencies.education import exclusions, on_roll
from outcome_linkage.synthetic.agencies.health import health_records, known_patients, register
from outcome_linkage.synthetic.agencies.need import NeedRecords, need_records
from outcome_linkage.synthetic.agencies.police import police_records
from outcome_linkage.synthetic.files.authority import CouncilFiles, CouncilRecords
from outcome_linkage.synthetic.files.health import HealthFiles, RegisterFiles
from outcome_linkage.synthetic.files.police import PoliceFiles
from outcome_linkage.synthetic.life import Lives, live
from outcome_linkage.synthetic.people import Block, blocks
from outcome_linkage.synthetic.places import Places, load_places
from outcome_linkage.synthetic.records import books
from outcome_linkage.synthetic.truth import Truth
from outcome_linkage.synthetic.window import (
    DELIVERIES,
    ICB,
    LOCAL_AUTHORITIES,
    POLICE,
    WINDOW_START,
    DeliveryPlan,
    plans,
)
from outcome_linkage.synthetic.write import RawFiles

Progress = Callable[[str], None]
_SUPPLIERS: Final = (*LOCAL_AUTHORITIES, POLICE, ICB)
_RETURNS: Final = {"ssda903_header": "ssda903", "ssda903_episodes": "ssda903", "cin": "cin"}


@dataclass(frozen=True)
class Generated:
    """What `generate` made: the folders of the deliveries, oldest first, and where the rest lies."""

    deliveries: tuple[Path, ...]
    raw: Path
    keys: Path
    reference: Path
    truth: Path


@dataclass(frozen=True)
class _Setting:
    """What every block needs."""

    places: Places
    raw: RawFiles
    truth: Truth
    identities_only: bool
    equal_errors: bool


def generate(
    people: int,
    seed: int,
    out: Path,
    *,
    contracts: Mapping[str, Contract],
    identities_only: bool = False,
    equal_errors: bool = False,
    progress: Progress | None = None,
) -> Generated:
    """Invent `people` people and deliver what five suppliers hold of them.

    Writes `raw/<supplier>/<period>/`, `keys/`, `reference/postcodes.csv`, `deliveries/<supplier>/<period>/`
    and `truth/` below `out`. `identities_only` writes only link_tokens (the last delivery of each supplier)
    and the truth. `equal_errors` makes identity errors as likely in every group. `progress` is
    called with what has been done, in words. Raises ValueError when `people` is not positive or
    `out` holds something already.
    """
    if people < 1:
        raise ValueError(f"expected at least 1 person, found {people}: give --people a positive number")
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"expected an empty folder, found files in {out.name}: choose another --out")
    made = _folders(out)
    secrets = _write_keys(made.keys, seed)
    places = load_places(people)
    _write_postcodes(places, made.reference)
    setting = _Setting(places, RawFiles(made.raw), Truth(secrets), identities_only, equal_errors)
    tell = progress or (lambda done: None)
    todo = blocks(people, seed)
    for block in todo:
        _record(setting, live(block, places))
        tell(f"invented {block.first + block.size:,} of {people:,} people")
    setting.raw.close()
    setting.truth.write(made.truth)
    sent = [plan for plan in DELIVERIES if setting.raw.of(plan)]
    for number, plan in enumerate(sent):
        _encode(plan, setting.raw.of(plan), out, contracts)
        tell(f"encoded {number + 1} of {len(sent)} deliveries")
    return Generated(
        tuple(out / "deliveries" / plan.supplier / plan.period for plan in sent),
        made.raw,
        made.keys,
        made.reference,
        made.truth,
    )


def _folders(out: Path) -> Generated:
    raw, keys, reference, truth = (out / name for name in ("raw", "keys", "reference", "truth"))
    for folder in (raw, reference, truth):
        folder.mkdir(parents=True, exist_ok=True)
    keys.mkdir(mode=0o700, exist_ok=True)
    return Generated((), raw, keys, reference, truth)


def _write_keys(folder: Path, seed: int) -> dict[str, bytes]:
    """An invented linkage key and an invented record secret for each supplier; the secrets by supplier."""
    secrets = {}
    for name in ("linkage", *_SUPPLIERS):
        invented = hashlib.sha256(f"invented {name} {seed}".encode()).digest()
        descriptor = os.open(folder / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(invented)
        secrets[name] = invented
    return secrets


def _write_postcodes(places: Places, folder: Path) -> None:
    places.postcodes.write_csv(folder / "postcodes.csv")


def _record(setting: _Setting, lives: Lives) -> None:
    """What every supplier records of a block, into their raw files."""
    setting.truth.add_lives(lives)
    _of_councils(setting, lives)
    _of_police(setting, lives)
    _of_board(setting, lives)


def _of_councils(setting: _Setting, lives: Lives) -> None:
    pupils, need = on_roll(lives), need_records(lives)
    care, excluded = care_episodes(lives), exclusions(lives)
    for supplier in LOCAL_AUTHORITIES:
        own = pl.col("supplier") == supplier
        found = CouncilRecords(
            supplier, pupils.filter(own), _own_cases(need, supplier), care.filter(own), excluded.filter(own)
        )
        held = books(lives, supplier, found.known(), equal_errors=setting.equal_errors)
        setting.truth.add_books(lives, held)
        files = CouncilFiles(lives, found, held)
        for plan in _wanted(setting, supplier):
            _add(setting, lives.block, plan, {"link_tokens": files.identities(plan)})
            if not setting.identities_only:
                _add(setting, lives.block, plan, files.tables(plan))
                random = lives.block.random(f"spoil cin {plan.supplier} {plan.period}")
                setting.raw.add_children(plan, files.census(plan), random)


def _own_cases(need: NeedRecords, supplier: str) -> NeedRecords:
    cases = need.cases.filter(pl.col("supplier") == supplier)
    return NeedRecords(cases, need.assessments, need.factors, need.plans)


def _of_police(setting: _Setting, lives: Lives) -> None:
    found = police_records(lives)
    held = books(lives, POLICE, found.known(), equal_errors=setting.equal_errors)
    setting.truth.add_books(lives, held)
    files = PoliceFiles(lives, found, held)
    for plan in _wanted(setting, POLICE):
        _add(setting, lives.block, plan, {"link_tokens": files.identities(plan)})
        if not setting.identities_only:
            _add(setting, lives.block, plan, files.tables(plan))


def _of_board(setting: _Setting, lives: Lives) -> None:
    registered = register(lives)
    held = books(lives, ICB, known_patients(registered), equal_errors=setting.equal_errors)
    setting.truth.add_books(lives, held)
    files = RegisterFiles(lives, registered, held)
    events = None
    if not setting.identities_only:
        events = HealthFiles(lives, health_records(lives, registered), held)
    for plan in _wanted(setting, ICB):
        _add(setting, lives.block, plan, {"link_tokens": files.identities(plan)})
        if events:
            _add(setting, lives.block, plan, {"residence": files.residence(plan), **events.tables(plan)})


def _wanted(setting: _Setting, supplier: str) -> tuple[DeliveryPlan, ...]:
    """All deliveries of a supplier; for identities only the last, which holds everyone."""
    return plans(supplier)[-1:] if setting.identities_only else plans(supplier)


def _add(setting: _Setting, block: Block, plan: DeliveryPlan, tables: Mapping[str, pl.DataFrame]) -> None:
    for name, rows in tables.items():
        random = block.random(f"spoil {name} {plan.supplier} {plan.period}")
        setting.raw.add(plan, name, rows, random)


def _encode(
    plan: DeliveryPlan, files: Mapping[str, Path], out: Path, contracts: Mapping[str, Contract]
) -> None:
    """One delivery, table by table, as the supplier would with `outcome-linkage encode`."""
    together: dict[str, list[Path]] = {}
    for name, path in files.items():
        together.setdefault(_RETURNS.get(name, name), []).append(path)
    for table, paths in together.items():
        encode(
            paths,
            table,
            plan.supplier,
            plan.period,
            out / "deliveries",
            contracts=contracts,
            key_file=out / "keys" / "linkage.key",
            record_secret=out / "keys" / f"{plan.supplier}.key",
            collection_year=plan.collection_year,
            covers=_covers(plan, table),
            postcodes=out / "reference" / "postcodes.csv",
        )


def _covers(plan: DeliveryPlan, table: str) -> tuple[date, date]:
    """The days for which a table is complete: a snapshot, and the first file of exclusions, from the start
    of the window."""
    whole = table in ("link_tokens", "residence", "opt_outs") or (
        table == "school_exclusions" and plan.number == 0
    )
    start = WINDOW_START if whole else plan.start
    return _date(start), _date(plan.end)


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
