"""Linkage quality as a night makes it: the pack, its checks, the command, and the gate before publishing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.gate import waivers_file
from outcome_linkage.release.profiles import NHS_HES
from pipelines.instance import opened
from tests.command import command_line

pytestmark = pytest.mark.slow


def _page(home: Home) -> str:
    return (home.root / "linkage_quality" / "0001.html").read_text(encoding="utf-8")


def _json(home: Home) -> dict[str, object]:
    return dict(json.loads((home.root / "linkage_quality" / "0001.json").read_text(encoding="utf-8")))


def test_a_night_measures_its_links(run_once: Home) -> None:
    """A page for people, the same as JSON, and true counts for the linker alone."""
    page, content = _page(run_once), _json(run_once)
    for words in ("Linkage quality, run 1", "How right, and for whom", "Planted records", "4. Reporting"):
        assert words in page
    assert "Bristol City Council" in page and page.count("<svg") >= 6
    assert len(content["guild"]) == 4 and len(content["checks"]) == 7  # type: ignore[arg-type]
    kept = run_once.restricted / "linkage_quality" / "0001.json"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_page_asks_nobody_for_anything(run_once: Home) -> None:
    """No script, style, font or picture from outside; an SVG's name space is a name, not an address."""
    page = _page(run_once)
    assert not re.search(r"""(?:src|href|srcset|action|data)\s*=\s*["']?\s*(?:https?:)?//""", page, re.I)
    assert not re.search(r"<(?:script|link|iframe|object|embed|img|base)\b|@import|url\s*\(", page, re.I)


def test_the_pack_names_nobody(run_once: Home) -> None:
    """No person id, record key or token of the registry or the tokens occurs, in any file of the pack."""
    with duckdb.connect(str(run_once.registry), read_only=True) as registry:
        ids = {
            value
            for row in registry.execute("select record_key, person_id from record_person").fetchall()
            for value in row
        }
    tokens: set[str] = set()
    for path in (run_once.restricted / "validated").rglob("link_tokens.parquet"):
        frame = pl.read_parquet(path)
        for column in frame.columns:
            if frame[column].dtype == pl.Int64 and not column.startswith("_"):
                tokens |= set(frame[column].drop_nulls().cast(pl.String))
    assert len(ids) > 500 and len(tokens) > 5000
    for path in (run_once.root / "linkage_quality").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", text)
        assert not ids & set(re.findall(r"[0-9a-f]{32}", text))
        assert not tokens & set(re.findall(r"-?\d{10,}", text))


def test_small_cells_are_hidden(run_once: Home) -> None:
    """No count of people from 1 to 7 and none that is not a multiple of 5; planted records are nobody."""
    figures = _json(run_once)["figures"]
    assert isinstance(figures, list)
    counts = [
        figure[name]
        for figure in figures
        for name in ("n", "of")
        if figure[name] is not None
        and not (
            figure["measure"].startswith(("planted", "trap")) and figure["by"] in ("all", "supplier_pair")
        )
    ]
    assert len(counts) > 500
    assert all(count % NHS_HES.round_to == 0 for count in counts)
    assert any(figure["n_hidden"] for figure in figures)


def test_checks_and_a_picture_are_in_the_ui(run_once: Home) -> None:
    """Each check has a result; the picture travels inside the metadata, and no path does."""
    with opened(run_once) as instance:
        import dagster as dg

        key = dg.AssetKey(["linkage", "quality"])
        event = instance.get_latest_materialization_event(key)
        assert event is not None and event.asset_materialization is not None
        metadata = event.asset_materialization.metadata
        texts = [str(value.value) for value in metadata.values()]
    assert any("data:image/svg+xml;base64," in text for text in texts)
    assert not any(str(run_once.root) in text for text in texts)


def test_the_command_tells_the_figures_and_where_the_page_lies(run_once: Home) -> None:
    told = command_line(run_once, "quality")
    assert told.returncode == 0, told.stderr
    assert "The release gate is open." in told.stdout and "Recall" in told.stdout
    path = Path(command_line(run_once, "quality", "--path").stdout.strip())
    assert path.name == "0001.html" and path.exists()
    content = json.loads(command_line(run_once, "quality", "--json").stdout)
    assert content["gate"] == {"open": True, "reasons": [], "waiver": None}


def test_a_home_that_was_never_run_says_what_to_do(home: Home) -> None:
    told = command_line(home, "quality")
    assert told.returncode == 1 and "outcome-linkage run" in told.stderr


def test_a_closed_gate_keeps_the_published_copy_and_a_waiver_opens_it(ran: Home) -> None:
    """A night says why it published nothing; a recorded waiver lets the next one publish."""
    kept = ran.restricted / "linkage_quality" / "0001.json"
    content = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({**content, "closes": ["precision is 97.0%"]}), encoding="utf-8")
    before = ran.published.read_bytes()
    night = command_line(ran, "run")
    assert night.returncode == 0, night.stderr
    assert "withheld" in night.stdout and "precision is 97.0%" in night.stdout
    assert ran.published.read_bytes() == before
    assert command_line(ran, "quality").returncode == 1
    waivers_file(ran).write_text(
        "- {run: 1, who: A. Lead, why: agreed with all suppliers, until: 2999-01-01}", encoding="utf-8"
    )
    night = command_line(ran, "run")
    assert "withheld" not in night.stdout
    assert "A. Lead" in command_line(ran, "quality").stdout
