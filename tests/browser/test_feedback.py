"""A council's data officer opens the feedback in a real Chromium, without a network."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.desk import Desk
from tests.returns import checked, encoded, faulty

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "feedback_pack.png"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
WINDOW = {"width": 1280, "height": 1000}


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page on an invented return with faults, after one of the year before."""
    monkeypatch.setenv("OUTCOME_LINKAGE_HOME", str(tmp_path / "no_home"))
    desk = Desk(tmp_path)
    encoded(desk, 2025, "2025-07", 60, {}, {(5, 1): "", (9, 4): "N0"})
    return checked(tmp_path / "pack", faulty(desk).folder, tmp_path / "notes-2026-07.json")[2]


def test_the_first_screen_says_what_to_do(pack: Path) -> None:
    """Whether it can be used and three things to fix, without scrolling; a click leads to the cells."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport=WINDOW)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(pack.as_uri())
        _reads(page)
        if os.environ.get("PICTURES") == "write":
            page.screenshot(path=PICTURE)
        page.locator(".verdict li a").nth(1).click()
        expect(page.locator("#fix-2").get_by_text("E36:E43")).to_be_in_viewport()
        browser.close()
    assert [url for url in asked if not url.startswith("file:")] == []


def _reads(page: Page) -> None:
    """What stands on the first screen."""
    expect(page.get_by_role("heading", name="This delivery can be used")).to_be_in_viewport()
    things = page.locator(".verdict li")
    expect(things).to_have_count(3)
    for thing in things.all():
        expect(thing).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
