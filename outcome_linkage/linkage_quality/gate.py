"""The release gate: may the tables built on these links be published?

It is closed while a check that gates fails, and while the last linkage run has not been measured. Of a night
that rests on the full measurement of an earlier run (see `due`), that measurement decides. Somebody may
answer for a measured run in `restricted/linkage_quality/waivers.yaml`:

    - run: 12                     # the number of the measured run, as the pack shows it
      who: A. Name, linkage lead
      why: new deliveries of one council leave out the postcode; agreed on 3 March
      until: 2026-04-30           # the last day on which it holds

A waiver holds for its run, and for nights that rest on it. Once a run is waived, later ones are compared
with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.kept import Kept, all_kept, kept_folder, read_kept
from outcome_linkage.linkage_quality.measure import last_run


class Waiver(BaseModel):
    """Somebody answers for publishing despite a closed gate."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    run: int = Field(ge=1)
    who: str = Field(min_length=3)
    why: str = Field(min_length=10)
    until: date


_WAIVERS = TypeAdapter(list[Waiver])


@dataclass(frozen=True)
class GateVerdict:
    """`reasons`: why it is closed, or would be without the waiver. `run`: the number of the linkage run."""

    run: int | None
    open: bool
    reasons: tuple[str, ...] = ()
    waiver: Waiver | None = None

    @property
    def words(self) -> str:
        """One sentence for a person."""
        why = "; ".join(self.reasons)
        if self.waiver:
            who = f"{self.waiver.who} answers for it until {self.waiver.until}: {self.waiver.why}"
            return f"The release gate is open by a waiver ({why}). {who}"
        if self.open:
            return "The release gate is open."
        return (
            f"The release gate is closed: {why}. What was published before stays as it was. See "
            "`outcome-linkage quality`; mend the cause, or record a waiver."
        )


def gate(home: Home, on: date) -> GateVerdict:
    """Whether the last linkage run of `home` may be published `on` a day, which decides on waivers alone.

    Raises OutcomeLinkageError when the file of waivers cannot be read.
    """
    run = last_run(home)
    if run is None:
        return GateVerdict(None, True)
    kept = read_kept(home, run.number)
    if kept is None or kept.run_id != run.run_id:
        return GateVerdict(run.number, False, (f"linkage run {run.number} has not been measured",))
    measured = kept if kept.is_full else read_kept(home, kept.measured_on)
    if measured is None or not measured.is_full:
        why = f"the measurement of linkage run {kept.measured_on}, on which run {run.number} rests, is gone"
        return GateVerdict(run.number, False, (why,))
    if not measured.closes:
        return GateVerdict(run.number, True)
    waiver = next((w for w in waivers(home) if w.run == measured.number and w.until >= on), None)
    return GateVerdict(run.number, waiver is not None, measured.closes, waiver)


def waivers(home: Home) -> list[Waiver]:
    """The recorded waivers; none without a file."""
    return read_waivers(waivers_file(home))


def read_waivers(path: Path) -> list[Waiver]:
    """The waivers in a file; none without it. Raises OutcomeLinkageError when it cannot be read."""
    if not path.exists():
        return []
    try:
        return _WAIVERS.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    except (yaml.YAMLError, ValidationError):
        raise OutcomeLinkageError(
            f"{path.name}: expected a list of waivers with run, who (3 letters or more), why (10 or more) "
            "and until (a date); found something else. Mend the file; until then nothing is published."
        ) from None


def waivers_file(home: Home) -> Path:
    """Where waivers are recorded."""
    return kept_folder(home) / "waivers.yaml"


def last_accepted(home: Home, before: int) -> Kept | None:
    """The last fully measured run before run `before` that the gate let through, by itself or by a waiver.

    Runs that it stopped are passed over: otherwise a loss would be accepted by happening twice.
    """
    waived = {waiver.run for waiver in waivers(home)}
    earlier = [kept for kept in all_kept(home) if kept.number < before and kept.is_full]
    accepted = [kept for kept in earlier if not kept.closes or kept.number in waived]
    return accepted[-1] if accepted else None
