"""What the privacy gate refuses.

A delivery is judged by rules before anything of it is read into the pipeline. The gate repeats rule
names and counts, never a value.
"""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.manifest import MANIFEST
from outcome_linkage.delivery.receiving.finding import RULES
from outcome_linkage.delivery.receiving.privacy import Finding, inspect, inspect_frame
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, rows, vectors

REFERRALS = CONTRACTS["mhsds_referrals"]
NHS_NUMBERS = ["9434765919", "9434765870", "4010232137"]


def gate(folder: Path, expected: dict[str, int] | None = None) -> dict[str, int]:
    """Rule names and counts of what the gate finds in a folder."""
    return inspect(folder, CONTRACTS, SUPPLIERS, expected).counts


def found(table: str, **columns: object) -> dict[str, int]:
    """Rule names and counts of what the gate finds in a table of which some columns are replaced."""
    n = max(len(values) if isinstance(values, list) else 1 for values in columns.values())
    findings = inspect_frame(rows(table, n, **columns), CONTRACTS[table])
    return {finding.rule: finding.count for finding in findings}


@pytest.mark.parametrize("table", CONTRACTS)
def test_a_proper_delivery_of_any_table_comes_in(tmp_path: Path, table: str) -> None:
    """Every contract has a supplier who may deliver it, and rows to which the gate has no objection."""
    supplier = next(s.name for s in SUPPLIERS.values() if table in s.tables)
    folder = delivery(tmp_path, supplier, "2024-05", {table: rows(table, 60)})
    assert gate(folder, vectors()) == {}


def test_an_empty_child_table_comes_in(tmp_path: Path) -> None:
    """A return may hold a table without rows."""
    folder = delivery(
        tmp_path, "bristol", "2024-05", {"cin_assessments": CONTRACTS["cin_assessments"].empty()}
    )
    assert gate(folder) == {}


def test_a_folder_without_a_manifest_is_not_a_delivery(tmp_path: Path) -> None:
    """The manifest is written last: without it a supplier may still be copying."""
    assert gate(tmp_path) == {"no_manifest": 1}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"supplier": "Ann Other"}', '{"a": "\udcff"}'])
def test_a_manifest_must_be_valid(tmp_path: Path, text: str) -> None:
    """Whatever stands in it, the report repeats nothing of it."""
    (tmp_path / MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))
    report = inspect(tmp_path, CONTRACTS, SUPPLIERS)
    assert set(report.counts) == {"bad_manifest"}
    assert "Ann" not in str(report.findings[0])


def test_a_period_must_have_begun(tmp_path: Path) -> None:
    """A year mistyped would stand above every delivery until then."""
    children = {"cin_children": rows("cin_children", 2)}
    now = date.today()
    assert gate(delivery(tmp_path / "now", "bristol", f"{now:%Y-%m}", children)) == {}
    later = delivery(tmp_path / "later", "bristol", f"{now.year + 1}-01", children)
    assert gate(later) == {"period_to_come": 1}


def test_only_suppliers_of_the_catalogue_deliver(tmp_path: Path) -> None:
    """Suppliers are data: a new one is added to the catalogue first."""
    folder = delivery(tmp_path, "somewhere_else", "2024-05", {"cin_children": rows("cin_children", 2)})
    assert gate(folder) == {"unknown_supplier": 1}


def test_a_supplier_delivers_only_its_own_tables(tmp_path: Path) -> None:
    """The catalogue says which: a council does not deliver hospital episodes."""
    folder = delivery(tmp_path, "bristol", "2024-05", {"apc_episodes": rows("apc_episodes", 2)})
    assert gate(folder) == {"table_not_in_catalogue": 1}


def test_the_name_of_an_unknown_table_is_not_repeated(tmp_path: Path) -> None:
    """It may hold anything, even a person's name."""
    folder = delivery(tmp_path, "bristol", "2024-05", {"jane_roe": rows("cin_children", 2)})
    report = inspect(folder, CONTRACTS, SUPPLIERS)
    assert report.counts == {"table_not_in_catalogue": 1}
    assert "jane" not in str(report.findings)


