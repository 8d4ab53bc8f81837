"""FEBRL4.

5,000 people, each known to two suppliers, with typing errors, swapped and exchanged fields, and without a
national id. The bar, at the broad level, is precision 0.999 and F1 0.996. `benchmarks/linkage/febrl4.py`
prints the figures.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.linkage.febrl4 import F1, PRECISION, run

pytestmark = [pytest.mark.shared, pytest.mark.slow]


def test_two_deliveries_link(real_data: Path, tmp_path: Path) -> None:
    """Encoded, received, validated and linked like any other delivery."""
    agreement, report, _, _ = run(real_data / "febrl4", tmp_path)
    assert agreement.truth == 5000
    assert agreement.precision is not None and agreement.precision >= PRECISION
    assert agreement.f1 is not None and agreement.f1 >= F1
    assert report.records == 10_000
