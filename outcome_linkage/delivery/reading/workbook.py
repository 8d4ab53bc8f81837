"""The sheets of a workbook (xlsx, xlsb, xls, ods) as text, cell by cell, where the spreadsheet shows them."""

from __future__ import annotations

import fastexcel
import polars as pl

# A cell that holds only a time of day comes with one of the days on which spreadsheets begin to count.
_TIME_OF_DAY = r"^(?:1899-12-3[01]|1904-01-01) (\d{2}:\d{2}:\d{2})$"


class NoWorkbook(Exception):
    """The bytes are no workbook, or one with a password. Says nothing, for nothing may be quoted."""


def sheets(content: bytes) -> dict[str, pl.DataFrame]:
    """The sheets that are shown and hold anything, by name.

    A frame has the rows of the sheet from the first on and its columns from A on, so that row and column say
    where a cell stands. Days are YYYY-MM-DD HH:MM:SS, numbers plain, errors such as #N/A null. Raises
    NoWorkbook.
    """
    try:
        reader = fastexcel.read_excel(content)
        found = {
            name: reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            for name in reader.sheet_names
        }
        return {
            name: _cells(sheet) for name, sheet in found.items() if sheet.visible == "visible" and sheet.width
        }
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, ValueError, OverflowError):
        raise NoWorkbook from None


def _cells(sheet: fastexcel.ExcelSheet) -> pl.DataFrame:
    """Columns c0, c1, … from A on: what lies left of the first that is used is null."""
    places = [column.absolute_index for column in sheet.available_columns()]
    held = dict(zip(places, sheet.to_polars().get_columns(), strict=True))
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, sheet.height)
    texts = pl.DataFrame(
        [held.get(place, nothing).cast(pl.String).rename(f"c{place}") for place in range(max(places) + 1)]
    )
    return texts.with_columns(pl.all().str.replace(_TIME_OF_DAY, "$1"))
