"""Copies of a run's tables for other software, beside its Parquet files and with the same names."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from outcome_linkage.evaluation.codebook import CODEBOOK
from outcome_linkage.evaluation.engine.meaning import description_of
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.stata import write_stata
from outcome_linkage.files import replacing


def write_copies(folder: Path, study: Evaluation) -> None:
    """Write the copies that a study asks for; others that lie there are removed.

    `folder` has the Parquet files of the run, its codebook among them.
    """
    tables = sorted(path.stem for path in folder.glob("ev_*.parquet"))
    wanted = {"dta": study.output.stata, "csv": study.output.csv}
    for ending, asked in wanted.items():
        for old in folder.glob(f"ev_*.{ending}"):
            if not asked or old.stem not in tables:
                old.unlink()
    if not any(wanted.values()):
        return
    labels = _labels(folder)
    for name in tables:
        table = pl.read_parquet(folder / f"{name}.parquet")
        if study.output.stata:
            write_stata(table, folder / f"{name}.dta", description_of(name), labels.get(name, {}))
        if study.output.csv:
            with replacing(folder / f"{name}.csv") as beside:
                table.write_csv(beside)


def _labels(folder: Path) -> dict[str, dict[str, str]]:
    """The label of each column, by table."""
    found: dict[str, dict[str, str]] = {}
    book = pl.read_parquet(folder / f"{CODEBOOK}.parquet", columns=["table_name", "column_name", "label"])
    for table, column, label in book.iter_rows():
        found.setdefault(table, {})[column] = label
    return found
