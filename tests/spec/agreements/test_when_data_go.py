"""When data go.

Each zone has its days, counted from the end of the month of a delivery; tokens have fewer. On the day after
them a purge destroys the file and writes a record: what, how many rows, its hash, when it was due, when it
was done, by which rule. Verdicts stay, so that the ledger still adds up. Every date is given to it.
"""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from assets.in_force import purge_home
from assets.landing import deliveries_of
from outcome_linkage.agreements.copies import note_published
from outcome_linkage.agreements.destruction import Destruction, deliveries_gone, read_record
from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating.current import current_files
from outcome_linkage.files import sha256_of
from outcome_linkage.home import Home
from outcome_linkage.ledger import delivery_ledger, rejected_rows
from schemas.catalogue import CONTRACTS
from tests.agreements import DAYS, TOKEN_DAYS, agree, complete
from tests.factories import SUPPLIERS, delivery, judged, rows

MONTH_END = date(2025, 5, 31)
CHILDREN, TOKENS = "cin_children", "link_tokens"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, DeliveryId]:
    """A home with a delivery of May 2025: three children of whom one is rejected, and tokens of two."""
    folder = tmp_path_factory.mktemp("kept")
    home = agree(Home(folder / "home").ensure(), complete())
    tables = {CHILDREN: rows(CHILDREN, 3, 2025, sex=["F", "M", "x"]), TOKENS: rows(TOKENS, 2)}
    return home, judged(delivery(folder / "sent", "bristol", "2025-05", tables, collection_year=2025), home)


@pytest.fixture
def there(home: Home, kept: tuple[Home, DeliveryId]) -> DeliveryId:
    """The delivery that was kept, in a copy of its home."""
    original, sent = kept
    shutil.copytree(original.root, home.root, dirs_exist_ok=True)
    return sent


def purged(home: Home, days: int) -> list[Destruction]:
    """What a purge destroys so many days after the end of the month."""
    return list(purge_home(home, MONTH_END + timedelta(days)).destroyed)


def places(records: list[Destruction]) -> list[tuple[str, str | None]]:
    return sorted((record.zone, record.table) for record in records)


def test_nothing_goes_before_its_day(home: Home, there: DeliveryId) -> None:
    """The last day is a day on which the file may still lie there."""
    assert purged(home, TOKEN_DAYS["landing"] - 1) == []
    assert not (home.root / "destruction.jsonl").exists()


def test_tokens_go_first(home: Home, there: DeliveryId) -> None:
    """Those in landing and the rejected ones; what they lead to stays, and is current."""
    assert places(purged(home, TOKEN_DAYS["landing"])) == [("landing", TOKENS), ("rejected", TOKENS)]
    files = current_files(home, CONTRACTS, SUPPLIERS)
    assert (len(files[TOKENS]), len(files[CHILDREN])) == (1, 1)


def test_each_zone_has_its_days(home: Home, there: DeliveryId) -> None:
    """Day by day, until nothing but counts is left."""
    gone = {days: places(purged(home, days)) for days in sorted({*DAYS.values(), *TOKEN_DAYS.values()})}
    assert gone[TOKEN_DAYS["validated"]] == [("validated", TOKENS)]
    assert gone[DAYS["rejected"]] == [("rejected", CHILDREN)]
    assert gone[DAYS["landing"]] == [("landing", CHILDREN)]
    assert gone[DAYS["validated"]] == [("validated", CHILDREN)]
    assert not list(home.root.rglob("*.parquet"))
    assert {path.name for path in home.stage("validated").rglob("*.json")} == {
        "verdict.json",
        f"{CHILDREN}.verdict.json",
        f"{TOKENS}.verdict.json",
    }


