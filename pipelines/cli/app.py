"""The application object, exit codes, and how errors and results are told.

Exit codes: 0 done; 1 failed; 2 wrong use; 3 input refused.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from typer.exceptions import TyperException

from outcome_linkage.collector import look_rarely
from outcome_linkage.errors import InputRefused, OutcomeLinkageError, safe_words
from outcome_linkage.home import Home

FAILED, WRONG_USE, REFUSED = 1, 2, 3
LINKAGE_KEY_VARIABLE = "OUTCOME_LINKAGE_KEY_FILE"

WIDE = 180
"""Columns when the output is not a terminal: nothing is cut off in a file."""

out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, soft_wrap=True)


def _say(what: str, why: str) -> None:
    err.print(f"[red]{what}[/]", end=" ")
    err.print(why, markup=False, highlight=False)


class Group(typer.core.TyperGroup):
    """Turns our errors into one readable message and an exit code, for every command."""

    def invoke(self, ctx: Any) -> Any:
        look_rarely()
        try:
            return super().invoke(ctx)
        except InputRefused as error:
            wrong_use = getattr(error, "code", None) == "wrong_argument"
            _say("Wrong use." if wrong_use else "Refused.", str(error))
            sys.exit(WRONG_USE if wrong_use else REFUSED)
        except Exception as error:
            if isinstance(error, typer.Exit | typer.Abort | TyperException):
                raise
            _say("Failed.", safe_words(error))
            sys.exit(FAILED)


app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Link pseudonymised extracts and build adversity-outcome tables.",
)


def research_home() -> Home:
    """The home, for a research-side command; refuses to start where a linkage key is within reach."""
    if os.environ.get(LINKAGE_KEY_VARIABLE):
        raise OutcomeLinkageError(
            f"{LINKAGE_KEY_VARIABLE} is set. The linkage key belongs to suppliers and is read by `encode` "
            "alone; unset it and run this command as a user who cannot read the key."
        )
    return Home.from_environment()


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table whose long cells go on below instead of being cut off."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            *(
                "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
                for value in row
            )
        )
    out.print(table)


def print_json(value: Any) -> None:
    """Print a result for a script."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")
