"""How many rows may break a rule before the rule fails: shares of the rows that it looks at.

`<home>/rules.yaml` may set other shares, by severity and by rule.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from outcome_linkage.delivery.rules.rule import Severity
from outcome_linkage.errors import InputRefused
from outcome_linkage.home import Home

THRESHOLDS = "rules.yaml"
Share = Annotated[float, Field(ge=0, le=1)]


class BadThresholds(InputRefused):
    """The file of thresholds is not one."""


class Thresholds(BaseModel):
    """The share of the rows looked at that may be at fault, by severity, and by rule where one differs."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    error: Share = 0.01
    warning: Share = 0.05
    rules: dict[str, Share] = {}

    def of(self, rule: str, severity: Severity) -> float:
        """The share that holds for one rule."""
        by_severity = {"error": self.error, "warning": self.warning}
        return self.rules.get(rule, by_severity[severity])


def load_thresholds(home: Home, known: Collection[str]) -> Thresholds:
    """The thresholds of this home; ours where it has none. `known` are the ids of all rules.

    Raises BadThresholds for a file that is not YAML of this shape or names a rule that does not exist.
    """
    path = home.root / THRESHOLDS
    if not path.exists():
        return Thresholds()
    try:
        thresholds = Thresholds.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (ValidationError, yaml.YAMLError) as error:
        raise _refused(path, "shares from 0 to 1: error, warning, and rules by id", _faults(error)) from None
    if unknown := sorted(set(thresholds.rules) - set(known)):
        raise _refused(path, "ids of rules, such as ssda903.501", ", ".join(unknown))
    return thresholds


def _faults(error: ValidationError | yaml.YAMLError) -> str:
    if isinstance(error, ValidationError):
        places = {".".join(map(str, fault["loc"])) or "the whole file" for fault in error.errors()}
        return f"something else at {', '.join(sorted(places))}"
    return "no YAML"


def _refused(path: Path, expected: str, found: str) -> BadThresholds:
    return BadThresholds(f"{path.name}: expected {expected}; found {found}. Correct the file, or remove it.")
