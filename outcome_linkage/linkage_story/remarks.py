"""What is said of a record before any picture: how it came to its person, and what a reader must know."""

from __future__ import annotations

import math
from collections.abc import Iterator

from outcome_linkage.linkage.residual import MARGIN, PASS, THRESHOLDS
from outcome_linkage.linkage_story.reasons import pass_words
from outcome_linkage.linkage_story.recorded import Recorded
from outcome_linkage.linkage_story.story import Named
from outcome_linkage.linkage_story.weighing import Pair, Weighed

# A weight that differs by more from the one on record is told: values have become rarer or commoner since.
_DRIFT = 0.1


def headline(recorded: Recorded, weighed: Weighed) -> str:
    """How the record came to its person, in a few sentences."""
    return _how_linked(recorded) + _by_duplicate(recorded, weighed)


def _how_linked(recorded: Recorded) -> str:
    entry = recorded.entry
    if entry.passed is None:
        refused = len(recorded.candidates)
        if len(recorded.members(entry.person_id)) > 1:
            return "What tied it to the other records of its person is not recorded."
        return "No other record is linked to it." + (f" Candidates refused: {refused}." if refused else "")
    told = f"Linked by `{entry.passed}`, level {entry.level}: {pass_words(entry.passed)}."
    if entry.weight is None:
        return told
    told = f"{told} It weighs {entry.weight:.1f} bits, where {THRESHOLDS['main']} are needed."
    if entry.runner_up_weight is None:
        return f"{told} There is no runner-up."
    lead = entry.weight - entry.runner_up_weight
    return (
        f"{told} The runner-up weighs {entry.runner_up_weight:.1f}: a lead of {lead:.1f}, "
        f"where {MARGIN:g} are needed."
    )


def _by_duplicate(recorded: Recorded, weighed: Weighed) -> str:
    """Says so if not this record but a duplicate of it has what made the link."""
    asked, strength = recorded.entry.record, _strengths(recorded, weighed)
    best = max(strength, key=lambda mine: (strength[mine], mine == asked))
    if strength[best] <= strength[asked]:
        return ""
    return f" Not by itself: {best.record_key} has it, which is a duplicate of it."


def _strengths(recorded: Recorded, weighed: Weighed) -> dict[Named, float]:
    """How strongly the record, and each duplicate of it, is tied to the person's records elsewhere."""
    entry = recorded.entry
    elsewhere = [m for m in recorded.members(entry.person_id) if m.supplier != entry.record.supplier]
    return {
        mine: max((_strength((mine, o), entry.passed, weighed) for o in elsewhere), default=-math.inf)
        for mine in recorded.unit(entry.person_id, entry.record.supplier)
    }


def _strength(pair: Pair, passed: str | None, weighed: Weighed) -> float:
    """Whether the pair shares the key of the pass; for a link of the model, what it weighs."""
    if passed == PASS:
        return weighed.waterfalls[pair].total if pair in weighed.waterfalls else -math.inf
    return float(passed in weighed.keys.get(pair, ()))


def notes(recorded: Recorded, weighed: Weighed) -> Iterator[str]:
    """What a reader must know before believing the comparisons."""
    entry, asked = recorded.entry, recorded.entry.record
    if not recorded.is_current:
        yield (
            "The record was not delivered any more when records were last linked; it keeps the person it had."
        )
    if asked in weighed.without_tokens:
        yield "Nothing can be compared: the supplier sends no tokens of this record, only events."
    if missing := sorted(weighed.without_tokens - {asked}):
        yield f"No tokens are sent of {', '.join(map(str, missing))}."
    if mixed := sorted(weighed.mixed):
        yield (
            f"The tokens of {', '.join(map(str, mixed))} describe two people. Such a record is compared with "
            "nobody, and keeps a person only if it had one before."
        )
    if changed := sorted(weighed.changed):
        yield (
            f"What is sent of {', '.join(map(str, changed))} has changed since it was linked. The "
            "comparisons are of today's tokens; the next run may decide otherwise."
        )
    elif entry.passed == PASS and entry.weight is not None:
        now = max(_strengths(recorded, weighed).values())
        if _DRIFT < abs(now - entry.weight) < math.inf:
            yield f"By how common values are today it weighs {now:.1f}, not {entry.weight:.1f} as recorded."
