"""A researcher with a small laptop looks something up in the data dictionary, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = [pytest.mark.browser]
DOCS = Path(__file__).parents[2] / "docs"
DICTIONARY = DOCS / "dictionary" / "index.html"
PICTURE = DOCS / "images" / "dictionary.png"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SMALL_LAPTOP = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """The dictionary in Chromium; whatever it asks for other than itself is an error."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport=SMALL_LAPTOP)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.goto(DICTIONARY.as_uri())
        yield page
        browser.close()
    assert [url for url in asked if not url.startswith("file:")] == []


def test_the_page_fits_a_small_laptop(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for heading in ("What to send", "What to query"):
        expect(page.locator("#about").get_by_role("heading", name=heading)).to_be_in_viewport()


def test_search_leaves_the_lines_that_hold_all_words(page: Page) -> None:
    """Some of them may be the table's; code lists open."""
    page.get_by_role("searchbox").fill("referrals source")
    expect(page.locator("#found")).to_contain_text("columns or codes")
    expect(page.locator('[id="cin_referrals.referral_source"]')).to_be_visible()
    expect(page.locator('[id="cin_referrals.closure_reason"]')).to_be_hidden()
    expect(page.locator("#police_crimes")).to_be_hidden()
    page.get_by_role("searchbox").fill("victim does not support action")
    expect(page.locator('[id="codes-police.outcome_type"] tbody tr:visible')).to_have_count(2)
    page.get_by_role("searchbox").fill("no such words")
    expect(page.locator("#nothing")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#police_crimes")).to_be_visible()


def test_links_lead_from_a_result_back_to_what_suppliers_send(page: Page) -> None:
    """From a research column to the delivered table it is made of, and on to its codes."""
    page.get_by_role("navigation").get_by_role("link", name="stg_police__police_crimes").click()
    expect(page.locator("#stg_police__police_crimes h4")).to_be_in_viewport()
    page.locator('[id="stg_police__police_crimes.outcome_type"]').get_by_role(
        "link", name="police_crimes"
    ).last.click()
    expect(page.locator("#police_crimes h4")).to_be_in_viewport()
    if os.environ.get("PICTURES") == "write":
        page.screenshot(path=PICTURE)
    page.locator('[id="police_crimes.outcome_type"]').get_by_role("link", name="police.outcome_type").click()
    expect(page.get_by_text("charged or summonsed")).to_be_in_viewport()
