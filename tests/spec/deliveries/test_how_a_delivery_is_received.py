"""How a delivery is received.

`receive` is the only way into landing. It never overwrites, never takes the same manifest twice, and leaves
either a whole delivery or none.
"""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.manifest import MANIFEST, DeliveryId, deliveries_below
from outcome_linkage.delivery.receiving.finding import DeliveryRefused
from outcome_linkage.delivery.receiving.receive import Receipt, find_deliveries, land, receive
from outcome_linkage.delivery.receiving.refused import refusals
from outcome_linkage.delivery.receiving.told import warnings_of
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, rows, vectors

FIRST = DeliveryId("2024-05", "001", "bristol")


def take(folder: Path, home: Home) -> Receipt:
    """Receive a folder with the real contracts and suppliers."""
    return receive(folder, home, CONTRACTS, SUPPLIERS)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A delivery with one open and one restricted table."""
    tables = {"cin_children": rows("cin_children", 3), "link_tokens": rows("link_tokens", 3)}
    return delivery(tmp_path / "sent", "bristol", "2024-05", tables)


def files(root: Path) -> set[str]:
    """Every file below a folder, by its path from there."""
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_open_tables_and_tokens_lie_apart(sent: Path, home: Home) -> None:
    """Tokens go to the restricted zone; the manifest stands beside the open tables."""
    receipt = take(sent, home)
    assert receipt == Receipt(FIRST, "received", [])
    assert files(home.root / "landing") == {
        "bristol/2024-05/001/cin_children.parquet",
        "bristol/2024-05/001/manifest.json",
        "bristol/2024-05/001/received.sha256",
    }
    assert files(home.restricted / "landing") == {"bristol/2024-05/001/link_tokens.parquet"}


def test_files_arrive_byte_for_byte(sent: Path, home: Home) -> None:
    """Landing is what was sent, so that everything after it can be rebuilt."""
    take(sent, home)
    landed = home.folder("landing", FIRST)
    assert (landed / MANIFEST).read_bytes() == (sent / MANIFEST).read_bytes()
    assert (landed / "cin_children.parquet").read_bytes() == (sent / "cin_children.parquet").read_bytes()


def test_the_restricted_zone_is_closed_to_others(sent: Path, home: Home) -> None:
    """Only its owner may enter: mode 0700 all the way down."""
    take(sent, home)
    place = home.folder("landing", FIRST, restricted=True)
    for folder in (place, place.parent, place.parent.parent, home.restricted / "landing", home.restricted):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_same_manifest_is_taken_once(sent: Path, home: Home) -> None:
    """Receiving a folder again, as every night does, changes nothing."""
    take(sent, home)
    before = files(home.root)
    assert take(sent, home) == Receipt(FIRST, "already received", [])
    assert files(home.root) == before


def test_a_new_delivery_of_the_same_month_gets_the_next_number(
    tmp_path: Path, sent: Path, home: Home
) -> None:
    """Nothing is overwritten; order is period, then number."""
    take(sent, home)
    again = delivery(tmp_path / "again", "bristol", "2024-05", {"cin_children": rows("cin_children", 4)})
    later = delivery(tmp_path / "later", "bristol", "2024-06", {"cin_children": rows("cin_children", 5)})
    assert take(later, home).delivery == DeliveryId("2024-06", "001", "bristol")
    assert take(again, home).delivery == DeliveryId("2024-05", "002", "bristol")
    assert [str(d) for d in deliveries_below(home.stage("landing"))] == [
        "bristol/2024-05/001",
        "bristol/2024-05/002",
        "bristol/2024-06/001",
    ]


def test_every_delivery_below_a_folder_is_found(tmp_path: Path) -> None:
    """A folder is a delivery when it holds a manifest."""
    one = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 1)})
    two = delivery(tmp_path, "north_somerset", "2024-05", {"cin_children": rows("cin_children", 1)})
    (tmp_path / "still copying").mkdir()
    assert find_deliveries(tmp_path) == [one, two]
    assert find_deliveries(one) == [one]


def test_a_refused_delivery_is_kept_unread_and_out_of_landing(tmp_path: Path, home: Home) -> None:
    """It goes to the restricted zone with the names and counts of the rules that it broke."""
    frame = rows("cin_children", 2, upn_unknown=["BS1 5AH", "UN1"])
    receipt = take(delivery(tmp_path, "bristol", "2024-05", {"cin_children": frame}), home)
    assert receipt.status == "refused"
    assert receipt.delivery is None
    assert deliveries_below(home.stage("landing")) == []
    assert files(home.refused) == {
        "bristol/2024-05/001/cin_children.parquet",
        "bristol/2024-05/001/manifest.json",
        "bristol/2024-05/001/refusal.json",
    }
    assert stat.S_IMODE((home.refused / "bristol/2024-05/001").stat().st_mode) == 0o700
    [refusal] = refusals(home)
    assert [(f.table, f.column, f.rule, f.count) for f in refusal.findings] == [
        ("cin_children", "upn_unknown", "postcode", 1)
    ]
    assert "BS1" not in (home.refused / "bristol/2024-05/001/refusal.json").read_text()


def test_the_same_refused_delivery_is_kept_once(tmp_path: Path, home: Home) -> None:
    """A supplier may try again; a delivery that differs is kept beside the first."""
    for n in (2, 2, 3):
        bad = rows("cin_children", n).with_columns(forename=pl.lit("x"))
        assert take(delivery(tmp_path, "bristol", "2024-05", {"cin_children": bad}), home).status == "refused"
    assert [refusal.number for refusal in refusals(home)] == ["001", "002"]


def test_a_refused_delivery_of_a_stranger_is_kept_under_unknown(tmp_path: Path, home: Home) -> None:
    """The name that it gives itself is not repeated, not even as a folder."""
    take(delivery(tmp_path, "jane_roe", "2024-05", {"cin_children": rows("cin_children", 1)}), home)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / MANIFEST).write_text("{")
    take(tmp_path / "broken", home)
    assert [(refusal.supplier, refusal.period) for refusal in refusals(home)] == [
        ("unknown", "2024-05"),
        ("unknown", "unknown"),
    ]


def test_a_folder_without_a_manifest_is_left_alone(tmp_path: Path, home: Home) -> None:
    """It is refused, but it may still be being copied: nothing of it is kept."""
    (tmp_path / "sent").mkdir()
    assert take(tmp_path / "sent", home).status == "refused"
    assert files(home.refused) == set()


def test_the_first_linkage_key_holds_for_all(tmp_path: Path, sent: Path, home: Home) -> None:
    """Tokens under another key would never link, in silence."""
    take(sent, home)
    other = delivery(
        tmp_path / "other",
        "north_somerset",
        "2024-05",
        {"link_tokens": rows("link_tokens", 2)},
        test_vectors=vectors("another key"),
    )
    assert [finding.rule for finding in take(other, home).findings] == ["wrong_key"]


def test_warnings_do_not_refuse(tmp_path: Path, home: Home) -> None:
    """They come back with the receipt, for the supplier's report."""
    frame = rows("link_tokens", 600, tok_uprn=1 << 62)
    receipt = take(delivery(tmp_path, "bristol", "2024-05", {"link_tokens": frame}), home)
    assert receipt.status == "received"
    assert [finding.rule for finding in receipt.findings] == ["common_token"]


