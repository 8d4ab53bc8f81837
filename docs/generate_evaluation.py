"""Writes docs/evaluation_reference.md and docs/evaluation.schema.json from the models, codes and bad files.

.venv/bin/python -m docs.generate_evaluation
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from docs.generate_linkage import paragraphs, tests_of
from outcome_linkage.evaluation.attributes import ATTRIBUTES, CLUSTERS
from outcome_linkage.evaluation.codes import CODES, Code
from outcome_linkage.evaluation.resources import RESOURCES
from outcome_linkage.evaluation.schema import json_schema
from outcome_linkage.evaluation.shape import PATTERNS
from outcome_linkage.evaluation.spec import base
from outcome_linkage.evaluation.static_checks.estimators import BY_ASSIGNMENT, BY_DESIGN
from outcome_linkage.evaluation.static_checks.protocol import NEEDS
from outcome_linkage.evaluation.target_trial import table
from outcome_linkage.release.profiles import PROFILES, Profile
from tests.spec.evaluation.installation import GOOD, bad_files, installation, problems_of

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "evaluation_reference.md"
SCHEMA = ROOT / "docs" / "evaluation.schema.json"
SPEC = ROOT / "tests" / "spec" / "evaluation"
COMMAND = ".venv/bin/python -m docs.generate_evaluation"
CHAPTERS = (
    "test_what_a_protocol_says.py",
    "test_who_is_followed_and_until_when.py",
    "test_what_a_silence_is_worth.py",
    "test_values_and_organisations.py",
    "test_who_is_matched_to_whom.py",
    "test_clones_are_weighted.py",
    "test_what_a_missed_link_hides.py",
    "test_what_is_estimated.py",
    "test_rates_over_calendar_time.py",
    "test_tables_add_up.py",
    "test_what_each_table_could_see.py",
    "test_which_measures_a_study_reads.py",
    "test_what_the_codebook_says.py",
    "test_copies_for_other_software.py",
    "test_what_was_locked.py",
)
QUESTION = "a [question](#questions-about-a-person)"
ASKED = "AgeAtIndex"
SHORT = {base.NAME: "a name", base.ID: "an id"}
FOUND_IN = {"static": "on reading the file", "bound": "against the data", "run": "when the study runs"}
_TOTALS = {"true": "true, then rounded", "shown": "sums of what is shown"}
Schema = dict[str, Any]


def schema_text() -> str:
    """The JSON Schema as it is published."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def page() -> str:
    """The whole page as Markdown."""
    parts = (_introduction, _blocks, _questions, _lists, _chapters, _errors)
    return "\n\n".join(text for part in parts for text in part()).rstrip() + "\n"


def _introduction() -> Iterator[str]:
    yield "# The file of an evaluation"
    yield (
        "This page is written by a program, from the models that read the file, the codes of its errors and "
        f"the tests that hold them to it. Do not edit it: change those, then `{COMMAND}`."
    )
    yield (
        "An evaluation is one YAML file in `evaluations/`. `outcome-linkage evaluation validate` says what "
        "is wrong with it, `explain` what it says in plain English, and `diff` what changed between two. An "
        "editor completes names and underlines mistakes when the first line says where the schema lies, seen "
        "from the file, as `evaluation new` writes it; of a study in `evaluations/`:"
    )
    yield "```yaml\n# yaml-language-server: $schema=../docs/evaluation.schema.json\n```"
    yield (
        "**Days** are whole days from each person's index date, which is day 0. **Windows** include both "
        "ends: `[1, 365]` is the year after the index date, without the day itself. Names that are not on "
        "this page, a name that stands twice, and values of another type are errors; nothing is guessed or "
        "converted. Anchors, references to them and tags of YAML are refused."
    )
    yield (
        "A **name** consists of small letters, digits and _, and begins with a letter; an **id** is a name "
        "of at most 24 characters, so that every column that is named after it fits into Stata."
    )
    yield "## A whole file"
    text = GOOD.read_text(encoding="utf-8").splitlines()
    yield "\n".join(("```yaml", *text[1:], "```"))


def _blocks() -> Iterator[str]:
    """Every block, those that it is made of below it."""
    properties = json_schema()["properties"]
    yield "## Blocks"
    yield _fields(json_schema())
    told = set(_questions_asked())
    for name, part in properties.items():
        below = [one for one in _named(part) if one not in told]
        if not below:
            continue
        yield f"### {_title(below[0]) if len(below) == 1 else name.capitalize()}"
        yield f"`{name}`: {_description(part)}"
        for one in below:
            yield from _block(one, told, headed=len(below) == 1)


