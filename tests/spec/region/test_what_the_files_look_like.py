"""What the raw files of the invented region look like: the real formats, with the faults that real ones have.

Each fault is declared once (`faults.FILE_FAULTS`) and lies where the table says, so that a reader of a
rejected row can find out why it is there.
"""

from __future__ import annotations

import polars as pl
import pytest
from lxml import etree

from outcome_linkage.synthetic.agencies.need import need_records
from outcome_linkage.synthetic.faults import FILE_FAULTS, IDENTITY_ERRORS
from outcome_linkage.synthetic.files.cin_xml import Census, children_xml
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import books
from outcome_linkage.synthetic.region import Region
from outcome_linkage.synthetic.window import DELIVERIES, DeliveryPlan, plans
from tests.region import raw, raw_text

pytestmark = pytest.mark.slow

BRISTOL, NORTH, SOUTH = (plans(name)[-1] for name in ("bristol", "north_somerset", "south_gloucestershire"))
POLICE, BOARD = plans("avon_somerset_police")[0], plans("bnssg_icb")[0]


def test_the_return_of_children_looked_after(region: Region) -> None:
    """Upper-case headers in the order of the return, dates as dd/mm/YYYY, sex by letter since 2025."""
    header, episodes = (raw(region, SOUTH, f"ssda903_{module}") for module in ("header", "episodes"))
    assert header.columns[:7] == ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
    assert " ".join(episodes.columns[:13]) == (
        "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN"
    )
    assert episodes["DECOM"].str.contains(r"^\d\d/\d\d/\d{4}$").all()
    assert header["SEX"].is_in(["F", "M", "U"]).all()


def test_an_episode_begins_on_the_day_on_which_the_one_before_ends(region: Region) -> None:
    """DEC equals the next DECOM, which is legal; the reason that it ended is then X1."""
    parts = [raw(region, plan, "ssda903_episodes") for plan in DELIVERIES if plan.collection_year == 2026]
    episodes = pl.concat([part.select("CHILD", "DECOM", "DEC", "REC") for part in parts])
    ended = episodes.filter(pl.col("REC") == "X1")
    assert ended.height > 0
    key = pl.col("CHILD").str.strip_chars().str.to_uppercase()
    starts = episodes.select(key, "DECOM")
    assert ended.select(key, DECOM="DEC").join(starts, on=["CHILD", "DECOM"], how="anti").is_empty()


def test_the_census_of_children_in_need(region: Region) -> None:
    """XML with a header for its year; factors inside assessments; `21` (none) stands alone."""
    root = etree.parse(str(region.files[BRISTOL]["cin"])).getroot()
    assert root.findtext(".//Collection") == "CIN"
    assert root.findtext(".//Year") == "2026"
    assert len(root.findall("Children/Child")) > 20
    factors = [[f.text for f in a] for a in root.iter("FactorsIdentifiedAtAssessment")]
    assert ["21"] in factors
    assert all(len(listed) == 1 for listed in factors if "21" in listed)


def test_a_census_says_only_what_was_known_at_the_end_of_the_year(region: Region) -> None:
    """No date in it lies after 31 March."""
    for plan in plans("bristol"):
        root = etree.parse(str(region.files[plan]["cin"])).getroot()
        dates = [e.text for e in root.iter() if e.tag.endswith(("Date", "date", "CPC"))]
        assert max(dates) <= f"{plan.collection_year}-03-31"


def test_a_whole_file_may_be_odd(region: Region) -> None:
    """A byte-order mark, UTF-16, columns without a header, dates as schools write them, unlisted columns."""
    first = region.files[BRISTOL]["link_tokens"].read_bytes()[:3]
    assert first == b"\xef\xbb\xbf"
    assert region.files[NORTH]["school_exclusions"].read_bytes()[:2] == b"\xff\xfe"
    assert raw_text(region, SOUTH, "link_tokens").splitlines()[0].endswith(",,")
    assert raw(region, SOUTH, "school_exclusions")["start_date"].str.contains(r"^\d{4}-[A-Z][a-z]{2}-").all()
    assert "NOTES" in raw(region, POLICE, "police_crimes").columns


def test_ids_are_padded_or_in_lower_case_here_and_there(region: Region) -> None:
    """They are the same ids."""
    assert raw(region, NORTH, "link_tokens")["record_key"].str.contains("^ +NSM").any()
    assert raw(region, BRISTOL, "link_tokens")["record_key"].str.contains("^brs").any()


def test_whole_rows_are_repeated(region: Region) -> None:
    """In the board's tables of events."""
    assert raw(region, BOARD, "ecds_attendances").is_duplicated().any()


def test_empty_cells_hold_words_for_no_value(region: Region) -> None:
    """`nan`, `None` and `NaT` among truly empty cells."""
    text = raw_text(region, BOARD, "ecds_attendances")
    assert all(f",{word}," in text for word in ("nan", "None", "NaT"))


@pytest.mark.parametrize(
    ("plan", "table", "column", "value"),
    [
        (POLICE, "police_crimes", "ho_offence_code", "999Z"),
        (POLICE, "police_incidents", "incident_date", "2024-02-31"),
        (BOARD, "ecds_attendances", "attendance_category", "9"),
    ],
)
def test_a_few_values_are_wrong(
    region: Region, plan: DeliveryPlan, table: str, column: str, value: str
) -> None:
    """Codes that no list holds, a day that no month has."""
    wrong = (raw(region, plan, table)[column] == value).mean()
    assert 0 < wrong < 0.02


def test_referral_ids_have_ten_digits(region: Region) -> None:
    """As NHS numbers have: the gate must tell the two apart."""
    assert raw(region, BOARD, "mhsds_referrals")["referral_id"].str.contains(r"^\d{10}$").all()


def test_every_fault_is_listed_with_the_truth(region: Region) -> None:
    """Both tables of faults lie beside the deliveries."""
    files, errors = (pl.read_csv(region.truth / f"{name}.csv") for name in ("file_faults", "identity_errors"))
    assert files["name"].to_list() == [fault.name for fault in FILE_FAULTS]
    assert errors["name"].to_list() == [error.name for error in IDENTITY_ERRORS]


def test_a_child_may_be_in_need_before_birth(lives: Lives) -> None:
    """Then the census has an expected date of birth, sex U, and no date of birth."""
    need, born = need_records(lives), lives.people.select("who", "birth")
    early = need.cases.join(born, on="who").filter(pl.col("referral") < pl.col("birth"))
    assert early.height > 5
    case = early.row(0, named=True)
    held = books(lives, case["supplier"], need.known().select("who", "known"), equal_errors=False)
    plan = DeliveryPlan(case["supplier"], "2026-07", case["referral"], case["birth"] - 1, 2026)
    children = children_xml(Census(lives, need, held, plan))
    unborn = children.filter(children.str.contains("<ExpectedPersonBirthDate>"))
    assert len(unborn) > 0
    assert unborn.str.contains("<Sex>U</Sex>").all()
    assert not unborn.str.contains("<PersonBirthDate>").any()
