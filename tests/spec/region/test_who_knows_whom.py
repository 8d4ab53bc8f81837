"""Who knows whom in the invented region: each supplier holds only people whom it would have met."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from outcome_linkage.synthetic.recorders import NEWCOMERS
from outcome_linkage.synthetic.region import Region, invent_region
from outcome_linkage.synthetic.window import DELIVERIES, LOCAL_AUTHORITIES, OUTSIDE, plans
from tests.region import raw

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def known(region: Region) -> pl.DataFrame:
    """Every record with its person: supplier, person, birth_date, la_code, ethnicity5."""
    records = pl.read_parquet(region.truth / "records.parquet")
    return records.join(pl.read_parquet(region.truth / "people.parquet"), on="person")


def test_the_board_knows_nearly_everybody_in_its_area(region: Region, known: pl.DataFrame) -> None:
    """All but one in a hundred are registered with a practice."""
    people = pl.read_parquet(region.truth / "people.parquet").filter(pl.col("la_code") != OUTSIDE)
    registered = known.filter(pl.col("supplier") == "bnssg_icb")["person"].n_unique()
    assert 0.93 < registered / people.height <= 1.02


def test_a_council_knows_children_and_those_who_bring_them_up(region: Region, known: pl.DataFrame) -> None:
    """Pupils and children in need; nobody who was grown up before the window opened, unless as the parent or
    carer of a child in need. Whom other services know stands in a file of its own."""
    books = [raw(region, plans(supplier)[-1], "link_tokens") for supplier in LOCAL_AUTHORITIES]
    ids = pl.concat(
        book.select(original_id=pl.col("record_key").str.strip_chars().str.to_uppercase()) for book in books
    )
    council = known.join(ids, on="original_id", how="semi")
    grown = council.filter(pl.col("birth_date") < date(2001, 4, 1))
    related = pl.read_parquet(region.truth / "relationships.parquet").select(person="related")
    assert grown.join(related, on="person", how="anti").is_empty()
    children = council.join(grown, on="person", how="anti")["person"].n_unique()
    assert 0.15 < children / known["person"].n_unique() < 0.35
    assert 0.05 < grown["person"].n_unique() / children < 0.5


def test_mothers_are_known_to_the_board_and_parents_of_children_in_need_to_the_councils(
    region: Region,
) -> None:
    """Nearly always the right ones; what goes wrong is declared in `truth/relationship_faults.csv`."""
    records = pl.read_parquet(region.truth / "records.parquet").select(
        id="original_id", who="person", supplier="supplier"
    )
    true = pl.read_parquet(region.truth / "relationships.parquet").select("person", "related", "kind")
    for plan in (*plans("bnssg_icb")[-1:], *plans("bristol")[-1:]):
        found = raw(region, plan, "relationships")
        people = records.filter(pl.col("supplier") == plan.supplier).select("id", "who")
        for column, person in (("record_key", "person"), ("related_record_key", "related")):
            tidy = pl.col(column).str.strip_chars().str.to_uppercase()
            found = found.with_columns(tidy).join(people.rename({"id": column, "who": person}), on=column)
        right = found.join(true, on=["person", "related", "kind"], how="semi").height / found.height
        assert 0.97 < right <= 1
        kinds = {"bnssg_icb": {"mother"}, "bristol": {"mother", "father", "carer"}}[plan.supplier]
        assert set(found["kind"]) == kinds


def test_the_police_know_some_whom_nobody_else_knows(known: pl.DataFrame) -> None:
    """People from outside the board's area, who match no record elsewhere."""
    police = set(known.filter(pl.col("supplier") == "avon_somerset_police")["person"])
    others = set(known.filter(pl.col("supplier") != "avon_somerset_police")["person"])
    assert 0.01 < len(police - others) / len(police) < 0.2


def test_some_people_have_two_records_at_one_supplier(known: pl.DataFrame) -> None:
    """Most at the police, where a person met twice is often written down twice."""
    twice = known.select("supplier", "person").is_duplicated()
    assert twice.filter(known["supplier"] == "avon_somerset_police").mean() > 0.02
    assert twice.filter(known["supplier"] == "bnssg_icb").mean() < 0.03


def test_there_are_eleven_deliveries(region: Region) -> None:
    """Two collection years of each council; the history and one month more from police and board; all at once
    from the voluntary organisation."""
    assert list(region.files) == list(DELIVERIES)
    assert len(DELIVERIES) == 11


def test_other_services_of_a_council_know_adults(region: Region, known: pl.DataFrame) -> None:
    """Who was homeless or in need of care stands in a file of its own, and on no other shelf."""
    for supplier in LOCAL_AUTHORITIES:
        files = (raw(region, plans(supplier)[-1], name) for name in ("link_tokens", NEWCOMERS))
        books, others = (set(file["record_key"].str.strip_chars().str.to_uppercase()) for file in files)
        assert others and not books & others
        clients = known.filter(pl.col("original_id").is_in(others))
        assert (clients["birth_date"] < date(2001, 4, 1)).mean() > 0.5


def test_a_return_holds_one_year(region: Region) -> None:
    """Episodes of care that were open on some day of its year, as they stood at its end."""
    for plan in plans("bristol"):
        episodes = raw(region, plan, "ssda903_episodes")
        start, end = (episodes[name].str.to_date("%d/%m/%Y") for name in ("DECOM", "DEC"))
        first, last = date(plan.collection_year - 1, 4, 1), date(plan.collection_year, 3, 31)
        assert (start <= last).all()
        assert (end.drop_nulls() >= first).all()
        assert (end.drop_nulls() <= last).all()


def test_the_second_month_brings_what_is_new_and_what_has_changed(region: Region) -> None:
    """Crimes recorded in October, and earlier ones that got their outcome in October."""
    history, month = (raw(region, plan, "police_crimes") for plan in plans("avon_somerset_police"))
    again = month.filter(pl.col("crime_id").is_in(history["crime_id"].implode()))
    new = month.filter(~pl.col("crime_id").is_in(history["crime_id"].implode()))
    assert (new["recorded_date"] >= "2026-10-01").all()
    assert again["outcome_date"].is_not_null().all()
    assert again.height > 0
    assert new.height > 0


def test_identities_alone_are_the_identities_of_the_whole(
    region: Region, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`identities_only` leaves out everything else and who is on no main books, but what it writes is the
    same."""
    alone = invent_region(6_000, 3, tmp_path_factory.mktemp("alone") / "region", identities_only=True)
    assert {table for files in alone.files.values() for table in files} == {"link_tokens"}
    for plan, files in alone.files.items():
        assert files["link_tokens"].read_bytes() == region.files[plan]["link_tokens"].read_bytes()
    one, other = (pl.read_parquet(r.truth / "records.parquet") for r in (alone, region))
    assert one.join(other, on=one.columns, how="anti").is_empty()
    for name in ("people", "events", "relationships", "residence", "incidents"):
        one, other = (pl.read_parquet(r.truth / f"{name}.parquet") for r in (alone, region))
        assert one.equals(other)
