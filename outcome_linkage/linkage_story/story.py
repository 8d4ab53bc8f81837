"""The story of one record's links as data: what `explain` finds, and the page, the terminal and scripts show.

It holds record keys, person ids, names of passes, comparisons and levels, and weights. Never an identifier
or a token. Weights are bits: one more doubles the odds that two records are one person.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from outcome_linkage.linkage.residual import THRESHOLDS


class Named(NamedTuple):
    """A record as the linker knows it."""

    supplier: str
    record_key: str

    def __str__(self) -> str:
        return f"{self.supplier} {self.record_key}"


class Step(NamedTuple):
    """What one comparison adds: log2(m / u) of its level, `rarity` of it by the value's own frequency."""

    comparison: str
    level: str
    bits: float
    rarity: float = 0.0


@dataclass(frozen=True)
class Waterfall:
    """How a match weight comes about: from the prior's log2 odds, step by step, to the total."""

    prior: float
    steps: tuple[Step, ...]

    @property
    def total(self) -> float:
        """The match weight: log2 odds that the two records are one person."""
        return self.prior + sum(step.bits for step in self.steps)

    @property
    def chance(self) -> float:
        """The match probability."""
        odds = 2.0 ** min(self.total, 60.0)
        return float(odds / (1 + odds))


@dataclass(frozen=True)
class Refusal:
    """Why some passes, the model among them, did not link a candidate; `weight` is what it weighed then."""

    passes: tuple[str, ...]
    weight: float | None
    reason: str
    words: str


@dataclass(frozen=True)
class Other:
    """Another record beside the one that was asked for.

    `keys`: the passes whose key both share. `waterfall` is null where one of the two has no tokens.
    `compared`: the two records that it compares, where duplicates of them agree best.
    """

    record: Named
    person_id: str
    keys: tuple[str, ...]
    waterfall: Waterfall | None
    compared: tuple[Named, Named]
    refusals: tuple[Refusal, ...] = ()
    is_one_broadly: bool = False

    @property
    def is_indirect(self) -> bool:
        """Whether the two, linked all the same, would not be by what they have in common."""
        weight = self.waterfall.total if self.waterfall else 0.0
        return not (self.refusals or self.keys or weight >= THRESHOLDS["main"])


class Run(NamedTuple):
    """A linkage run: its number, null if the registry does not list it, and its id."""

    number: int | None
    run_id: str

    def __str__(self) -> str:
        return f"run {self.number} ({self.run_id})" if self.number else self.run_id


class Change(NamedTuple):
    """A change of ids that touched the person; `records` moved from the old id to the new one."""

    run: Run
    old_person_id: str
    new_person_id: str
    reason: str
    records: int


@dataclass(frozen=True)
class Story:
    """Everything that can be told of one record's links. `passed` and `level` are null for a lone record."""

    record: Named
    person_id: str
    members: tuple[Named, ...]
    passed: str | None
    level: str | None
    weight: float | None
    runner_up_weight: float | None
    model_version: str
    first_run: Run
    last_run: Run
    headline: str
    notes: tuple[str, ...]
    changes: tuple[Change, ...]
    linked: tuple[Other, ...]
    refused: tuple[Other, ...]

    @property
    def suppliers(self) -> tuple[str, ...]:
        """The suppliers that know the person."""
        return tuple(dict.fromkeys(member.supplier for member in self.members))

    @property
    def others(self) -> tuple[Other, ...]:
        """The records beside this one, the linked ones first."""
        return (*self.linked, *self.refused)


def as_json(story: Story) -> dict[str, Any]:
    """The story for a script."""
    told = {name: _plain(value) for name, value in vars(story).items()}
    return {**told, "suppliers": list(story.suppliers)}


def _plain(value: Any) -> Any:
    if isinstance(value, Waterfall):
        steps = [step._asdict() for step in value.steps]
        return {"prior": value.prior, "steps": steps, "total": value.total, "chance": value.chance}
    if isinstance(value, Other):
        return {name: _plain(of) for name, of in vars(value).items()}
    if isinstance(value, Refusal):
        return asdict(value)
    if hasattr(value, "_asdict"):
        return {name: _plain(of) for name, of in value._asdict().items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
