"""The dictionary as one page that needs no network: contents and search beside the tables, codes below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from outcome_linkage.dictionary.facts import Code, Column, Dictionary, Origin, Table, years
from outcome_linkage.dictionary.sheets import refers_to
from outcome_linkage.pages import render

FEW = 3
"""Origins that are named in the row; more of them are folded away."""
BASES = {
    "residence": "people who lived in the supplier's area",
    "registration": "people registered with a practice of its area; read as residence",
    "school_roll": "pupils on the roll of its schools; read as residence until rolls are delivered",
    "place_of_event": "what happened in its area; read as residence",
    "responsible_authority": "people it is responsible for: residence, or a period of care anywhere",
}
MODES = {
    "snapshot": "replaces the table",
    "period": "replaces what was delivered for its collection year",
    "append": "adds rows, and replaces those of the same key",
}
GROUPS = {
    "linkage": "For linkage",
    "local_authority": "Councils",
    "police": "Police",
    "health": "Health",
    "any": "Any supplier",
    "marts": "Linked tables",
    "staging": "Suppliers' rows, by person",
}


@dataclass(frozen=True)
class Listed:
    """A code list as the page shows it; `source` only where all codes share one."""

    name: str
    codes: Sequence[Code]
    used_by: Sequence[str]
    status: str
    source: str


def html(dictionary: Dictionary, title: str = "Data dictionary") -> str:
    """The page: one file, no reference to anything outside it."""
    return render(
        Path(__file__).with_name("page.html.j2"),
        {
            "years": years,
            "refers_to": lambda column, table: list(refers_to(table, column)),
            "bounds": _bounds,
            "by_table": _by_table,
        },
        title=title,
        parts=[
            ("delivered", "What to send", _groups(dictionary.delivered)),
            ("research", "What to query", _groups(dictionary.research)),
        ],
        lists=[_listed(name, codes, dictionary) for name, codes in dictionary.code_lists.items()],
        known={table.name for table in dictionary.tables},
        bases={name: words for name, words in BASES.items() if name in _bases(dictionary)},
        modes=MODES,
        few=FEW,
        n_columns=sum(len(table.columns) for table in dictionary.tables),
    )


def _groups(tables: Iterable[Table]) -> list[tuple[str, list[Table]]]:
    """The tables of each group, groups in the order of GROUPS, with its title."""
    ordered = sorted(tables, key=lambda table: list(GROUPS).index(table.group))
    return [(GROUPS[name], list(found)) for name, found in groupby(ordered, key=lambda table: table.group)]


def _bases(dictionary: Dictionary) -> set[str]:
    return {supply.basis for table in dictionary.tables for supply in table.supplies}


def _listed(name: str, codes: Sequence[Code], dictionary: Dictionary) -> Listed:
    used_by = [
        f"{table.name}.{column.name}"
        for table in dictionary.tables
        for column in table.columns
        if column.code_list == name
    ]
    statuses, sources = Counter(code.status for code in codes), {code.source for code in codes}
    status = ", ".join(
        f"{n} {status}" if len(statuses) > 1 else f"all {status}" for status, n in statuses.items()
    )
    return Listed(name, codes, used_by, status, sources.pop() if len(sources) == 1 else "")


def _bounds(column: Column) -> str:
    if column.low is None and column.high is None:
        return ""
    return f"{column.low:g} to {column.high:g}" if column.high is not None else f"from {column.low:g}"


def _by_table(origins: Iterable[Origin]) -> Iterator[tuple[str, str, list[str]]]:
    """Source, table and columns of origins, a table once."""
    for (source, table), found in groupby(origins, key=lambda origin: (origin.source, origin.table)):
        yield source, table, [origin.column for origin in found]