def test_only_what_the_manifest_names_lies_in_the_folder(tmp_path: Path) -> None:
    """A forgotten export beside the delivery would otherwise come in, or be lost in silence."""
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 2)})
    rows("cin_referrals", 2).write_parquet(folder / "cin_referrals.parquet")
    (folder / "children.csv").write_text("forename\n")
    (folder / ".DS_Store").write_text("")
    assert gate(folder) == {"unlisted_table": 1, "unlisted_file": 1}


def test_a_file_is_the_one_that_the_manifest_describes(tmp_path: Path) -> None:
    """Same bytes, same number of rows; neither missing nor a link to somewhere else."""
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 3)})
    path = folder / "cin_children.parquet"
    rows("cin_children", 5).write_parquet(path)
    assert gate(folder) == {"hash_mismatch": 1, "rows_mismatch": 2}
    path.write_bytes(b"PAR1 not really")
    assert gate(folder) == {"hash_mismatch": 1, "unreadable_file": 1}
    path.unlink()
    assert gate(folder) == {"missing_file": 1}
    path.symlink_to(tmp_path / "elsewhere.parquet")
    rows("cin_children", 3).write_parquet(tmp_path / "elsewhere.parquet")
    assert gate(folder) == {"missing_file": 1}


def test_an_unlisted_column_refuses_the_file_and_is_named_only_if_it_is_a_known_header() -> None:
    """`Surname` names a field. Any other header could be a value, so that only its position is told."""
    frame = rows("cin_children", 2).with_columns(Surname=pl.lit("x"), jane_roe=pl.lit("x"))
    findings = inspect_frame(frame, CONTRACTS["cin_children"])
    assert findings == [
        Finding("cin_children", "surname", "unlisted_column", 1),
        Finding("cin_children", "an unlisted column (number 9)", "unlisted_column", 1),
    ]


def test_a_header_of_another_contract_may_be_repeated(tmp_path: Path) -> None:
    """It helps the supplier to see that a column went to the wrong table."""
    frame = rows("cin_children", 2).with_columns(decom=pl.lit("x"))
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": frame})
    assert inspect(folder, CONTRACTS).findings == [Finding("cin_children", "decom", "unlisted_column", 1)]


def test_a_column_that_may_not_be_empty_must_be_there() -> None:
    """A column that may be empty can be left out."""
    frame = rows("cin_children", 2).drop("ethnicity", "death_date")
    assert inspect_frame(frame, CONTRACTS["cin_children"]) == [
        Finding("cin_children", "ethnicity", "missing_column", 1)
    ]


@pytest.mark.parametrize(
    "value",
    [date(2010, 5, 17), datetime(2010, 5, 17), "2010-05-17", "17/05/2010", "20100517", 20100517, 40315],
)
def test_a_month_of_birth_has_no_day(value: object) -> None:
    """One date with a day other than the first is enough, whatever its type."""
    assert found("cin_children", birth_month=[value]) == {"full_date_of_birth": 1}


@pytest.mark.parametrize(
    "value", [date(2010, 5, 1), datetime(2010, 5, 1), "2010-05-01", "2010-05", "2010", None]
)
def test_a_month_of_birth_is_the_first_of_the_month(value: object) -> None:
    """A month written in another way is not a breach; its row is rejected later."""
    assert found("cin_children", birth_month=[value]) == {}


@pytest.mark.parametrize(
    "value", ["2010-05-17", "17/05/2010", "17.5.2010", "17 May 2010", "1/2/10", "2010-May-17"]
)
def test_a_full_date_belongs_in_a_date_column(value: str) -> None:
    """In any other column it may be a date of birth."""
    assert found("cin_children", upn_unknown=["UN1", value]) == {"full_date_of_birth": 1}
    assert found("cin_children", death_date=["2020-01-01", value]) == {}


