"""The faults of files, one by one, on tables small enough to see."""

from __future__ import annotations

import numpy as np
import polars as pl

from outcome_linkage.synthetic.faults import FILE_FAULTS
from outcome_linkage.synthetic.spoil import layout, spoil, spoil_children

SIZE = 4_000


def spoilt(frame: pl.DataFrame, supplier: str, table: str) -> pl.DataFrame:
    """The frame with the faults of a supplier's file."""
    return spoil(frame, supplier, table, np.random.default_rng(1))


def header(sex: str = "M") -> pl.DataFrame:
    """Children of a header module."""
    return pl.DataFrame(
        {"CHILD": [f"BRS{n:08d}" for n in range(SIZE)], "SEX": sex, "ETHNIC": "WBRI", "UPN": "UN1"}
    ).with_columns(MOTHER=pl.lit(None, pl.String))


def test_layouts_are_those_declared() -> None:
    """Encoding, mark and blank columns by supplier and table."""
    assert layout("bristol", "link_tokens").mark
    assert layout("north_somerset", "school_exclusions").encoding == "utf-16-le"
    assert layout("south_gloucestershire", "deaths").blank_columns == 2
    assert layout("bnssg_icb", "deaths") == layout("avon_somerset_police", "link_tokens")


def test_ids_in_lower_case_and_codes_of_another_year() -> None:
    """In about the declared share of rows; the id itself is never lost."""
    rows = spoilt(header(), "bristol", "ssda903_header")
    assert rows["CHILD"].str.to_uppercase().equals(header()["CHILD"])
    assert 0.01 < rows["CHILD"].str.starts_with("brs").mean() < 0.03
    assert 0.01 < (rows["SEX"] == "1").mean() < 0.03
    assert 0.001 < (rows["ETHNIC"] == "UNKN").mean() < 0.01


def test_a_sex_that_has_no_old_code_stays() -> None:
    """U was not split from anything."""
    assert spoilt(header("U"), "bristol", "ssda903_header")["SEX"].unique().to_list() == ["U"]


def test_words_for_no_value_stand_in_empty_cells_only() -> None:
    """No cell that held something is touched."""
    frame = pl.DataFrame({"record_key": ["P1"] * SIZE, "injury_intent": [None, "242056005"] * (SIZE // 2)})
    rows = spoilt(frame, "avon_somerset_police", "police_crime_persons")
    words = rows["injury_intent"].drop_nulls()
    assert set(words) == {"nan", "None", "NaT", "242056005"}
    assert (words == "242056005").sum() == SIZE // 2


def test_repeated_rows_follow_their_original() -> None:
    """Whole rows, twice at most."""
    frame = pl.DataFrame({"record_key": [f"P{n}" for n in range(SIZE)]})
    rows = spoilt(frame, "bnssg_icb", "deaths")
    assert SIZE < rows.height < SIZE * 1.01
    assert rows.unique(maintain_order=True).equals(frame)


def test_dates_as_schools_write_them_and_sessions_with_a_comma() -> None:
    """2025-Feb-14 00:00:00 in one council, 1,024 in another."""
    frame = pl.DataFrame(
        {"record_key": ["1"] * SIZE, "start_date": ["2025-02-14"] * SIZE, "sessions": ["2"] * SIZE}
    )
    south = spoilt(frame, "south_gloucestershire", "school_exclusions")
    assert south["start_date"].unique().to_list() == ["2025-Feb-14 00:00:00"]
    assert set(spoilt(frame, "bristol", "school_exclusions")["sessions"]) == {"2", "1,024"}


def test_children_in_xml_are_spoilt_as_rows_are() -> None:
    """Padded ids and old sex codes in North Somerset, nothing at the board."""
    child = "<Child><LAchildID>NSM00000001</LAchildID><Sex>F</Sex></Child>"
    children = pl.Series([child] * SIZE)
    written = spoil_children(children, "north_somerset", np.random.default_rng(1))
    assert written.str.contains("<LAchildID> NSM00000001 </LAchildID>").any()
    assert written.str.contains("<Sex>2</Sex>").any()
    assert spoil_children(children, "south_gloucestershire", np.random.default_rng(1)).equals(children)


def test_every_declared_fault_is_carried_out_somewhere() -> None:
    """A name in the table that nothing puts into a file would be a lie."""
    from outcome_linkage.synthetic import spoil as module

    in_layout = {"byte_order_mark", "utf_16", "blank_headers"}
    assert {fault.name for fault in FILE_FAULTS} <= in_layout | set(module._FAULTS)


def test_relationships_that_cannot_be() -> None:
    """A few people are their own relatives, and a few relationships end before they begin."""
    frame = pl.DataFrame(
        {"record_key": "P1", "related_record_key": "P2", "valid_from": ["2020-01-01", None] * (SIZE // 2)}
    ).with_columns(valid_to=pl.lit(None, pl.String), kind=pl.lit("carer"), basis=pl.lit("social_work_record"))
    rows = spoilt(frame, "south_gloucestershire", "relationships")
    assert 0 < (rows["related_record_key"] == "P1").mean() < 0.01
    ended = rows.filter(pl.col("valid_to") == "1999-12-31")
    assert 0 < ended.height < SIZE / 100
    assert ended["valid_from"].null_count() == 0
