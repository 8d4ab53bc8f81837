"""The story of a record as one page that needs no network: its person first, then who was refused and why."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup, escape

from outcome_linkage.files import replacing
from outcome_linkage.home import Home
from outcome_linkage.linkage.residual import MARGIN, THRESHOLDS
from outcome_linkage.linkage_story.reasons import INDIRECT, shared_words
from outcome_linkage.linkage_story.story import Story
from outcome_linkage.linkage_story.waterfall import AGAINST, FOR, PRIOR, TOTAL, UNKNOWN, picture, reach
from outcome_linkage.pages import render

_TEMPLATE = "page.html.j2"


def write_page(home: Home, story: Story, to: Path | None = None) -> Path:
    """Write the page with mode 0600; return where it lies.

    Without `to` it is `restricted/explain/<record_key>.html`: it names records, so it is the linker's alone.
    """
    path = to or home.restricted / "explain" / f"{story.record.record_key}.html"
    if to is None:
        path.parent.mkdir(mode=0o700, exist_ok=True)
    with replacing(path) as beside:
        beside.touch(mode=0o600)
        beside.write_text(html(story), encoding="utf-8")
    return path


def html(story: Story) -> str:
    """The page: one file, no reference to anything outside it."""
    between = reach(other.waterfall for other in story.others if other.waterfall)
    return render(
        Path(__file__).with_name(_TEMPLATE),
        {"code": _code},
        story=story,
        pictures={
            other.record: picture(other.waterfall, between) for other in story.others if other.waterfall
        },
        shared_words=shared_words,
        indirect=INDIRECT,
        thresholds=THRESHOLDS,
        margin=MARGIN,
        colours={"for": FOR, "against": AGAINST, "missing": UNKNOWN, "prior": PRIOR, "total": TOTAL},
    )


def _code(words: str) -> Markup:
    """Names between backticks as code."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", str(escape(words))))
