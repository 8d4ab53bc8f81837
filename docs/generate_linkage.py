"""Writes docs/linkage.md from the tables of facts and from the spec tests of linkage.

A file of tests is a section, a test a paragraph; tables stand before the section that they belong to.

    .venv/bin/python -m docs.generate_linkage
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from math import log2
from pathlib import Path

from outcome_linkage.linkage.blocking import BLOCKS, WITHIN, Block
from outcome_linkage.linkage.comparisons import COMPARISONS, DIFFERENT
from outcome_linkage.linkage.held import SLACK
from outcome_linkage.linkage.model import FEWEST_CERTAIN_PAIRS, shipped
from outcome_linkage.linkage.passes import CONTRADICTIONS, DUPLICATES, PASSES, Pass
from outcome_linkage.linkage.relatives import AT_MOST, PATTERNS
from outcome_linkage.linkage.residual import MARGIN, THRESHOLDS
from outcome_linkage.linkage.tokens import TOKENS
from schemas.catalogue import CONTRACTS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "linkage.md"
SPEC = ROOT / "tests" / "spec" / "linkage"
COMMAND = ".venv/bin/python -m docs.generate_linkage"

# Sections in the order in which a reader needs them; any other file comes after these.
ORDER = (
    "test_which_records_are_one_person.py",
    "test_how_the_model_weighs.py",
    "test_people_who_share_a_home.py",
    "test_which_records_stay_apart.py",
    "test_duplicates_of_one_supplier.py",
    "adversarial/test_families.py",
    "adversarial/test_names_and_birthdays.py",
    "adversarial/test_what_suppliers_get_wrong.py",
    "test_ids_that_stay.py",
    "test_people_who_opted_out.py",
    "test_what_a_night_looks_at.py",
    "test_ids_that_stay_in_numbers.py",
)

# Words for what the tables say in SQL. A name without words here stops the page from being written.
_PARTS = {
    "dob": "birthday",
    "forename_canonical": "forename with nicknames resolved",
    "sector": "postcode sector",
    "nhs_number": "NHS number",
    "upn": "UPN",
    "pnc_id": "PNC id",
}
_WHERE = {
    "true": "",
    "(l.tok_dob is null or r.tok_dob is null)": " (where a birthday is missing)",
    "(l.tok_forename3 = r.tok_forename3 or l.tok_forename_end = r.tok_forename_end"
    " or l.tok_forename_soundex = r.tok_forename_soundex"
    " or l.tok_forename_canonical = r.tok_forename_canonical"
    " or l.tok_forename = r.tok_surname or l.tok_surname = r.tok_forename"
    " or l.tok_forename is null or r.tok_forename is null)": (
        " (where the forename is alike, swapped or missing)"
    ),
}
_CONDITIONS = {
    "dob_same or forename_same or surname_same": "and the birthday, the forename or the surname is equal",
    "(forename_same or forename_close or names_swapped) and "
    "((surname_same or surname_close or names_swapped) or dob_same)": (
        "and the forename is alike, and the surname is alike or the birthday equal"
    ),
    "true": "",
}
_CONTRADICTIONS = {
    "nhs_number": "two different NHS numbers",
    "sex": "another sex, unless the birthday is equal, and so are the names or they are swapped (an equal "
    "strong id may stand for the surname)",
    "birth_year": "years of birth more than one apart, unless both names are equal, and either a strong id "
    "is equal or one part of the birthday is wrong and the years are at most ten apart",
    "forename": "forenames that are in no way alike",
}
_PATTERNS = {
    "twins": "another forename; the same birthday, or its day and month swapped",
    "brothers and sisters": "another forename and another birthday, or one that is only alike",
    "namesakes": "the same or a like forename; another birthday, or years of birth more than ten apart",
}


def page() -> str:
    """The whole page as Markdown."""
    return "\n\n".join([*_introduction(), *_supplier(), *_chapters(), ""]).rstrip() + "\n"


def sections() -> list[Path]:
    """The files of spec tests, in the order of the page."""
    known = [SPEC / name for name in ORDER]
    return known + sorted(set(SPEC.rglob("test_*.py")) - set(known))


def _introduction() -> Iterable[str]:
    yield "# How records are linked"
    yield (
        "This page is written by a program, from the tables by which the software links and from the tests "
        f"that hold it to them. Do not edit it: change the tests or the tables, then `{COMMAND}`."
    )
    yield "In short:"
    yield "\n".join(
        (
            "1. A supplier hashes identifiers with a secret key. Only these tokens leave the premises.",
            "2. Records of one supplier that are one person become one.",
            "3. Records of two suppliers whose keys are equal are linked, strongest key first.",
            "4. What the keys leave is weighed by a statistical model.",
            "5. A person has at most one record, or one group of duplicates, of each supplier.",
            "6. Each person gets an id, which stays.",
        )
    )


def _supplier() -> Iterable[str]:
    yield "## What a supplier sends"
    yield (
        "Each token is the keyed hash of a value: equal values give equal tokens, and a token does not tell "
        "its value to whoever lacks the key. What is missing has no token."
    )
    described = {name: column.description for name, column in CONTRACTS["link_tokens"].columns.items()}
    yield _table(
        ("column", "stands for"),
        ((f"`{token.name}`", described[token.name]) for token in TOKENS),
    )
    yield "In clear, beside the tokens:"
    clear = [
        n for n, c in CONTRACTS["link_tokens"].columns.items() if c.kind != "token" and n != "record_key"
    ]
    yield _table(("column", "stands for"), ((f"`{name}`", described[name]) for name in clear))


def _chapters() -> Iterable[str]:
    tables = {
        "test_which_records_are_one_person.py": _keys,
        "test_how_the_model_weighs.py": _model,
        "test_people_who_share_a_home.py": _relatives,
        "test_which_records_stay_apart.py": _contradictions,
        "test_duplicates_of_one_supplier.py": _duplicates,
        "test_what_a_night_looks_at.py": _nights,
    }
    for path in sections():
        module = ast.parse(path.read_text(encoding="utf-8"))
        title, *text = paragraphs(module)
        yield f"## {title.rstrip('.')}"
        yield from text
        if path.name in tables:
            yield from tables[path.name]()
        yield from (paragraph for test in tests_of(module) for paragraph in test)
        yield f"<sub>`{path.relative_to(ROOT).as_posix()}`</sub>"


def tests_of(module: ast.Module) -> Iterable[list[str]]:
    """Each test as paragraphs, the first with its name in bold."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first, *rest = paragraphs(node)
            yield [f"**{title_of(node.name)}.** {first}", *rest]


