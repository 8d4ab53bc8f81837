"""An analyst opens the quality of deliveries in a real Chromium, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from outcome_linkage.delivery_quality.report import make_report
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS
from tests.months import faulty

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "delivery_quality.png"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
WINDOW = {"width": 1280, "height": 1000}
TALL = {"width": 1280, "height": 1580}


@pytest.fixture
def quality_page(home: Home, tmp_path: Path) -> Path:
    """The page on three invented suppliers whose last month is wrong in many ways."""
    return make_report(faulty(home, tmp_path / "sent"), CONTRACTS, SUPPLIERS, date(2025, 12, 20)).page


@pytest.fixture
def page() -> Iterator[Page]:
    """A page in Debian's Chromium that writes down what it asks for."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport=WINDOW)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        yield page
        browser.close()
    assert [url for url in asked if not url.startswith("file:")] == []


def test_the_first_screen_says_what_is_wrong(quality_page: Path, page: Page) -> None:
    """Errors first, each with its course; a click opens the figures of the table; every month has a cell."""
    page.goto(quality_page.as_uri())
    expect(page.get_by_role("heading", name="2 tables cannot be used as delivered")).to_be_in_viewport()
    found = page.locator(".finding")
    expect(found).to_have_count(6)
    for finding in found.all():
        expect(finding).to_be_in_viewport(ratio=1)
    assert found.locator("h3 a").all_inner_texts()[:3] == [
        "early_help_episodes",
        "mhsds_care_contacts",
        "police_incidents",
    ]
    expect(found.locator("svg")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if os.environ.get("PICTURES") == "write":
        page.set_viewport_size(TALL)
        page.screenshot(path=PICTURE)
    expect(page.locator(".cell")).to_have_count(13 * 24)
    expect(page.locator(".cell.error")).to_have_count(2)
    expect(page.locator(".cell.season")).not_to_have_count(0)
    found.nth(2).locator("a").click()
    figures = page.locator("#avon_somerset_police-police_incidents")
    expect(figures.get_by_role("cell", name="35 to 105")).to_be_in_viewport()
