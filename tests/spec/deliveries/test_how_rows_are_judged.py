"""How rows are judged.

Every row of a delivered table is kept or rejected, never changed and never dropped in silence. A rejected
row keeps its file, its number, the column at fault and the reason, but not the value.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.manifest import Manifest
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating.validate import settle, validate_frame, validate_table
from outcome_linkage.delivery.validating.verdict import LedgerError, TableVerdict, pending, read_verdict
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, judged, key, rows


def faults(table: str, frame: pl.DataFrame, year: int | None = None) -> list[tuple[object, ...]]:
    """Row, column and reason of what is rejected; what is kept must be all the rest."""
    kept, rejected = validate_frame(frame, CONTRACTS[table], year)
    assert kept.height + rejected["_row"].n_unique() == frame.height
    return rejected.select("_row", "column", "reason").rows()


def test_a_row_that_keeps_to_the_contract_is_kept_as_it_is() -> None:
    """Nothing of it is changed; it is numbered as in its file."""
    frame = rows("cin_referrals", 3)
    kept, rejected = validate_frame(frame, CONTRACTS["cin_referrals"], None)
    assert kept.drop("_row").equals(frame)
    assert kept["_row"].to_list() == [1, 2, 3]
    assert rejected.is_empty()


def test_a_rejected_row_names_file_row_and_column_but_not_the_value() -> None:
    """So that the supplier finds it in their own export, with the key map that they alone hold."""
    _, rejected = validate_frame(
        rows("cin_children", 2, sex=["1", "secret"]), CONTRACTS["cin_children"], None
    )
    assert rejected.to_dicts() == [
        {
            "_file": "cin_children.parquet",
            "_row": 2,
            "record_key": key(1),
            "column": "sex",
            "reason": "not_in_code_list",
        }
    ]


def test_codes_are_judged_by_collection_year() -> None:
    """SSDA903 wrote sex as 1 and 2 up to 2024 and as M, F and U since; without a year either is right."""
    frame = rows("ssda903_header", 2, sex=["1", "M"], ethnic="WBRI")
    assert faults("ssda903_header", frame, 2024) == [(2, "sex", "not_in_code_list")]
    assert faults("ssda903_header", frame, 2025) == [(1, "sex", "not_in_code_list")]
    assert faults("ssda903_header", frame) == []


def test_one_year_does_not_colour_the_next() -> None:
    """A contract judged for one year is the same for another afterwards."""
    for year, sex in ((2024, "1"), (2025, "M"), (2024, "2"), (2025, "U")):
        assert faults("ssda903_header", rows("ssda903_header", 1, year, sex=sex), year) == []


def test_a_value_that_may_not_be_missing() -> None:
    """A column that the delivery leaves out is missing in every row, which only some columns may be."""
    frame = rows("cin_children", 2, ethnicity=["WBRI", None])
    assert faults("cin_children", frame) == [(2, "ethnicity", "missing_value")]
    assert faults("cin_children", frame.head(1).drop("ethnicity")) == [(1, "ethnicity", "missing_value")]
    assert faults("cin_children", frame.head(1).drop("death_date")) == []


def test_what_the_columns_of_a_row_may_not_say_together() -> None:
    """Nobody is their own relative, and nothing ends before it begins; one day is a time too."""
    frame = rows(
        "relationships",
        4,
        related_record_key=[key(0), key("b"), key("c"), key("d")],
        kind="carer",
        basis="social_work_record",
        valid_from=[date(2022, 1, 2)] * 4,
        valid_to=[date(2022, 1, 3), date(2022, 1, 1), date(2022, 1, 2), None],
    )
    assert faults("relationships", frame) == [
        (1, "related_record_key", "related_to_self"),
        (2, "valid_to", "ends_before_it_begins"),
    ]


def test_text_has_a_pattern() -> None:
    """Such as nine characters of a small area."""
    frame = rows("residence", 2, lsoa21=["E01014485", "somewhere"])
    assert faults("residence", frame) == [(2, "lsoa21", "wrong_pattern")]


def test_a_number_has_bounds() -> None:
    """Both are inclusive, and a number too large for its type is out of range too."""
    ages = [-1, 0, 120, 121, 70_000]
    assert faults("police_crime_persons", rows("police_crime_persons", 5, age_at_offence=ages)) == [
        (1, "age_at_offence", "out_of_range"),
        (4, "age_at_offence", "out_of_range"),
        (5, "age_at_offence", "out_of_range"),
    ]


def test_text_that_says_the_same_is_converted() -> None:
    """A column that is text because of one bad value keeps all its good ones."""
    frame = rows(
        "cin_protection_plans",
        3,
        plan_start_date=["2023-04-01", "2023-04-02 00:00:00", "01/04/2023"],
        previous_plans=["0", "2.0", "three"],
    )
    kept, _ = validate_frame(frame, CONTRACTS["cin_protection_plans"], None)
    assert kept["plan_start_date"].to_list() == [date(2023, 4, 1), date(2023, 4, 2)]
    assert kept["previous_plans"].to_list() == [0, 2]
    assert faults("cin_protection_plans", frame) == [
        (3, "plan_start_date", "wrong_type"),
        (3, "previous_plans", "wrong_type"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("no_further_action", "true", None),
        ("no_further_action", "0", None),
        ("no_further_action", 1, None),
        ("no_further_action", "perhaps", "wrong_type"),
        ("closure_date", datetime(2024, 1, 1), None),
        ("closure_date", datetime(2024, 1, 1, 12), "wrong_type"),
        ("closure_date", "2024-02-30", "wrong_type"),
        ("closure_date", 45292, "wrong_type"),
        ("closure_date", "", "wrong_type"),
        ("closure_date", None, None),
        ("closure_date", ["2024-01-01"], "wrong_type"),
    ],
)
def test_a_type_is_not_guessed(column: str, value: object, fault: str | None) -> None:
    """What a system may have meant is for `encode`, at the supplier, who can look."""
    frame = rows("cin_referrals", 1).with_columns(pl.Series(column, [value]))
    assert faults("cin_referrals", frame) == ([(1, column, fault)] if fault else [])


def test_a_value_that_the_supplier_could_not_read_is_named_as_such() -> None:
    """`encode` leaves a marker in its place; the column is text from then on."""
    frame = rows("cin_referrals", 3, referral_date=["2023-04-01", "#UNREADABLE", "2023-04-02"])
    assert faults("cin_referrals", frame) == [(2, "referral_date", "unreadable_at_source")]


def test_a_row_names_each_column_at_fault_once() -> None:
    """In the order of the contract; the first reason is the one that the ledger counts."""
    frame = rows("cin_children", 1, record_key="x", sex="x", birth_month="x", ethnicity=None)
    assert faults("cin_children", frame) == [
        (1, "record_key", "wrong_pattern"),
        (1, "sex", "not_in_code_list"),
        (1, "birth_month", "wrong_type"),
        (1, "ethnicity", "missing_value"),
    ]


def test_a_record_key_in_doubt_is_not_repeated() -> None:
    """It may be the id that the supplier's own system uses."""
    _, rejected = validate_frame(rows("cin_children", 1, record_key="x"), CONTRACTS["cin_children"], None)
    assert rejected["record_key"].to_list() == [None]


