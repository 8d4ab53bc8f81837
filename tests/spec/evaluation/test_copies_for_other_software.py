"""Stata and CSV copies of a table: every value, and why one is missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyreadstat

from outcome_linkage.evaluation.copies import write_copies
from outcome_linkage.evaluation.stata import stata_name, write_stata
from tests.invented_study import study

TABLE = pl.DataFrame(
    {
        "person_key": [f"p{n}" for n in range(8)],
        "o_seen": [0, None, None, None, None, None, None, None],
        "o_seen_st": [0, 1, 2, 3, 4, 5, 6, 7],
        "o_seen_t": [365, None, 12, 12, None, None, None, None],
        "k_nhs": [0.0, 10.25, *[None] * 6],
        "k_st": [0, 3, 1, 1, 2, 2, 7, 7],
        "index_date": [date(2021, 6, 1), date(1959, 12, 31), *[None] * 6],
        "included": [True, False, *[None] * 6],
        "sex": ["female", None, *["male"] * 6],
        "nothing": pl.Series([None] * 8, dtype=pl.Float64),
    }
)


def test_a_reason_for_each_missing_value(tmp_path: Path) -> None:
    """.n .c .p .m .a .w .l as the status says; a zero stays a zero, and a value has no reason."""
    write_stata(TABLE, tmp_path / "t.dta", "People", {})
    frame, _ = pyreadstat.read_dta(str(tmp_path / "t.dta"), user_missing=True)
    assert frame["o_seen"].to_list() == [0, "n", "c", "p", "m", "a", "w", "l"]
    assert frame["o_seen_t"].to_list() == [365, "n", 12, 12, "m", "a", "w", "l"]
    assert frame["k_nhs"].to_list() == [0, 10.25, "n", "n", "c", "c", "l", "l"]


def test_every_other_value_comes_back(tmp_path: Path) -> None:
    """Days, truths, text and blanks; labels of columns, statuses and reasons."""
    write_stata(TABLE, tmp_path / "t.dta", "People", {"sex": "Sex of the person"})
    frame, about = pyreadstat.read_dta(str(tmp_path / "t.dta"), user_missing=True)
    assert frame["index_date"].to_list()[:2] == [date(2021, 6, 1), date(1959, 12, 31)]
    assert frame["index_date"].isna().sum() == 6 and frame["nothing"].isna().all()
    assert frame["included"].to_list()[:2] == [1, 0]
    assert frame["sex"].to_list()[:3] == ["female", "", "male"]
    assert frame["person_key"].to_list() == TABLE["person_key"].to_list()
    assert about.column_names_to_labels["sex"] == "Sex of the person"
    assert about.variable_value_labels["o_seen_st"][7] == "not_linked"
    assert about.variable_value_labels["o_seen"]["c"] == "not_covered"
    assert about.variable_value_labels["included"] == {0: "no", 1: "yes"}


def test_what_has_no_bound_is_missing(tmp_path: Path) -> None:
    """A difference of arms in which nothing varies is infinite; Stata has no such number."""
    table = pl.DataFrame({"smd_raw": [float("inf"), -0.5, None, float("-inf")]})
    write_stata(table, tmp_path / "t.dta", "Balance", {})
    frame, _ = pyreadstat.read_dta(str(tmp_path / "t.dta"))
    assert frame["smd_raw"].isna().to_list() == [True, False, True, True]


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    """Stata files hold no time of writing; every one of their header is that of a day long gone."""
    for name in ("one", "other"):
        write_stata(TABLE, tmp_path / f"{name}.dta", "People", {})
    one = (tmp_path / "one.dta").read_bytes()
    assert one == (tmp_path / "other.dta").read_bytes() and b"01 Jan 1960 00:00" in one


def test_a_long_name_is_cut_and_stays_its_own() -> None:
    """Stata takes 32 letters; two rules whose names begin alike stay apart."""
    names = [f"crit_{'a' * 23}{last}_date" for last in "bc"]
    made = {stata_name(name) for name in names}
    assert len(made) == 2 and all(len(name) == 32 for name in made)
    assert stata_name("o_seen_st") == "o_seen_st"


def test_copies_are_those_that_are_asked_for(tmp_path: Path) -> None:
    """CSV has the value and its status; what is not asked for is removed."""
    TABLE.write_parquet(tmp_path / "ev_person.parquet")
    book = {"table_name": ["ev_person"], "column_name": ["sex"], "label": ["Sex"]}
    pl.DataFrame(book).write_parquet(tmp_path / "ev_codebook.parquet")
    (tmp_path / "ev_gone.dta").write_bytes(b"")
    write_copies(tmp_path, study(output={"stata": False, "csv": True}))
    assert {path.name for path in tmp_path.glob("*.*") if path.suffix != ".parquet"} == {
        "ev_person.csv",
        "ev_codebook.csv",
    }
    text = (tmp_path / "ev_person.csv").read_text(encoding="utf-8").splitlines()
    assert text[1] == "p0,0,0,365,0.0,0,2021-06-01,true,female," and text[2].startswith("p1,,1,,10.25,3")
    write_copies(tmp_path, study(output={"stata": True, "csv": False}))
    assert {path.name for path in tmp_path.glob("*.dta")} == {"ev_person.dta", "ev_codebook.dta"}
    assert not list(tmp_path.glob("*.csv"))
