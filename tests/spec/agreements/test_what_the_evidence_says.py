"""What the evidence says.

`outcome-linkage evidence` writes the annex to a data-protection impact assessment: flows, parties, roles,
keys, retention, who looked, every field and why it is needed, and the risks that remain. One page, no
network, no row.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assets.in_force import purge_home, subject_of
from outcome_linkage.access import record_access
from outcome_linkage.agreements.evidence import access_summary, html
from outcome_linkage.agreements.facts import KEYS, RISKS, ROLES
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS, load_suppliers
from tests.agreements import DAYS, TODAY, agree, complete
from tests.factories import delivery, judged, key, rows


def words(page: str) -> str:
    """The text of a page as a person reads it."""

    class Text(HTMLParser):
        said: list[str] = []

        def handle_data(self, data: str) -> None:
            self.said.append(data)

    reader = Text()
    reader.said = []
    reader.feed(page)
    return " ".join(" ".join(reader.said).split())


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The annex of a home that rests on the demo's agreements."""
    home = Home(tmp_path_factory.mktemp("annex") / "home").ensure()
    return html(subject_of(home, date(2026, 1, 1)))


def test_the_page_needs_no_network(invented: str) -> None:
    """No script, and no reference to anything outside it."""
    assert "<script" not in invented
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", invented)
    assert "url(http" not in invented and "@import" not in invented


def test_every_field_is_listed_with_a_reason(invented: str) -> None:
    """Of every table that somebody delivers; none is without one."""
    text = words(invented)
    tables = {table for supplier in load_suppliers().values() for table in supplier.tables}
    for table in tables:
        assert all(f">{name}</td>" in invented for name in CONTRACTS[table].columns)
    assert "nobody says" not in text


def test_roles_keys_and_risks_are_told(invented: str) -> None:
    """The design, as far as software can state it, and what only people can say."""
    text = words(invented)
    for told in (*(r.name for r in ROLES), *(k.name for k in KEYS), *(r.risk for r in RISKS)):
        assert told in text
    assert "Only people can say" in text


def test_invented_agreements_are_called_so(invented: str, home: Home) -> None:
    """First thing on the page; a real installation's page does not say it."""
    assert "Nobody has agreed to anything" in words(invented)
    real = words(html(subject_of(agree(home, complete()), TODAY)))
    assert "Nobody has agreed" not in real and "DSA-bristol" in real


def test_the_flows_show_every_supplier(invented: str) -> None:
    """As a picture within the page, with how many of its tables are in force."""
    picture = invented[invented.index("<svg") : invented.index("</svg>")]
    for name, supplier in load_suppliers().items():
        assert f">{name}</text>" in picture
        assert f"{len(supplier.tables)} of {len(supplier.tables)} tables in force" in picture


def test_what_is_kept_out_is_told_first(home: Home) -> None:
    """With the reason and the date."""
    agree(home, complete())
    text = words(html(subject_of(home, date(2027, 1, 1))))
    assert "are kept out" in text and "the agreement ended on 2026-12-31" in text


def test_a_field_that_nobody_needs_stands_out(home: Home) -> None:
    """The table is blocked for it, and the page says which."""
    terms = complete()
    terms["tables"]["deaths"]["necessity"][0]["columns"].remove("underlying_cause")
    text = words(html(subject_of(agree(home, terms), TODAY)))
    assert "nobody says (bnssg_icb)" in text


def test_who_looked_is_counted(home: Home) -> None:
    """By command and user, with those in vain; never what was asked."""
    for rows_found in (3, None):
        record_access(home, "query", "select secret", rows_found)
    (line,) = access_summary(home)
    assert (line.command, line.times, line.failed) == ("query", 2, 1)
    text = words(html(subject_of(home, TODAY)))
    assert line.user in text and "secret" not in text.split("Who looked")[1].split("Fields")[0]


def test_what_was_destroyed_is_told_by_rule(home: Home, tmp_path: Path) -> None:
    """Files, rows and the last day; no key of anybody."""
    agree(home, complete())
    tables = {"deaths": rows("deaths", 9)}
    judged(delivery(tmp_path / "sent", "bnssg_icb", "2025-05", tables), home)
    last = date(2025, 5, 31) + timedelta(DAYS["validated"])
    purge_home(home, last)
    page = html(subject_of(home, last))
    assert f"retention: validated, {DAYS['validated']} days 1 9 {last} 0" in words(page)
    assert key(0) not in page


def test_a_home_where_nothing_happened_has_a_page(home: Home) -> None:
    """Nobody looked, nothing was destroyed, nothing was made yet."""
    text = words(html(subject_of(home, TODAY)))
    assert "Nobody has asked anything yet" in text and "Nothing yet" in text and "not made yet" in text
