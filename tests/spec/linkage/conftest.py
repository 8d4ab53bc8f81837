"""An invented region of 5,000 people, for what shows only in numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.linkage.region import tokens_of
from outcome_linkage.synthetic.generate import generate
from schemas.catalogue import CONTRACTS


@pytest.fixture(scope="module")
def region_tokens(tmp_path_factory: pytest.TempPathFactory) -> str:
    """SQL for the tokens of its three suppliers, without NHS numbers."""
    folder: Path = tmp_path_factory.mktemp("region_of_5000")
    generate(5_000, 23, folder, contracts=CONTRACTS, identities_only=True)
    return tokens_of(folder)
