"""Which pairs of rows the model looks at: those that agree in enough to be worth a score.

A table of facts. Every pair that could reach the threshold should share one of the blocks; a pair that
shares several is scored once.
"""

from __future__ import annotations

from typing import NamedTuple

from duckdb import DuckDBPyConnection


class Block(NamedTuple):
    """Rows whose `left` columns equal the other's `right` columns. `when`: what else must hold of l and r."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    when: str = "true"

    @property
    def name(self) -> str:
        """What is equal, for reports."""
        one, other = (", ".join(c.removeprefix("tok_") for c in side) for side in (self.left, self.right))
        return one if one == other else f"{one} = {other}"


def _equal(*columns: str, when: str = "true") -> Block:
    return Block(columns, columns, when)


_F, _S, _F3, _S4 = "tok_forename", "tok_surname", "tok_forename3", "tok_surname4"
_DOB, _POSTCODE, _SECTOR, _BEFORE = "tok_dob", "tok_postcode", "tok_postcode_sector", "tok_previous_postcode"
_NO_BIRTHDAY = f"(l.{_DOB} is null or r.{_DOB} is null)"

# Records of two suppliers.
BLOCKS: tuple[Block, ...] = (
    _equal(_DOB, _F3),
    _equal(_DOB, _S4),
    _equal(_DOB, _SECTOR),
    _equal(_F, _S, _SECTOR),
    _equal(_POSTCODE, _F3),
    _equal(_POSTCODE, "tok_forename_soundex"),
    _equal(_POSTCODE, "tok_surname_soundex"),
    _equal(_F, _S, "tok_dob_sorted"),
    _equal(_F, _S, "tok_dob_year_day"),
    _equal(_F, _S, "tok_dob_month_day"),
    _equal(_F, _S, "birth_month"),
    _equal(_F, _S, when=_NO_BIRTHDAY),
    _equal("tok_house_number", "tok_street", _F3),
    _equal("tok_house_number", "tok_street", when=_NO_BIRTHDAY),
    _equal(_DOB, "tok_street"),
    _equal("tok_house_number", "tok_street", "tok_surname_soundex"),
    Block((_F, _DOB), (_S, _DOB)),
    Block((_S, _DOB), (_F, _DOB)),
    Block((_F, _S), (_S, _F)),
    Block((_F, _POSTCODE), (_S, _POSTCODE)),
    Block((_S, _POSTCODE), (_F, _POSTCODE)),
    Block((_BEFORE, _F3), (_POSTCODE, _F3)),
    Block((_POSTCODE, _F3), (_BEFORE, _F3)),
)
# Records of one supplier. Families are left out where a block would be full of them.
_ONE_FORENAME = (
    "(l.tok_forename3 = r.tok_forename3 or l.tok_forename_end = r.tok_forename_end"
    " or l.tok_forename_soundex = r.tok_forename_soundex"
    " or l.tok_forename_canonical = r.tok_forename_canonical"
    " or l.tok_forename = r.tok_surname or l.tok_surname = r.tok_forename"
    " or l.tok_forename is null or r.tok_forename is null)"
)
WITHIN: tuple[Block, ...] = (
    _equal(_DOB, _SECTOR),
    _equal(_DOB, _S4),
    _equal(_F, _S, _POSTCODE),
    _equal(_POSTCODE, _F3),
    _equal(_POSTCODE, "tok_surname_soundex", when=_ONE_FORENAME),
    _equal("tok_house_number", "tok_street", "tok_surname_soundex", when=_ONE_FORENAME),
    _equal(_F, _S, "tok_dob_sorted"),
    _equal(_F, _S, "tok_dob_year_day"),
    _equal(_F, _S, "tok_dob_month_day"),
    Block((_F, _S, _DOB), (_S, _F, _DOB)),
)


def columns_of(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """The columns that the blocks read, each once."""
    read = (column for block in blocks for column in (*block.left, *block.right))
    return tuple(dict.fromkeys((*read, _DOB)))


def block_pairs(
    connection: DuckDBPyConnection,
    blocks: tuple[Block, ...],
    seekers: str,
    rows: str,
    apart: str,
    pairs: str,
    mirrored: bool = False,
) -> dict[str, int]:
    """Table `pairs` (l, r: rows), each pair once, l < r; how many rows of pairs each block found.

    `rows`: a table of row, supplier_no, is_new and the columns of the blocks. `seekers`: the same, and
    `seeks`, the supplier in which a row looks for its like. One of the two must be new. `apart`: what must
    hold of l and r besides. `mirrored`: both tables are the same rows, and either order of a pair will do.
    """
    connection.execute("create or replace table found (l integer, r integer)")
    ((all_new,),) = connection.execute(f"select coalesce(bool_and(is_new), true) from {rows}").fetchall()
    counts = {}
    for block in blocks:
        ((counts[block.name],),) = connection.execute(
            f"insert into found {_matches(block, seekers, rows, apart, all_new, mirrored)}"
        ).fetchall()
    connection.execute(f"create or replace table {pairs} as select l, r from found group by l, r")
    connection.execute("drop table found")
    return counts


def _matches(block: Block, seekers: str, rows: str, apart: str, all_new: bool, mirrored: bool) -> str:
    equal = " and ".join(f"l.{one} = r.{other}" for one, other in zip(block.left, block.right, strict=True))
    query = (
        "select least(l.row, r.row) as l, greatest(l.row, r.row) as r from {} as l join {} as r "
        f"on l.seeks = r.supplier_no and {equal} and {block.when} and {apart}"
    )
    if all_new:
        return query.format(seekers, rows) + (" and l.row < r.row" if mirrored else "")
    if mirrored:
        return query.format(f"(from {seekers} where is_new)", rows)
    return " union all ".join(
        (
            query.format(f"(from {seekers} where is_new)", rows),
            query.format(f"(from {seekers} where not is_new)", f"(from {rows} where is_new)"),
        )
    )