def _block(name: str, told: set[str], headed: bool = False) -> Iterator[str]:
    """One block with its fields, then those that it is made of."""
    if name in told:
        return
    told.add(name)
    schema = json_schema()["$defs"][name]
    if not headed:
        yield f"#### {_title(name)}"
    yield _description(schema)
    yield _fields(schema)
    for part in schema.get("properties", {}).values():
        for below in _named(part):
            yield from _block(below, told)


def _questions_asked() -> list[str]:
    """The blocks that are questions."""
    return _variants(json_schema()["$defs"]["Criterion"]["properties"]["keep"])


def _description(part: Schema) -> str:
    """What a part means: its own words, else those of the block that stands there."""
    names = _variants(part)
    text = part.get("description") or (json_schema()["$defs"][names[0]]["description"] if names else "")
    return str(text)


def _questions() -> Iterator[str]:
    """What can be asked of a person: the variants of a predicate."""
    yield "## Questions about a person"
    yield (
        "`keep`, `drop` and `when` hold one question: a mapping with one name, which says what is asked. "
        "Several are put in a list under `all` or `any`. An arm may also say `when: otherwise`."
    )
    names = _questions_asked()
    yield table(("name", "asks", "is"), (_asks(name) for name in names))
    told = set(names)
    for name in names:
        for part in json_schema()["$defs"][name]["properties"].values():
            for below in _named(part):
                yield from _block(below, told)


def _asks(name: str) -> tuple[str, str, str]:
    schema = json_schema()["$defs"][name]
    ((key, part),) = schema["properties"].items()
    return f"`{key}`", _description(schema), _is(part)


def _lists() -> Iterator[str]:
    yield "## What each design needs"
    yield table(
        ("design", "blocks", "and one of"),
        ((f"`{name}`", _code(needs.all_of), _code(needs.one_of)) for name, needs in NEEDS.items()),
    )
    yield "## Which outcomes can be estimated"
    yield table(("design", "kinds"), ((f"`{name}`", _code(kinds)) for name, kinds in BY_DESIGN.items()))
    yield table(
        ("assignment", "kinds"), ((f"`{name}`", _code(kinds)) for name, kinds in BY_ASSIGNMENT.items())
    )
    yield "## Characteristics"
    yield "For subgroups, matching, covariates of kind `attribute`, and groups of a measure."
    yield table(
        ("name", "is", "can be grouped by"),
        ((f"`{a.name}`", a.says, "yes" if a.categorical else "no") for a in ATTRIBUTES.values()),
    )
    yield f"`design.cluster` is one of {_code(CLUSTERS)}."
    yield "## Resources that can be paid for"
    rows = ((f"`{r.name}`", f"`{r.source}`", r.unit) for r in RESOURCES.values())
    yield table(("resource", "counted in", "a price is per"), rows)
    yield "## Disclosure rules"
    head = ("profile", "hidden", "rounded to", "totals", "means of", "beyond a percentile", "steps of curves")
    yield table(head, map(_rules, PROFILES.values()))
    yield (
        "Zero is shown. Of the profiles of the study and of all owners of its tables the strictest rule of "
        "each kind holds; `governance.min_cell` must be larger than what it hides."
    )


def _rules(profile: Profile) -> tuple[str, ...]:
    numbers = (profile.mean_from, profile.tail_from, profile.curve_step)
    totals = {"true": "true, then rounded", "shown": "sum of what is shown"}[profile.totals]
    return (f"`{profile.name}`", profile.few, str(profile.round_to), totals, *map(str, numbers))


def _chapters() -> Iterator[str]:
    """The spec tests as prose: a file is a section, a test a paragraph."""
    for name in CHAPTERS:
        module = ast.parse((SPEC / name).read_text(encoding="utf-8"))
        title, *text = paragraphs(module)
        yield f"## {_shorter(title)}"
        yield from [title] if ":" in title else []
        yield from text
        yield from (paragraph for test in tests_of(module) for paragraph in test)


def _shorter(title: str) -> str:
    """What stands before a colon, as a heading; after it where that is the name of a table."""
    before, _, after = title.rstrip(".").partition(": ")
    head = after if before.startswith("`") else before
    return head[0].upper() + head[1:]