def test_of_exact_copies_the_first_is_kept() -> None:
    """Whole-row duplicates are common; they say nothing new."""
    frame = rows("deaths", 2)
    assert faults("deaths", pl.concat([frame, frame, frame.head(1)])) == [
        (3, None, "duplicate_row"),
        (4, None, "duplicate_row"),
        (5, None, "duplicate_row"),
    ]


def test_rows_that_contradict_each_other_are_all_rejected() -> None:
    """Two dates of death for one person: nothing says which is right."""
    frame = rows("deaths", 4, record_key=[key(1), key(1), key(1), key(2)])
    again = pl.concat([frame, frame.head(1)])
    assert faults("deaths", again) == [
        (1, "record_key", "conflicting_key"),
        (2, "record_key", "conflicting_key"),
        (3, "record_key", "conflicting_key"),
        (5, None, "duplicate_row"),
    ]


def test_a_rejected_row_does_not_make_others_repeat() -> None:
    """Rows are judged one by one first; a row of the same key that is itself at fault does not count."""
    frame = rows("deaths", 2, record_key=key(1), underlying_cause=["not ICD-10", "X700"])
    assert faults("deaths", frame) == [(1, "underlying_cause", "wrong_pattern")]


def test_missing_parts_of_a_key_are_alike() -> None:
    """An assessment without factors has one row with a null factor, not two that differ."""
    day = [date(2024, 1, 1), date(2024, 1, 2)]
    frame = rows(
        "cin_assessments",
        2,
        record_key=key(1),
        referral_date=date(2023, 4, 1),
        assessment_start_date=date(2023, 5, 1),
        factor=pl.Series([None, None], dtype=pl.String).to_list(),
        internal_review_date=day,
    )
    assert [fault[2] for fault in faults("cin_assessments", frame)] == ["conflicting_key", "conflicting_key"]


