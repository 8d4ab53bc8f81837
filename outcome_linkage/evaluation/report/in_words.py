"""The answer of a run as text, for whoever shows it without the page: the same released figures."""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.evaluation.report.answer import answer
from outcome_linkage.evaluation.report.blocks import Notice, Words
from outcome_linkage.evaluation.report.gathered import gather
from outcome_linkage.evaluation.spec.evaluation import Evaluation


def in_words(folder: Path, study: Evaluation) -> str:
    """The notices and sentences of the answer as Markdown. Raises InputRefused where there are no tables."""
    told = []
    for block in answer(gather(folder, study)).blocks:
        if isinstance(block, Notice):
            told.append(f"**{block.title}.** {block.text}")
        elif isinstance(block, Words):
            told.append(block.text)
    return "\n\n".join(told)