def title_of(test: str) -> str:
    """`test_two_nhs_numbers` as `Two NHS numbers`."""
    spelt = {"nhs": "NHS", "january": "January"}
    words = " ".join(spelt.get(word, word) for word in test.split("_")[1:])
    return words[0].upper() + words[1:]


def paragraphs(node: ast.Module | ast.FunctionDef) -> list[str]:
    """The docstring, a line for each paragraph; raises ValueError when there is none."""
    text = ast.get_docstring(node)
    if not text:
        raise ValueError(
            f"{getattr(node, 'name', 'a file')}: a spec test needs a docstring to be documentation"
        )
    return [" ".join(block.split()) for block in text.split("\n\n")]


def _keys() -> Iterable[str]:
    yield "Keys, strongest first:"
    yield _passes(PASSES)


def _duplicates() -> Iterable[str]:
    yield _passes(DUPLICATES)
    yield "For the model, pairs are looked at that are equal in one of these:"
    yield _blocks(WITHIN)


def _passes(passes: Sequence[Pass]) -> str:
    return _table(
        ("stage", "name", "what must be equal", "level"),
        ((rule.stage, rule.name, _equal(rule), rule.level) for rule in passes),
    )


def _equal(rule: Pass) -> str:
    one, other = (_parts_of_columns(side) for side in (rule.left, rule.right))
    words = one if one == other else f"{one}; on the other side {other}"
    if _CONDITIONS[rule.when]:
        words += f", {_CONDITIONS[rule.when]}"
    if rule.guard:
        words += f"; at most {rule.guard.at_most} other people are expected to share it by chance"
    return words


