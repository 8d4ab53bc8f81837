"""A commissioner opens the report of a study in a real Chromium, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from outcome_linkage.evaluation.report.page import write_report
from tests.invented_run import study, write_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).parents[2] / "docs" / "images"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
WINDOW = {"width": 1280, "height": 1000}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of an invented run."""
    return write_report(write_run(tmp_path_factory.mktemp("run")), study())


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


def test_the_answer_stands_on_the_first_screen(report: Path, page: Page) -> None:
    """With what it is worth; the contents lead to every picture, and its figures unfold."""
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", name="PLACEHOLDER prices").first).to_be_in_viewport()
    expect(page.get_by_text("of those with “Therapeutic support”")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    _picture(page, "evaluation_report.png")
    page.get_by_role("link", name="What became of them").click()
    curve = page.get_by_role("img", name="Step curves")
    expect(curve).to_be_in_viewport()
    expect(page.get_by_role("cell", name="Usual care: at risk")).to_be_visible()
    _picture(page, "evaluation_results.png")
    forest = page.get_by_role("img", name="Forest plot")
    forest.scroll_into_view_if_needed()
    expect(forest.locator("svg")).to_be_visible()
    flow = page.locator("#flow")
    flow.get_by_text("The figures behind the picture").click()
    expect(flow.get_by_role("columnheader", name="records that stayed")).to_be_visible()


def _picture(page: Page, name: str) -> None:
    """The screen as it is, for the documentation, where that is asked for."""
    if os.environ.get("PICTURES") == "write":
        page.screenshot(path=PICTURES / name)


def test_a_draft_hides_what_happened_by_arm(tmp_path: Path, page: Page) -> None:
    """The first screen says so, and the section of results has no figure of the primary outcome."""
    draft = study(status="draft")
    page.goto(write_report(write_run(tmp_path, draft), draft).as_uri())
    expect(page.get_by_role("heading", name="Draft: outcomes by arm are hidden")).to_be_in_viewport()
    row = page.locator("#results tr", has_text="Any suspension from school").first
    expect(row).to_contain_text("hidden: the study is a draft.")


def test_the_page_prints_without_its_contents(report: Path, page: Page) -> None:
    """The contents and colours are for the screen."""
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    expect(page.locator("nav")).to_be_hidden()
    expect(page.get_by_role("heading", name="Which days are looked at").first).to_be_visible()
