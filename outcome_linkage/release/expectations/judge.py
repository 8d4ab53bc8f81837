"""Great Expectations itself, and nothing of it outside this file: frames and expectations in, counts out.

The import takes about ten seconds, so it happens inside the function. No analytics, no progress bars, nothing
on disk. Of what it finds only counts are taken: values and messages, which may quote values, are dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from outcome_linkage.release.expectations.expect import Expect
from outcome_linkage.release.expectations.measures import Sets

State = Literal["passed", "failed", "crashed"]
_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Batch:
    """Rows of one table, or its figures as one row, with what is expected of them."""

    table: str
    frame: pl.DataFrame
    expected: Sequence[Expect]


@dataclass(frozen=True)
class Judged:
    """One expectation: of `rows` looked at, `failing` break it; `crashed`: it could not be judged."""

    table: str
    says: str
    critical: bool
    state: State
    rows: int
    failing: int
    allowed: float = 0.0


def make_ready() -> None:
    """Import Great Expectations, which reports to nobody."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations  # noqa: F401


def judge(batches: Sequence[Batch], sets: Sets) -> list[Judged]:
    """Judge every expectation, in the order given. The sets are those that expectations name."""
    make_ready()
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("marts")
    judged: list[Judged] = []
    for number, batch in enumerate(batches):
        if not batch.expected:
            continue
        asset = source.add_dataframe_asset(f"batch_{number}").add_batch_definition_whole_dataframe("all")
        suite = gx.ExpectationSuite(name=f"suite_{number}", expectations=list(_suite(batch, sets)))
        frame = asset.get_batch({"dataframe": batch.frame.to_pandas()})
        judged += _read(batch, frame.validate(suite, result_format=_COUNTS_ONLY).results)
    return judged


def _suite(batch: Batch, sets: Sets) -> Iterator[Any]:
    """The expectations as Great Expectations has them; `meta` tells which is which."""
    from great_expectations import expectations

    for number, expected in enumerate(batch.expected):
        settings = {"column": expected.column, **expected.settings}
        if expected.values:
            settings["value_set"] = list(sets[expected.values])
        if expected.allowed:
            settings["mostly"] = 1 - expected.allowed
        severity = "critical" if expected.critical else "warning"
        kind = getattr(expectations, expected.kind)
        yield kind(**settings, severity=severity, meta={"number": number})


def _read(batch: Batch, results: Sequence[Any]) -> list[Judged]:
    """Counts by expectation. One that raised has none; why is not kept, because it may quote a value."""
    found = {result.expectation_config.meta["number"]: result for result in results}
    judged = []
    for number, expected in enumerate(batch.expected):
        result = found[number]
        counts = result.result or {}
        state: State = "passed" if result.success else "failed"
        if not result.success and "unexpected_count" not in counts:
            state = "crashed"
        judged.append(
            Judged(
                table=batch.table,
                says=expected.says,
                critical=expected.critical,
                state=state,
                rows=int(counts.get("element_count", 0)),
                failing=int(counts.get("unexpected_count", 0)),
                allowed=expected.allowed,
            )
        )
    return judged
