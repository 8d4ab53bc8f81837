"""What validation made of a delivery. The verdict on the whole is written last; without it nothing counts."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from outcome_linkage.delivery.manifest import DeliveryId, Manifest, deliveries_below
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.files import write_text
from outcome_linkage.home import Home

VERDICT = "verdict.json"
PROVENANCE = ("_supplier", "_period", "_delivery", "_file", "_row")
"""What validation adds to every kept row: where it came from. Rows of a file are numbered from 1."""


class LedgerError(OutcomeLinkageError):
    """Rows went missing, or came from nowhere: the counts of a table do not add up."""


class TableVerdict(BaseModel):
    """One table of one delivery: kept + rejected = read. `reasons` counts rejected rows by first reason.

    A refused table keeps nothing. Raises LedgerError when the counts do not add up.
    """

    model_config = ConfigDict(extra="forbid")
    table: str
    status: Literal["accepted", "refused"]
    why: str | None = None
    read: int
    kept: int
    rejected: int
    reasons: dict[str, int] = {}
    sha256: str | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> TableVerdict:
        if self.kept + self.rejected != self.read or sum(self.reasons.values()) != self.rejected:
            raise LedgerError(
                f"{self.table}: expected kept + rejected = read and a reason for every rejected row; found "
                f"{self.kept} + {self.rejected}, {self.read} read, {sum(self.reasons.values())} reasons. "
                "This is a fault of the pipeline: report it; the delivery has no verdict and is not used."
            )
        return self

    def write(self, home: Home, delivery: DeliveryId) -> None:
        """Write the verdict on one table beside the validated tables."""
        folder = home.folder("validated", delivery)
        write_text(folder / f"{self.table}.verdict.json", self.model_dump_json(indent=2))


class Verdict(BaseModel):
    """A whole delivery, judged."""

    model_config = ConfigDict(extra="forbid")
    status: Literal["accepted", "refused"]
    tables: dict[str, TableVerdict]

    def write(self, home: Home, delivery: DeliveryId) -> None:
        """Write the verdict: from now on the delivery counts."""
        path = home.folder("validated", delivery) / VERDICT
        write_text(path, self.model_dump_json(indent=2))


def table_verdicts(home: Home, delivery: DeliveryId) -> dict[str, TableVerdict]:
    """The tables of a delivery that have been judged so far."""
    paths = sorted(home.folder("validated", delivery).glob("*.verdict.json"))
    verdicts = (TableVerdict.model_validate_json(path.read_bytes()) for path in paths)
    return {verdict.table: verdict for verdict in verdicts}


def read_verdict(home: Home, delivery: DeliveryId) -> Verdict | None:
    """The verdict on a delivery; None while it has none."""
    path: Path = home.folder("validated", delivery) / VERDICT
    return Verdict.model_validate_json(path.read_bytes()) if path.exists() else None


def tables_delivered(home: Home) -> set[str]:
    """Every table of which some delivery was accepted, whatever became of it since, or waits to be judged."""
    found: set[str] = set()
    for delivery in deliveries_below(home.stage("landing")):
        refused = {name for name, one in table_verdicts(home, delivery).items() if one.status == "refused"}
        found |= Manifest.read(home.folder("landing", delivery)).tables.keys() - refused
    return found


def pending(home: Home) -> list[DeliveryId]:
    """Deliveries in landing that have not been judged yet, oldest first."""
    return [
        delivery
        for delivery in deliveries_below(home.stage("landing"))
        if read_verdict(home, delivery) is None
    ]
