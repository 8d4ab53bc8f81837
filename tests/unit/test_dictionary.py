"""The data dictionary in docs/ is what contracts, code lists and SQL say now, and leaves none of them out."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO

import polars as pl
import pytest
from jsonschema import Draft7Validator

from docs.generate_dictionary import COMMAND, FOLDER, SQL, dictionary, files
from outcome_linkage.dictionary import delivered, research
from outcome_linkage.dictionary.data_package import DATABASE
from outcome_linkage.dictionary.facts import Origin, published_only
from outcome_linkage.home import Home
from outcome_linkage.models.sql_file import load_models
from outcome_linkage.release.publication import load_publication
from schemas.catalogue import CONTRACTS
from schemas.foreign_keys import FOREIGN_KEYS
from tests.data_package import PACKAGE, broken_promises

pytestmark = pytest.mark.slow

PACKAGES = ("deliveries/datapackage.json", "published/datapackage.json")


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(files()[name])))


@pytest.mark.parametrize("name", ["index.html", "tables.csv", "columns.csv", "codes.csv", *PACKAGES])
def test_the_dictionary_is_up_to_date(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == files()[name], f"docs/dictionary/{name} is stale. Write it anew: {COMMAND}"


def test_every_delivered_column_is_in_it() -> None:
    listed = {(row["table"], row["column"]) for row in rows("columns.csv") if row["part"] == "delivered"}
    assert listed == {(table.name, column) for table in CONTRACTS.values() for column in table.columns}


def test_every_published_column_is_in_it_with_words() -> None:
    listed = {(row["table"], row["column"]) for row in rows("columns.csv") if row["published"] == "yes"}
    published = load_publication(SQL / "publication.yaml")
    assert listed == {(table, column) for table, columns in published.items() for column in columns}
    assert all(row["description"] and row["type"] for row in rows("columns.csv"))


def test_every_mart_says_what_a_row_is_and_what_makes_it_one() -> None:
    tables = {row["table"]: row for row in rows("tables.csv")}
    for model in load_models(SQL).values():
        if model.folder in research.LAYERS:
            assert tables[model.name]["row_is"] == model.description
            assert tables[model.name]["key"] == "; ".join(model.grain)


def test_what_to_beware_of_a_delivered_table_is_told_of_its_rows_to_researchers() -> None:
    tables = {row["table"]: row for row in rows("tables.csv")}
    assert tables["cin_referrals"]["caveat"] == CONTRACTS["cin_referrals"].caveat != ""
    assert tables["stg_local_authority__cin_referrals"]["caveat"] == CONTRACTS["cin_referrals"].caveat


def test_every_code_has_a_status_and_a_source() -> None:
    assert all(row["status"] and row["source"] for row in rows("codes.csv"))
    used = {row["code_list"] for row in rows("columns.csv")} - {""}
    assert used == {row["code_list"] for row in rows("codes.csv")}


def test_everything_delivered_has_a_supplier_who_covers_somebody() -> None:
    for row in rows("tables.csv"):
        assert (row["part"] == "delivered") == bool(row["suppliers"]), row["table"]
        assert row["suppliers"].count(";") == row["coverage"].count(";")


def test_the_page_asks_nothing_of_a_network_and_its_links_lead_somewhere() -> None:
    page = files()["index.html"]
    assert not re.search(r'(src|href)="(?!#)|@import|url\(|fetch\(|XMLHttp', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_a_research_column_leads_back_to_what_suppliers_deliver() -> None:
    """Through all the models between, a copy and a computed value alike."""
    tables = {table.name: table for table in dictionary().research}

    def origins(table: str, column: str) -> set[str]:
        found = next(c for c in tables[table].columns if c.name == column)
        return {origin.words for origin in found.origins}

    assert origins("stg_local_authority__cin_referrals", "event_date") == {"cin_referrals.referral_date"}
    assert "ecds_attendances.arrival_date" in origins("outcome_event", "event_date")
    assert "linkage: person_spine.sex" in origins("adversity_outcome", "sex")
    assert origins("adversity_event", "adversity_domain") == {
        "reference: adversity_crosswalk.adversity_domain"
    }


def test_every_delivered_origin_is_a_column_of_a_contract() -> None:
    origins: set[Origin] = {o for t in dictionary().research for c in t.columns for o in c.origins}
    sent = {o for o in origins if o.source == "delivered"}
    assert len(sent) > 100 and all(o.column in CONTRACTS[o.table].columns for o in sent)


def test_foreign_keys_join_columns_of_one_kind() -> None:
    for key in FOREIGN_KEYS:
        one, other = CONTRACTS[key.table], CONTRACTS[key.to_table]
        for column, to in zip(key.columns, key.to_columns, strict=True):
            assert (one.columns[column].kind, one.columns[column].pattern) == (
                other.columns[to].kind,
                other.columns[to].pattern,
            )
        assert set(key.to_columns) <= set(other.primary_key), key
    assert len(FOREIGN_KEYS) == len(set(FOREIGN_KEYS))


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_keeps_to_the_standard(name: str) -> None:
    package = json.loads(files()[name])
    problems = [
        f"{error.json_path}: {error.message[:80]}" for error in Draft7Validator(PACKAGE).iter_errors(package)
    ]
    assert problems == []
    assert list(broken_promises(package)) == []


def test_a_package_says_what_the_contract_says() -> None:
    """Bounds, patterns without anchors, codes of every year with their years, keys and their absence."""
    package = json.loads(files()[PACKAGES[0]])
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    fields = {name: {f["name"]: f for f in schema["fields"]} for name, schema in schemas.items()}
    assert fields["ssda903_oc2"]["sdq_score"]["constraints"] == {"minimum": 0, "maximum": 40}
    assert fields["ssda903_oc2"]["sdq_score"]["unit"] == "points"
    assert fields["cin_referrals"]["record_key"]["constraints"] == {
        "required": True,
        "pattern": "[0-9a-f]{32}",
    }
    assert {"value": "1", "label": "male (to 2024)"} in fields["ssda903_header"]["sex"]["categories"]
    assert schemas["police_crimes"]["primaryKey"] == ["crime_id"]
    assert schemas["ssda903_prev_perm"]["uniqueKeys"] == [["record_key", "prev_perm", "date_perm"]]
    assert "primaryKey" not in schemas["ssda903_prev_perm"] and "primaryKey" not in schemas["link_tokens"]
    assert schemas["organisations"]["foreignKeys"] == [
        {"fields": ["parent_id"], "reference": {"fields": ["organisation_id"]}}
    ]


def test_only_what_is_published_is_told_to_researchers() -> None:
    """A key of which a part is not published is no key of the published table."""
    tables = {table.name: table for table in published_only(dictionary().research)}
    assert "person_coverage" not in tables and tables["adversity_event"].key == ()
    assert "event_id" not in {column.name for column in tables["adversity_event"].columns}


def test_the_package_names_the_published_file() -> None:
    assert Home(FOLDER).published.name == DATABASE


def test_types_of_contracts_and_of_duckdb() -> None:
    assert delivered.type_of(pl.Int16()) == "integer" and delivered.type_of(pl.Float64()) == "number"
    assert research.type_of("DECIMAL(18,3)") == "number" and research.type_of("HUGEINT") == "integer"
    assert research.type_of("VARCHAR[]") == "array" and research.type_of("INTERVAL") == "any"
    with pytest.raises(ValueError, match="has no type"):
        delivered.type_of(pl.Binary())
