"""Quality of deliveries as a night shows it: a page, pictures and numbers, and two checks for all tables."""

from __future__ import annotations

import json
import re

import dagster as dg
import polars as pl
import pytest

from assets.delivery_quality import DELIVERY_QUALITY, EXPECTED, USABLE
from outcome_linkage.delivery_quality.report import page_of
from outcome_linkage.home import Home
from pipelines.instance import opened
from tests.command import command_line

pytestmark = pytest.mark.slow


def test_a_night_shows_pictures_numbers_and_two_checks(run_once: Home) -> None:
    """No table of the region is empty or refused; pictures come with the page and not from a network."""
    with opened(run_once) as instance:
        event = instance.get_latest_materialization_event(DELIVERY_QUALITY)
        assert event is not None and event.asset_materialization is not None
        shown = {name: value.value for name, value in event.asset_materialization.metadata.items()}
        keys = [dg.AssetCheckKey(DELIVERY_QUALITY, name) for name in (USABLE, EXPECTED)]
        records = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    assert set(records) == set(keys)
    assert shown["tables not usable"] == 0 and shown["tables"] > 30 and shown["figures judged"] > 1000
    assert shown["rows of bnssg_icb"] > 1000
    assert "data:image/svg+xml;base64," in shown["rows by month"]


def test_the_page_asks_nobody_and_names_nobody(run_once: Home) -> None:
    """No address, and no record key of any delivered table."""
    page = page_of(run_once)
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href|srcset|action|data)\s*=\s*["']?\s*(?:https?:)?//""", text, re.I)
    assert not re.search(r"@import|url\s*\(", text, re.I)
    keys = set()
    for path in run_once.stage("validated").rglob("*.parquet"):
        frame = pl.read_parquet(path)
        keys |= set(frame["record_key"]) if "record_key" in frame.columns else set()
    assert len(keys) > 500
    for path in (page, page.with_suffix(".json")):
        written = path.read_text(encoding="utf-8")
        assert not set(re.findall(r"[0-9a-f]{32}", written)) & keys
        assert path.stat().st_mode & 0o777 == 0o640


def test_the_command_says_what_the_page_says(run_once: Home) -> None:
    """As words, as JSON, and where the page lies."""
    told = json.loads(command_line(run_once, "delivery-quality", "--json").stdout)
    assert told["page"] == str(page_of(run_once))
    assert {finding["severity"] for finding in told["findings"]} <= {"warning"}
    assert command_line(run_once, "delivery-quality", "--path").stdout.strip() == str(page_of(run_once))
    assert command_line(run_once, "delivery-quality").returncode == 0
