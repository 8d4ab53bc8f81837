"""How estimates are made, what must hold before they are shown, and which copies of tables are written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.base import Block, Count, Share, Text


class Diagnostic(Block):
    """One diagnostic: its bound, and what happens beyond it."""

    bound: Annotated[float, Field(ge=0)]
    """Where it begins to fail, in the diagnostic's own unit."""
    action: Literal["warn", "block"] = "block"
    """Say so, or keep outcomes by arm hidden."""


class DiagnosticShare(Diagnostic):
    """A diagnostic that is a share, from 0 to 1: its bound, and what happens below it."""

    bound: Share
    """Where it begins to fail."""


class Waiver(Block):
    """A diagnostic that may fail, and why."""

    diagnostic: Literal["max_smd", "min_overlap", "max_mdrr", "max_linkage_difference", "min_covered"]
    """Which."""
    reason: Text
    """Why the answer can be trusted all the same; it is printed in the report."""


class Diagnostics(Block):
    """What must hold before outcomes are shown by arm."""

    max_smd: Diagnostic = Diagnostic(bound=0.1)
    """Largest standardised difference of a covariate after weighting."""
    min_overlap: DiagnosticShare = DiagnosticShare(bound=0.2)
    """Smallest overlap of the propensity of the arms."""
    max_mdrr: Diagnostic = Diagnostic(bound=10)
    """Largest minimal detectable relative risk; a study below this is too small to see anything."""
    max_linkage_difference: Diagnostic = Diagnostic(bound=5)
    """Largest difference between arms in percent linked, or linkable without a register; our own rule."""
    min_covered: DiagnosticShare = DiagnosticShare(bound=0.8)
    """Smallest share of follow-up that the sources of an outcome cover; our own rule."""
    waived: tuple[Waiver, ...] = ()
    """Diagnostics that may fail, each with a reason."""


class Estimates(Block):
    """How estimates are made."""

    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Coverage of the intervals."""
    bootstrap_draws: Count = 200
    """Draws where an interval is bootstrapped."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Seed of the draws, so that a second run gives the same figures."""
    weights: Literal["none", "inverse_probability"] = "inverse_probability"
    """Whether arms are made alike by weights from the covariates."""
    truncate_weights_at: Share = 0.99
    """Weights beyond this quantile are set to it."""


class Output(Block):
    """Which copies of the tables are written beside DuckDB and Parquet."""

    stata: bool = True
    """A Stata file of each table, with extended missing values."""
    csv: bool = False
    """A CSV file of each table."""
