"""Contracts need no pandas, and whoever needs it still has it."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_JUDGE = """
import sys
import polars as pl
from schemas.catalogue import CONTRACTS
from pandera.errors import SchemaErrors

schema = CONTRACTS["opt_outs"].schema()
try:
    schema.validate(pl.DataFrame({"record_key": [1]}), lazy=True)
except SchemaErrors as found:
    print(len(found.failure_cases) > 0, "pandas" in sys.modules)
print(pl.DataFrame({"a": [1]}).to_pandas().shape)
"""


def test_a_contract_is_checked_without_pandas() -> None:
    """Importing and checking leave pandas alone; a frame becomes one of pandas afterwards."""
    ran = subprocess.run([sys.executable, "-c", _JUDGE], cwd=PROJECT, capture_output=True, text=True)
    assert ran.stdout.split("\n")[:2] == ["True False", "(1, 1)"], ran.stderr