class Killed(BaseException):
    """Stands for `kill -9`: nothing in `receive` catches it or cleans up after it."""


def steps(monkeypatch: pytest.MonkeyPatch, survive: int) -> None:
    """Let `survive` renames and copies happen, and die at the next."""
    left = [survive]

    def dying(name: str) -> None:
        real = getattr(__import__(name.split(".")[0]), name.split(".")[1])

        def step(*args: object, **kwargs: object) -> object:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            return real(*args, **kwargs)

        monkeypatch.setattr(name, step)

    for name in ("os.replace", "os.rename", "shutil.copyfile"):
        dying(name)


@pytest.mark.parametrize("survive", range(8))
def test_killed_at_any_step_it_leaves_no_half_delivery(
    sent: Path, home: Home, monkeypatch: pytest.MonkeyPatch, survive: int
) -> None:
    """Nothing counts before the last rename, and the next attempt is as if there had been none before."""
    with monkeypatch.context() as patch, pytest.raises(Killed):
        steps(patch, survive)
        take(sent, home)
    assert deliveries_below(home.stage("landing")) == []
    assert take(sent, home) == Receipt(FIRST, "received", [])
    assert files(home.root / "landing") | files(home.restricted / "landing") == {
        "bristol/2024-05/001/cin_children.parquet",
        "bristol/2024-05/001/link_tokens.parquet",
        "bristol/2024-05/001/manifest.json",
        "bristol/2024-05/001/received.sha256",
    }


