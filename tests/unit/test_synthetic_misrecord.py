"""How identity errors change what is written down."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
from jellyfish import damerau_levenshtein_distance

from outcome_linkage.synthetic.faults import IDENTITY_ERRORS
from outcome_linkage.synthetic.misrecord import (
    Errors,
    alternative,
    draw_errors,
    misdate,
    mistype,
    mistype_postcode,
    without_accents,
)

SIZE = 400
ALL, NONE = np.ones(SIZE, dtype=bool), np.zeros(SIZE, dtype=bool)


def errors(*names: str) -> Errors:
    """Errors of those names in every record, and no others."""
    drawn = draw_errors(np.random.default_rng(5), "police", NONE, NONE)
    return dataclasses.replace(drawn, has={e.name: ALL if e.name in names else NONE for e in IDENTITY_ERRORS})


def test_a_typing_error_is_one_step_away() -> None:
    """A letter left out, doubled, exchanged or replaced."""
    written = mistype(pl.Series(["Katherine"] * SIZE), errors(), ALL)
    assert written.n_unique() > 10
    distance = {damerau_levenshtein_distance("Katherine", name) for name in written}
    assert distance <= {0, 1}
    assert (written != "Katherine").mean() > 0.9


def test_short_names_can_be_mistyped_too() -> None:
    """Never down to nothing."""
    assert mistype(pl.Series(["Bo"] * SIZE), errors(), ALL).unique().to_list() == ["Boe"]


def test_only_those_named_are_mistyped() -> None:
    """All others stay as they are."""
    values = pl.Series(["Katherine"] * SIZE)
    assert mistype(values, errors(), NONE).equals(values)


def test_a_mistyped_postcode_is_still_a_postcode() -> None:
    """One of its last two letters is another."""
    written = mistype_postcode(pl.Series(["BS61 3AB"] * SIZE), errors(), ALL)
    assert written.str.contains(r"^BS61 3[A-Z]{2}$").all()
    assert (written != "BS61 3AB").mean() > 0.8


def test_accents_are_dropped_where_there_are_any() -> None:
    """Łucja becomes Lucja, Ann stays Ann."""
    values = pl.Series(["Łucja", "Ann", "José"])
    which = np.array([True, True, False])
    assert without_accents(values, which).to_list() == ["Lucja", "Ann", "José"]


def test_another_form_of_a_name() -> None:
    """One of those that the table holds; names without one stay."""
    table = (("Liz", "Beth"), ())
    code = np.arange(SIZE) % 2
    values = pl.Series(["Elizabeth", "Priya"] * (SIZE // 2))
    written = alternative(table, code, errors(), values, ALL)
    assert set(written) == {"Liz", "Beth", "Priya"}


def test_dates_of_birth_go_wrong_in_four_ways() -> None:
    """Day and month exchanged where both can be a month, a part wrong, 1 January, none."""
    birth = np.full(SIZE, 12_000) + np.arange(SIZE)  # from 9 November 2002
    true = pl.Series(birth).cast(pl.Int32).cast(pl.Date)
    assert misdate(birth, errors()).equals(true, check_names=False)
    assert misdate(birth, errors("dob_missing")).null_count() == SIZE
    january = misdate(birth, errors("dob_first_of_january"))
    assert january.equals(true.dt.truncate("1y"), check_names=False)
    exchanged = misdate(birth, errors("dob_day_month"))
    assert exchanged.dt.year().equals(true.dt.year(), check_names=False)
    assert (exchanged.dt.day() == true.dt.month()).mean() > 0.3
    wrong = misdate(birth, errors("dob_one_part"))
    assert wrong.null_count() == 0
    assert (wrong != true).all()
    assert (wrong.dt.month() == true.dt.month()).all()


def test_everyone_has_the_same_chance_with_equal_errors() -> None:
    """And errors that only some names can suffer do not occur."""
    minority = np.arange(40_000) % 2 == 0
    drawn = draw_errors(np.random.default_rng(2), "police", minority, minority, equal_errors=True)
    typo = drawn.has["surname_typo"]
    assert abs(typo[minority].mean() - typo[~minority].mean()) < 0.006
    for error in IDENTITY_ERRORS:
        if error.by_name:
            assert not drawn.has[error.name].any()
