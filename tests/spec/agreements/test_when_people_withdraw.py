"""When people withdraw.

Linkage buries their records (chapter on linkage); the purge then takes them out of every file: landing,
validated, rejected, tokens, pages that name them, and backups. Tombstones and the objections themselves stay,
since without them nobody could be kept out. What was released as counts stays; it names nobody.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.in_force import purge_home, suppliers_in_force
from assets.linkage import link_current
from outcome_linkage.agreements.copies import note_published, note_study
from outcome_linkage.agreements.destruction import deliveries_gone, read_record
from outcome_linkage.agreements.purge import Purged
from outcome_linkage.home import Home
from outcome_linkage.ledger import delivery_ledger, rejected_rows
from outcome_linkage.warehouse import connect
from schemas.catalogue import CONTRACTS
from tests.agreements import TODAY, agree, complete
from tests.factories import SUPPLIERS, delivery, judged, key, rows
from tests.search import found_below

pytestmark = pytest.mark.slow

GONE, STAYS = key(0), key(1)
BOARD = "bnssg_icb"


def sent(folder: Path, home: Home, period: str = "2026-05", objects: bool = True) -> None:
    """A delivery of the board about four people, one of them rejected; the first of them objects."""
    deaths = rows("deaths", 4).with_columns(underlying_cause=pl.Series(["X700", "X700", "X700", "cause"]))
    tables = {"deaths": deaths, "residence": rows("residence", 4), "link_tokens": rows("link_tokens", 4)}
    if objects:
        tables["opt_outs"] = rows("opt_outs", 1, scope="supplier")
    judged(delivery(folder, BOARD, period, tables), home)


def night(home: Home, run: str) -> None:
    """Link what is delivered."""
    link_current(home, suppliers_in_force(home, TODAY), run)


def purged(home: Home, today: date = TODAY) -> Purged:
    return purge_home(home, today)


@pytest.fixture(scope="module")
def buried_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the first person's record has a tombstone and lies in every file."""
    root = tmp_path_factory.mktemp("buried")
    home = Home(root / "home").ensure()
    sent(root / "sent", agree(home, complete()))
    night(home, "run 1")
    return home.root


@pytest.fixture
def buried(buried_once: Path, tmp_path: Path) -> Home:
    """A copy of that home, for a test to change."""
    return Home(Path(shutil.copytree(buried_once, tmp_path / "buried")))


def records_of(home: Home) -> set[str]:
    """Who is linked."""
    with connect(home.registry, read_only=True) as connection:
        return {k for (k,) in connection.execute("select record_key from record_person").fetchall()}


def test_a_withdrawn_record_leaves_every_file(buried: Home) -> None:
    """The whole home is searched: what is left of it is the objection, the tombstone and the list of them."""
    assert len(found_below(buried.root, [GONE])[GONE]) > 8
    purged(buried)
    assert sorted(found_below(buried.root, [GONE])[GONE]) == [
        f"landing/{BOARD}/2026-05/001/opt_outs.parquet",
        "restricted/registry.duckdb",
        "restricted/withdrawn.parquet",
        f"validated/{BOARD}/2026-05/001/opt_outs.parquet",
    ]


def test_the_others_stay(buried: Home) -> None:
    """In their order, with where they came from."""
    path = buried.stage("validated") / BOARD / "2026-05" / "001" / "deaths.parquet"
    before = pl.read_parquet(path).filter(pl.col("record_key") != GONE)
    purged(buried)
    assert pl.read_parquet(path).equals(before)
    assert before["_row"].to_list() == [2, 3]


def test_rows_in_landing_keep_their_place(buried: Home) -> None:
    """Feedback finds a row by its number there: rows of who went are empty, and the others stay put."""
    path = buried.stage("landing") / BOARD / "2026-05" / "001" / "deaths.parquet"
    before = pl.read_parquet(path)
    purged(buried)
    after = pl.read_parquet(path)
    assert after[1:].equals(before[1:]) and after.schema == before.schema
    assert set(after.row(0)) == {None}


def test_the_record_counts_rows_and_hashes_both_files(buried: Home) -> None:
    """One line for each file that was rewritten, and none names a person."""
    purged(buried)
    found = {(r.zone, r.table): r for r in read_record(buried) if r.rule == "withdrawn" and r.table}
    assert set(found) >= {("landing", "deaths"), ("validated", "deaths"), ("validated", "link_tokens")}
    one = found["validated", "deaths"]
    assert (one.rows, one.whole, one.done) == (1, False, TODAY)
    assert one.sha256_after and one.sha256_after != one.sha256
    assert GONE not in (buried.root / "destruction.jsonl").read_text(encoding="utf-8")


