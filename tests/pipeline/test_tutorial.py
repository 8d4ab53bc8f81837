"""The tutorial is true: its commands answer what it says, but for the figures of a smaller region."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate_tutorial import PAGE, Reader
from outcome_linkage.evaluation.spec.analysis import Diagnostics
from outcome_linkage.home import Home

pytestmark = pytest.mark.slow
REGISTERED = "+status: registered\n```\n"
WAIVED = """
```diff
 # Invented people with the result that is expected of them: tried before every run.
+diagnostics:
+  waived:
{}
 examples:
```
"""
WAIVER = "+    - {{diagnostic: {}, reason: The region is small.}}"
FIGURE = r"\b1 to 7\b|\b[0-9a-f]{16}\b|\b\d[\d.,]*|\bfew\b|\bNULL\b"


def skeleton(page: str) -> list[str]:
    """The page without what the data decide: figures, verdicts, which weights, and the widths of tables."""
    text = re.sub(r"[━─┌┬┐├┼┤└┴┘┏┳┓┡╇┩]+", "", page)
    text = re.sub(r"^│ ((?:max|min)_\w+) .*$", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"^│ {5,}.*$", "", text, flags=re.MULTILINE)  # the rest of a verdict that is long
    text = re.sub(r"( \w+,?)+ did not pass\. Change the design, or waive with a reason\.", "", text)
    text = re.sub(r"ipt_weighted_\w+", "ipt_weighted", text)
    text = re.sub(FIGURE, "#", text)
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_every_command_answers_what_the_page_says(ran: Home, tmp_path: Path) -> None:
    """In so small a region diagnostics fail that pass in the demo: there all are waived."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "home").symlink_to(ran.root)
    page = PAGE.read_text(encoding="utf-8")
    names = [name for name in Diagnostics.model_fields if name != "waived"]
    waived = WAIVED.format("\n".join(map(WAIVER.format, names)))
    small = page.replace(REGISTERED, f"{REGISTERED}{waived}")
    assert small != page
    reader = Reader(tmp_path)
    assert skeleton(reader.follow(small)) == skeleton(small)
    assert len(reader.answers) > 10
    assert (ran.root / "evaluations" / "after_abuse" / "report.html").exists()


def test_links_lead_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all((PAGE.parent / name).exists() for name in re.findall(r"\]\(([^)#]+)\)", text))
