"""Tiny tables for the rules that make spells of rows, as text: what is delivered, and what becomes of it.

A block is a table: its name, a line of columns, a line for each row; an empty line parts two. All but the
last are delivered, with the rules that each row must meet in the column `rules`; the last is what a model
says. What is not written is null, or any valid value where it cannot be. `in` is the month of the delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.factories import key
from tests.spec.models.region import LSOA, Region

PERSON, MONTH, RULES = "person", "in", "rules"
LATEST = "2025-01"
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "ssda903_episodes": {"ls": "C2", "place": "U6", "cin": "N1", "rne": "S"},
    "cin_referrals": {"no_further_action": False, "primary_need": "N1"},
    "apc_episodes": {
        "procode3": "RA7",
        "admimeth": "21",
        "epistat": "3",
        "epitype": "1",
        "epiorder": 1,
        "diag_01": "J45",
    },
    "ecds_attendances": {"attendance_category": "1", "arrival_time": "10:30"},
    "residence": {},
}
_WORDS = {"yes": True, "no": False, "": None, **LSOA}


@dataclass(frozen=True)
class Block:
    """A table as the example writes it: every cell is text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def dicts(self) -> Iterator[dict[str, str]]:
        """The rows by column; cells that a short line leaves out are empty."""
        for row in self.rows:
            padded = (*row, *[""] * (len(self.columns) - len(row)))
            yield dict(zip(self.columns, padded, strict=True))


def blocks(example: str) -> list[Block]:
    """The tables of an example: what is delivered, then what a model says."""
    text = "\n".join(line.strip() for line in example.strip().splitlines())
    return [_block(block.splitlines()) for block in text.split("\n\n")]


def deliver(region: Region, rule: str, example: str) -> None:
    """Add what the example delivers to the region; its people are of this example only."""
    *delivered, _ = blocks(example)
    addresses: dict[str, list[tuple[str, str, str, str | None]]] = {}
    for row in (row for block in delivered if block.name == "address" for row in block.dicts()):
        found = (row["supplier"], row["la_code"], row["from"], row["to"] or None)
        addresses.setdefault(row[PERSON], []).append(found)
    for name in dict.fromkeys(row[PERSON] for block in delivered for row in block.dicts()):
        region.person(_name(rule, name), lives=[], address=addresses.get(name, ()))
    for block in (block for block in delivered if block.name != "address"):
        for row in block.dicts():
            values = {c: _value(c, row[c]) for c in block.columns if c not in (PERSON, MONTH, RULES)}
            whole = {**_DEFAULTS[block.name], **values}
            if block.name == "apc_episodes":
                whole.setdefault("epistart", whole["admidate"])
                whole["provspnops"] = whole["provspnops"] and f"{rule} {whole['provspnops']}"
            region.row(block.name, _name(rule, row[PERSON]), period=row.get(MONTH) or LATEST, **whole)


def found_rules(region: Region, rule: str, example: str) -> list[list[str]]:
    """The rules that each delivered row met, in the order of the example."""
    people = {key(_name(rule, row[PERSON])) for block in blocks(example)[:-1] for row in block.dicts()}
    found: list[list[str]] = []
    for block in blocks(example)[:-1]:
        table = "link_tokens" if block.name == "address" else block.name
        records = [r for r in region.sources[_source(table)] if _person(region, r) in people]
        met = region.ask(
            f"select source_row, list(rule order by rule) from int_repair where source_table = '{table}' "
            f"and person_id in ({', '.join(repr(p) for p in sorted(people))}) group by source_row"
        )
        if table == "link_tokens":
            assert len(records) == 1, "an example has one address"
            found.append(sorted(rule for _, rules in met for rule in rules))
        else:
            by_row = {row.split("|")[-1]: rules for row, rules in met}
            found += [by_row.get(str(record["_row"]), []) for record in records]
    return found


def expected_rules(example: str) -> list[list[str]]:
    """The rules that each delivered row must meet."""
    return [row.get(RULES, "").split() for block in blocks(example)[:-1] for row in block.dicts()]


def found_spells(region: Region, rule: str, example: str) -> list[tuple[str, ...]]:
    """What the model says of the example's people, as text, in order."""
    model, asked = blocks(example)[-1], blocks(example)[-1].columns
    people = {
        key(_name(rule, row[PERSON])): row[PERSON] for block in blocks(example)[:-1] for row in block.dicts()
    }
    columns = ", ".join("person_id" if name == PERSON else name for name in asked)
    where = " or ".join(f"person_id = '{person}'" for person in people)
    counts = " and counts" if model.name == "int_ecds_attendance" else ""
    rows = region.ask(f"select {columns} from {model.name} where ({where}){counts}")
    return sorted(tuple(_text(people.get(str(cell), cell)) for cell in row) for row in rows)


def expected_spells(example: str) -> list[tuple[str, ...]]:
    """What the model must say, in order."""
    model = blocks(example)[-1]
    return sorted(tuple(row[name] for name in model.columns) for row in model.dicts())


def _block(lines: list[str]) -> Block:
    head, *body = (_cells(line) for line in lines[1:])
    return Block(lines[0], head, tuple(body))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.split("|"))


def _name(rule: str, name: str) -> str:
    return f"{rule} {name}"


def _value(column: str, text: str) -> Any:
    if column == "epiorder":
        return int(text)
    return _WORDS.get(text, text)


def _text(value: Any) -> str:
    by_code: dict[Any, str] = {code: place for place, code in LSOA.items()}
    said = {True: "yes", False: "no", None: ""}
    if value is None or isinstance(value, bool):
        return said[value]
    return by_code.get(value, str(value))


def _source(table: str) -> str:
    return "registry.person_area" if table == "link_tokens" else f"validated.{table}"


def _person(region: Region, record: Mapping[str, Any]) -> str:
    return str(record.get("person_id") or _people(region)[record["_supplier"], record["record_key"]])


def _people(region: Region) -> dict[tuple[str, str], str]:
    rows: Iterable[Mapping[str, Any]] = region.sources["registry.record_person"]
    return {(row["supplier"], row["record_key"]): row["person_id"] for row in rows}
