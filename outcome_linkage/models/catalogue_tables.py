"""The catalogue as tables that SQL can read: suppliers, what they deliver, for which area, with which gaps.

Deliveries are those in use, not all that arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from outcome_linkage.delivery.contract import Supplier
from outcome_linkage.delivery.validating.current import CurrentFile
from outcome_linkage.models.small_table import SmallTable


def catalogue_tables(
    suppliers: Mapping[str, Supplier], files: Mapping[str, Sequence[CurrentFile]]
) -> dict[str, SmallTable]:
    """The tables of the source `catalogue`, by name."""
    return {
        "deliveries": _deliveries(files),
        "supplier_areas": _areas(suppliers),
        "supplier_gaps": _gaps(suppliers),
        "supplier_tables": _tables(suppliers),
        "suppliers": _suppliers(suppliers),
    }


def _suppliers(suppliers: Mapping[str, Supplier]) -> SmallTable:
    rows = [(s.name, s.title, s.sector, s.sdc_profile) for s in suppliers.values()]
    columns = dict.fromkeys(("supplier", "title", "sector", "sdc_profile"), "varchar")
    return SmallTable(columns, sorted(rows))


def _tables(suppliers: Mapping[str, Supplier]) -> SmallTable:
    columns = {
        "supplier": "varchar",
        "table_name": "varchar",
        "coverage_basis": "varchar",
        "register": "boolean",
    }
    rows = [
        (s.name, name, table.coverage_basis, table.register_of_people)
        for s in suppliers.values()
        for name, table in s.tables.items()
    ]
    return SmallTable(columns, sorted(rows))


def _areas(suppliers: Mapping[str, Supplier]) -> SmallTable:
    rows = [(s.name, area) for s in suppliers.values() for area in s.area]
    return SmallTable({"supplier": "varchar", "la_code": "varchar"}, sorted(rows))


def _gaps(suppliers: Mapping[str, Supplier]) -> SmallTable:
    columns = {
        "supplier": "varchar",
        "table_name": "varchar",
        "gap_start": "date",
        "gap_end": "date",
        "reason": "varchar",
    }
    rows = [
        (s.name, name, gap.start, gap.end, gap.reason)
        for s in suppliers.values()
        for name, table in s.tables.items()
        for gap in table.gaps
    ]
    return SmallTable(columns, sorted(rows))


def _deliveries(files: Mapping[str, Sequence[CurrentFile]]) -> SmallTable:
    columns = {
        "supplier": "varchar",
        "table_name": "varchar",
        "period": "varchar",
        "delivery": "varchar",
        "collection_year": "integer",
        "covers_from": "date",
        "covers_to": "date",
        "rows": "bigint",
        "mode": "varchar",
    }
    rows = [
        (
            file.supplier,
            file.table,
            file.delivery.period,
            file.delivery.number,
            file.collection_year,
            file.covers_from,
            file.covers_to,
            file.rows,
            file.mode,
        )
        for group in files.values()
        for file in group
    ]
    return SmallTable(columns, sorted(rows, key=lambda row: row[:4]))
