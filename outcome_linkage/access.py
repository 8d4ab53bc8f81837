"""The access log: who asked what, and when. Appended to, never rewritten; it holds no text of any query."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
from datetime import UTC, datetime
from typing import Literal

from outcome_linkage.home import Home

Command = Literal["query", "links", "explain"]
LOG = "access.log"


def record_access(home: Home, command: Command, asked: str, rows: int | None) -> None:
    """Append one line of JSON to `<home>/access.log`: time (UTC), user, command, SHA-256 of `asked`, rows.

    `rows` is None when nothing was returned because the command failed. Raises OSError when the log cannot
    be written: then nothing may be shown.
    """
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "user": _user(),
        "command": command,
        "sha256": hashlib.sha256(asked.encode()).hexdigest(),
        "rows": rows,
    }
    line = json.dumps(entry, sort_keys=True) + "\n"
    descriptor = os.open(home.root / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o660)
    try:
        os.write(descriptor, line.encode())  # one write: lines of several readers do not mix
    finally:
        os.close(descriptor)


def _user() -> str:
    """The name of the operating-system user; the number where the system knows no name for it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
