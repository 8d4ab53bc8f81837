"""Real-format files that others wrote, through every command: encode, check, receive, run, query."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.home import Home
from outcome_linkage.release.query import query
from tests.command import command_line
from tests.search import found_below

pytestmark = [pytest.mark.shared, pytest.mark.slow]


def _key(path: Path) -> Path:
    path.write_bytes(bytes(range(7, 39)))
    path.chmod(0o600)
    return path


@pytest.fixture
def sent(home: Home, real_data: Path, tmp_path: Path) -> Path:
    """The CIN census of one council and the faulty SSDA903 return of another, encoded by the command."""
    key, out = _key(tmp_path / "linkage.key"), tmp_path / "out"
    returns = {
        ("cin", "bristol", "2022-07"): [real_data / "cin" / "fake_CIN_data.xml"],
        ("ssda903", "north_somerset", "2020-07"): sorted((real_data / "ssda903").glob("*.csv")),
    }
    for (table, supplier, period), raw in returns.items():
        options = {
            "--table": table,
            "--supplier": supplier,
            "--period": period,
            "--key-file": str(key),
            "--record-secret": str(tmp_path / f"{supplier}.secret"),
            "--keep-map": str(tmp_path / f"{supplier}.map.csv"),
            "--out": str(out),
        }
        arguments = [part for option in options.items() for part in option]
        result = command_line(home, "encode", *map(str, raw), *arguments)
        assert result.returncode == 0, result.stderr
    return out


def test_returns_of_others_reach_the_published_database(home: Home, sent: Path, tmp_path: Path) -> None:
    """All children and referrals of the census are published; the faulty return is accounted for by row."""
    checked = command_line(home, "check", str(sent))
    assert checked.returncode == 3 and "80% of the rows were rejected" in checked.stdout
    assert "would be received, but not its ssda903_header" in checked.stdout
    assert command_line(home, "receive", str(sent)).returncode == 0
    ran = command_line(home, "run")
    assert ran.returncode == 3 and "ssda903_header" in ran.stdout, ran.stderr
    count = "select count(*) as n, count(distinct person_id) as people from stg_local_authority__cin_"
    assert query(home, f"{count}children").row(0) == (332, 332)
    assert query(home, f"{count}referrals")["n"][0] == 402
    tables = json.loads(command_line(home, "ledger", "--json").stdout)["deliveries"]
    kept = {line["table"]: (line["read"], line["kept"]) for line in tables if line["supplier"] == "bristol"}
    assert kept["cin_children"] == (332, 332) and kept["cin_referrals"] == (402, 402)
    rejected = json.loads(command_line(home, "ledger", "--rejects", "--json").stdout)["rejected rows"]
    named = {(line["table"], line["row"], line["column"], line["reason"]) for line in rejected}
    assert ("ssda903_episodes", 5, "rne", "unreadable_at_source") in named
    assert {row for table, row, _, _ in named if table == "ssda903_header"} == {1, 2, 3, 4, 5}
    ids = pl.read_csv(tmp_path / "north_somerset.map.csv", infer_schema=False)
    assert set(ids["original_id"]) == {"689661", "249901"}
    of_the_return = {line["record_key"] for line in rejected if line["supplier"] == "north_somerset"}
    assert of_the_return <= set(ids["record_key"])


def test_nothing_of_the_raw_files_is_stored(home: Home, sent: Path) -> None:
    """Not the stray code, the postcodes, a UPN, a child's id or a date of birth: in no file, log or event."""
    command_line(home, "receive", str(sent))
    command_line(home, "run")
    personal = ["*DUMMY*", "I28 8HA", "RND000215205141", "A850728973744", "2019-12-06", "21/03/2012"]
    assert not found_below(home.root, personal)
    alerts = (home.root / "alerts.jsonl").read_text(encoding="utf-8")
    assert "validated__ssda903_header" in alerts
