"""National names.

Extracts of HES, ECDS and MHSDS come with the column names of those data sets. They are read as they come, and
so are the common names of what identifies people.
"""

from __future__ import annotations

from datetime import date

import pytest

from outcome_linkage.delivery.formats.national import HEADERS, PEOPLE, headers_of
from outcome_linkage.delivery.reading.header import header_name
from outcome_linkage.delivery.refusal import RawInputRefused
from schemas.catalogue import CONTRACTS
from tests.desk import Desk

ECDS = """EC_Ident,TOKEN_PERSON_ID,Arrival_Date,Arrival_Time,EC_AttendanceCategory,\
EC_Chief_Complaint_SNOMED_CT,EC_Diagnosis_01,EC_Diagnosis_02,Month_of_Birth,Year_of_Birth,Der_Dupe_Flag
77,abc,2024-01-05,09:05:00.0000000,1,248062006,72431002,,4,2011,0
78,abc,2024-02-05,10:05:00.0000000,1,248062006,72431002,248062006,4,2011,1
"""
APC = """EPIKEY,ENCRYPTED_HESID,PROCODE3,ADMIDATE,EPISTART,EPIEND,DISDATE,ADMIMETH,EPIORDER,EPISTAT,EPITYPE,\
DIAG_01,MYDOB,SEX,LSOA11
1,abc,RA7,2024-01-05,2024-01-05,2024-01-06,1800-01-01,21,1,3,1,F321,042011,2,E01014485
"""
REFERRALS = """UniqServReqID,Person_ID,ReferralRequestReceivedDate,SourceOfReferralMH,PrimReasonReferralMH,\
OrgIDProv
r1,abc,2024-01-05,A1,1,RVN
"""


def test_an_emergency_attendance(desk: Desk) -> None:
    """Diagnoses in several columns become one list; month and year of birth one month."""
    report = desk.encode(desk.file("ecds.csv", ECDS), "ecds_attendances", "bnssg_icb")
    sent = desk.delivered(report, "ecds_attendances")
    assert sent.select("arrival_time", "chief_complaint", "diagnoses", "birth_month", "duplicate").rows() == [
        ("09:05:00", "248062006", "72431002", date(2011, 4, 1), False),
        ("10:05:00", "248062006", "72431002,248062006", date(2011, 4, 1), True),
    ]
    assert sent["record_key"].n_unique() == 1
    assert report.tables["ecds_attendances"].unlisted_headers == 0


def test_an_admission(desk: Desk) -> None:
    """A month of birth as MMYYYY; the day 1 January 1800 is none."""
    report = desk.encode(desk.file("apc.csv", APC), "apc_episodes", "bnssg_icb")
    sent = desk.delivered(report, "apc_episodes")
    assert sent.select("epiend", "disdate", "diag_01", "birth_month", "lsoa11").row(0) == (
        date(2024, 1, 6),
        None,
        "F321",
        date(2011, 4, 1),
        "E01014485",
    )


def test_a_referral_and_the_person_it_is_about(desk: Desk) -> None:
    """The id of a person is one in every extract of a supplier, whatever its column is called."""
    referrals = desk.encode(desk.file("mhs101.csv", REFERRALS), "mhsds_referrals", "bnssg_icb")
    sent = desk.delivered(referrals, "mhsds_referrals")
    assert sent.select("referral_date", "primary_reason", "provider").row(0) == (
        date(2024, 1, 5),
        "01",
        "RVN",
    )
    ecds = desk.encode(desk.file("ecds.csv", ECDS), "ecds_attendances", "bnssg_icb")
    assert desk.delivered(ecds, "ecds_attendances")["record_key"][0] == sent["record_key"][0]


def test_common_names_of_what_identifies_people(desk: Desk) -> None:
    """The same tokens come of them as of our names."""
    ours = "record_key,forename,surname,dob,postcode,nhs_number\n1,Ann,Lee,1990-03-01,BS1 4ST,9434765919\n"
    people = ours.splitlines(keepends=True)[1]
    theirs = f"Record Key,First Name,Last-Name,Date of Birth,Post Code,NHS No\n{people}"
    tokens = [
        desk.delivered(desk.encode(desk.file("p.csv", text), "link_tokens", period=period), "link_tokens")
        for text, period in ((ours, "2024-05"), (theirs, "2024-06"))
    ]
    assert tokens[0].equals(tokens[1])


def test_two_columns_that_mean_one_must_agree(desk: Desk) -> None:
    """Where they say different things nobody can tell which is meant."""
    text = "record_key,dob,date_of_birth\n1,1990-03-01,1990-03-02\n2,1990-03-01,\n"
    with pytest.raises(
        RawInputRefused, match=r"one column for dob; .* \(columns B and C\), which differ in 1 row"
    ):
        desk.encode(desk.file("p.csv", text), "link_tokens")


@pytest.mark.parametrize("table", HEADERS)
def test_no_name_means_two_columns(table: str) -> None:
    """Nor is a name of one column that of another."""
    columns = {*CONTRACTS[table].columns, *PEOPLE}
    own = {header_name(name): name for name in columns}
    names = headers_of(table, dict.fromkeys(columns))
    assert names
    assert len({header_name(header) for header in names}) == len(names)
    assert all(own.get(header_name(header), column) == column for header, column in names.items())
