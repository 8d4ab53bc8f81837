"""Commands for whoever writes an evaluation: is the file right, what does it say, what changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import REFUSED, Group, app, out, print_json, research_home
from pipelines.cli.installation import installation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcome_linkage.evaluation.load import Loaded
    from outcome_linkage.evaluation.spec.evaluation import Evaluation

Named = Annotated[
    str, typer.Argument(help="A file, or the name of one in the folder of studies, without its ending.")
]
NIGHT = (
    "A night runs one folder: the one that OUTCOME_LINKAGE_STUDIES names, else the software's `evaluations/`."
)

evaluation = typer.Typer(
    cls=Group, no_args_is_help=True, help="Check, explain and compare evaluations: studies of one YAML file."
)
app.add_typer(evaluation, name="evaluation")


@evaluation.command()
def new(name: Annotated[str, typer.Argument(help="The id of the study, or a file named after it.")]) -> None:
    """Begin a study: write a file that is right but for its agreements, with a remark on each part.

    An id alone is written to the folder that OUTCOME_LINKAGE_STUDIES names, without it to the current folder.
    """
    from outcome_linkage.evaluation.load import own_folder
    from outcome_linkage.evaluation.starting import write_starting_file

    path = Path(name) if name.endswith(".yaml") else own_folder() / f"{name}.yaml"
    write_starting_file(path)
    written = os.path.relpath(path)
    out.print(f"{written} is written. Next: outcome-linkage evaluation validate {written}", highlight=False)
    out.print(NIGHT, highlight=False)


@evaluation.command()
def validate(
    names: Annotated[
        list[str] | None, typer.Argument(help="Files or ids; every study of the folder without one.")
    ] = None,
    static: Annotated[
        bool, typer.Option("--static", help="Look at the files only, not at the data of this home.")
    ] = False,
    lock: Annotated[
        bool, typer.Option("--lock", help="Write down what each study says, if it is locked and right.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the problems as JSON.")] = False,
) -> None:
    """Whether studies are right: each problem with its file, line and code, and what to do."""
    loaded = _loaded(names or [])
    readable = any(one.usable for one in loaded)
    bound = readable and not static and research_home().warehouse.exists()
    if bound:
        loaded = _bound(loaded)
    if as_json:
        print_json([vars(problem) for one in loaded for problem in one.problems])
    else:
        _tell(loaded, bound)
    if not all(one.usable for one in loaded):
        raise typer.Exit(REFUSED)
    if lock:
        _lock(loaded)


@evaluation.command()
def explain(
    name: Named,
    to: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
) -> None:
    """A study as a protocol in plain English, as Markdown."""
    from outcome_linkage.evaluation.explain import explain as protocol
    from outcome_linkage.files import write_text

    text = protocol(study_of(name))
    if to is None:
        out.print(text, markup=False, highlight=False)
    else:
        write_text(to, text)
        out.print(f"{os.path.relpath(to)} is written.", highlight=False)


@evaluation.command()
def diff(
    before: Annotated[str, typer.Argument(help="The earlier file or id.")],
    after: Annotated[str, typer.Argument(help="The later file or id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the changes as JSON.")] = False,
) -> None:
    """What changed between two files: the question, the analysis, or only words; and the version to give."""
    from outcome_linkage.evaluation.diff import changes, tell

    earlier, later = study_of(before), study_of(after)
    if as_json:
        print_json([vars(change) for change in changes(earlier, later)])
    else:
        out.print(tell(earlier, later), markup=False, highlight=False)


def _path(name: str) -> Path:
    """The file that is meant. Raises BadParameter when there is none."""
    from outcome_linkage.evaluation.load import studies_folder
    from outcome_linkage.evaluation.problems import nearest

    folder = studies_folder()
    for path in (Path(name), folder / f"{name}.yaml"):
        if path.is_file():
            return path
    known = nearest(name, (path.stem for path in folder.glob("*.yaml")))
    raise typer.BadParameter(
        f"{name}: no such file, and no such study in {os.path.relpath(folder)}/. {known}"
    )


def _loaded(names: Sequence[str]) -> list[Loaded]:
    from outcome_linkage.evaluation.load import load_files, load_folder, studies_folder

    return load_files(map(_path, names)) if names else load_folder(studies_folder())


def _bound(loaded: Sequence[Loaded]) -> list[Loaded]:
    """The same, checked against the warehouse, the deliveries in use and the agreements of this home."""
    with installation(writing=False) as at:
        return [at.bound(one) for one in loaded]


def _tell(loaded: Sequence[Loaded], bound: bool) -> None:
    for one in loaded:
        for problem in one.problems:
            out.print(str(problem), markup=False, highlight=False)
    right = sum(one.usable for one in loaded)
    against = "against the data of this home" if bound else "without data"
    out.print(f"{right} of {len(loaded)} right, checked {against}.", highlight=False)


def _lock(loaded: Sequence[Loaded]) -> None:
    from outcome_linkage.evaluation.locked import FILE, lock

    for one in loaded:
        if one.study is not None:
            lock(one.study, one.path.parent)
            out.print(f"{one.study.id} {one.study.version} stands in {FILE}.", highlight=False)


def load_named(name: str) -> Loaded:
    """The file that a name means, read and checked by itself."""
    (loaded,) = _loaded([name])
    return loaded


def study_of(name: str) -> Evaluation:
    """The study of a file; refuses one with errors, which it prints."""
    from outcome_linkage.errors import InputRefused

    loaded = load_named(name)
    if loaded.study is None:
        first = "\n".join(str(problem) for problem in loaded.problems)
        raise InputRefused(f"{name} has problems.\n{first}")
    return loaded.study
