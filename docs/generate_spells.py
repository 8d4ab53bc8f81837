"""Writes docs/spells.md: by which rules rows become spells, from their declaration and their examples.

.venv/bin/python -m docs.generate_spells
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.spec.spells import of_care, of_homes, of_hospital, of_need
from tests.spec.spells.examples import Block, blocks

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "spells.md"
DECLARED = ROOT / "reference" / "repairs.csv"
COMMAND = ".venv/bin/python -m docs.generate_spells"
EXAMPLES = of_care.EXAMPLES | of_need.EXAMPLES | of_hospital.EXAMPLES | of_homes.EXAMPLES

_CHAPTERS = {
    "SP-CARE": (
        "Periods of care",
        "Episodes of the SSDA903 return (`ssda903_episodes`) become periods of care: `int_care_episode` "
        "says of each row which period it is part of, `int_care_period` has one row a period. A period "
        "runs from an episode that starts care (S) to the last that goes on from it. Days between two "
        "councils are not compared: a child in the care of both at once is a matter of linkage.",
    ),
    "SP-CIN": (
        "Referrals",
        "A child stands in every children-in-need census while the case is open (`cin_referrals`). "
        "`int_cin_report` says of each row whether it stands for its referral, `int_cin_referral` has one "
        "row a referral.",
    ),
    "SP-APC": (
        "Stays in hospital",
        "Consultant episodes (`apc_episodes`) become provider spells: `int_apc_episode` says of each row "
        "which spell it is part of, `int_apc_spell` has one row a spell. A provider spell ends with the "
        "discharge from its provider. A transfer to another provider begins another spell: continuous "
        "inpatient spells, which join them, are not made here.",
    ),
    "SP-ECDS": (
        "Attendances",
        "Attendances at emergency departments (`ecds_attendances`) are no spells, but some are sent twice. "
        "`int_ecds_attendance` says of each row whether it counts.",
    ),
    "SP-RES": (
        "One place a day",
        "Registrations with a general practice (`residence`) and, for days before a person's first, "
        "addresses that came with identifiers (`link_tokens`) become one place a day: "
        "`int_residence_report` has the rows by precedence, `int_residence` the times at one place. Days "
        "on which no row gives a place stay without one.",
    ),
}
_EFFECTS = {
    "left_out": "The row is part of no spell.",
    "moved": "A day of the row, or its place in an order, is replaced.",
    "joined": "Rows that would be apart become one spell.",
    "parted": "Rows that would be one spell become several.",
    "kept": "Nothing is changed: the row is only marked.",
}


def declared() -> list[dict[str, str]]:
    """Every rule, in order."""
    with DECLARED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page() -> str:
    """The whole page as Markdown."""
    chapters = (part for name in _CHAPTERS for part in _chapter(name))
    return "\n\n".join([*_introduction(), *chapters]).rstrip() + "\n"


def _introduction() -> Iterable[str]:
    yield "# How rows become spells"
    yield (
        "This page is written by a program, from the rules (`reference/repairs.csv`) and their examples "
        f"(`tests/spec/spells/`), which are tests. Do not edit it: change those, then `{COMMAND}`."
    )
    yield (
        "Suppliers send rows; an analysis counts spells. Between them rows are joined, cut and left out, "
        "and each such repair has a rule. What was delivered is not touched: it stays in staging "
        f"(`stg_…`) row by row, and {len(declared())} rules say what was made of it. A column `repairs` "
        "names them beside each row; `int_repair` has a row for each row and rule, with its last day as "
        "delivered and as used; `int_repair_count` counts them by rule and supplier, beside the rows "
        "looked at. All three are in the warehouse. With small counts hidden they are published as "
        "`ev_standing.repair_counts`; `outcome-linkage status` and that asset in the Dagster UI show the "
        "rules that met a row."
    )
    yield _table(("effect", "what becomes of a row"), _EFFECTS.items())
    yield (
        "Rules whose basis begins with *ours* are decisions of this project. A rule that marks what cannot "
        "be right and cannot be repaired is there so that an analysis can leave such rows out and see "
        "whether it matters."
    )
    yield _table(
        ("rule", "table", "what is wrong", "effect"),
        ((r["rule"], _tables_of(r), r["says"], r["effect"].replace("_", " ")) for r in declared()),
    )


def _chapter(name: str) -> Iterable[str]:
    title, about = _CHAPTERS[name]
    yield f"## {title}"
    yield about
    for rule in declared():
        if rule["rule"].startswith(f"{name}-"):
            yield from _section(rule)


def _section(rule: dict[str, str]) -> Iterable[str]:
    yield f"### {rule['rule']}"
    yield f"**{rule['says']}** {rule['does']}"
    yield f"Because: {rule['because']} Basis: {rule['basis']}."
    *delivered, made = blocks(EXAMPLES[rule["rule"]])
    for block in delivered:
        yield f"Delivered in `{block.name}`:"
        yield _block(block)
    yield f"Becomes in `{made.name}`:"
    yield _block(made)


def _tables_of(rule: dict[str, str]) -> str:
    return ", ".join(f"`{table}`" for table in rule["source_table"].split())


def _block(block: Block) -> str:
    return _table(block.columns, (tuple(row.values()) for row in block.dicts()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(declared())} rules")
