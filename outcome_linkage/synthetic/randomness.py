"""Random numbers that depend on the seed, the block of households and the purpose, and nothing else."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Random = np.random.Generator
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def stream(seed: int, block: int, purpose: str) -> Random:
    """The generator for one purpose in one block; no two purposes share a number."""
    return np.random.default_rng(np.random.SeedSequence([seed, block, zlib.crc32(purpose.encode())]))


def pick(random: Random, weights: Sequence[float] | Floats, size: int) -> Ints:
    """`size` positions in `weights`, each drawn in proportion to its weight."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(edges, random.random(size) * edges[-1], side="right").astype(np.int64)


def pick_by_row(random: Random, weights: Floats, row: npt.NDArray[Any]) -> Ints:
    """For each entry of `row`, a position in that row of the matrix `weights`, by weight."""
    edges = np.cumsum(weights, axis=1)
    edges /= edges[:, -1:]
    shifted = (edges + np.arange(len(weights))[:, None]).ravel()
    width = weights.shape[1]
    found = np.searchsorted(shifted, row + random.random(len(row)), side="right")
    return np.minimum(found - row * width, width - 1).astype(np.int64)


def scramble(value: Ints, modulus: int, factor: int, offset: int) -> Ints:
    """A one-to-one map of 0..modulus-1 onto itself; `factor` and `modulus` share no divisor."""
    return (value * factor + offset) % modulus
