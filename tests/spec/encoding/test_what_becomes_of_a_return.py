"""What becomes of a statutory return.

A council encodes the files that it sends to the Department for Education, as they are. One command writes
every table of the return, and the tokens by which its children can be linked.
"""

from __future__ import annotations

from datetime import date

import pytest

from outcome_linkage.delivery.refusal import RawInputRefused
from tests.desk import Desk

HEADER = """CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
0012,1,11/07/2015,WBRI,UN1,0,
0013,2,02/03/2006,APKN,UN1,1,08/03/2022
"""
EPISODES = """CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
0012,02/12/2022,S,C2,N5,U5,PR4,16/05/2023,X1,CREQB,BS1 4ST,BS8 1TH,SC123456
0012,16/05/2023,P,C2,N5,U4,PR1,26/09/2023,E4A,,BS1 4ST,BS3 1AA,SC123457
0013,01/04/2023,S,V2,N1,U1,PR0,,,,BS8 1TH,,
"""
MODULES = {
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE\n0012,11/07/2015,01/05/2023,PN0\n",
    "uasc": "CHILD,SEX,DOB,DUC\n0012,1,11/07/2015,11/07/2033\n",
    "oc2": "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,"
    "HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n0012,11/07/2015,18,,0,1,1,0,1,0,,\n",
    "oc3": "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\n",
    "ad1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\n"
    "0012,11/07/2015,01/06/2023,08/06/2023,0,2,MF,L11\n",
    "placed_adoption": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
    "0012,11/07/2015,01/07/2023,08/08/2023,RD1\n",
    "prev_perm": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\n0012,11/07/2015,P1,,zz/05/2020\n",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END\n0012,11/07/2015,M,02/09/2023,03/09/2023\n",
    "social_worker": "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n0012,11/07/2015,SW77,02/12/2022,,MANAGE\n",
}
DOCUMENT = """<EXPSSDA903><CHILD><HEADER>
  <CHILDID>0012</CHILDID><SEX>1</SEX><DOB>11/07/2015</DOB><ETHNIC>WBRI</ETHNIC><UPN>UN1</UPN>
  <UASC>1</UASC><DUC>11/07/2033</DUC>
  <DATE_INT>01/06/2023</DATE_INT><DATE_MATCH>08/06/2023</DATE_MATCH><FOSTER_CARE>0</FOSTER_CARE>
  <NB_ADOPTR>2</NB_ADOPTR><SEX_ADOPTR>MF</SEX_ADOPTR><LS_ADOPTR>L11</LS_ADOPTR>
  <AREVIEW><REVIEW>01/05/2023</REVIEW><REVIEW_CODE>PN0</REVIEW_CODE></AREVIEW>
  <AMISSING><MISSING>M</MISSING><MIS_START>02/09/2023</MIS_START><MIS_END>03/09/2023</MIS_END></AMISSING>
  <MOTHER>0</MOTHER><MC_DOB/>
  <PERMANENCE><PREV_PERM>P1</PREV_PERM><LA_PERM/><DATE_PERM>zz/05/2020</DATE_PERM></PERMANENCE>
  <AD_PLACED><DATE_PLACED>01/07/2023</DATE_PLACED><DATE_PLACED_CEASED>08/08/2023</DATE_PLACED_CEASED>
    <REASON_PLACED_CEASED>RD1</REASON_PLACED_CEASED></AD_PLACED>
  <OC2><SDQ_SCORE>18</SDQ_SCORE><CONVICTED>0</CONVICTED><HEALTH_CHECK>1</HEALTH_CHECK>
    <IMMUNISATIONS>1</IMMUNISATIONS><TEETH_CHECK>0</TEETH_CHECK><HEALTH_ASSESSMENT>1</HEALTH_ASSESSMENT>
    <SUBSTANCE_MISUSE>0</SUBSTANCE_MISUSE></OC2>
</HEADER>
<SOCIAL_WORKER><SW_ID>SW77</SW_ID><SW_DECOM>02/12/2022</SW_DECOM><SW_REASON>MANAGE</SW_REASON></SOCIAL_WORKER>
</CHILD><CHILD><HEADER><CHILDID>0013</CHILDID><SEX>2</SEX><DOB>02/03/2006</DOB><ETHNIC>APKN</ETHNIC>
  <UPN>UN1</UPN><MOTHER>1</MOTHER><MC_DOB>08/03/2022</MC_DOB></HEADER></CHILD></EXPSSDA903>
"""
POSTCODES = "postcode,lsoa21\nBS14ST,E01014485\nbs8 1th,E01014486\n"
CENSUS = """<Message>
  <Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year></CollectionDetails></Header>
  <Children>{children}</Children>
</Message>"""
CHILD = """<Child>
  <ChildIdentifiers>
    <LAchildID>0012</LAchildID><PersonBirthDate>2015-07-11</PersonBirthDate>{sex}
  </ChildIdentifiers>
  <ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>
  <CINdetails>
    <CINreferralDate>2022-10-06</CINreferralDate><ReferralSource>1A</ReferralSource>
    <PrimaryNeedCode>N4</PrimaryNeedCode><ReferralNFA>{nfa}</ReferralNFA>
    {inside}
  </CINdetails>
</Child>"""


