"""From files to studies. A file with problems gives problems; the others still load."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from outcome_linkage.evaluation.locked import Locked, read_locked, unchanged
from outcome_linkage.evaluation.problems import Problem, fault, tell
from outcome_linkage.evaluation.shape import shaped
from outcome_linkage.evaluation.source import Source, Unreadable, read
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.static_checks import static_faults

SHIPPED = Path(__file__).parents[2] / "evaluations"
"""Studies that come with the software, one YAML file each."""
VARIABLE = "OUTCOME_LINKAGE_STUDIES"
"""Names the folder of an installation's own studies."""


def studies_folder() -> Path:
    """Where studies lie: the folder that `OUTCOME_LINKAGE_STUDIES` names, else those that are shipped."""
    return Path(os.environ.get(VARIABLE) or SHIPPED)


def own_folder() -> Path:
    """Where a new study is written: the folder that is named, else the current one; never the shipped one."""
    return Path(os.environ.get(VARIABLE) or ".")


def shipped_ids() -> set[str]:
    """The studies whose file comes with the software, whether or not this installation runs them."""
    return {path.stem for path in SHIPPED.glob("*.yaml")}


@dataclass(frozen=True)
class Loaded:
    """One file: its study, unless its shape is wrong, and what is wrong with it."""

    path: Path
    source: Source | None
    study: Evaluation | None
    problems: Sequence[Problem]

    @property
    def usable(self) -> bool:
        """Whether there is a study without an error; warnings do not count."""
        return self.study is not None and not any(p.severity == "error" for p in self.problems)

    def also(self, problems: Iterable[Problem]) -> Loaded:
        """The same with more problems, in the order of the file."""
        order = sorted((*self.problems, *problems), key=lambda problem: (problem.line, problem.code))
        return replace(self, problems=order)


def load(path: Path, locked: Locked | None = None) -> Loaded:
    """Read and check one file without any data. Raises OSError when there is none.

    `locked` are the versions that were locked; those of `locked.csv` beside the file without it.
    """
    try:
        source = read(path)
    except Unreadable as error:
        return Loaded(path, None, None, [_unreadable(path, error)])
    study = shaped(source.data)
    if isinstance(study, list):
        return Loaded(path, source, None, tell(study, source))
    versions = read_locked(path.parent) if locked is None else locked
    faults = [*static_faults(study, source), *unchanged(study, versions)]
    return Loaded(path, source, study, tell(faults, source))


def load_folder(folder: Path) -> list[Loaded]:
    """Every specification of a folder, by name. Two files with one id are both told (EV002)."""
    return load_files(sorted(folder.glob("*.yaml")))


def load_files(paths: Iterable[Path]) -> list[Loaded]:
    """Each file once. One whose id another of them has, or another file of its folder, is told (EV002)."""
    each = list({path.resolve(): path for path in paths}.values())
    folders = sorted({path.parent for path in each})
    locked = {folder: read_locked(folder) for folder in folders}
    loaded = [load(path, locked[path.parent]) for path in each]
    beside = {path.resolve() for folder in folders for path in folder.glob("*.yaml")}
    rest = [_source(path) for path in sorted(beside - {path.resolve() for path in each})]
    sources = [*(one.source for one in loaded), *rest]
    return [_told_apart(one, [source for source in sources if source]) for one in loaded]


def _source(path: Path) -> Source | None:
    try:
        return read(path)
    except Unreadable:
        return None


def _told_apart(one: Loaded, sources: Sequence[Source]) -> Loaded:
    if one.study is None or one.source is None:
        return one
    others = (source for source in sources if source is not one.source)
    same = next((source for source in others if _id(source) == one.study.id), None)
    if same is None:
        return one
    first = f"{same.line(('id',))} of {same.path.name}"
    double = fault("EV002", ("id",), what="study", name=one.study.id, first=first)
    return one.also(tell([double], one.source))


def _id(source: Source) -> object:
    return source.data.get("id") if isinstance(source.data, dict) else None


def _unreadable(path: Path, error: Unreadable) -> Problem:
    facts = {"expected": error.expected, "found": error.found, "remedy": error.remedy}
    nowhere = Source(path, "", None, {(): error.line})
    return tell([fault("EV001", (), **facts)], nowhere)[0]