def test_the_ledger_adds_up_without_them(buried: Home) -> None:
    """Read, kept and rejected are those of the day of delivery; purged says how many of them went."""
    purged(buried)
    lines = delivery_ledger(buried, CONTRACTS, SUPPLIERS).filter(pl.col("table") == "deaths")
    assert lines.select("status", "read", "kept", "rejected", "purged").rows() == [("accepted", 4, 3, 1, 1)]


def test_rejected_rows_of_withdrawn_people_go_too(home: Home, tmp_path: Path) -> None:
    """A fault names its record."""
    sent(tmp_path / "sent", agree(home, complete()), objects=False)
    bad = key(3)
    tables = {"opt_outs": rows("opt_outs", 1, scope="supplier", record_key=bad)}
    judged(delivery(tmp_path / "later", BOARD, "2026-06", tables), home)
    night(home, "run 1")
    assert bad in rejected_rows(home, CONTRACTS)["record_key"].to_list()
    purged(home)
    assert rejected_rows(home, CONTRACTS).is_empty()
    lines = delivery_ledger(home, CONTRACTS, SUPPLIERS).filter(pl.col("table") == "deaths")
    assert lines.select("read", "kept", "rejected", "purged").rows() == [(4, 3, 1, 0)]


def test_a_row_about_two_people_goes_with_either(home: Home, tmp_path: Path) -> None:
    """Whoever is named as somebody's mother is named."""
    named = rows("relationships", 3, related_record_key=[key(8), GONE, key(9)])
    tables = {"relationships": named, "opt_outs": rows("opt_outs", 1, scope="supplier")}
    judged(delivery(tmp_path / "sent", BOARD, "2026-05", tables), agree(home, complete()))
    night(home, "run 1")
    purged(home)
    left = pl.read_parquet(home.stage("landing") / BOARD / "2026-05" / "001" / "relationships.parquet")
    assert left["record_key"].to_list() == [None, None, key(2)]


def test_what_is_delivered_again_is_purged_again(buried: Home, tmp_path: Path) -> None:
    """The tombstone is what is asked, not the list of today."""
    purged(buried)
    sent(tmp_path / "again", buried, "2026-06", objects=False)
    night(buried, "run 2")
    purged(buried)
    assert not [path for path in found_below(buried.root, [GONE])[GONE] if "2026-06" in path]
    assert GONE not in records_of(buried) and STAYS in records_of(buried)


def test_linkage_is_as_it_was(buried: Home) -> None:
    """Who stays has the same person as before, and nobody comes back."""
    before = records_of(buried)
    purged(buried)
    night(buried, "run 2")
    assert records_of(buried) == before


def test_pages_about_them_go(buried: Home) -> None:
    """A page that explains a link names records, in its text and by its name; the record names neither."""
    pages = buried.restricted / "explain"
    pages.mkdir()
    for who, text in ((GONE, GONE), (STAYS, f"linked with {GONE}"), (key(2), "alone")):
        (pages / f"{who}.html").write_text(text, encoding="utf-8")
    purged(buried)
    assert [path.name for path in pages.iterdir()] == [f"{key(2)}.html"]
    assert len([r for r in read_record(buried) if r.zone == "explained"]) == 2
    assert STAYS not in (buried.root / "destruction.jsonl").read_text(encoding="utf-8")


def test_what_was_written_for_the_supplier_goes(buried: Home) -> None:
    """Feedback names rows by record; it is written again from what is left."""
    page = buried.feedback / BOARD / "2026-05" / "001" / "feedback.html"
    page.parent.mkdir(parents=True)
    page.write_text(GONE, encoding="utf-8")
    purged(buried, date(2026, 6, 1))
    assert not page.exists() and deliveries_gone(buried) == set()


def test_a_published_copy_that_does_not_know_of_them_goes(buried: Home) -> None:
    """Where publishing was withheld since, researchers would still see who withdrew."""
    buried.published.write_bytes(b"a database")
    purged(buried)
    assert not buried.published.exists()
    buried.published.write_bytes(b"a database")
    note_published(buried, TODAY, [])
    purged(buried)
    assert buried.published.exists()


def test_the_warehouse_is_built_anew(buried: Home) -> None:
    """Its free pages could still hold who went."""
    buried.warehouse.write_bytes(b"a database")
    purged(buried)
    assert not buried.warehouse.exists()


