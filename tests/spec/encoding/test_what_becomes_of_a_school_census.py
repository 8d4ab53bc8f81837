"""What becomes of a school census.

A council encodes the tables of one term as its database holds them. Pupils on roll and those who have left
share a table, as do their exclusions and their sessions.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outcome_linkage.delivery.refusal import RawInputRefused
from tests.desk import Desk

PUPILS = """pupilonrolltableid,NativeId,dob,surname,forename,formersurname,upn,sex,entrydate,\
pupilonrollorderseqcolumn,schoolcensustableid,termlysessionspossible,ethnicity,enrolstatus,senprovision,ncyearactual
p1,SCH7,2013-Jul-19 00:00:00,Lee,Ann,,H801200001001,F,2023-May-09 00:00:00,1,c1,134.0,WBRI,C,K,7
p2,SCH7,2012-Feb-02 00:00:00,Ray,Bo,Roe,,M,2022-Sep-01 00:00:00,2,c1,130.0,APKN,C,N,8
"""
LEFT = """pupilnolongeronrolltableid,NativeId,dob,surname,forename,upn,sex,entrydate,leavingdate,\
pupilnolongeronrollorderseqcolumn,schoolcensustableid
p1,SCH2,2013-Jul-19 00:00:00,Lee,Ann,H801200001001,F,2020-Sep-01 00:00:00,2023-May-08 00:00:00,1,c2
"""
EXCLUSIONS = """pupilonrolltableid,NativeId,termlyexclusionsonrolltableid,\
termlyexclusionsonrollorderseqcolumn,startdate,sessions,reason1,reason2,reason3,category,senprovision
p1,SCH7,e1,1,2025-Feb-14 00:00:00,10.0,DB,PA,,SUSP,K
p1,SCH7,e2,2,2025-Mar-02 00:00:00,4.0,DM,,,SUSP,K
"""
SESSIONS = """pupilonrolltableid,NativeId,termlysessiondetailsonrolltableid,\
termlysessiondetailsonrollorderseqcolumn,sessions,attendancereason
p1,SCH7,s1,1,6.0,I
p2,SCH7,s2,2,12.0,U
"""
ADDRESSES = """pupilonrolltableid,NativeId,addressestableid,addressesorderseqcolumn,postcode,addressline1
p1,SCH7,a1,1,BS1 4ST,1 High Street
p1,SCH7,a2,2,BS8 1TH,2 Low Street
"""
CENSUS = """schoolcensustableid,NativeId,schoolcensusorderseqcolumn,term,year,lea,estab,urn
c1,SCH7,1,Spring,2025,801,4001,
c2,SCH2,2,Spring,2025,801,4002,123456
"""
SENNEEDS = (
    "pupilonrolltableid,NativeId,senneedstableid,senneedsorderseqcolumn,sentyperank\np1,SCH7,n1,1,1.0\n"
)


def files(desk: Desk, term: str = "2025_spring", **texts: str) -> list[Path]:
    """The files of one term."""
    held = {"pupilonroll": PUPILS, "pupilnolongeronroll": LEFT, "termlyexclusionsonroll": EXCLUSIONS, **texts}
    return [desk.file(f"{term}_{name}.csv", text) for name, text in held.items() if text]


def test_pupils_exclusions_and_sessions_become_tables(desk: Desk) -> None:
    """Each says which term it is of. What hangs on a pupil carries the pupil's key."""
    report = desk.encode(files(desk, termlysessiondetailsonroll=SESSIONS), "school_census")
    pupils = desk.delivered(report, "school_pupils")
    assert pupils.select("academic_year", "term", "roll", "entry_date", "leaving_date").rows() == [
        (2025, "SPR", "on", date(2023, 5, 9), None),
        (2025, "SPR", "on", date(2022, 9, 1), None),
        (2025, "SPR", "off", date(2020, 9, 1), date(2023, 5, 8)),
    ]
    assert pupils.select("birth_month", "nc_year_actual", "termly_sessions_possible").row(0) == (
        date(2013, 7, 1),
        "7",
        134,
    )
    first, second, third = pupils["record_key"]
    assert first == third != second
    exclusions = desk.delivered(report, "school_exclusions")
    assert exclusions.select("record_key", "school_id", "start_date", "reason1", "sessions").rows() == [
        (first, "SCH7", date(2025, 2, 14), "DB", 10.0),
        (first, "SCH7", date(2025, 3, 2), "DM", 4.0),
    ]
    sessions = desk.delivered(report, "school_sessions")
    assert sessions.select("record_key", "term", "attendance_reason", "sessions").rows() == [
        (first, "SPR", "I", 6),
        (second, "SPR", "U", 12),
    ]
    assert not any(table.unreadable for table in report.tables.values())


