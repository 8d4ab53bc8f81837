"""The leading comments of a `.sql` file: what the table is, what makes a row unique, what each column says.

    -- One row per person.                     <- first paragraph: what one row is
    -- grain: person_id                        <- columns that together are unique
    -- columns:
    --   person_id: Stable id of the person. | not null
    --   n_sources: Number of sources that
    --     know the person. | unit: sources     <- a deeper indent goes on with the text

A header that cannot be read is an error that names the file and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from outcome_linkage.errors import OutcomeLinkageError

_COLUMN = re.compile(r" {1,3}([A-Za-z_][A-Za-z0-9_]*): *(.*)")
_CONTINUED = re.compile(r" {4,}(\S.*)")


class BadSqlFile(OutcomeLinkageError):
    """A `.sql` file that cannot be used; the message names the file and what to do."""


@dataclass(frozen=True)
class Column:
    """One column of a model, in the words of its header."""

    name: str
    description: str
    not_null: bool = False
    unit: str | None = None

    @property
    def text(self) -> str:
        """What a reader is told of the column."""
        return f"{self.description} Unit: {self.unit}." if self.unit else self.description


def split_header(text: str) -> tuple[list[str], str]:
    """The leading comment lines of an SQL text, without `--`, and the SQL that follows."""
    lines = text.splitlines()
    end = next((i for i, line in enumerate(lines) if line and not line.startswith("--")), len(lines))
    comment = [line[2:].rstrip() for line in lines[:end] if line.startswith("--")]
    return comment, "\n".join(lines[end:]).strip().removesuffix(";")


def paragraph(lines: list[str]) -> str:
    """The first paragraph of comment lines, as one line of text."""
    text = "\n".join(line.strip() for line in lines).strip()
    return " ".join(text.split("\n\n")[0].split())


def parse_header(comment: list[str], file: str) -> tuple[str, tuple[str, ...], dict[str, Column]]:
    """The description, the grain and the columns of a model's leading comment lines. Raises BadSqlFile."""
    text = [line.strip() for line in comment]
    at_grain = next((i for i, line in enumerate(text) if line.startswith("grain:")), len(text))
    at_columns = next((i for i, line in enumerate(text) if line == "columns:"), len(text))
    description = paragraph(text[:at_grain])
    grain = tuple(
        name.strip() for name in "".join(text[at_grain : at_grain + 1])[6:].split(",") if name.strip()
    )
    columns = {column.name: column for column in _columns(comment[at_columns + 1 :], file)}
    _check_header({"one sentence on what one row is": description, "grain": grain, "columns": columns}, file)
    if unknown := [name for name in grain if name not in columns]:
        raise BadSqlFile(f"{file}: the grain names {unknown}, which `-- columns:` does not describe.")
    return description, grain, columns


def _check_header(parts: Mapping[str, object], file: str) -> None:
    missing = [name for name, part in parts.items() if not part]
    if missing:
        raise BadSqlFile(
            f"{file}: the header lacks: {', '.join(missing)}. Expected leading comments: a sentence, "
            "`-- grain: <columns>`, `-- columns:`, and one `--   <name>: <text>` for each column."
        )


def _columns(lines: list[str], file: str) -> Iterator[Column]:
    entries: list[list[str]] = []
    for line in lines:
        if found := _COLUMN.fullmatch(line):
            entries.append([found[1], found[2]])
        elif (more := _CONTINUED.fullmatch(line)) and entries:
            entries[-1][1] += f" {more[1]}"
        elif line.strip():
            raise BadSqlFile(f"{file}: cannot read the column line `--{line}`: expected `--   name: text.`")
    names = [name for name, _ in entries]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise BadSqlFile(f"{file}: columns described twice: {repeated}.")
    return (_column(name, text, file) for name, text in entries)


def _column(name: str, text: str, file: str) -> Column:
    description, *notes = (part.strip() for part in text.split("|"))
    if not description:
        raise BadSqlFile(f"{file}: column {name} has no description.")
    not_null, unit = False, None
    for note in notes:
        if note == "not null":
            not_null = True
        elif note.startswith("unit:"):
            unit = note.removeprefix("unit:").strip()
        else:
            raise BadSqlFile(f"{file}: column {name}: `| {note}` is neither `not null` nor `unit: <unit>`.")
    return Column(name, description, not_null, unit)
