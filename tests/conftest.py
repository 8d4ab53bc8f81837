"""Shared by every test: where the real-format files lie, and a home of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.home import Home

REPOSITORY = Path(__file__).parents[1]
REAL_DATA = REPOSITORY.parent / "shared" / "real_data"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A user's clone has no shared folder: tests marked for it are left out there. CI always has it."""
    if REAL_DATA.exists():
        return
    left_out = [item for item in items if item.get_closest_marker("shared")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def real_data() -> Path:
    """The real-format files that others wrote; only for tests marked `shared`."""
    return REAL_DATA


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path / "home").ensure()