def test_landing_is_looked_at_again_before_it_is_used(sent: Path, home: Home) -> None:
    """A file that is no longer what was received stops there."""
    take(sent, home)
    contract = CONTRACTS["cin_children"]
    landed = land(FIRST, "cin_children", home, contract)
    path = home.folder("landing", FIRST) / "cin_children.parquet"
    assert (landed.rows, landed.bytes) == (3, path.stat().st_size)
    rows("cin_children", 3, upn_unknown="BS1 5AH").write_parquet(path)
    with pytest.raises(DeliveryRefused, match="hash_mismatch") as refused:
        land(FIRST, "cin_children", home, contract)
    assert [finding.rule for finding in refused.value.findings] == ["hash_mismatch", "postcode"]
    assert "BS1" not in str(refused.value)


def test_people_keep_their_record_keys(tmp_path: Path, home: Home) -> None:
    """A secret mislaid makes new people of all; it is told before anybody counts them twice."""
    tables = {"cin_children": rows("cin_children", 3)}
    first, moved, later = (
        delivery(tmp_path, "bristol", f"2024-0{month}", tables, record_secret_version=version * 8)
        for month, version in ((5, "a"), (6, "b"), (7, "b"))
    )
    assert take(first, home).status == "received"
    refused = take(moved, home)
    assert refused.status == "refused" and "another_record_secret" in str(refused.findings[0])
    anew = receive(moved, home, CONTRACTS, SUPPLIERS, new_record_secret=True)
    assert anew.status == take(later, home).status == "received"
    assert [finding.rule for finding in anew.findings] == ["objections_to_list_again"]
    old_again = delivery(tmp_path, "bristol", "2024-08", tables, record_secret_version="a" * 8)
    assert take(old_again, home).status == "refused"
    for supplier, version in (("north_somerset", "c"), ("south_gloucestershire", "c")):
        other = delivery(tmp_path, supplier, "2024-05", tables, record_secret_version=version * 8)
        assert take(other, home).status == "received"
    folder = delivery(tmp_path, "south_gloucestershire", "2024-06", tables, record_secret_version="c" * 8)
    assert [finding.rule for finding in take(folder, home).findings] == ["shared_record_secret"]


def test_ids_of_another_system_are_told(tmp_path: Path, home: Home) -> None:
    """A table may come to be kept in another system; forgotten, `--id-system` makes new people of all."""
    frame = rows("cin_children", 3)
    here = delivery(tmp_path, "bristol", "2024-05", {"cin_children": frame})
    there = delivery(tmp_path, "bristol", "2024-06", {"cin_children": frame}, id_system="social_care")
    assert take(here, home).findings == []
    receipt = take(there, home)
    assert receipt.status == "received"
    assert [finding.rule for finding in receipt.findings] == ["another_id_system"]
    assert receipt.delivery and warnings_of(home, receipt.delivery) == receipt.findings
