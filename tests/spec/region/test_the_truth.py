"""The truth lies beside the deliveries, never inside, and is the same for the same seed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.receiving.privacy import inspect
from outcome_linkage.delivery.validating.validate import validate_frame
from outcome_linkage.errors import InputRefused
from outcome_linkage.synthetic.generate import Generated, generate
from outcome_linkage.synthetic.region import invent_region
from schemas.catalogue import CONTRACTS, load_suppliers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    """The whole of a small region, deliveries and all."""
    return generate(500, 4, tmp_path_factory.mktemp("whole") / "region", contracts=CONTRACTS)


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes(generated: Generated, tmp_path: Path) -> None:
    """Raw files, keys, lookup and truth, to the last byte; another seed gives others, but for empty
    modules."""
    again = invent_region(500, 4, tmp_path / "again")
    first = {
        path: digest
        for path, digest in hashes(generated.region.folder).items()
        if not path.startswith("deliveries")
    }
    assert hashes(again.folder) == first
    other = hashes(invent_region(500, 5, tmp_path / "other").folder)
    assert first.keys() & other.keys()
    same = {path for path in first if first[path] == other.get(path) and path.startswith(("raw", "keys"))}
    told = {path for path in same if (again.folder / path).read_bytes().count(b"\n") > 1}
    assert all(path.endswith("organisations.csv") for path in told)


def test_every_delivery_passes_the_gate(generated: Generated) -> None:
    """Nothing in it could say who anybody is."""
    suppliers = load_suppliers()
    assert len(generated.deliveries) == 11
    for folder in generated.deliveries:
        assert not inspect(folder, CONTRACTS, suppliers).refused


def test_the_truth_knows_every_delivered_record(generated: Generated) -> None:
    """And no delivered table has a column of the truth."""
    records = pl.read_parquet(generated.region.truth / "records.parquet")
    for folder in generated.deliveries:
        keys = records.filter(pl.col("supplier") == folder.parent.name)["record_key"]
        for path in folder.glob("*.parquet"):
            delivered = pl.read_parquet(path)
            assert set(delivered.columns) == set(CONTRACTS[path.stem].columns)
            for column in CONTRACTS[path.stem].person_columns:
                assert delivered[column].is_in(keys.implode()).all()


def test_only_declared_faults_are_rejected(generated: Generated) -> None:
    """At most one row in fifty of a table of any size; link tokens and registration are clean but for
    repeated rows."""
    for folder in generated.deliveries:
        for path in folder.glob("*.parquet"):
            frame = pl.read_parquet(path)
            year = int(folder.name[:4]) if folder.name.endswith("-07") else None
            _, rejected = validate_frame(frame, CONTRACTS[path.stem], year)
            if frame.height > 300:
                assert rejected.height < frame.height / 50
            if path.stem in ("link_tokens", "residence"):
                assert set(rejected["reason"]) <= {"duplicate_row"}


def test_who_is_related_to_whom(generated: Generated) -> None:
    """Mothers, fathers, carers, siblings and twins; siblings both ways."""
    related = pl.read_parquet(generated.region.truth / "relationships.parquet")
    assert {"mother", "father", "carer", "sibling"} <= set(related["kind"])
    siblings = related.filter(pl.col("kind") == "sibling")
    back = siblings.select(person="related", related="person")
    assert siblings.join(back, on=["person", "related"], how="anti").is_empty()


def test_who_lives_where_and_who_was_there(generated: Generated) -> None:
    """A person has at most one dwelling on a day; an incident has people, and one day."""
    stays = pl.read_parquet(generated.region.truth / "residence.parquet").sort("person", "valid_from")
    following = pl.col("valid_from").shift(-1).over("person")
    assert stays.filter(pl.col("valid_to").fill_null(pl.date(9999, 12, 31)) >= following).is_empty()
    incidents = pl.read_parquet(generated.region.truth / "incidents.parquet")
    assert not incidents.select("incident", "person").is_duplicated().any()
    assert incidents.select("incident", "date").unique()["incident"].is_unique().all()


@pytest.mark.parametrize("people", [0, -3])
def test_a_region_needs_people(tmp_path: Path, people: int) -> None:
    """Otherwise it says so."""
    with pytest.raises(InputRefused, match="at least 1 person"):
        invent_region(people, 1, tmp_path / "region")


def test_a_region_needs_an_empty_folder(tmp_path: Path) -> None:
    """Nothing is ever written over."""
    (tmp_path / "something").write_text("else")
    with pytest.raises(InputRefused, match="empty folder"):
        invent_region(10, 1, tmp_path)


def test_a_region_of_one(tmp_path: Path) -> None:
    """Even that can be written."""
    assert invent_region(1, 1, tmp_path / "region").files
