"""Every test of this chapter sits at a supplier's desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An empty desk, far from any home."""
    monkeypatch.setenv("OUTCOME_LINKAGE_HOME", str(tmp_path / "no_home"))
    return Desk(tmp_path)