def backed_up(home: Home, name: str) -> Home:
    """A copy of the home among its backups, and the folder named in its agreements."""
    folder = home.root.parent / "backups"
    shutil.copytree(home.root, folder / name)
    terms = complete()
    terms["backups"] = str(folder)
    agree(home, terms)
    return Home(folder / name)


def test_backups_are_purged_too(buried: Home) -> None:
    """From tables and tokens; the registry of a backup stays as it was."""
    backup = backed_up(buried, "2026-06-10-nightly")
    purged(buried)
    left = found_below(backup.root, [GONE])[GONE]
    assert not [path for path in left if "opt_outs" not in path and not path.endswith("registry.duckdb")]
    assert any(r.path.startswith("backups/2026-06-10-nightly/validated") for r in read_record(buried))


def test_backups_have_their_days(buried: Home) -> None:
    """Tokens of a backup go first, then the backup; what is no backup is told."""
    backup = backed_up(buried, "2026-06-01")
    tokens = backup.restricted / "validated" / BOARD / "2026-05" / "001" / "link_tokens.parquet"
    (backup.root.parent / "tape.tar").write_bytes(b"")
    assert purged(buried, date(2026, 6, 20)).left == (
        "backups/tape.tar is no folder whose name starts with a day, such as 2026-03-31",
    )
    assert tokens.exists()
    purged(buried, date(2026, 6, 21))
    assert backup.root.exists() and not tokens.exists()
    purged(buried, date(2026, 7, 21))
    assert not backup.root.exists()
    (record,) = [r for r in read_record(buried) if r.path == "backups/2026-06-01"]
    assert (record.rule, record.due) == ("retention: backups, 50 days", date(2026, 7, 21))


def test_a_restored_registry_brings_nobody_back(buried: Home, tmp_path: Path) -> None:
    """It is older than the objection, which nobody lists any more: the remembered list is read instead."""
    old = tmp_path / "old.duckdb"
    buried.registry.replace(old)
    sent(tmp_path / "more", buried, "2026-06", objects=False)
    night(Home(tmp_path / "elsewhere").ensure(), "nothing")
    shutil.copyfile(old, buried.registry)
    purged(buried)
    buried.registry.unlink()
    for path in buried.root.rglob("opt_outs.parquet"):
        pl.read_parquet(path).clear().write_parquet(path)
    night(buried, "run 2")
    assert GONE not in records_of(buried) and STAYS in records_of(buried)


def test_the_list_of_who_withdrew_survives_the_home(buried: Home) -> None:
    """It lies with the backups too; a home restored without it has it back after a purge."""
    backed_up(buried, "2026-06-10")
    purged(buried)
    kept = pl.read_parquet(buried.restricted / "withdrawn.parquet")
    (buried.restricted / "withdrawn.parquet").unlink()
    buried.registry.unlink()
    purged(buried)
    assert pl.read_parquet(buried.restricted / "withdrawn.parquet").equals(kept)
    assert kept.select("supplier", "record_key").rows() == [(BOARD, GONE)]


def test_a_killed_purge_is_completed_by_the_next(buried: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the first file was rewritten and before the record said so."""
    from outcome_linkage.agreements import destruction

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(destruction.Shredder, "_finish", killed)
    with pytest.raises(KeyboardInterrupt):
        purged(buried)
    monkeypatch.undo()
    assert len(read_record(buried)) == 1
    delivery_ledger(buried, CONTRACTS, SUPPLIERS)
    purged(buried)
    assert all(record.done for record in read_record(buried))
    assert len(found_below(buried.root, [GONE])[GONE]) == 4
    lines = delivery_ledger(buried, CONTRACTS, SUPPLIERS)
    assert set(lines.filter(pl.col("table") != "opt_outs")["purged"]) == {1}


def test_tables_of_a_study_go_unless_a_night_made_them_again(buried: Home) -> None:
    """A study that can no longer be run would keep whoever withdrew since."""
    for name in ("old", "renewed"):
        table = buried.root / "evaluations" / name / "ev_person.parquet"
        table.parent.mkdir(parents=True)
        pl.DataFrame({"person_key": ["p"]}).write_parquet(table)
    note_study(buried, "renewed")
    gone = [(record.path, record.rule) for record in purged(buried).destroyed if record.zone == "evaluations"]
    assert gone == [("evaluations/old/ev_person.parquet", "withdrawn")]
    assert [path.name for path in (buried.root / "evaluations").iterdir()] == ["renewed"]
