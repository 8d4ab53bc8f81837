"""What follows from a question about a person: the answer to another, or that another cannot be yes."""

from __future__ import annotations

from typing import Any

from outcome_linkage.evaluation.spec import predicates as p

YOUNGEST, OLDEST = 0, 999
"""Ages where a range gives none."""
Ages = tuple[int, int]


def ages_of(asked: p.AgeRange) -> Ages:
    """Youngest and oldest age of a range, both inclusive."""
    low, high = asked.min_years, asked.max_years
    return (YOUNGEST if low is None else low, OLDEST if high is None else high)


def implies(one: Any, other: Any) -> bool:
    """Whether whoever answers yes to `one` is certain to answer yes to `other`."""
    if one == other:
        return True
    match one, other:
        case _, p.All(all=several):
            return all(implies(one, part) for part in several)
        case p.Any_(any=several), _:
            return all(implies(part, other) for part in several)
        case _, p.Any_(any=several):
            return any(implies(one, part) for part in several)
        case p.All(all=several), _:
            return any(implies(part, other) for part in several)
        case p.Not(not_=left), p.Not(not_=right):
            return implies(right, left)
        case _, p.Not(not_=right):
            return excludes(one, right)
    return _leaf_implies(one, other)


def excludes(one: Any, other: Any) -> bool:
    """Whether nobody can answer yes to both."""
    match one, other:
        case p.Not(not_=inner), _:
            return implies(other, inner)
        case _, p.Not(not_=inner):
            return implies(one, inner)
        case p.Any_(any=several), _:
            return all(excludes(part, other) for part in several)
        case _, p.Any_():
            return excludes(other, one)
        case p.All(all=several), _:
            return any(excludes(part, other) for part in several)
        case _, p.All():
            return excludes(other, one)
    return _leaf_excludes(one, other)


def _leaf_implies(one: Any, other: Any) -> bool:
    match one, other:
        case p.AgeAtIndex(age_at_index=a), p.AgeAtIndex(age_at_index=b):
            return _within(ages_of(a), ages_of(b))
        case p.Resident(resident=a), p.Resident(resident=b):
            return a.before_days >= b.before_days
        case p.CoveredBy(covered_by=a), p.CoveredBy(covered_by=b):
            return a.source == b.source and _within(b.window, a.window)
        case p.HasEvent(event=a), p.HasEvent(event=b):
            same = (a.concept, a.source) == (b.concept, b.source)
            return same and _within(a.window, b.window) and a.at_least >= b.at_least
        case p.HasAttribute(attribute=a), p.HasAttribute(attribute=b):
            return a.name == b.name and _values(a) <= _values(b)
    return False


def _leaf_excludes(one: Any, other: Any) -> bool:
    match one, other:
        case p.AgeAtIndex(age_at_index=a), p.AgeAtIndex(age_at_index=b):
            (low, high), (other_low, other_high) = ages_of(a), ages_of(b)
            return high < other_low or other_high < low
        case p.HasAttribute(attribute=a), p.HasAttribute(attribute=b):
            return a.name == b.name and _values(a).isdisjoint(_values(b))
    return False


def _within(inner: Ages, outer: Ages) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _values(asked: p.Attribute) -> set[str]:
    return {str(value) for value in asked.one_of}
