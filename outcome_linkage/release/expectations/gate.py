"""The gate of expectations: may the marts be published as they stand?

It is closed while a critical expectation fails of the marts as they stand, and while nobody has judged them.
Somebody may answer for a report in `restricted/expectations/waivers.yaml`, written as waivers of linkage
quality are, `run` being the number of the report. What a waiver let through counts as accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.gate import Waiver
from outcome_linkage.release.expectations.kept import all_kept, waivers


@dataclass(frozen=True)
class Verdict:
    """`reasons`: critical expectations that failed; `number`: the report that says so."""

    number: int | None
    open: bool
    reasons: tuple[str, ...] = ()
    waiver: Waiver | None = None

    @property
    def words(self) -> str:
        """One sentence for a person."""
        why = "; ".join(self.reasons)
        if self.waiver:
            who = f"{self.waiver.who} answers for it until {self.waiver.until}: {self.waiver.why}"
            return f"The marts may be published by a waiver ({why}). {who}"
        if self.open:
            return "The marts meet every critical expectation."
        return (
            f"The marts are not published: {why}. What was published before stays as it was. See "
            f"expectations/{self.number or 0:04d}.html in the home; mend the cause, or record a waiver."
        )


def gate_of_expectations(home: Home, fingerprint: str, on: date) -> Verdict:
    """Whether marts of this fingerprint may be published `on` a day, which decides on waivers alone.

    Raises OutcomeLinkageError when the file of waivers cannot be read.
    """
    kept = next((k for k in reversed(all_kept(home)) if k.fingerprint == fingerprint), None)
    if kept is None:
        return Verdict(None, False, ("nothing has been expected of the marts as they stand",))
    if not kept.closes:
        return Verdict(kept.number, True)
    waiver = next((w for w in waivers(home) if w.run == kept.number and w.until >= on), None)
    return Verdict(kept.number, waiver is not None, kept.closes, waiver)
