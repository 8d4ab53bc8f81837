"""`outcome-linkage explain` and `links --refused` on a home that was run, as the linker types them."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from outcome_linkage.home import Home
from tests.command import command_line

pytestmark = pytest.mark.slow


def _a_key(home: Home, sql: str) -> str:
    with duckdb.connect(str(home.registry), read_only=True) as connection:
        rows = connection.execute(f"{sql} order by all limit 1").fetchall()
    return str(rows[0][0])


def test_a_link_is_explained_to_the_linker(ran: Home) -> None:
    """Words and bars in the terminal, a page for the linker alone, and a line in the access log."""
    key = _a_key(ran, "select record_key from record_person where pass = 'model'")
    told = command_line(ran, "explain", key)
    assert told.returncode == 0, told.stderr
    assert "Linked by `model`" in told.stdout and "together" in told.stdout and "█" in told.stdout
    page = ran.restricted / "explain" / f"{key}.html"
    assert str(page) in told.stderr and page.stat().st_mode & 0o777 == 0o600
    last = json.loads((ran.root / "access.log").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["command"], last["rows"] >= 2) == ("explain", True)


def test_a_script_gets_json(ran: Home, tmp_path: Path) -> None:
    """The same story, with a page only where one is asked for; every weight is the one of the night."""
    key = _a_key(ran, "select record_key from link_conflicts where weight is not null")
    told = command_line(ran, "explain", key, "--json", "--out", str(tmp_path / "why.html"))
    assert told.returncode == 0, told.stderr
    story = json.loads(told.stdout)
    refused = [other for other in story["refused"] if other["refusals"][0]["weight"] is not None]
    assert refused
    for other in refused:
        assert other["refusals"][0]["weight"] == pytest.approx(other["waterfall"]["total"])
    assert "<svg" in (tmp_path / "why.html").read_text(encoding="utf-8")
    assert not (ran.restricted / "explain").exists()


def test_a_wrong_key_is_not_repeated(ran: Home) -> None:
    """Somebody may type a number that is personal: the answer says what was expected instead."""
    told = command_line(ran, "explain", "9434765870")
    assert told.returncode == 1
    assert "32 hex digits" in told.stderr and "9434765870" not in told.stdout + told.stderr


def test_refused_candidates_are_written_beside_the_links(ran: Home, tmp_path: Path) -> None:
    """Each once from either side, with the reason."""
    links, refused = tmp_path / "links.csv", tmp_path / "refused.csv"
    told = command_line(ran, "links", "--out", str(links), "--refused", str(refused))
    assert told.returncode == 0, told.stderr
    frame = pl.read_csv(refused)
    assert frame.height and frame["reason"].null_count() == 0
    here = set(frame.select("record_key", "other_record_key").iter_rows())
    assert here == {(other, key) for key, other in here}
    assert refused.stat().st_mode & 0o777 == 0o600
