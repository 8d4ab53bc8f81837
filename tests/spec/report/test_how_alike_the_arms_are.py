"""How alike the arms are: differences in one direction, of what is shown, and what is judged by them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from outcome_linkage.evaluation.report.baseline import baseline
from outcome_linkage.evaluation.report.blocks import Grid, Picture
from outcome_linkage.evaluation.report.gate import judged
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.linked import linkage
from tests.invented_run import people, study, tables, write_run

pytestmark = pytest.mark.slow
MINUS = "\N{MINUS SIGN}"


def balance(*sexes: tuple[str, str, int, float | None, float | None]) -> pl.DataFrame:
    """`ev_balance` with these only: level of sex, arm, people, and its differences from the first arm."""
    names = tables(study(), people())["ev_balance"].schema
    rows = [
        {"variable": "sex", "level": level, "arm": arm, "n": n, "smd_raw": raw, "smd_weighted": weighted}
        for level, arm, n, raw, weighted in sexes
    ]
    return pl.DataFrame(rows, schema=names)


SEXES = balance(
    ("female", "support", 18, None, None),
    ("female", "usual", 570, -0.18, -0.02),
    ("male", "support", 12, None, None),
    ("male", "usual", 545, 0.18, 0.02),
)


def run_of(folder: Path, value: float, passed: bool) -> Gathered:
    """A run with these, in which the largest difference was judged so."""
    write_run(folder)
    row: dict[str, Any] = {"diagnostic": "max_smd", "item": "sex=female", "value": value, "bound": 0.1}
    row |= {"action": "block", "passed": passed, "waived": None, "reason": None}
    return Gathered(study(), folder, {"ev_balance": SEXES, "ev_diagnostics": pl.DataFrame([row])})


def test_a_difference_is_the_first_arm_less_the_other(tmp_path: Path) -> None:
    """As in the estimates: more girls in the first arm are a difference above nought; weighted too."""
    section = baseline(run_of(tmp_path, 0.02, True))
    assert section is not None
    table = next(one for one in section.blocks if isinstance(one, Grid))
    rows = {row[0].strip(): row for row in table.rows}
    assert rows["female"][3:] == ("+0.32", "+0.02") and rows["male"][3:] == (f"{MINUS}0.32", f"{MINUS}0.02")
    love = next(one for one in section.blocks if isinstance(one, Picture))
    assert "the first arm less the other" in table.note and "is only what is adjusted for" in love.note


@pytest.mark.parametrize(("value", "passed", "words"), [(0.02, True, "0.020"), (0.19, False, "over 0.10")])
def test_what_is_judged_is_told_of_what_is_shown(
    tmp_path: Path, value: float, passed: bool, words: str
) -> None:
    """Weighted, as in Table 1; where what is shown lies on the other side of the bound, only the side."""
    (one,) = judged(run_of(tmp_path, value, passed))
    assert one.value == words


def test_who_was_linked_is_compared_by_what_is_shown() -> None:
    """575 of 590 and 1,120 of 1,145: of the exact 23 that were not linked nothing can be worked out."""
    names = ["source", "subgroup", "level", "register", "n", "n_linkable", "n_linked", "median_weight"]
    rows = [
        ("attendances", "all", "all", True, 1147, 1147, 1124, 24.0),
        ("attendances", "sex", "female", True, 589, 589, 575, 25.0),
        ("attendances", "sex", "male", True, 558, 558, 549, 24.0),
    ]
    section = linkage(Gathered(study(), Path(), {"ev_linkage": pl.DataFrame(rows, names, orient="row")}))
    assert section is not None
    picture = next(one for one in section.blocks if isinstance(one, Picture))
    told = {row[1]: row[6] for row in picture.table.rows}
    a, b = 575 / 1120, 15 / 25
    expected = (a - b) / ((a * (1 - a) + b * (1 - b)) / 2) ** 0.5
    assert told["sex: female"] == f"{MINUS}{abs(expected):.2f}"
