"""How often the 95 % interval of each estimator holds the truth, planted and null.

Data come straight from a generator that knows both outcomes of everybody; the truth is computed on a
million people. Seeds are fixed beforehand (study, effect, run) and none is replaced: a run without an
estimate counts as not covered. Intervals must cover in 93 to 97 % of 1,000 runs, bootstrapped ones in 92.5
to 97.5 % of 500; more is explained, not failed. Leaves 1 if one covers too rarely.

    .venv/bin/python -m benchmarks.evaluation.coverage              # all
    .venv/bin/python -m benchmarks.evaluation.coverage --quick      # those without draws
    .venv/bin/python -m benchmarks.evaluation.coverage --only "weighted, ate" --runs 100
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.evaluation.studies import STUDIES, Study
from outcome_linkage.evaluation.estimates.estimate import RATIOS, Estimate

RUNS, DRAWN_RUNS = 1000, 500
BOUNDS, DRAWN_BOUNDS = (0.93, 0.97), (0.925, 0.975)
HEADER = (
    "| study | effect | quantity | runs | truth | bias (MC error) | empirical se | model se "
    "| coverage % (MC error) | verdict |"
)


@dataclass(frozen=True)
class Result:
    """What the runs of one quantity show. Bias and errors of ratios are of logarithms."""

    study: Study
    effect: str
    quantity: str
    runs: int
    made: int
    truth: float
    bias: float
    empirical: float
    model: float
    coverage: float

    @property
    def verdict(self) -> str:
        """ok, too low, or over and why."""
        low, high = DRAWN_BOUNDS if self.study.bootstrapped else BOUNDS
        if self.coverage < low:
            return "too low"
        return "ok" if self.coverage <= high else f"over: {self.study.why_over or 'not explained'}"

    def row(self) -> str:
        """A row of the table."""
        error = self.empirical / math.sqrt(max(self.made, 1))
        spread = math.sqrt(self.coverage * (1 - self.coverage) / self.runs)
        cells = (
            self.study.name,
            self.effect,
            self.quantity,
            str(self.runs) if self.made == self.runs else f"{self.runs} ({self.made} with an estimate)",
            f"{self.truth:.4g}",
            f"{self.bias:.2g} ({error:.1g})",
            f"{self.empirical:.3g}",
            f"{self.model:.3g}",
            f"{100 * self.coverage:.1f} ({100 * spread:.1f})",
            self.verdict,
        )
        return "| " + " | ".join(cells) + " |"


def measured(study: Study, planted: bool, runs: int) -> Iterator[Result]:
    """The results of one study, one for each quantity that it estimates."""
    effect = study.planted if planted else 0.0
    truth = study.truth(effect)
    place = STUDIES.index(study)
    found: dict[str, list[Estimate]] = {}
    for run in range(runs):
        for name, one in study.run(np.random.default_rng([place, int(planted), run]), effect).items():
            found.setdefault(name, []).append(one)
    for name, estimates in found.items():
        yield _result(study, "planted" if planted else "null", name, estimates, truth[name])


def _result(study: Study, effect: str, name: str, estimates: list[Estimate], truth: float) -> Result:
    with_figures = [one for one in estimates if one.est is not None]
    log = estimates[0].scale in RATIOS
    values = np.array([one.est for one in with_figures], dtype=float)
    centred = np.log(values) - math.log(truth) if log else values - truth
    held = [one for one in with_figures if one.lo <= truth <= one.hi]  # type: ignore[operator]
    return Result(
        study,
        effect,
        name,
        len(estimates),
        len(with_figures),
        truth,
        float(centred.mean()),
        float(centred.std(ddof=1)),
        float(np.mean([one.se for one in with_figures])),
        len(held) / len(estimates),
    )


def main() -> int:
    """Measure and print; 1 if an interval covers too rarely."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--only", action="append", choices=[study.name for study in STUDIES])
    parser.add_argument("--quick", action="store_true", help="only studies without draws")
    parser.add_argument("--runs", type=int, help="instead of 1,000 (500 with draws)")
    options = parser.parse_args()
    chosen = [
        study
        for study in STUDIES
        if (not options.only or study.name in options.only) and (study.quick or not options.quick)
    ]
    print(HEADER + "\n" + "|---" * 10 + "|", flush=True)
    low = 0
    for study in chosen:
        start = time.process_time()
        for planted in (True, False):
            runs = options.runs or (DRAWN_RUNS if study.bootstrapped else RUNS)
            for result in measured(study, planted, runs):
                print(result.row(), flush=True)
                low += result.verdict == "too low"
        print(f"{study.name}: {time.process_time() - start:.0f} s of CPU", file=sys.stderr, flush=True)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
