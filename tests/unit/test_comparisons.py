"""What the model compares, blocks on and ships with: the tables are sound and fit each other."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from outcome_linkage.linkage.blocking import BLOCKS, WITHIN, Block
from outcome_linkage.linkage.comparisons import COLUMNS, COMPARISONS, FREQUENCIES, Comparison, names_of
from outcome_linkage.linkage.model import from_json, settings_of, shipped
from outcome_linkage.linkage.relatives import PATTERNS
from outcome_linkage.linkage.residual import MARGIN, THRESHOLDS
from outcome_linkage.linkage.tokens import TOKEN_COLUMNS, TOKENS

DOMAINS = {token.name: token.domain for token in TOKENS} | {"birth_month": "birth_month"}


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.name)
def test_a_comparison_reads_columns_that_are_handed_over(comparison: Comparison) -> None:
    text = " ".join([comparison.missing, *(level.when for level in comparison.levels)])
    read = {word[:-2] for word in re.findall(r"[a-z_0-9]+", text) if word.endswith(("_l", "_r"))}
    assert read and read <= set(COLUMNS) <= {*TOKEN_COLUMNS, "birth_month", "sex"}
    assert len(set(names_of(comparison))) == len(comparison.levels) + 1


@pytest.mark.parametrize("block", [*BLOCKS, *WITHIN], ids=lambda block: block.name)
def test_a_block_joins_what_can_be_compared(block: Block) -> None:
    assert [DOMAINS[column] for column in block.left] == [DOMAINS[column] for column in block.right]


def test_no_block_comes_twice() -> None:
    assert len(set(BLOCKS)) == len(BLOCKS) and len(set(WITHIN)) == len(WITHIN)


def test_the_shipped_model_fits_the_comparisons() -> None:
    model = shipped()
    for comparison in COMPARISONS:
        chances = model.probabilities(comparison.name)
        assert set(chances) == set(names_of(comparison))
        assert sum(m for m, _ in chances.values()) == pytest.approx(1, abs=0.02)
        assert sum(u for _, u in chances.values()) == pytest.approx(1, abs=0.02)
        assert all(0 < m < 1 and 0 < u < 1 for m, u in chances.values())


def test_agreement_speaks_for_a_pair_and_difference_against() -> None:
    for comparison in COMPARISONS:
        chances = shipped().probabilities(comparison.name)
        best, worst = chances[comparison.levels[0].name], chances["different"]
        assert best[0] > best[1] and worst[0] < worst[1]


def test_a_stored_model_comes_back_the_same() -> None:
    model = shipped()
    again = from_json(model.to_json())
    assert again is not None
    assert (again, again.version) == (model, model.version)
    assert re.fullmatch(r"keys-[0-9a-f]{8}\.fs-[0-9a-f]{8}", model.full_version)


def test_a_model_of_other_comparisons_is_not_used() -> None:
    text = shipped().to_json().replace('"comparisons": "', '"comparisons": "0', 1)
    assert from_json(text) is None


def test_settings_name_every_comparison_and_frequency() -> None:
    comparisons = settings_of()["comparisons"]
    assert [c["output_column_name"] for c in comparisons] == [c.name for c in COMPARISONS]
    adjusted = [
        level["tf_adjustment_column"]
        for c in comparisons
        for level in c["comparison_levels"]
        if "tf_adjustment_column" in level
    ]
    assert tuple(adjusted) == FREQUENCIES


def test_thresholds_fall_from_strict_to_broad() -> None:
    assert list(THRESHOLDS) == ["strict", "main", "broad"]
    assert all(higher > lower for higher, lower in pairwise(THRESHOLDS.values()))
    assert MARGIN > 0


def test_patterns_of_relatives_have_names_of_their_own() -> None:
    assert len({pattern.name for pattern in PATTERNS}) == len(PATTERNS)
