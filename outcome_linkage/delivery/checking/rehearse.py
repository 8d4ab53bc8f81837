"""What would become of a delivery, tried out: received and judged in a home that is thrown away.

The functions are those of the research side, so a supplier sees what it would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from outcome_linkage.delivery.checking.beside import earlier_beside
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.manifest import DeliveryId, Manifest
from outcome_linkage.delivery.receiving.privacy import about_record_keys
from outcome_linkage.delivery.receiving.receive import Receipt, receive
from outcome_linkage.delivery.validating.validate import settle, validate_table
from outcome_linkage.home import Home

Then = Callable[[Path, Home, DeliveryId], object]
"""What else is done with a judged delivery, such as running rules on it."""


def nothing_more(folder: Path, home: Home, delivery: DeliveryId) -> None:
    """Leave it at the verdict."""


@dataclass(frozen=True)
class Rehearsal:
    """A delivery in a home of its own; with a verdict, unless the gate refused it."""

    home: Home
    receipt: Receipt


@contextmanager
def rehearsed(
    folder: Path,
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier],
    *,
    earlier: Sequence[Path] = (),
    then: Then = nothing_more,
) -> Iterator[Rehearsal]:
    """Receive and judge the delivery in `folder`, and those `earlier` of the same supplier; `then` do more.

    The earlier ones come after it, so that nothing in them can have it refused, but for record keys that are
    not made as in those that lie beside it.
    """
    with TemporaryDirectory(prefix="outcome-linkage-") as scratch:
        home = Home(Path(scratch)).ensure()
        receipt = _judge(folder, home, contracts, suppliers, then)
        if receipt.delivery:
            beside = [manifest for manifest, _ in earlier_beside(folder)]
            told = about_record_keys(Manifest.read(folder), contracts, beside)
            receipt = replace(receipt, findings=[*receipt.findings, *told])
        for before in earlier:
            _judge(before, home, contracts, suppliers, then)
        yield Rehearsal(home, receipt)


def _judge(
    folder: Path,
    home: Home,
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier],
    then: Then,
) -> Receipt:
    receipt = receive(folder, home, contracts, suppliers, new_record_secret=True)
    if receipt.delivery:
        for table in Manifest.read(folder).tables:
            validate_table(receipt.delivery, home, contracts[table])
        settle(receipt.delivery, home)
        then(folder, home, receipt.delivery)
    return receipt
