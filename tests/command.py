"""`outcome-linkage` as a user types it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from outcome_linkage.home import Home


def command_line(home: Home, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command on `home` and return what it printed and its exit code."""
    program = Path(sys.executable).with_name("outcome-linkage")
    return subprocess.run(
        [program, *arguments],
        env={**os.environ, "OUTCOME_LINKAGE_HOME": str(home.root), "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