def _errors() -> Iterator[str]:
    yield "## Errors"
    yield (
        "Each problem is told as `file:line code place: message`. Those found on reading the file need no "
        "data; the others are looked for once a file has none of these. A warning does not stop a study."
    )
    yield table(
        ("code", "what must hold", "found"),
        ((f"[{c.code}](#{c.code.lower()})", c.must_hold, _when(c)) for c in CODES.values()),
    )
    examples = _examples()
    for code in CODES.values():
        yield f"### {code.code}"
        yield code.must_hold
        yield from examples[code.code]


def _when(code: Code) -> str:
    return FOUND_IN[code.found_in] + (", a warning" if code.severity == "warning" else "")


def _examples() -> dict[str, list[str]]:
    """Of each code what is wrong in its bad files, and what is told."""
    connection = installation()
    found: dict[str, list[str]] = {}
    for bad in bad_files():
        told = "\n".join(str(problem) for problem in problems_of(bad.path, connection))
        found.setdefault(bad.code, []).append(f"{bad.says}\n\n```\n{told}\n```")
    return found


def _fields(schema: Schema) -> str:
    """The fields of a block: name, what it may be, what stands without it, what it means."""
    needed = schema.get("required", ())
    return table(
        ("name", "is", "without it", "meaning"),
        (
            (
                f"`{name}`",
                _is(part),
                "needed" if name in needed else _default(part),
                _description(part),
            )
            for name, part in schema.get("properties", {}).items()
        ),
    )


def _default(part: Schema) -> str:
    value = part.get("default")
    if value is None or value in ([], {}):
        return ""
    return "its defaults" if isinstance(value, dict) else f"`{json.dumps(value)}`"


def _is(part: Schema) -> str:
    """What a value may be, in words."""
    variants = _variants(part)
    if ASKED in variants:
        return QUESTION + (" or `otherwise`" if "otherwise" in json.dumps(part) else "")
    if variants:
        return " or ".join(f"[{_title(name)}](#{_anchor(name)})" for name in variants)
    if choices := part.get("anyOf") or part.get("oneOf"):
        return " or ".join(dict.fromkeys(_is(one) for one in choices if one.get("type") != "null"))
    if "const" in part or "enum" in part:
        words = [part["const"]] if "const" in part else part["enum"]
        return ", ".join(f"`{word}`" for word in words)
    if part.get("type") == "array":
        return _array(part)
    if part.get("type") == "object":
        below = part.get("additionalProperties")
        return f"names, each with {_is(below)}" if isinstance(below, dict) else "names with values"
    return _plain(part)


def _array(part: Schema) -> str:
    if places := part.get("prefixItems"):
        return f"`[{', '.join(_kind(one) for one in places)}]`"
    return f"a list of {_is(part['items'])}"


def _plain(part: Schema) -> str:
    if "pattern" in part:
        return SHORT.get(part["pattern"]) or PATTERNS.get(part["pattern"]) or _example(part)
    if part.get("format") == "date":
        return "a day"
    bounds = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "below"}
    limits = [f"{word} {part[name]}" for name, word in bounds.items() if name in part]
    return " ".join((_kind(part), *limits))


def _kind(part: Schema) -> str:
    kinds = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text"}
    return kinds.get(str(part.get("type")), "any value")


def _example(part: Schema) -> str:
    return f"text like `{part['examples'][0]}`" if "examples" in part else "a letter"


def _variants(part: Schema) -> list[str]:
    """The blocks that may stand there themselves, not in a list."""
    if "$ref" in part:
        return [part["$ref"].rpartition("/")[2]]
    return [name for one in part.get("anyOf", part.get("oneOf", ())) for name in _variants(one)]


def _named(part: Any) -> list[str]:
    """Every block that is named anywhere in a part."""
    if isinstance(part, list):
        return [name for one in part for name in _named(one)]
    if not isinstance(part, dict):
        return []
    names = [] if "$ref" not in part else [part["$ref"].rpartition("/")[2]]
    names += [name for key, value in part.items() if key != "discriminator" for name in _named(value)]
    return list(dict.fromkeys(names))


def _title(name: str) -> str:
    """`FollowUp` as `Follow up`."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
    return spaced[0].upper() + spaced[1:]


def _anchor(name: str) -> str:
    return _title(name).lower().replace(" ", "-")


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(CODES)} codes")
