"""The real Dagster UI in a real Chromium: an analyst sees the asset graph and starts a run from it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import dagster as dg
import pytest
from playwright.sync_api import Page, TimeoutError, expect, sync_playwright

from outcome_linkage.home import Home
from pipelines.instance import opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).parents[2] / "docs" / "images"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def ui(ran: Home) -> Iterator[str]:
    """`outcome-linkage ui` on a home that was run once; its address."""
    port = _free_port()
    program = Path(sys.executable).with_name("outcome-linkage")
    process = subprocess.Popen(
        [program, "ui", "--port", str(port)],
        env={**os.environ, "OUTCOME_LINKAGE_HOME": str(ran.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the UI stopped"
        try:
            urllib.request.urlopen(f"{address}/server_info", timeout=2).read()
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the UI did not answer in time")


@pytest.fixture
def page() -> Iterator[Page]:
    """A page in Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=FLAGS
        )
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def _picture(page: Page, name: str) -> None:
    if os.environ.get("PICTURES") == "write":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")


def _sees(page: Page, text: str) -> None:
    expect(page.get_by_text(text, exact=True).filter(visible=True).first).to_be_visible()


def test_an_analyst_sees_the_graph_and_starts_a_run(ui: str, page: Page, ran: Home) -> None:
    """The road is on the graph, a table tells its columns, and `nightly` started here ends in success."""
    page.goto(f"{ui}/asset-groups")
    for group in ("landing", "validated", "linkage", "staging", "marts", "published"):
        _sees(page, group)
    _picture(page, "asset_graph")
    page.goto(f"{ui}/assets/adversity_outcome")
    for text in ("Latest check results", "adversity_domain", "Domain of the crosswalk."):
        _sees(page, text)
    _picture(page, "adversity_outcome")
    page.goto(f"{ui}/assets/delivery_quality")
    for text in ("Latest check results", "figures judged", "rows by month"):
        _sees(page, text)
    page.goto(f"{ui}/locations/pipelines.definitions/jobs/nightly")
    page.get_by_role("button", name="Materialize all").click()
    with suppress(TimeoutError):  # Dagster asks whether one is sure when a table was never delivered
        page.get_by_role("button", name="Confirm").click(timeout=5_000)
    assert _last_run(ran, "nightly", seconds=600) is dg.DagsterRunStatus.SUCCESS
    page.goto(f"{ui}/runs")
    _sees(page, "Success")


def _last_run(home: Home, job: str, seconds: float) -> dg.DagsterRunStatus | None:
    """The end of the run that the UI started: the one that the command line did not."""
    deadline, status = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        with opened(home) as instance:
            runs = instance.get_runs(dg.RunsFilter(job_name=job), limit=10)
        started = [run for run in runs if run.remote_job_origin is not None]
        status = started[0].status if started else None
        if status in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE):
            return status
        time.sleep(1)
    return status
