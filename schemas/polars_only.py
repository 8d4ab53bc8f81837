"""Imports Pandera as it is where pandas is not installed: for Polars only, in half a second less.

Great Expectations needs pandas installed; no contract does. Pandera looks for it while it is imported, and
with the first check; not again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import polars as pl

_FRAME = pl.DataFrame({"any": [0]}, {"any": pl.Int8})


class _Hidden(MetaPathFinder):
    """Says of one package that it is not installed."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing to say of any other package."""
        if fullname == self._package:
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)
        return None


def import_pandera() -> None:
    """Import Pandera without pandas, which whoever asks for it afterwards gets."""
    hidden = _Hidden("pandas")
    sys.meta_path.insert(0, hidden)
    try:
        import pandera.polars as pa

        pa.DataFrameSchema({"any": pa.Column(pl.Int8, pa.Check.ge(0))}).validate(_FRAME)
    finally:
        sys.meta_path.remove(hidden)