def test_a_pupil_is_known_by_number_and_an_exclusion_by_what_it_was(desk: Desk) -> None:
    """Row ids are new each term: the same exclusion told again is one, and its pupil the same."""
    spring = desk.encode(files(desk), "school_census")
    text = {
        "pupilonroll": PUPILS.replace("p1", "q9"),
        "termlyexclusionsonroll": EXCLUSIONS.replace("p1", "q9"),
    }
    text["termlyexclusionsonroll"] = text["termlyexclusionsonroll"].replace("e1", "f8")
    summer = desk.encode(files(desk, "2025_summer", **text), "school_census", period="2024-06")
    for column in ("record_key", "exclusion_id"):
        told = [desk.delivered(report, "school_exclusions")[column].to_list() for report in (spring, summer)]
        assert told[0] == told[1]
    keys = [desk.delivered(report, "school_pupils")["record_key"] for report in (spring, summer)]
    assert keys[0][0] == keys[1][0]
    assert keys[0][1] != keys[1][1], "without a number a pupil is known within one census only"


def test_two_pupils_with_one_number_are_two(desk: Desk) -> None:
    """A number that two dates of birth share is a slip, and makes nobody one."""
    text = PUPILS.replace("Roe,,", "Roe,H801200001001,")
    report = desk.encode(files(desk, pupilonroll=text, pupilnolongeronroll=""), "school_census")
    assert desk.delivered(report, "school_pupils")["record_key"].n_unique() == 2


def test_pupils_bring_their_tokens_one_row_for_each_address(desk: Desk) -> None:
    """Names and addresses become tokens; the area of the first address stands with the pupil."""
    lookup = desk.file("postcodes.csv", "postcode,lsoa21\nBS1 4ST,E01014485\nBS8 1TH,E01014486\n")
    raw = files(desk, addresses=ADDRESSES, pupilnolongeronroll="")
    report = desk.encode(raw, "school_census", postcodes=lookup)
    assert desk.delivered(report, "school_pupils")["lsoa21"].to_list() == ["E01014485", None]
    assert desk.delivered(report, "link_tokens").height == 3


def test_the_census_says_its_term_and_the_public_number_of_each_school(desk: Desk) -> None:
    """Then files may be called anything. A number is the URN, else council and establishment."""
    report = desk.encode(files(desk, "export", schoolcensus=CENSUS), "school_census")
    schools = desk.delivered(report, "school_pupils")["school_id"].to_list()
    assert (report.collection_year, schools) == (2025, ["8014001", "8014001", "123456"])


def test_an_id_of_a_school_that_is_no_public_number_is_left_out(desk: Desk) -> None:
    """The pupils go out without their school, and are counted."""
    text = PUPILS.replace("SCH7", "St Mary's")
    report = desk.encode(files(desk, pupilonroll=text, termlyexclusionsonroll=""), "school_census")
    assert desk.delivered(report, "school_pupils")["school_id"].to_list() == [None, None, "SCH2"]
    assert report.tables["school_pupils"].repairs == {"school_without_number": 2}


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("2024_autumn", (2025, "AUT")),
        ("2024-25 Autumn", (2025, "AUT")),
        ("Aut 2024", (2025, "AUT")),
        ("spr_2025", (2025, "SPR")),
        ("2025 Summer v2", (2025, "SUM")),
    ],
)
def test_the_school_year_is_that_in_which_it_ends(desk: Desk, name: str, term: tuple[int, str]) -> None:
    """The autumn of 2024 belongs to the school year that ends in 2025."""
    report = desk.encode(files(desk, name, pupilnolongeronroll=""), "school_census")
    assert desk.delivered(report, "school_pupils").select("academic_year", "term").row(0) == term


@pytest.mark.parametrize(
    "name", ["2025", "spring", "2025_midsummer", "2025_spring_and_summer", "consummate_2025"]
)
def test_a_term_that_is_not_certain_is_asked_for(desk: Desk, name: str) -> None:
    """No term, no year, or two; a longer word is none."""
    with pytest.raises(RawInputRefused, match="no_term"):
        desk.encode(files(desk, name), "school_census")


def test_a_table_without_a_contract_is_named_and_left(desk: Desk) -> None:
    """A council may give every table of the census."""
    report = desk.encode(files(desk, senneeds=SENNEEDS), "school_census")
    assert report.skipped == ("senneeds",)


def test_no_time_is_claimed(desk: Desk) -> None:
    """A census tells of the term before: which days it is complete for is for the council to say."""
    report = desk.encode(files(desk), "school_census")
    assert desk.manifest(report).tables["school_exclusions"].covers_from is None


def test_exclusions_without_their_pupils_are_refused(desk: Desk) -> None:
    """Nobody could be linked."""
    raw = desk.file("2025_spring_exclusions.csv", EXCLUSIONS)
    with pytest.raises(RawInputRefused, match="expected the pupils of the census"):
        desk.encode(raw, "school_census")


def test_an_exclusion_of_a_pupil_who_is_not_there_is_kept(desk: Desk) -> None:
    """Under a key of its own, so that no row is lost."""
    text = EXCLUSIONS.replace("p1,SCH7,e2", "p9,SCH7,e2")
    report = desk.encode(files(desk, termlyexclusionsonroll=text), "school_census")
    keys = desk.delivered(report, "school_exclusions")["record_key"]
    assert keys.null_count() == 0
    assert keys[1] not in set(desk.delivered(report, "school_pupils")["record_key"])