@pytest.mark.parametrize(
    ("kind", "basis", "refused"),
    [
        ("carer", "social_work_record", False),
        ("parent", "social_work_record", False),
        ("parent", "birth_record", True),
        ("mother", "maternity_record", True),
        ("father", "social_work_record", True),
        ("sibling", "school_record", True),
    ],
)
def test_a_relationship_that_a_birth_began_has_no_first_day(kind: str, basis: str, refused: bool) -> None:
    """It would be somebody's date of birth; a carer, or a parent by adoption, may begin on any day."""
    said = found("relationships", kind=[kind], basis=[basis], valid_from=[date(2021, 3, 5)])
    assert said == ({"full_date_of_birth": 1} if refused else {})
    assert found("relationships", kind=[kind], basis=[basis], valid_from=[None]) == {}


def test_dates_without_separators_are_recognised_by_their_share() -> None:
    """Eight digits may be an id; a column in which most are dates is not a column of ids."""
    births = [f"2010{month:02d}{day:02d}" for month in range(1, 6) for day in range(1, 20)]
    assert found("mhsds_referrals", referral_id=births) == {"full_date_of_birth": 95}
    assert found("mhsds_referrals", referral_id=[str(20100000 + i) for i in range(900)]) == {}


@pytest.mark.parametrize("value", ["BS1 5AH", "bs15ah", "Flat 2, BS16  1QY", "SW1A 1AA"])
def test_a_postcode_refuses_the_file(value: str) -> None:
    """Places are told by small area (LSOA) only."""
    assert found("residence", lsoa21=["E01014485", value]) == {"postcode": 1}


@pytest.mark.parametrize("value", ["a.person@example.org", "see A.Person@council.gov.uk"])
def test_an_email_address_refuses_the_file(value: str) -> None:
    """In whatever column it stands."""
    assert found("cin_children", sex=["1", value]) == {"email": 1}


@pytest.mark.parametrize("value", ["B801200005001", "b801200005001", "UPN: B801200005001"])
def test_a_unique_pupil_number_refuses_the_file(value: str) -> None:
    """Known by its shape and check letter; another letter is not a pupil number."""
    assert found("cin_children", record_key=[value]) == {"upn": 1}
    assert found("cin_children", record_key=[value.upper().replace("B", "C")]) == {}


@pytest.mark.parametrize(
    "values",
    [
        NHS_NUMBERS,
        [f"{n[:3]} {n[3:6]} {n[6:]}" for n in NHS_NUMBERS],
        [int(n) for n in NHS_NUMBERS],
        [float(n) for n in NHS_NUMBERS],
        [",".join(NHS_NUMBERS), "248062006", None],
    ],
)
def test_nhs_numbers_refuse_the_file(values: list[object]) -> None:
    """As text, in groups, in a list, or as numbers: three different ones are more than chance explains."""
    assert set(found("ecds_attendances", diagnoses=values)) == {"nhs_numbers"}


def test_ten_digit_ids_are_not_nhs_numbers() -> None:
    """One in eleven passes the check digit by chance, so the share decides and not a single value."""
    assert found("mhsds_referrals", referral_id=[str(3_000_000_000 + 7 * i) for i in range(5000)]) == {}
    assert found("mhsds_referrals", referral_id=NHS_NUMBERS[:2]) == {}


def test_nhs_numbers_among_other_ids_are_found() -> None:
    """A few hundred among thousands of ids are beyond chance."""
    ids = [str(3_000_000_000 + 7 * i) for i in range(2000)]
    weights = range(10, 1, -1)
    stems = [f"{400_000_000 + 13 * i}" for i in range(400)]
    checks = [(11 - sum(w * int(d) for w, d in zip(weights, stem, strict=True)) % 11) % 11 for stem in stems]
    numbers = [f"{stem}{check}" for stem, check in zip(stems, checks, strict=True) if check < 10]
    assert "nhs_numbers" in found("mhsds_referrals", referral_id=ids + numbers)


def test_a_value_of_the_code_list_is_never_taken_for_an_identifier() -> None:
    """A column is judged by its own list or pattern first: ICD-10 with a filler looks like Glasgow."""
    assert found("apc_episodes", diag_01=["G35XD"]) == {}
    assert found("apc_episodes", disdest=["G35XD"]) == {"postcode": 1}


