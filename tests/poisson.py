"""Poisson regression on cells of person-time, for tests that look for an effect that was put there."""

from __future__ import annotations

import numpy as np
import polars as pl


def log_rate_ratios(cells: pl.DataFrame, exposures: list[str]) -> dict[str, tuple[float, float]]:
    """The log rate ratio of each exposure and its standard error, given all others.

    `cells`: age, female, quintile, the exposures (Boolean), `years` at risk and `n` events. One baseline rate
    for each year of age and sex. Fitted by iteratively reweighted least squares.
    """
    cells = cells.filter(pl.col("years") > 0)
    strata = (cells["age"] * 2 + cells["female"].cast(pl.Int64)).to_dummies().to_numpy()
    fifths = cells["quintile"].to_dummies().to_numpy()[:, 1:]
    design = np.hstack([strata, fifths, cells.select(exposures).to_numpy()]).astype(float)
    seen, years = cells["n"].to_numpy(), cells["years"].to_numpy()
    beta = np.zeros(design.shape[1])
    beta[: strata.shape[1]] = np.log(seen.sum() / years.sum())
    for _ in range(30):
        expected = years * np.exp(np.clip(design @ beta, -25, 5))
        information = design.T @ (design * expected[:, None]) + 1e-8 * np.eye(len(beta))
        beta += np.clip(np.linalg.solve(information, design.T @ (seen - expected)), -2, 2)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    last = len(exposures)
    return dict(zip(exposures, zip(beta[-last:], errors[-last:], strict=True), strict=True))
