"""What a report on the marts says. `report` makes it, `page` shows it."""

from __future__ import annotations

from dataclasses import dataclass

from outcome_linkage.release.expectations.judge import Judged


@dataclass(frozen=True)
class Looked:
    """A table: how many rows it has, and how many of them the row expectations were judged on."""

    table: str
    rows: int
    judged_on: int


@dataclass(frozen=True)
class Report:
    """One judged state. `people_share`: share of people whose rows were looked at; 1 without a sample.

    `compared_with`: numbers of the accepted states that set the bounds.
    """

    number: int
    fingerprint: str
    people_share: float
    compared_with: tuple[int, ...]
    tables: tuple[Looked, ...]
    expectations: tuple[Judged, ...]

    @property
    def failed(self) -> list[Judged]:
        """What did not hold, critical ones first."""
        return sorted((e for e in self.expectations if e.state != "passed"), key=lambda e: not e.critical)


def words(judged: Judged) -> str:
    """What became of an expectation, by counts."""
    if judged.state == "crashed":
        return "it could not be judged"
    return "it does not" if judged.rows <= 1 else f"{judged.failing:,} of {judged.rows:,} rows break it"
