"""The root of every error that this project raises on purpose, and what may be said of any other.

Such an error says what was expected, what was found, where, and what to do. It never holds a value from
the data, so it may be shown and stored anywhere.
"""

from __future__ import annotations


class OutcomeLinkageError(Exception):
    """An error whose message is safe to show: it quotes no value from the data."""


class InputRefused(OutcomeLinkageError):
    """What was handed in cannot be used; the message says why. The command line exits with 3."""


def safe_words(error: BaseException) -> str:
    """What may be said of an error: all of ours, the file that the system could not use; else its kind.

    DuckDB, Polars, Pandera and pydantic quote the offending value in their messages.
    """
    if isinstance(error, OutcomeLinkageError):
        return str(error)
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}."
    kind = f"{type(error).__module__}.{type(error).__name__}"
    return f"{kind} in {_place(error)}. The message is withheld, because it may quote a value from the data."


def _place(error: BaseException) -> str:
    """The innermost line of this project that the error passed through, as `module:line`."""
    place, trace = "an unknown place", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.split(".")[0] in ("assets", "outcome_linkage", "pipelines", "schemas"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