def test_people_may_have_several_rows_of_tokens() -> None:
    """link_tokens has no primary key: only an exact copy is a repeat."""
    frame = rows("link_tokens", 2, record_key=key(1))
    assert faults("link_tokens", pl.concat([frame, frame.tail(1)])) == [(3, None, "duplicate_row")]


def judge(
    tmp_path: Path, home: Home, table: str, frame: pl.DataFrame, supplier: str = "bristol"
) -> TableVerdict:
    """The verdict on a table that went all the way through the gate."""
    verdict = read_verdict(home, judged(delivery(tmp_path, supplier, "2024-05", {table: frame}), home))
    assert verdict is not None
    return verdict.tables[table]


def test_kept_rows_carry_where_they_came_from(tmp_path: Path, home: Home) -> None:
    """Supplier, period, delivery, file and row number, beside the columns of the contract."""
    frame = rows("cin_children", 3, sex=["1", "x", "2"])
    there = judged(delivery(tmp_path, "bristol", "2024-05", {"cin_children": frame}), home)
    kept = pl.read_parquet(home.folder("validated", there) / "cin_children.parquet")
    assert kept.select(pl.col("^_.*$")).rows() == [
        ("bristol", "2024-05", "001", "cin_children.parquet", 1),
        ("bristol", "2024-05", "001", "cin_children.parquet", 3),
    ]
    assert kept.columns[:-5] == list(CONTRACTS["cin_children"].columns)


def test_a_verdict_counts_rejected_rows_by_first_reason(tmp_path: Path, home: Home) -> None:
    """kept + rejected = read, and every rejected row has one reason that counts."""
    frame = rows(
        "cin_children", 5, sex=["1", "x", "2", "9", "0"], ethnicity=["WBRI", None, None, "WBRI", "WBRI"]
    )
    verdict = judge(tmp_path, home, "cin_children", frame)
    assert (verdict.status, verdict.read, verdict.kept, verdict.rejected) == ("accepted", 5, 3, 2)
    assert verdict.reasons == {"missing_value": 1, "not_in_code_list": 1}


def test_counts_that_do_not_add_up_are_never_written() -> None:
    """A row that is neither kept nor rejected stops the pipeline."""
    with pytest.raises(LedgerError, match="kept \\+ rejected = read"):
        TableVerdict(table="deaths", status="accepted", read=3, kept=1, rejected=1, reasons={"wrong_type": 1})
    with pytest.raises(LedgerError, match="a reason for every rejected row"):
        TableVerdict(table="deaths", status="accepted", read=2, kept=1, rejected=1)


def test_a_table_with_mostly_bad_rows_is_refused_as_a_whole(tmp_path: Path, home: Home) -> None:
    """Something general is wrong, and the good half would mislead. Its rows are named as rejected too."""
    verdict = judge(tmp_path, home, "cin_children", rows("cin_children", 5, sex=["x", "x", "x", "1", "2"]))
    assert (verdict.status, verdict.kept, verdict.rejected) == ("refused", 0, 5)
    assert verdict.why == "60% of the rows were rejected; at most 50% may be"
    assert verdict.reasons == {"not_in_code_list": 3, "table_refused": 2}


