"""Writes what the commands of docs/tutorial_evaluation.md answer, by running them on the home of the demo.

.venv/bin/python -m docs.generate_tutorial demo/home

Of the page's blocks, `console` holds commands after `$` with what they answer, `diff` changes the study's
file, and `markdown` quotes the protocol that was written. What stands in others is for the reader to do.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from outcome_linkage.files import write_text
from pipelines.cli import app
from pipelines.cli.app import FAILED

PAGE = Path(__file__).with_name("tutorial_evaluation.md")
PROGRAM, PYTHON = ".venv/bin/outcome-linkage", ".venv/bin/python"
HOME = "demo/home"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Reader:
    """Somebody who follows the page in a folder of their own, where `demo/home` is the home of a demo."""

    folder: Path
    study: Path = Path("evaluations/after_abuse.yaml")
    answers: list[tuple[str, str]] = field(default_factory=list)

    def follow(self, page: str) -> str:
        """Do what each block says; the page with the answers that came. AssertionError where it errs."""
        with chdir(self.folder):
            self.study.parent.mkdir(exist_ok=True)
            return FENCE.sub(lambda block: f"```{block[1]}\n{self._do(block[1], block[2])}```", page)

    def _do(self, kind: str, text: str) -> str:
        if kind == "diff":
            change(self.study, text)
        if kind == "markdown":
            assert text.strip() in Path("protocol.md").read_text(encoding="utf-8"), text
        return "".join(map(self._run, commands(text))) if kind == "console" else text

    def _run(self, command: str) -> str:
        """A command with its answer."""
        answer = answer_to(command)
        self.answers.append((command, answer))
        return f"$ {command}\n{answer}"


def answer_to(command: str) -> str:
    """What a command prints, where the home is `demo/home`."""
    program, *arguments = shlex.split(command)
    if program == PROGRAM:
        result = CliRunner().invoke(app, arguments, env={"OUTCOME_LINKAGE_HOME": HOME})
        assert result.exit_code != FAILED, result.output
        return result.output.replace(os.path.relpath(Path(HOME).resolve()), HOME)
    program = sys.executable if program == PYTHON else program
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def commands(text: str) -> Iterator[str]:
    """The commands of a console block."""
    return (line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ "))


def change(path: Path, diff: str) -> None:
    """Put lines with `+` in place of those with `-`, which stand in the file once, others around them."""
    lines = diff.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if line[:1] in "- ")
    after = "".join(f"{line[1:]}\n" for line in lines if line[:1] in "+ ")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"not once in {path}:\n{before}"
    write_text(path, text.replace(before, after))


def main(home: Path) -> None:
    """Write the page with the answers of this home."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "demo").mkdir()
        (Path(folder) / "demo" / "home").symlink_to(home.resolve())
        write_text(PAGE, Reader(Path(folder)).follow(PAGE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
