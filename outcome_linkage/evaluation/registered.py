"""What a home last ran of a registered study: another question under its version is seen (EV124).

Kept beside the tables, by runs of registered and locked studies only: a draft in between hides outcomes and
changes nothing here. Nothing in it is of a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from outcome_linkage.evaluation.answers.answer import OPEN_STATUS
from outcome_linkage.evaluation.diff import changes, is_enough, version_needed
from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.files import write_text

FILE = "registered.json"
MOST_NAMED = 3


def keep_registered(folder: Path, study: Evaluation) -> None:
    """Write down what a registered study says."""
    if study.status in OPEN_STATUS:
        said = study.model_dump(mode="json", by_alias=True)
        write_text(folder / FILE, f"{json.dumps(said, sort_keys=True, indent=1)}\n")


def last_registered(folder: Path) -> Evaluation | None:
    """What was registered when it last ran; None where it never did, or in words that are no longer read."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return Evaluation.model_validate_json(path.read_bytes())
    except ValidationError:
        return None


def same_question(study: Evaluation, before: Evaluation | None) -> Iterator[Fault]:
    """EV124: a registered study asks what it asked when it last ran, or has a version that says otherwise."""
    if before is None or study.status not in OPEN_STATUS:
        return
    found = changes(before, study)
    touched = [f"`{one.path}`" for one in found if one.kind == "question"]
    needed = version_needed(before, found)
    if touched and not is_enough(study.version, needed):
        more = f" and {len(touched) - MOST_NAMED} more" if len(touched) > MOST_NAMED else ""
        what = f"{', '.join(touched[:MOST_NAMED])}{more}"
        yield fault("EV124", ("version",), version=before.version, what=what, needed=needed)
