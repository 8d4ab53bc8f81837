"""What encoding and linking do to an answer: the bias of a rate ratio by level of linkage.

Invents a region, and runs it twice: as suppliers would encode it, with every fault of their identifiers;
and with link tokens that say who is who (the truth beside the region). The study `link_bias.yaml` reads a
police-recorded exposure and a hospital outcome, so that every missed link loses one or the other. Bias is
the logarithm of the ratio less that of the true links on the same people; there is no bound to hold.

    .venv/bin/python -m benchmarks.evaluation.link_bias --people 20000 --seed 1 --seed 2 --seed 3
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from outcome_linkage.delivery.manifest import MANIFEST, Manifest
from outcome_linkage.evaluation.load import VARIABLE
from outcome_linkage.files import sha256_of

SPEC = Path(__file__).with_name("link_bias.yaml")
COMMAND = "from pipelines.cli import app; app()"
LEVELS = ("strict", "main", "broad")
SAID = ("tok_forename", "tok_surname", "tok_dob", "sid_nhs")
"""Tokens that the truth fills; every other is taken out."""
HEADER = "| seed | links | people with | without | method | rate ratio | 95 % interval | bias (log) |"


class Answer(NamedTuple):
    """One estimate of the study."""

    method: str
    n_a: int
    n_b: int
    est: float
    lo: float
    hi: float


def typed(home: Path, *words: str) -> None:
    """A command as it would be typed, on the home."""
    environment = {**os.environ, "OUTCOME_LINKAGE_HOME": str(home), VARIABLE: str(home / "none")}
    done = subprocess.run([sys.executable, "-c", COMMAND, *words], env=environment, capture_output=True)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr.decode()}")


def tell_who_is_who(region: Path) -> None:
    """Replace the link tokens of every delivery by ones that hold the true person."""
    truth = pl.read_parquet(region / "truth" / "records.parquet")
    for path in region.glob(f"deliveries/*/*/{MANIFEST}"):
        folder, manifest = path.parent, Manifest.read(path.parent)
        listed = manifest.tables.get("link_tokens")
        if listed is None:
            continue
        tokens = folder / listed.file
        known = truth.filter(pl.col("supplier") == manifest.supplier).select("record_key", "person")
        true_tokens(pl.read_parquet(tokens), known).write_parquet(tokens)
        tables = {**manifest.tables, "link_tokens": listed.model_copy(update={"sha256": sha256_of(tokens)})}
        manifest.model_copy(update={"tables": tables}).write(folder)


def true_tokens(tokens: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The same rows; tokens of `SAID` are those of the true person, all others null."""
    names = [name for name in tokens.columns if name.startswith(("tok_", "sid_")) or name[1:].isdigit()]
    joined = tokens.join(known, on="record_key", how="left", maintain_order="left")
    told = [
        pl.col("person").hash(seed=place).reinterpret(signed=True).alias(name)
        for place, name in enumerate(SAID)
    ]
    blank = [pl.lit(None, pl.Int64).alias(name) for name in names if name not in SAID]
    return joined.with_columns(*told, *blank).select(tokens.columns)


def answers(home: Path, level: str, scratch: Path) -> Iterator[Answer]:
    """The estimates of the study at a level of linkage."""
    spec = scratch / f"link_bias_{level}.yaml"
    words = SPEC.read_text().replace("id: link_bias", f"id: link_bias_{level}", 1)
    spec.write_text(f"{words}linkage_level: {level}\n")
    typed(home, "evaluation", "run", str(spec))
    table = pl.read_parquet(home / "evaluations" / f"link_bias_{level}" / "ev_estimates.parquet")
    rows = table.filter(
        (pl.col("scale") == "irr") & (pl.col("subgroup") == "all") & (pl.col("sensitivity_id") == "main")
    )
    yield from (Answer(*row) for row in rows.select(Answer._fields).rows())


def made(region: Path, home: Path) -> Path:
    """The region, received and run."""
    typed(home, "receive", str(region / "deliveries"))
    typed(home, "run")
    return home


def of_seed(people: int, seed: int, scratch: Path) -> Iterator[str]:
    """The rows of the table for one region."""
    region = scratch / "region"
    typed(scratch / "none", "generate", "--people", str(people), "--seed", str(seed), "--out", str(region))
    linked = made(region, scratch / "linked")
    tell_who_is_who(region)
    true = {one.method: one for one in answers(made(region, scratch / "true"), "main", scratch)}
    yield from (row(seed, "true", one, one) for one in true.values())
    for level in LEVELS:
        yield from (row(seed, level, one, true[one.method]) for one in answers(linked, level, scratch))


def row(seed: int, links: str, one: Answer, true: Answer) -> str:
    """A row of the table."""
    bias = math.log(one.est / true.est)
    cells = (seed, links, f"{one.n_a:,}", f"{one.n_b:,}", one.method, f"{one.est:.3f}")
    return "| " + " | ".join(map(str, (*cells, f"{one.lo:.3f} to {one.hi:.3f}", f"{bias:+.3f}"))) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seed", type=int, action="append")
    options = parser.parse_args()
    print(HEADER + "\n" + "|---" * 8 + "|", flush=True)
    for seed in options.seed or [1]:
        with tempfile.TemporaryDirectory() as scratch:
            for line in of_seed(options.people, seed, Path(scratch)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
