"""From what a check found to what is shown: file, line, code, place, message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple

from outcome_linkage.evaluation.codes import CODES, Severity
from outcome_linkage.evaluation.source import KeyPath, Source


class At(NamedTuple):
    """A fact that is the line of another part of the file."""

    path: KeyPath


@dataclass(frozen=True)
class Fault:
    """What a check found, before it is put into words."""

    code: str
    path: KeyPath
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """One problem in one file, ready to be shown. It quotes the specification and no data."""

    file: str
    line: int
    code: str
    severity: Severity
    path: str
    message: str

    def __str__(self) -> str:
        """As editors and terminals link it: `file:line code path: message`."""
        return f"{self.file}:{self.line} {self.code} {self.path}: {self.message}"


def fault(code: str, path: KeyPath, **facts: Any) -> Fault:
    """A fault with its facts by name."""
    return Fault(code, path, facts)


def tell(faults: Iterable[Fault], source: Source) -> list[Problem]:
    """Faults in words, in the order of the file."""
    problems = [_tell(one, source) for one in faults]
    return sorted(problems, key=lambda problem: (problem.line, problem.code, problem.path, problem.message))


def _tell(one: Fault, source: Source) -> Problem:
    code = CODES[one.code]
    return Problem(
        file=source.path.name,
        line=source.line(one.path),
        code=code.code,
        severity=code.severity,
        path=".".join(map(str, one.path)) or "file",
        message=words(one, source),
    )


def words(one: Fault, source: Source) -> str:
    """The message of a fault, with its facts."""
    facts = {n: source.line(v.path) if isinstance(v, At) else v for n, v in one.facts.items()}
    return CODES[one.code].message.format(**facts).strip()


def close_to(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is probably a slip for."""
    names = sorted(set(known))
    longer = [n for n in names if len(name) > 2 and n.startswith(name)]
    return next(iter([*get_close_matches(name, names, n=1, cutoff=0.6), *longer]), None)


def nearest(name: str, known: Iterable[str], most: int = 8) -> str:
    """`Did you mean …?` for a likely slip, else what there is to choose from, for the end of a message."""
    names = sorted(set(known))
    if close := close_to(name, names):
        return f"Did you mean `{close}`?"
    if not names:
        return "There is none."
    listed = ", ".join(f"`{n}`" for n in names[:most])
    return f"There is {listed}{f' and {len(names) - most} more' if len(names) > most else ''}."
