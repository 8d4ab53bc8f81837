"""docs/evaluation_reference.md and the JSON Schema say what the models and codes of evaluations are now."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from docs.generate_evaluation import COMMAND, PAGE, SCHEMA, page, schema_text
from outcome_linkage.evaluation.codes import CODES
from outcome_linkage.evaluation.schema import json_schema
from outcome_linkage.evaluation.source import read
from tests.spec.evaluation.installation import BAD, GOOD, GOOD_RATES

pytestmark = pytest.mark.slow


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"{PAGE.name} is stale. Write it anew: {COMMAND}"


def test_the_schema_is_up_to_date() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), f"{SCHEMA.name} is stale: {COMMAND}"


def test_links_within_the_page_lead_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= anchors
    assert {code.lower() for code in CODES} <= anchors


@pytest.mark.parametrize("path", [GOOD, GOOD_RATES], ids=lambda path: path.stem)
def test_an_editor_accepts_a_good_file(path: Path) -> None:
    """By the published schema alone, which is itself a valid one."""
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(read(path).data, json_schema())
    assert "$schema=../../../../docs/evaluation.schema.json" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["misspelt_name", "missing_block", "wrong_type"])
def test_an_editor_underlines_a_wrong_shape(name: str) -> None:
    """The schema refuses what the models refuse."""
    checker = jsonschema.FormatChecker(["date"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read(BAD / f"EV001_{name}.yaml").data, json_schema(), format_checker=checker)


def test_every_field_says_what_it_means() -> None:
    """A name without a description would be a hole in the page and in the editor."""
    schema = json.loads(schema_text())
    silent = [
        f"{owner}.{name}"
        for owner, block in [("", schema), *schema["$defs"].items()]
        for name, part in block.get("properties", {}).items()
        if not part.get("description") and "$ref" not in part
    ]
    assert silent == []
