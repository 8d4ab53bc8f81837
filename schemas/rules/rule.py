"""A rule: what the rows of a delivery may not say, under the number of the standard that asks for it.

A rule flags rows and rejects none. `among` and `broken` are SQL conditions on a row (`this`) of `source`: the
rule's table, or a view of `schemas.rules.views` that adds what stands beside the row. Other tables are read
by name: those of the delivery plainly, those of the supplier's return of the year before as
`last_year.<table>`, all that the supplier has sent up to this delivery as `so_far.<table>`. Tables of the
delivery know `year_start` and `year_end`, the bounds of their collection year, and `period_end`, the last day
of the month of the delivery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
Standard = Literal["ssda903", "cin", "ours"]


@dataclass(frozen=True)
class Rule:
    """Rows of `table` where `broken` holds, of those where `among` does. A null is not broken.

    `says` names the fault in the row, `matters` what an analysis of linked data would get wrong, `column`
    where to look first. An `error` cannot be true; a `warning` may be.
    """

    standard: Standard
    number: str
    table: str
    column: str
    says: str
    matters: str
    broken: str
    among: str = "true"
    source: str = ""
    severity: Severity = "error"

    @property
    def id(self) -> str:
        """The standard and the rule's number in it; of ours, our own number."""
        return f"{self.standard}.{self.number}"


class View(NamedTuple):
    """Rows of a table with what stands beside them: `_file`, `_row` and `record_key` are the table's."""

    name: str
    sql: str


class RuleBook(NamedTuple):
    """SQL functions, views in an order in which each reads only earlier ones, and the rules."""

    macros: tuple[str, ...]
    views: tuple[View, ...]
    rules: tuple[Rule, ...]


def rules_of(standard: Standard, table: str, source: str = "") -> Callable[..., Rule]:
    """A shorter `Rule` for many rules on one table, read through one view."""
    return partial(Rule, standard, table=table, source=source or table)