def test_the_record_tells_what_went_and_why(home: Home, there: DeliveryId) -> None:
    """By file, rows, hash, days and rule; never by a value of a row."""
    path = home.folder("validated", there) / f"{CHILDREN}.parquet"
    sha256, keys = sha256_of(path), pl.read_parquet(path)["record_key"].to_list()
    purged(home, DAYS["validated"] + 7)
    (record,) = [r for r in read_record(home) if (r.zone, r.table) == ("validated", CHILDREN)]
    assert record.path == f"validated/{there}/{CHILDREN}.parquet"
    assert (record.rows, record.sha256, record.whole) == (2, sha256, True)
    assert record.rule == f"retention: validated, {DAYS['validated']} days"
    assert record.due == MONTH_END + timedelta(DAYS["validated"])
    assert record.done == MONTH_END + timedelta(DAYS["validated"] + 7)
    text = (home.root / "destruction.jsonl").read_text(encoding="utf-8")
    assert not any(key in text for key in keys)


def test_what_is_destroyed_is_no_longer_current(home: Home, there: DeliveryId) -> None:
    """Nothing stumbles over the file that is not there."""
    purged(home, DAYS["validated"])
    files = current_files(home, CONTRACTS, SUPPLIERS)
    assert files[CHILDREN] == [] and files[TOKENS] == []


def test_the_ledger_still_adds_up(home: Home, there: DeliveryId) -> None:
    """Read is kept and rejected, as on the first day; beside it stands what was purged."""
    columns = ("table", "status", "read", "kept", "rejected", "superseded", "purged", "n")
    before = delivery_ledger(home, CONTRACTS, SUPPLIERS).select(columns).rows()
    assert before == [(CHILDREN, "accepted", 3, 2, 1, 0, 0, 1), (TOKENS, "accepted", 2, 2, 0, 0, 0, 0)]
    purged(home, DAYS["validated"])
    after = delivery_ledger(home, CONTRACTS, SUPPLIERS).select(columns).rows()
    assert after == [(CHILDREN, "purged", 3, 2, 1, 0, 2, 1), (TOKENS, "purged", 2, 2, 0, 0, 2, 0)]
    assert rejected_rows(home, CONTRACTS).is_empty()


def test_a_second_purge_destroys_nothing_twice(home: Home, there: DeliveryId) -> None:
    """And writes nothing."""
    purged(home, DAYS["validated"])
    record = (home.root / "destruction.jsonl").read_bytes()
    assert purged(home, DAYS["validated"]) == []
    assert (home.root / "destruction.jsonl").read_bytes() == record


def test_a_purged_delivery_is_not_judged_again(home: Home, there: DeliveryId) -> None:
    """Its verdict is of rows that are no longer there."""
    key = f"{there.period}|{there.supplier}"
    assert deliveries_of(key, CHILDREN, home) == [there]
    purged(home, DAYS["landing"])
    assert deliveries_of(key, CHILDREN, home) == []


def test_feedback_goes_with_what_it_names(home: Home, there: DeliveryId) -> None:
    """With rejected rows; it is not written again, since there is nothing left to say."""
    page = home.feedback / there.path / "feedback.html"
    page.parent.mkdir(parents=True)
    page.write_text("a page", encoding="utf-8")
    purged(home, TOKEN_DAYS["rejected"] - 1)
    assert page.exists() and deliveries_gone(home) == set()
    purged(home, DAYS["rejected"])
    assert not page.exists() and deliveries_gone(home) == {str(there)}


def test_what_nobody_judged_in_time_is_rejected(home: Home, tmp_path: Path) -> None:
    """A delivery whose run kept failing goes too; all its rows are rejected, and it waits no longer."""
    agree(home, complete())
    folder = delivery(tmp_path / "sent", "bristol", "2025-05", {CHILDREN: rows(CHILDREN, 3, 2025)})
    assert receive(folder, home, CONTRACTS, SUPPLIERS).status == "received"
    purged(home, DAYS["landing"])
    lines = delivery_ledger(home, CONTRACTS, SUPPLIERS).select("status", "read", "rejected", "reason", "n")
    assert lines.rows() == [("refused", 3, 3, "retention", 3)]


