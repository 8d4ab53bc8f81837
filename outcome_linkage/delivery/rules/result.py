"""What the rules found in one delivery, as `rules.json` keeps it: counts, thresholds and states, no rows.

A state follows from counts and threshold alone, so it can be judged anew without running a rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.rules.rule import Severity
from outcome_linkage.delivery.rules.thresholds import Thresholds
from outcome_linkage.files import write_text
from outcome_linkage.home import Home

RESULT = "rules.json"
State = Literal["pass", "pass with failures", "fail", "skipped", "crashed"]
STATES: tuple[State, ...] = ("fail", "crashed", "pass with failures", "skipped", "pass")


class Finding(BaseModel):
    """One rule: of `checked` rows that it looks at, `failing` are at fault, of `people` people.

    `ended` says whether it could be run, `why` why not.
    """

    model_config = ConfigDict(extra="forbid")
    rule: str
    table: str
    column: str
    severity: Severity
    says: str
    ended: Literal["ran", "skipped", "crashed"] = "ran"
    why: str = ""
    checked: int = 0
    failing: int = 0
    people: int = 0


class Judged(Finding):
    """A finding, held against the share of rows that may be at fault."""

    threshold: float
    state: State

    @property
    def share(self) -> float:
        """The share of the rows looked at that are at fault."""
        return self.failing / self.checked if self.checked else 0.0


class RulesResult(BaseModel):
    """All rules on one delivery. `made_from` is the hash of the rules and of every file that they read."""

    model_config = ConfigDict(extra="forbid")
    delivery: str
    made_from: str
    thresholds: Thresholds
    rules: list[Judged]

    def write(self, folder: Path) -> None:
        """Write the result into `folder`, all of it or nothing."""
        write_text(folder / RESULT, self.model_dump_json(indent=1))

    @property
    def states(self) -> dict[State, int]:
        """How many rules are in which state."""
        counted = Counter(rule.state for rule in self.rules)
        return {state: counted[state] for state in STATES}


def judge(finding: Finding, thresholds: Thresholds) -> Judged:
    """The state of one rule."""
    threshold = thresholds.of(finding.rule, finding.severity)
    facts = finding.model_dump(include=set(Finding.model_fields))
    return Judged(**facts, threshold=threshold, state=_state(finding, threshold))


def judge_all(
    delivery: str, made_from: str, findings: Iterable[Finding], thresholds: Thresholds
) -> RulesResult:
    """The state of every rule, and what it was judged by."""
    judged = [judge(finding, thresholds) for finding in findings]
    return RulesResult(delivery=delivery, made_from=made_from, thresholds=thresholds, rules=judged)


def rejudge(result: RulesResult, thresholds: Thresholds) -> RulesResult:
    """The same findings, judged by other thresholds. No rule is run."""
    return judge_all(result.delivery, result.made_from, result.rules, thresholds)


def read_result(home: Home, delivery: DeliveryId) -> RulesResult | None:
    """What the rules found in a delivery; None where they have not been run."""
    path = home.folder("validated", delivery) / RESULT
    return RulesResult.model_validate_json(path.read_bytes()) if path.exists() else None


def _state(finding: Finding, threshold: float) -> State:
    if finding.ended != "ran":
        return finding.ended
    if not finding.failing:
        return "pass"
    return "fail" if finding.failing > threshold * finding.checked else "pass with failures"
