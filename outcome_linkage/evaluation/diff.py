"""What changed between two specifications, as a study: another question, another analysis, or words.

Comments and layout do not count. Items of a list are told apart by their ids, so a moved one is no change
unless its order matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from outcome_linkage.evaluation.schema import schemas_at
from outcome_linkage.evaluation.spec.evaluation import Evaluation

Kind = Literal["question", "analysis", "words"]
"""What a change touches: who, what and when is compared; how it is estimated; only how it is told."""
MEANING: dict[Kind, str] = {
    "question": "Another question: results cannot be set beside those of before",
    "analysis": "The same question, answered in another way",
    "words": "Words and housekeeping: no estimate changes",
}
WORDS = ("title", "label", "registration", "population", "intervention", "comparator", "direction")
HOUSEKEEPING = ("id", "schema_version", "version", "status", "examples", "output", "governance")
QUESTION = (
    "study_period",
    "design",
    "index",
    "eligibility",
    "arms",
    "assignment",
    "followup",
    "rollout",
)
IN_ORDER = ("arms", "eligibility")
"""Lists whose order matters: the first arm that fits is taken, and people leave at the first step."""
_ABSENT = object()


@dataclass(frozen=True)
class Change:
    """One difference. `was` and `now` are None for what was added or taken out."""

    kind: Kind
    path: str
    means: str
    was: Any
    now: Any
    added: bool = False

    def __str__(self) -> str:
        """In one line."""
        means = f" ({self.means})" if self.means else ""
        if self.added:
            return f"`{self.path}`{means} is new: {_short(self.now)}"
        if self.now is None:
            return f"`{self.path}`{means} is gone; it was {_short(self.was)}"
        return f"`{self.path}`{means}: {_short(self.was)} → {_short(self.now)}"


def changes(before: Evaluation, after: Evaluation) -> list[Change]:
    """Every difference, those that change the question first."""
    old, new = (study.model_dump(mode="json", by_alias=True) for study in (before, after))
    primary = {
        item["id"]
        for dump in (old, new)
        for item in (*dump["outcomes"], *dump["measures"])
        if item["role"] == "primary"
    }
    found = [_change(path, was, now, primary, new) for path, was, now in _differences(old, new, ())]
    order = list(MEANING)
    return sorted(found, key=lambda change: order.index(change.kind))


def version_needed(before: Evaluation, found: Sequence[Change]) -> str:
    """The version that the changes ask for: major for another question, minor for additions, else patch."""
    major, minor, patch = (int(part) for part in before.version.split("."))
    said = [change for change in found if change.path not in ("version", "status")]
    if any(change.kind == "question" for change in said):
        return f"{major + 1}.0.0"
    if any(change.kind == "analysis" and change.added for change in said):
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}" if said else before.version


def is_enough(version: str, needed: str) -> bool:
    """Whether a version is at least the one that is needed."""
    return _numbers(version) >= _numbers(needed)


def tell(before: Evaluation, after: Evaluation) -> str:
    """The differences as Markdown, with the version that they ask for."""
    found = changes(before, after)
    if not found:
        return "Nothing that the study says has changed."
    parts = []
    for kind, heading in MEANING.items():
        of_kind = [f"- {change}" for change in found if change.kind == kind]
        parts += [f"## {heading}", "\n".join(of_kind)] if of_kind else []
    needed = version_needed(before, found)
    verdict = "is enough" if is_enough(after.version, needed) else "is too low"
    parts.append(f"The changes ask for version {needed}; {after.version} {verdict}.")
    return "\n\n".join(parts)


def _differences(was: Any, now: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        for name in dict.fromkeys((*was, *now)):
            yield from _differences(was.get(name, _ABSENT), now.get(name, _ABSENT), (*path, name))
    elif _has_ids(was) and _has_ids(now):
        old, new = ({item["id"]: item for item in items} for items in (was, now))
        yield from _differences(old, new, path)
        if path[-1] in IN_ORDER and [i for i in old if i in new] != [i for i in new if i in old]:
            yield (*path, "order"), list(old), list(new)
    else:
        yield path, was, now


def _has_ids(items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(item, dict) and "id" in item for item in items)


def _change(path: tuple[str, ...], was: Any, now: Any, primary: set[str], data: Any) -> Change:
    nothing: tuple[Any, ...] = (None, _ABSENT, [], {})
    added = any(was is one or was == one for one in nothing)
    gone = any(now is one or now == one for one in nothing)
    return Change(
        kind=_kind(path, primary),
        path=".".join(path),
        means=_means(path, data),
        was=None if added else was,
        now=None if gone else now,
        added=added,
    )


def _kind(path: tuple[str, ...], primary: set[str]) -> Kind:
    if path[-1] in WORDS or path[0] in HOUSEKEEPING:
        return "words"
    if path[0] in QUESTION or path == ("question", "estimand"):
        return "question"
    if path[0] in ("outcomes", "measures") and path[1] in primary:
        return "question"
    return "analysis"


def _means(path: tuple[str, ...], study: Any) -> str:
    """What the reference says of a part."""
    steps: list[str | int] = []
    part = study
    for name in path:
        step = _place(part, name) if isinstance(part, list) else name
        part = part[step] if isinstance(step, int) else part.get(step) if isinstance(part, dict) else None
        steps.append(step)
    texts = {s["description"] for s in schemas_at(study, tuple(steps)) if "description" in s}
    text = texts.pop() if len(texts) == 1 else ""
    return text[:1].lower() + text[1:].rstrip(".")


def _place(items: list[Any], id_: str) -> int | str:
    """Where the item with an id stands; the id itself where there is none."""
    return next((n for n, item in enumerate(items) if item["id"] == id_), id_)


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if isinstance(value, dict):
        text = str(
            value.get("label") or value.get("id") or ", ".join(f"{k} {v}" for k, v in value.items() if v)
        )
    return text if len(text) <= 120 else f"{text[:119]}…"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