def test_refused_deliveries_go_and_their_reasons_stay(home: Home, tmp_path: Path) -> None:
    """Why it was refused is told by rules and counts."""
    agree(home, complete())
    frame = rows(CHILDREN, 2).with_columns(forename=pl.lit("Zebulonia"))
    folder = delivery(tmp_path / "sent", "bristol", "2025-05", {CHILDREN: frame})
    assert receive(folder, home, CONTRACTS, SUPPLIERS).status == "refused"
    assert purged(home, DAYS["refused"] - 1) == []
    assert {record.zone for record in purged(home, DAYS["refused"])} == {"refused"}
    assert [path.name for path in home.refused.rglob("*") if path.is_file()] == ["refusal.json"]


def test_the_warehouse_goes_with_what_it_was_built_from(home: Home, there: DeliveryId) -> None:
    """It is a cache; the next night builds it without them. It was not built from files in landing."""
    home.warehouse.write_bytes(b"a database")
    purged(home, DAYS["landing"])
    assert home.warehouse.exists()
    records = purged(home, DAYS["validated"])
    assert not home.warehouse.exists() and ("validated", CHILDREN) in places(records)
    assert [r.zone for r in read_record(home)].count("warehouse") == 1


def test_a_published_copy_that_is_not_renewed_goes(home: Home, there: DeliveryId) -> None:
    """Every run that confirms it gives it its days anew."""
    home.published.write_bytes(b"a database")
    note_published(home, MONTH_END, [("bristol", CHILDREN)])
    assert purged(home, DAYS["published"] - 1) == [] or home.published.exists()
    note_published(home, MONTH_END + timedelta(5), [("bristol", CHILDREN)])
    purged(home, DAYS["published"])
    assert home.published.exists()
    purged(home, DAYS["published"] + 5)
    assert not home.published.exists()


def test_a_published_copy_of_an_agreement_that_ended_goes(home: Home, there: DeliveryId) -> None:
    """No run came since that would have made it anew without the table."""
    home.published.write_bytes(b"a database")
    note_published(home, MONTH_END, [("bristol", CHILDREN)])
    terms = complete()
    terms["suppliers"]["bristol"]["ends"] = MONTH_END
    agree(home, terms)
    records = purged(home, 1)
    assert [(r.zone, r.rule) for r in records] == [("published", "agreement not in force")]
    assert not home.published.exists()


def test_what_no_agreement_limits_is_told(home: Home, there: DeliveryId) -> None:
    """Nothing is destroyed by guess; the purge says that somebody must decide."""
    agree(home, complete("bnssg_icb"))
    found = purge_home(home, date(2099, 1, 1))
    assert found.destroyed == ()
    assert found.left == (
        f"bristol, {CHILDREN}: nobody says how long it may stay",
        f"bristol, {TOKENS}: nobody says how long it may stay",
    )


def test_a_killed_purge_is_completed_by_the_next(
    home: Home, there: DeliveryId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the first line and before the file was gone: the file already counts for nothing."""
    from outcome_linkage.agreements import destruction

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(destruction.Shredder, "_finish", killed)
    with pytest.raises(KeyboardInterrupt):
        purged(home, DAYS["validated"])
    monkeypatch.undo()
    begun = [record for record in read_record(home) if record.done is None]
    assert len(begun) == 1 and (home.root / begun[0].path).exists()
    delivery_ledger(home, CONTRACTS, SUPPLIERS)
    purged(home, DAYS["validated"])
    assert not [record for record in read_record(home) if record.done is None]
    assert not list(home.root.rglob("*.parquet"))


def test_a_line_that_was_torn_does_not_hide_the_next(home: Home, there: DeliveryId) -> None:
    """A process killed in the middle of a line; what it had begun is begun again."""
    (home.root / "destruction.jsonl").write_text('{"path": "vali', encoding="utf-8")
    purged(home, DAYS["validated"])
    lines = (home.root / "destruction.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(read_record(home)) == 6
    assert all(json.loads(line)["rule"] for line in lines[1:])
