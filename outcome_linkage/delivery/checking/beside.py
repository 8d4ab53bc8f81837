"""Deliveries that lie beside one at the supplier's, which it can be compared with before it is sent."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from outcome_linkage.delivery.manifest import MANIFEST, Manifest


def manifest_of(folder: Path) -> Manifest | None:
    """The manifest of a delivery; None where there is none that can be read."""
    try:
        return Manifest.read(folder)
    except (ValidationError, FileNotFoundError):
        return None


def earlier_beside(folder: Path) -> list[tuple[Manifest, Path]]:
    """Deliveries of the same supplier for earlier periods that lie beside one, oldest first."""
    this = manifest_of(folder)
    if this is None:
        return []
    folders = (path.parent for path in folder.resolve().parent.glob(f"*/{MANIFEST}"))
    found = [(manifest_of(path), path) for path in folders]
    earlier = [(other, path) for other, path in found if other and _comes_before(other, this)]
    return sorted(earlier, key=lambda one: one[0].period)


def _comes_before(other: Manifest, this: Manifest) -> bool:
    return other.supplier == this.supplier and other.period < this.period