def census(year: int, sex: str = "<Sex>M</Sex>", nfa: str = "0", inside: str = "") -> str:
    """A census with one child and one referral."""
    return CENSUS.format(year=year, children=CHILD.format(sex=sex, nfa=nfa, inside=inside))


def test_header_and_episodes_become_two_tables_and_tokens(desk: Desk) -> None:
    """Both modules are known by their columns, whatever their files are called. The collection year is in
    the names: 2023-24 ends in 2024."""
    files = [desk.file("export 2023-24 (a).csv", HEADER), desk.file("export 2023-24 (b).csv", EPISODES)]
    report = desk.encode(files, "ssda903")
    assert {name: table.rows for name, table in report.tables.items()} == {
        "ssda903_header": 2,
        "ssda903_episodes": 3,
        "link_tokens": 2,
    }
    manifest = desk.manifest(report)
    episodes = manifest.tables["ssda903_episodes"]
    assert (episodes.collection_year, episodes.mode) == (2024, "period")
    assert (episodes.covers_from, episodes.covers_to) == (date(2023, 4, 1), date(2024, 3, 31))
    assert [(file.name, file.rows) for file in episodes.source_files] == [("export_2023-24__b_.csv", 3)]


def test_every_module_becomes_a_table(desk: Desk) -> None:
    """Those about one child among many, such as care leavers, may be empty."""
    files = [desk.file(f"2024_{name}.csv", text) for name, text in {**MODULES, "header": HEADER}.items()]
    report = desk.encode(files, "ssda903")
    rows = {name.removeprefix("ssda903_"): table.rows for name, table in report.tables.items()}
    assert rows == {**dict.fromkeys(MODULES, 1), "oc3": 0, "header": 2, "link_tokens": 2}
    assert report.skipped == ()
    assert sum(sum(table.unreadable.values()) for table in report.tables.values()) == 0
    keys = set(desk.delivered(report, "ssda903_header")["record_key"])
    for name in MODULES:
        assert set(desk.delivered(report, f"ssda903_{name}")["record_key"]) <= keys


@pytest.mark.slow
def test_xml_and_csv_say_the_same(desk: Desk) -> None:
    """The XML of the return has all of a child in one element: its tables are those of the CSV files."""
    files = [desk.file(f"2024_{name}.csv", text) for name, text in MODULES.items()]
    by_csv = desk.encode([*files, desk.file("2024_header.csv", HEADER)], "ssda903")
    by_xml = desk.encode(desk.file("903_2024.xml", DOCUMENT), "ssda903", out=desk.root / "other")
    for name in ("header", *MODULES):
        tables = [desk.delivered(report, f"ssda903_{name}") for report in (by_csv, by_xml)]
        assert tables[0].equals(tables[1]), name
    tokens = [desk.delivered(report, "link_tokens").drop("valid_from") for report in (by_csv, by_xml)]
    assert tokens[0].equals(tokens[1])


@pytest.mark.parametrize(
    ("written", "sent"),
    [("12/05/2020", "2020-05"), ("zz/05/2020", "2020-05"), ("zz/zz/2020", "2020"), ("zz/zz/zzzz", None)],
)
def test_a_date_known_in_part_keeps_that_part(desk: Desk, written: str, sent: str | None) -> None:
    """The return writes `zz` for the day, month or year of an earlier order that nobody knows."""
    raw = desk.file("2024_prev_perm.csv", MODULES["prev_perm"].replace("zz/05/2020", written))
    report = desk.encode([desk.file("2024_header.csv", HEADER), raw], "ssda903")
    assert desk.delivered(report, "ssda903_prev_perm")["date_perm"].to_list() == [sent]


def test_births_are_cut_to_their_month_and_homes_to_their_area(desk: Desk) -> None:
    """Postcodes become small areas by the lookup that the council gives. A postcode that it does not hold
    is counted and leaves no trace."""
    files = [desk.file("2024_header.csv", HEADER), desk.file("2024_episodes.csv", EPISODES)]
    report = desk.encode(files, "ssda903", postcodes=desk.file("postcodes.csv", POSTCODES))
    header = desk.delivered(report, "ssda903_header")
    assert header["birth_month"].to_list() == [date(2015, 7, 1), date(2006, 3, 1)]
    assert header["mc_birth_month"].to_list() == [None, date(2022, 3, 1)]
    assert header["mother"].to_list() == [False, True]
    episodes = desk.delivered(report, "ssda903_episodes")
    assert episodes["home_lsoa21"].to_list() == ["E01014485", "E01014485", "E01014486"]
    assert episodes["pl_lsoa21"].to_list() == ["E01014486", None, None]
    assert report.tables["ssda903_episodes"].without_area == {"pl_lsoa21": 1}


