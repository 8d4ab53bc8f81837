"""Sex as the returns of each year code it: 1 and 2 up to 2024, M and F since. In the year in which the codes
change a file holds both, and every one of them can mean one thing only.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.formats import RawTable, sum_of

_ALIKE = (("M", "1", "MALE"), ("F", "2", "FEMALE"), ("U", "0", "UNKNOWN"))


def with_sex_of_year(table: RawTable, contract: Contract, year: int) -> RawTable:
    """The table with codes of sex of another year as those of `year`; they are counted."""
    codes = contract.columns["sex"].codes(year) if "sex" in contract.columns else None
    if not codes or "sex" not in table.frame.columns:
        return table
    meant = {
        text: code
        for alike in _ALIKE
        for code in alike
        if code in codes
        for text in alike
        if text not in codes
    }
    held = table.frame["sex"]
    spelt = held.str.to_uppercase().str.replace(r"\.0$", "")
    found = spelt.replace_strict(meant, default=None, return_dtype=pl.String)
    count = len(found) - found.null_count()
    return replace(
        table,
        frame=table.frame.with_columns(found.zip_with(found.is_not_null(), held).alias("sex")),
        repairs=sum_of([table.repairs, {"sex_of_another_year": count}]) if count else table.repairs,
    )
