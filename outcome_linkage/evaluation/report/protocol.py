"""The protocol of a study as it is published: the words of `explain`, and its design drawn."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

from outcome_linkage.evaluation.explain import explain
from outcome_linkage.evaluation.report.blocks import Marked, Section
from outcome_linkage.evaluation.report.design_diagram import design_diagram
from outcome_linkage.evaluation.report.gathered import Gathered

_BREAK = "&lt;br&gt;"


def protocol(run: Gathered) -> list[Section]:
    """The design as a picture, and every part of the protocol in words."""
    return [
        Section("design", "The design", [design_diagram(run.study)]),
        Section("protocol", "The protocol in words", [Marked(in_html(explain(run.study)))]),
    ]


def in_html(markdown: str) -> Markup:
    """Markdown as HTML below a heading of the page: its title left out, headings a step smaller.

    HTML within it is escaped but for the line breaks of the house's own tables.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(markdown.partition("\n")[2] if markdown.startswith("# ") else markdown)
    for token in tokens:
        if token.type.startswith("heading_"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    text = reader.renderer.render(tokens, reader.options, {})
    return Markup(text.replace(_BREAK, "<br>"))
