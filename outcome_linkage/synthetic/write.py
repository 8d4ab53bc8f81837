"""Raw files, written block by block: CSV in each supplier's layout, and the XML of the CIN census."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from outcome_linkage.synthetic.files.cin_xml import CLOSING, opening
from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.spoil import Layout, layout, spoil, spoil_children
from outcome_linkage.synthetic.window import DeliveryPlan


class RawFiles:
    """The raw files below one folder. A file comes into being with its first row.

    Without `faults` every file is as its supplier meant it to be.
    """

    def __init__(self, folder: Path, *, faults: bool = True) -> None:
        self._folder, self._faults = folder, faults
        self._started: dict[DeliveryPlan, dict[str, Path]] = {}

    def add(self, plan: DeliveryPlan, table: str, rows: pl.DataFrame, random: Random) -> None:
        """Append rows to the file of a table, with the faults of its supplier."""
        if not rows.height and not self._is_module(plan, table):
            return
        rows = rows.cast({pl.Null: pl.String})
        if self._faults:
            rows = spoil(rows, plan.supplier, table, random)
        style = layout(plan.supplier, table) if self._faults else Layout()
        path = self._path(plan, table, ".csv")
        text = "" if path.exists() else ",".join([*rows.columns, *[""] * style.blank_columns]) + "\n"
        blank = [pl.lit(None, pl.String).alias(f" {n}") for n in range(style.blank_columns)]
        text += rows.with_columns(blank).write_csv(include_header=False)
        with path.open("ab") as file:
            if style.mark and file.tell() == 0:
                file.write("\ufeff".encode(style.encoding))
            file.write(text.encode(style.encoding))

    def add_children(self, plan: DeliveryPlan, children: pl.Series, random: Random) -> None:
        """Append `Child` elements to a CIN census, with the faults of its supplier."""
        if not len(children):
            return
        path = self._path(plan, "cin", ".xml")
        text = "" if path.exists() else opening(plan)
        if self._faults:
            children = spoil_children(children, plan.supplier, random)
        text += "".join(children.to_list())
        with path.open("ab") as file:
            file.write(text.encode())

    def close(self) -> None:
        """Write the end of every census."""
        for tables in self._started.values():
            if "cin" in tables:
                with tables["cin"].open("ab") as file:
                    file.write(CLOSING.encode())

    def _is_module(self, plan: DeliveryPlan, table: str) -> bool:
        """Whether it is a module of a return that has a header: it is handed in even without a row."""
        return table.startswith("ssda903_") and "ssda903_header" in self._started.get(plan, {})

    def of(self, plan: DeliveryPlan) -> dict[str, Path]:
        """The files of one delivery that have rows, by table."""
        return dict(self._started.get(plan, {}))

    def _path(self, plan: DeliveryPlan, table: str, suffix: str) -> Path:
        tables = self._started.setdefault(plan, {})
        if table not in tables:
            folder = self._folder / plan.supplier / plan.period
            folder.mkdir(parents=True, exist_ok=True)
            tables[table] = folder / (_file_name(plan, table) + suffix)
            tables[table].unlink(missing_ok=True)
        return tables[table]


def _file_name(plan: DeliveryPlan, table: str) -> str:
    """As the suppliers name them: the returns after themselves and the year, the rest after the table."""
    if table.startswith("ssda903_"):
        return f"SSDA903_{plan.collection_year}_{table.removeprefix('ssda903_')}"
    return f"CIN_Census_{plan.collection_year}" if table == "cin" else table