def test_a_table_of_which_no_row_is_kept_is_refused(tmp_path: Path, home: Home) -> None:
    """A zero is a failure where rows were sent."""
    verdict = judge(tmp_path, home, "cin_children", rows("cin_children", 1, sex="x"))
    assert (verdict.status, verdict.why) == ("refused", "no row could be kept")


def test_an_empty_child_table_is_accepted(tmp_path: Path, home: Home) -> None:
    """A return without protection plans is a return."""
    verdict = judge(tmp_path, home, "cin_protection_plans", CONTRACTS["cin_protection_plans"].empty())
    assert (verdict.status, verdict.read, verdict.kept) == ("accepted", 0, 0)


def test_a_refused_table_does_not_take_the_others_with_it(tmp_path: Path, home: Home) -> None:
    """The delivery counts when one of its tables does."""
    tables = {
        "cin_children": rows("cin_children", 2),
        "cin_referrals": rows("cin_referrals", 2, primary_need="x"),
    }
    there = judged(delivery(tmp_path, "bristol", "2024-05", tables), home)
    verdict = read_verdict(home, there)
    assert verdict is not None
    assert {name: table.status for name, table in verdict.tables.items()} == {
        "cin_children": "accepted",
        "cin_referrals": "refused",
    }
    assert verdict.status == "accepted"


def test_a_delivery_without_any_good_table_is_refused(tmp_path: Path, home: Home) -> None:
    """What the supplier sent before stays in force."""
    there = judged(
        delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 1, sex="x")}), home
    )
    verdict = read_verdict(home, there)
    assert verdict is not None and verdict.status == "refused"
    assert pending(home) == []


def test_a_delivery_is_settled_when_every_table_is_judged(tmp_path: Path, home: Home) -> None:
    """The verdict on the whole is the sign that it counts."""
    tables = {"cin_children": rows("cin_children", 2), "link_tokens": rows("link_tokens", 2)}
    folder = delivery(tmp_path, "bristol", "2024-05", tables)
    there = receive(folder, home, CONTRACTS, SUPPLIERS).delivery
    assert there is not None
    validate_table(there, home, CONTRACTS["cin_children"])
    assert settle(there, home) is None
    assert pending(home) == [there]
    validate_table(there, home, CONTRACTS["link_tokens"])
    settled = settle(there, home)
    assert settled is not None and settled.status == "accepted"


def test_tokens_stay_in_the_restricted_zone(tmp_path: Path, home: Home) -> None:
    """Kept and rejected alike; only the counts are open."""
    frame = rows("link_tokens", 3, la_code=["E06000023", "E06000023", "nowhere"])
    there = judged(delivery(tmp_path, "bristol", "2024-05", {"link_tokens": frame}), home)
    assert (home.folder("validated", there, restricted=True) / "link_tokens.parquet").exists()
    assert (home.folder("rejected", there, restricted=True) / "link_tokens.parquet").exists()
    open_files = [p.name for p in home.root.rglob("*") if p.is_file() and home.restricted not in p.parents]
    assert sorted(open_files) == [
        "link_tokens.verdict.json",
        "manifest.json",
        "received.sha256",
        "verdict.json",
    ]
    assert Manifest.read(home.folder("landing", there)).tables["link_tokens"].rows == 3


def test_the_same_delivery_gives_the_same_files(tmp_path: Path, home: Home) -> None:
    """Byte for byte, so that a content hash can say that nothing changed."""
    first = judge(tmp_path, home, "cin_children", rows("cin_children", 50, sex=["x", *["1"] * 49]))
    second = judge(
        tmp_path,
        Home(tmp_path / "other").ensure(),
        "cin_children",
        rows("cin_children", 50, sex=["x", *["1"] * 49]),
    )
    assert first.sha256 == second.sha256