def test_a_home_holds_for_as_long_as_the_episodes_that_name_it(desk: Desk) -> None:
    """Episodes in a row from the same home are one stay. The stay is open while an episode is."""
    files = [desk.file("2024_header.csv", HEADER), desk.file("2024_episodes.csv", EPISODES)]
    report = desk.encode(files, "ssda903", postcodes=desk.file("postcodes.csv", POSTCODES))
    tokens = desk.delivered(report, "link_tokens").sort("birth_month", descending=True)
    assert tokens.select("valid_from", "valid_to", "sex", "ethnicity5", "la_code").rows() == [
        (date(2022, 12, 2), date(2023, 9, 26), "male", "White", "E06000023"),
        (date(2023, 4, 1), None, "female", "Asian", "E06000023"),
    ]


def test_a_fault_in_a_row_loses_no_row(desk: Desk) -> None:
    """A value that was never a code is replaced by a marker; the row goes out, and the research side rejects
    it by name. A column with such a value is text."""
    files = [
        desk.file("2024_header.csv", HEADER.replace("WBRI", "*DUMMY*")),
        desk.file("2024_episodes.csv", EPISODES.replace("01/04/2023", "soon")),
    ]
    report = desk.encode(files, "ssda903")
    assert desk.delivered(report, "ssda903_header")["ethnic"].to_list() == ["#UNREADABLE", "APKN"]
    episodes = desk.delivered(report, "ssda903_episodes")
    assert episodes["decom"].to_list() == ["2022-12-02", "2023-05-16", "#UNREADABLE"]
    assert report.tables["ssda903_header"].unreadable == {"ethnic": 1}
    assert report.tables["ssda903_episodes"].unreadable == {"decom": 1}


def test_modules_without_a_contract_are_named_and_left(desk: Desk) -> None:
    """A council may give the whole folder of its return."""
    deprived = desk.file("2024_dolo.csv", "CHILD,DOB,DOLO_START,DOLO_END\n0012,11/07/2015,01/02/2024,\n")
    report = desk.encode([desk.file("2024_header.csv", HEADER), deprived], "ssda903")
    assert report.skipped == ("deprivation_of_liberty",)
    assert set(report.tables) == {"ssda903_header", "link_tokens"}


def test_episodes_may_be_empty_and_the_header_may_not(desk: Desk) -> None:
    """Headers and no rows is a failed export, but for the child table of a return."""
    header = desk.file("2024_header.csv", HEADER)
    episodes = desk.file("2024_episodes.csv", EPISODES.splitlines()[0] + "\n")
    report = desk.encode([header, episodes], "ssda903")
    assert desk.delivered(report, "ssda903_episodes").height == 0
    assert desk.delivered(report, "ssda903_episodes")["decom"].dtype.is_temporal()
    empty = desk.file("2024_header.csv", HEADER.splitlines()[0] + "\n")
    with pytest.raises(RawInputRefused, match="no_rows"):
        desk.encode([empty], "ssda903", period="2024-06")


@pytest.mark.parametrize("name", ["header.csv", "header_2023_and_2024.csv", "header_2011-12.csv"])
def test_a_year_that_is_not_certain_must_be_given(desk: Desk, name: str) -> None:
    """No year, two years, or one that may be a month: --year settles it."""
    header = desk.file(name, HEADER)
    with pytest.raises(RawInputRefused, match="--year"):
        desk.encode(header, "ssda903")
    assert desk.encode(header, "ssda903", collection_year=2012).collection_year == 2012


