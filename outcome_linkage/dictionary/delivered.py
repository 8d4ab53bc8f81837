"""The suppliers' side of the dictionary, from contracts and the catalogue of suppliers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from outcome_linkage.delivery.contract import Column as ContractColumn
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.dictionary.facts import Column, ForeignKey, Supply, Table
from outcome_linkage.linkage.tokens import TOKENS, fields_of

_ENCODED = ("hex", "id", "token")
_FIELDS = {token.name: fields_of(token) for token in TOKENS}
"""What each token of `link_tokens` is made of."""
_STORED = "the month is stored as its first day"


def delivered_tables(
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier],
    foreign_keys: Iterable[ForeignKey],
    research: Iterable[Table] = (),
) -> tuple[Table, ...]:
    """Every table of `contracts`, in their order, with who delivers it and which of `research` it feeds."""
    keys, feeds = list(foreign_keys), list(research)
    return tuple(
        Table(
            name=contract.name,
            group=contract.sector,
            description=contract.description,
            key=contract.primary_key,
            columns=tuple(map(_column, contract.columns.values())),
            caveat=contract.caveat,
            mode=contract.mode,
            restricted=contract.restricted,
            foreign_keys=tuple(key for key in keys if key.table == contract.name),
            supplies=tuple(_supplies(contract.name, suppliers)),
            linked=tuple(table.name for table in feeds if contract.name in table.linked),
        )
        for contract in contracts.values()
    )


def type_of(dtype: pl.DataType) -> str:
    """The Table Schema type of a contract's column. Raises ValueError for one that it has none for."""
    kinds = {"string": dtype == pl.String, "boolean": dtype == pl.Boolean, "date": dtype == pl.Date}
    kinds |= {"integer": dtype.is_integer(), "number": dtype.is_float()}
    for name, holds in kinds.items():
        if holds:
            return name
    raise ValueError(f"{dtype} has no type in the data dictionary. Say in type_of which it is.")


def _column(column: ContractColumn) -> Column:
    return Column(
        name=column.name,
        type=type_of(column.dtype),
        description=_description(column),
        nullable=column.nullable,
        unit=column.unit,
        code_list=column.code_list,
        pattern=column.pattern,
        low=column.low,
        high=column.high,
        made_by_encode=column.kind in _ENCODED,
    )


def _description(column: ContractColumn) -> str:
    """What the column holds; of a token, also the fields that a supplier gives for it."""
    if column.name in _FIELDS:
        of = ", ".join(_FIELDS[column.name])
        return f"{column.description} (keyed token of the field{'s' * (', ' in of)} {of})"
    return f"{column.description} ({_STORED})" if column.kind == "month" else column.description


def _supplies(table: str, suppliers: Mapping[str, Supplier]) -> Iterable[Supply]:
    for supplier in suppliers.values():
        if table in supplier.tables:
            supplied = supplier.tables[table]
            gaps = tuple((gap.start, gap.end, gap.reason) for gap in supplied.gaps)
            yield Supply(
                supplier.name, supplier.title, supplied.coverage_basis, supplied.register_of_people, gaps
            )
