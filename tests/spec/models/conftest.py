"""An empty region for each paragraph; `region.py` says what it takes for granted."""

from __future__ import annotations

import pytest

from tests.spec.models.region import Region


@pytest.fixture
def region() -> Region:
    """A region with the suppliers of the catalogue and no people yet."""
    return Region()
