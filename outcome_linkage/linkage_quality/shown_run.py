"""What may be shown of one linkage run, and what of it is told first. `pack` makes it, `page` shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from outcome_linkage.linkage_quality.checks import Check
from outcome_linkage.linkage_quality.figures import ALL
from outcome_linkage.linkage_quality.guild import Step
from outcome_linkage.linkage_quality.released import Shown
from outcome_linkage.linkage_quality.unlinked import Difference

# What is told first: title, measure, and what a person should know of it.
HEADLINES = (
    ("Precision", "precision", "of the links that held-out strong ids can judge, share that are right"),
    ("Recall", "recall", "of people whom strong ids know at two suppliers, share linked without these ids"),
    ("Planted records found", "planted_found", "invented copies with known damage, share linked"),
    ("Traps linked", "trap_linked", "invented twins, namesakes and kin, share linked by mistake"),
    ("Links expected right", "expected_right", "by match probability and by what each pass has earned"),
    ("People who contradict themselves", "contradiction", "of people with several records"),
)


@dataclass(frozen=True)
class Pack:
    """What may be shown of one linkage run. `measured_run`: the run on which accuracy was measured."""

    run: int
    measured_run: int
    run_id: str
    model_version: str
    as_of: str
    checks: tuple[Check, ...]
    figures: tuple[Shown, ...]
    differences: tuple[Difference, ...]
    steps: tuple[Step, ...]
    trend: tuple[dict[str, Any], ...]
    registers: tuple[str, ...] = ()

    @property
    def failed(self) -> list[Check]:
        """The checks that failed, those that stop publishing first."""
        return sorted((c for c in self.checks if not c.passed), key=lambda c: not c.gates)

    def find(self, measure: str, item: str = ALL, by: str = ALL, group: str = ALL) -> Shown | None:
        """One figure by its name."""
        wanted = (measure, item, by, group)
        return next((f for f in self.figures if f[:4] == wanted), None)

    def worst(self, measure: str = "recall", most: int = 5) -> list[Shown]:
        """Groups whose whole interval lies below the share of everybody, the worst first."""
        everybody = self.find(measure)
        level = everybody.share if everybody else None
        groups = [
            f
            for f in self.figures
            if f.measure == measure and f.item == ALL and f.by not in (ALL, "level", "pass")
            if level is not None and f.high is not None and f.high < level
        ]
        return sorted(groups, key=lambda f: f.share or 0.0)[:most]


def as_json(pack: Pack) -> dict[str, Any]:
    """The pack for a script."""
    return {
        "run": pack.run,
        "measured_run": pack.measured_run,
        "run_id": pack.run_id,
        "model_version": pack.model_version,
        "as_of": pack.as_of,
        "checks": [asdict(check) for check in pack.checks],
        "figures": [figure._asdict() for figure in pack.figures],
        "linked_against_unlinked": [difference._asdict() for difference in pack.differences],
        "guild": [step._asdict() for step in pack.steps],
        "trend": list(pack.trend),
    }