def _parts_of_columns(columns: Sequence[str]) -> str:
    parts = {token.name: token.parts for token in TOKENS}
    return _parts([part for column in columns for part in parts.get(column, (column,))])


def _parts(parts: Sequence[str]) -> str:
    return ", ".join(_PARTS.get(part, part.replace("_", " ")) for part in parts)


def _model() -> Iterable[str]:
    model = shipped()
    odds = round(1 / model.prior, -3)
    yield (
        f"With few records (fewer than {FEWEST_CERTAIN_PAIRS:,} pairs that are certain) the model that comes "
        "with the software is used; with more, one that is trained on the records themselves. In the shipped "
        f"model one pair in {odds:,.0f} is one person, so that a pair starts at "
        f"{log2(model.prior / (1 - model.prior)):.1f}."
    )
    yield "What each degree of agreement adds, in the shipped model:"
    yield _table(("compared", "agreement", "weight", "rare values add more"), _weights())
    yield (
        "Levels: "
        + ", ".join(f"{name} from {weight:g}" for name, weight in THRESHOLDS.items())
        + (f". A link must lead the next best candidate by {MARGIN:g}, seen from both sides.")
    )
    yield "A pair is looked at if it is equal in one of these:"
    yield _blocks(BLOCKS)


def _weights() -> Iterable[tuple[str, ...]]:
    for comparison in COMPARISONS:
        chances = shipped().probabilities(comparison.name)
        frequency = {level.name for level in comparison.levels if level.frequency}
        for name in (*(level.name for level in comparison.levels), DIFFERENT):
            m, u = chances[name]
            yield comparison.name, name, f"{log2(m / u):+.1f}", "yes" if name in frequency else ""
        yield comparison.name, "missing on either side", "0", ""


def _blocks(blocks: Sequence[Block]) -> str:
    described = {name: column.description for name, column in CONTRACTS["link_tokens"].columns.items()}

    def words(columns: Sequence[str]) -> str:
        return " + ".join(described[c][0].lower() + described[c][1:] for c in columns)

    lines = [
        (words(b.left) if b.left == b.right else f"{words(b.left)} = {words(b.right)} of the other")
        + _WHERE[b.when]
        for b in blocks
    ]
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines))


def _relatives() -> Iterable[str]:
    yield _table(("pattern", "what differs at one home"), ((p.name, _PATTERNS[p.name]) for p in PATTERNS))
    yield (
        "Pairs that are certainly two people are counted for each pattern and each two suppliers: those of "
        "whom one side is linked elsewhere, the other side, or both. Expected with neither side linked are "
        "(one + 1) (other + 1) / (both + 1). The pattern links only if the upper 95 % bound of that is at "
        f"most {AT_MOST:g} of the candidates, of the pattern or of all patterns together. Why: "
        "[decision 002](decisions/002-people-who-share-a-home.md)."
    )


def _contradictions() -> Iterable[str]:
    yield "What contradicts:"
    yield "\n".join(f"- {_CONTRADICTIONS[name]}" for name in CONTRADICTIONS)
    yield (
        "By the model another forename or year of birth does not contradict: it weighs against the pair, and "
        "counting decides about people who share a home."
    )


def _nights() -> Iterable[str]:
    yield (
        f"A link of an earlier run falls below {THRESHOLDS['main'] - SLACK:g} ({THRESHOLDS['main']:g} less "
        f"{SLACK:g}), or when its records contradict each other by then."
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(sections())} sections")
