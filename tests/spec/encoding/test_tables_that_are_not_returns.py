"""Tables that are not returns.

A table has the contract's columns as headers; identifiers beside them become tokens.
"""

from __future__ import annotations

from outcome_linkage.delivery.receiving.privacy import inspect
from schemas.catalogue import CONTRACTS
from tests.desk import Desk
from tests.factories import SUPPLIERS

ORGANISATIONS = """organisation_id,kind,postcode,la_code,parent_id,closed_date
SH01,provider,BS1 4ND,E06000023,,
rvn3a ,site,,E06000023,RVN,
RVN,trust,,,,2019-13-45
137432,School,,E06000023,801,
"""


def test_organisations_have_no_person(desk: Desk) -> None:
    """Their codes stay as they are, so that suppliers mean the same by them; nobody gets tokens."""
    postcodes = desk.file("postcodes.csv", "postcode,lsoa21\nBS1 4ND,E01014485\n")
    report = desk.encode(
        desk.file("organisations.csv", ORGANISATIONS), "organisations", "safe_harbour", postcodes=postcodes
    )
    assert list(report.tables) == ["organisations"]
    delivered = desk.delivered(report, "organisations")
    assert delivered["organisation_id"].to_list() == ["SH01", "RVN3A", "RVN", "137432"]
    assert delivered["kind"].to_list() == ["provider", "site", "trust", "school"]
    assert delivered["lsoa21"].to_list() == ["E01014485", None, None, None]
    assert not inspect(report.folder, CONTRACTS, SUPPLIERS).refused


def test_a_search_is_read_as_published_files_write_it(desk: Desk) -> None:
    """Values of data.police.uk go through as they are; a home postcode becomes a token, not a place."""
    text = (
        "search_id,record_key,surname,postcode,search_date,search_type,legislation,object_of_search,outcome,"
        "more_than_outer_clothing,age_range\n"
        "S1,P1,Smith,BS1 4ND,2024-01-05,person search,Misuse of Drugs Act 1971 (section 23),Controlled drugs,"
        "A no further action disposal,False,10-17\n"
    )
    report = desk.encode(
        desk.file("searches.csv", text), "police_stop_searches", "avon_somerset_police", collection_year=2024
    )
    assert sorted(report.tables) == ["link_tokens", "police_stop_searches"]
    delivered = desk.delivered(report, "police_stop_searches")
    assert report.tables["police_stop_searches"].unreadable == {}
    assert delivered["search_type"].to_list() == ["Person search"]
    assert not inspect(report.folder, CONTRACTS, SUPPLIERS).refused