def test_a_type_that_cannot_be_looked_into_refuses_the_file() -> None:
    """Lists, structures and bytes could hide anything."""
    assert found("cin_children", sex=[["1"], ["2"]]) == {"uninspectable_column": 2}


def test_tokens_are_keyed_hashes(tmp_path: Path) -> None:
    """Signed 64-bit integers spread over their whole range; an identifier in clear is a small number."""
    assert found("link_tokens", sid_nhs=[str(n) for n in range(9)]) == {"token_type": 9}
    assert found("link_tokens", sid_nhs=[int(n) for n in NHS_NUMBERS]) == {"unkeyed_token": 3}


def test_a_common_token_is_a_warning() -> None:
    """Over 2 in 100 rows with one address are more often a placeholder than a place."""
    tokens = rows("link_tokens", 600)["tok_postcode"].to_list()
    findings = inspect_frame(
        rows("link_tokens", 600, tok_postcode=[tokens[0]] * 30 + tokens[30:]), CONTRACTS["link_tokens"]
    )
    assert findings == [Finding("link_tokens", "tok_postcode", "common_token", 30)]
    assert not findings[0].refuses


def test_people_whom_nobody_could_find_are_a_warning() -> None:
    """A national identifier, or surname and date of birth: without either a record links to nothing."""
    nobody = {name: [None] * 5 for name in ("sid_nhs", "sid_upn", "sid_pnc", "tok_surname")}
    findings = inspect_frame(rows("link_tokens", 5, **nobody), CONTRACTS["link_tokens"])
    assert findings == [Finding("link_tokens", None, "not_linkable", 5)]
    assert not findings[0].refuses
    with_numbers = rows("link_tokens", 5).with_columns(tok_surname=None, sid_nhs=None)
    assert inspect_frame(with_numbers, CONTRACTS["link_tokens"]) == []


def test_tokens_come_with_the_vectors_of_their_key(tmp_path: Path) -> None:
    """Without them nobody could tell one linkage key from another."""
    tables = {"link_tokens": rows("link_tokens", 3)}
    assert gate(delivery(tmp_path, "bristol", "2024-05", tables, test_vectors={})) == {"no_test_vectors": 1}
    assert gate(delivery(tmp_path, "bristol", "2024-06", tables, test_vectors={"x": 1})) == {
        "bad_manifest": 1
    }


def test_everyone_uses_one_linkage_key(tmp_path: Path) -> None:
    """Other vectors than those received so far, or rows that say so themselves, refuse the delivery."""
    tables = {"link_tokens": rows("link_tokens", 3)}
    other = delivery(tmp_path, "bristol", "2024-05", tables, test_vectors=vectors("another key"))
    assert gate(other, vectors()) == {"wrong_key": len(vectors())}
    mixed = delivery(tmp_path, "bristol", "2024-06", tables, key_version="ffffffff")
    assert gate(mixed, vectors()) == {"wrong_key": 3}


def test_a_report_quotes_no_value(tmp_path: Path) -> None:
    """What was found is told by rule, place and count, with what to do."""
    secrets = ["9434765919", "B801200005001", "BS1 5AH", "a.person@example.org", "2010-05-17"]
    frame = rows("cin_children", 5, upn_unknown=secrets).with_columns(pl.lit("x").alias("Ann Other"))
    report = inspect(delivery(tmp_path, "bristol", "2024-05", {"cin_children": frame}), CONTRACTS, SUPPLIERS)
    told = repr(report.findings) + "".join(str(finding) for finding in report.findings)
    assert report.refused
    assert not any(secret in told for secret in [*secrets, "Ann", str(tmp_path)])
    assert "Expected" in str(report.findings[0])


def test_every_rule_says_what_to_do() -> None:
    """Found, expected and what to do: a supplier needs all three."""
    assert all(rule.found and rule.expected and rule.todo for rule in RULES.values())


def test_the_gate_changes_nothing(tmp_path: Path) -> None:
    """It only reads, so that a supplier can run it on the spot."""
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 3)})
    shutil.copytree(folder, tmp_path / "before")
    gate(folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "before").iterdir()
    }
