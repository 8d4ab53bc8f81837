"""The whole road on an invented region, as its users meet it: receive, run, query, run again."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.home import Home
from outcome_linkage.release.query import query
from pipelines.status import REPAIRED
from tests.command import command_line

pytestmark = pytest.mark.slow


def test_a_run_publishes_what_researchers_query(run_once: Home) -> None:
    """One row per person, adversity and outcome; ids of the published copy are not those inside."""
    frame = query(run_once, "select * from adversity_outcome")
    assert frame.height > 0
    assert frame.select("person_id", "adversity_domain", "outcome").is_unique().all()
    published = set(query(run_once, "select person_id from person")["person_id"])
    assert set(frame["person_id"]) <= published


def test_a_second_run_with_nothing_new_redoes_nothing_and_says_so(ran: Home) -> None:
    """Content decides what is redone: the published file keeps its bytes."""
    before = (ran.published.stat().st_mtime_ns, ran.published.stat().st_size)
    result = command_line(ran, "run")
    assert result.returncode == 0, result.stderr
    assert "Nothing new" in result.stdout and "nothing was redone" in result.stdout
    assert (ran.published.stat().st_mtime_ns, ran.published.stat().st_size) == before


def test_a_delivery_received_twice_is_received_once(ran: Home, region: Path) -> None:
    """A manifest that was already received does nothing."""
    result = command_line(ran, "receive", str(region / "deliveries"), "--json")
    receipts = json.loads(result.stdout)
    assert {receipt["status"] for receipt in receipts} == {"already received"}


def test_the_ledger_reconciles(run_once: Home) -> None:
    """Read is kept and rejected, for every table of every delivery."""
    result = command_line(run_once, "ledger", "--json")
    rows = pl.DataFrame(json.loads(result.stdout)["deliveries"])
    assert (rows["read"] == rows["kept"] + rows["rejected"]).all()
    assert rows["read"].sum() > 0


def test_a_reader_never_fails_while_a_run_publishes(received: Home, run_once: Home) -> None:
    """A researcher loops over queries while the night swaps the database below them."""
    received.published.parent.mkdir(exist_ok=True)
    received.published.write_bytes(run_once.published.read_bytes())
    stop, counts, errors = threading.Event(), [], []

    def read() -> None:
        while not stop.is_set():
            try:
                counts.append(query(received, "select count(*) as n from person")["n"][0])
            except Exception as error:
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    result = command_line(received, "run")
    stop.set()
    reader.join()
    assert result.returncode == 0 and not result.stderr, result.stderr
    assert not errors and len(counts) > 20 and min(counts) > 0


def test_status_and_doctor_speak_of_a_healthy_home(run_once: Home) -> None:
    """What an analyst types first after a night."""
    status = command_line(run_once, "status", "--json")
    report = json.loads(status.stdout)
    assert {row["state"] for row in report["Deliveries"]} == {"accepted"}
    doctor = command_line(run_once, "doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout


def test_repairs_are_counted_where_an_analyst_looks(run_once: Home) -> None:
    """Every rule and supplier is in the published table; those that met a row are in the status."""
    counts = query(run_once, "select rule, supplier, n_rows, n_rows_hidden from ev_standing.repair_counts")
    assert {"SP-CARE-02", "SP-CIN-01", "SP-APC-01", "SP-RES-06", "SP-ECDS-01"} <= set(counts["rule"])
    met = counts.filter((pl.col("n_rows") > 0) | pl.col("n_rows_hidden")).select("rule", "supplier").rows()
    status = json.loads(command_line(run_once, "status", "--json").stdout)
    shown = status[REPAIRED]
    assert sorted((row["rule"], row["supplier"]) for row in shown) == sorted(met) != []
    assert {"rows", "of"} < set(shown[0])


def test_links_are_written_for_the_linker_and_logged(ran: Home, tmp_path: Path) -> None:
    """Every record has a person, a pass and a level; the access is on record."""
    to = tmp_path / "links.csv"
    assert command_line(ran, "links", "--out", str(to)).returncode == 0
    links = pl.read_csv(to)
    assert {"supplier", "record_key", "person_id", "pass", "level"} <= set(links.columns)
    assert links["person_id"].null_count() == 0
    assert '"links"' in (ran.root / "access.log").read_text(encoding="utf-8")


def test_a_research_command_refuses_to_start_beside_a_linkage_key(run_once: Home, tmp_path: Path) -> None:
    """The linkage key is the suppliers' alone."""
    key = tmp_path / "linkage.key"
    result = command_line(run_once, "status", OUTCOME_LINKAGE_KEY_FILE=str(key))
    assert result.returncode == 1
    assert "belongs to suppliers" in result.stderr