def test_a_census_becomes_a_table_for_each_level_and_tokens(desk: Desk) -> None:
    """Each level repeats the key of those above it. An assessment gives one row per factor, and one without a
    factor where none was found."""
    inside = """<Assessments><AssessmentActualStartDate>2022-11-01</AssessmentActualStartDate>
        <FactorsIdentifiedAtAssessment><AssessmentFactors>2A</AssessmentFactors>
        <AssessmentFactors>3B</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>
      <Assessments><AssessmentActualStartDate>2023-01-09</AssessmentActualStartDate>
        <FactorsIdentifiedAtAssessment/></Assessments>
      <CINPlanDates><CINPlanStartDate>2022-11-05</CINPlanStartDate></CINPlanDates>
      <Section47><S47ActualStartDate>2022-11-20</S47ActualStartDate>
        <ICPCnotRequired>false</ICPCnotRequired></Section47>
      <ChildProtectionPlans><CPPstartDate>2022-12-01</CPPstartDate>
        <InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>
        <NumberOfPreviousCPP>1</NumberOfPreviousCPP>
        <Reviews><CPPreviewDate>2023-01-20</CPPreviewDate><CPPreviewDate>2023-03-02</CPPreviewDate></Reviews>
      </ChildProtectionPlans>"""
    disabilities = "<Disabilities><Disability>HAND</Disability><Disability>HEAR</Disability></Disabilities>"
    text = census(2023, inside=inside).replace("</Ethnicity>", f"</Ethnicity>{disabilities}")
    report = desk.encode(desk.file("census.xml", text), "cin")
    assert report.collection_year == 2023
    children = desk.delivered(report, "cin_children").drop("record_key")
    assert children.row(0) == ("1", date(2015, 7, 1), None, None, "WBRI", None)
    referrals = desk.delivered(report, "cin_referrals").drop("record_key")
    assert referrals.row(0) == (date(2022, 10, 6), "1A", "N4", None, None, None, False)
    assessments = desk.delivered(report, "cin_assessments")
    assert assessments.select("assessment_start_date", "factor").rows() == [
        (date(2022, 11, 1), "2A"),
        (date(2022, 11, 1), "3B"),
        (date(2023, 1, 9), None),
    ]
    plans = desk.delivered(report, "cin_protection_plans")
    assert plans.select("initial_category", "latest_category", "previous_plans").row(0) == ("NEG", "EMO", 1)
    rows = {table: desk.delivered(report, table).drop("record_key").rows() for table in report.tables}
    assert rows["cin_disabilities"] == [("HAND",), ("HEAR",)]
    assert rows["cin_plans"] == [(date(2022, 10, 6), date(2022, 11, 5), None)]
    assert rows["cin_section47"] == [(date(2022, 10, 6), date(2022, 11, 20), None, None, False)]
    assert rows["cin_reviews"] == [
        (date(2022, 10, 6), date(2022, 12, 1), date(2023, 1, 20)),
        (date(2022, 10, 6), date(2022, 12, 1), date(2023, 3, 2)),
    ]
    keys = {key for table in report.tables for key in desk.delivered(report, table)["record_key"]}
    assert len(keys) == 1


@pytest.mark.parametrize("year", range(2021, 2027))
def test_the_census_of_every_year_since_2021_is_read(desk: Desk, year: int) -> None:
    """Gender became sex in 2025; no further action is written 0 and 1, or false and true."""
    sex = "<GenderCurrent>2</GenderCurrent>" if year < 2025 else "<Sex>F</Sex>"
    nfa = "true" if year % 2 else "1"
    report = desk.encode(desk.file("census.xml", census(year, sex, nfa)), "cin")
    assert report.collection_year == year
    assert desk.delivered(report, "cin_referrals")["no_further_action"].to_list() == [True]
    assert desk.delivered(report, "link_tokens")["sex"].to_list() == ["female"]


def test_a_former_pupil_number_is_never_used(desk: Desk) -> None:
    """A new number may be issued so that a child cannot be found by the old one, as after adoption."""
    plain = census(2023)
    former = plain.replace("</LAchildID>", "</LAchildID><FormerUPN>A801200001001</FormerUPN>")
    tokens = [
        desk.delivered(desk.encode(desk.file("census.xml", text), "cin", period=period), "link_tokens")
        for text, period in ((plain, "2023-05"), (former, "2023-06"))
    ]
    assert tokens[0].equals(tokens[1])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (census(2023).replace("</Child>", "", 1), "broken_xml"),
        ("", "broken_xml"),
        ('<!DOCTYPE Message [<!ENTITY a "b">]>' + census(2023), "document_type"),
        (census(2023).replace(">CIN<", ">CLA<"), "no_census"),
        (census(2023).replace("<Year>2023</Year>", ""), "no_census"),
        (CENSUS.format(year=2023, children=""), "no_rows"),
    ],
)
def test_a_file_that_is_no_census_is_refused_with_a_reason(desk: Desk, text: str, code: str) -> None:
    """Nothing is written, and the message quotes nothing from the file."""
    with pytest.raises(RawInputRefused) as refusal:
        desk.encode(desk.file("census.xml", text), "cin")
    assert refusal.value.code == code
    assert "0012" not in str(refusal.value)
    assert not (desk.root / "out").exists()


def test_a_census_knows_its_own_year(desk: Desk) -> None:
    """A year given beside it must agree."""
    with pytest.raises(RawInputRefused, match="2: 2023, 2024"):
        desk.encode(desk.file("census.xml", census(2023)), "cin", collection_year=2024)
