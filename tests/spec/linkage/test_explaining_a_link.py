"""Explaining a link.

The linker may ask why a record is linked, and why others are not. The answer names comparisons, levels and
weights, and never what was compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pytest

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage.tokens import TOKEN_COLUMNS
from outcome_linkage.linkage_story.explain import explain
from outcome_linkage.linkage_story.page import html, write_page
from outcome_linkage.linkage_story.story import Other, Story, as_json
from tests.tiny_linkage import NOBODY, linked, record, registry, tokens_of

pytestmark = pytest.mark.slow
ZED = ("Zebulonia", "Quixworth", "2001-05-06", "BS1 1AA")
KIP = ("Kipperline", "Marrowbone", "1996-11-23", "BS2 2BB")
ORLA = ("Orlantha", "Vexley", "1988-02-17", "BS3 3DD")
TAM = ("Tamsinetta", "Brockwood", "1979-07-30", "BS4 4FF")
LONE = ("Perpetualis", "Umbergate", "1965-01-19", "BS40 9ZZ")
NUMBERS = ("9434765870", "9434765919")
STREET = {"address_line_1": "7 Gooseberry Lane"}
MOVED_STREET = {"address_line_1": "9 Gooseberry Lane"}

RECORDS = [
    record("bristol", 1, *ZED),
    record("icb", 11, *ZED),
    record("bristol", 2, *KIP, **STREET),
    record("icb", 12, "Kippering", *KIP[1:], **STREET),
    record("police", 13, "Wilhelmar", *KIP[1:], **STREET),
    record("bristol", 3, *ORLA),
    record("icb", 14, *ORLA, nhs_number=NUMBERS[0]),
    record("icb", 15, *ORLA, nhs_number=NUMBERS[1]),
    record("bristol", 4, *TAM, **STREET),
    record("icb", 16, "Tamerlin", *TAM[1:], nhs_number=NUMBERS[0], **STREET),
    record("icb", 17, "Rosetta", *TAM[1:], nhs_number=NUMBERS[1], **STREET),
    record("bristol", 5, *LONE),
    record("bristol", 6, *ZED),
    record("police", 1, "Ulricanna", "Fennimore", "1970-04-04", "BS5 5GG"),
]
UNTOLD = "select 'police', '77'"
PERSONAL = [*ZED, *KIP, *ORLA, *TAM, *LONE, *NUMBERS, "Kippering", "Wilhelmar", "Tamerlin", "Gooseberry"]


class Linked(NamedTuple):
    """A home where RECORDS are linked, and the SQL of their tokens."""

    home: Home
    tokens: str

    def story(self, key: int, supplier: str | None = None) -> Story:
        """The story of one record."""
        return explain(self.home, str(key), self.tokens, supplier)


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Linked:
    home = Home(tmp_path_factory.mktemp("explained") / "home").ensure()
    linked(home, RECORDS, others=UNTOLD)
    return Linked(home, f"select * from read_parquet('{home.restricted / 'tokens.parquet'}')")


def levels(other: Other) -> dict[str, str]:
    """The level of each comparison, by name."""
    assert other.waterfall is not None
    return {step.comparison: step.level for step in other.waterfall.steps}


def reasons(story: Story) -> dict[str, list[str]]:
    """Why each candidate was refused, by its key."""
    return {o.record.record_key: [r.reason for r in o.refusals] for o in story.refused}


def test_a_record_linked_by_a_key(everybody: Linked) -> None:
    """The key is named, with what it is made of, and what the model says of the same two records."""
    story = everybody.story(11)
    assert (story.passed, story.level, story.weight) == ("postcode", "strict", None)
    assert "equal forename, surname, birthday and postcode" in story.headline
    here = next(other for other in story.linked if other.record.supplier == "bristol")
    assert "postcode" in here.keys
    assert here.waterfall is not None and here.waterfall.total > 6.6
    assert levels(here)["forename"] == levels(here)["birthday"] == "same"


def test_a_record_linked_by_the_model(everybody: Linked) -> None:
    """A forename that only begins alike: each comparison is told with its level, and they add up."""
    story = everybody.story(12)
    assert (story.passed, story.level) == ("model", "strict")
    (other,) = story.linked
    assert (str(other.record), other.keys) == ("bristol 2", ())
    assert levels(other)["forename"] == "begins or sounds alike"
    assert other.waterfall is not None and story.weight == pytest.approx(other.waterfall.total)
    assert all(abs(step.rarity) <= abs(step.bits) for step in other.waterfall.steps if step.rarity > 0)


def test_what_is_missing_weighs_nothing(everybody: Linked) -> None:
    """Nobody's sex is known: it speaks neither for nor against."""
    (other,) = everybody.story(12).linked
    assert other.waterfall is not None
    (sex,) = (step for step in other.waterfall.steps if step.comparison == "sex")
    assert (sex.level, sex.bits) == ("missing", 0.0)


def test_duplicates_of_one_supplier(everybody: Linked) -> None:
    """A duplicate is told too; how rare duplicates are within the supplier is a step of its own."""
    story = everybody.story(6)
    assert [str(member) for member in story.members] == ["bristol 1", "bristol 6", "icb 11"]
    duplicate = next(other for other in story.linked if other.record.supplier == "bristol")
    assert "one supplier" in levels(duplicate)
    assert "duplicate: postcode" in duplicate.keys


def test_a_tie(everybody: Linked) -> None:
    """Two candidates fit equally well: each is told with the other, which stood in its way."""
    story = everybody.story(3)
    assert story.passed is None and not story.linked
    assert set(reasons(story)) == {"14", "15"}
    for other, rival in zip(sorted(story.refused, key=lambda o: o.record), ("15", "14"), strict=True):
        assert "tie" in reasons(story)[other.record.record_key]
        assert f"icb {rival} fits equally well" in other.refusals[0].words


def test_a_lead_that_is_too_small(everybody: Linked) -> None:
    """The better of two candidates leads by less than 3 bits: both weights are told."""
    story = everybody.story(4)
    assert reasons(story) == {"16": ["margin"], "17": ["margin"]}
    first, second = story.refused
    assert first.waterfall and second.waterfall
    assert 0 < first.waterfall.total - second.waterfall.total < 3
    for other, rival in ((first, second), (second, first)):
        words = other.refusals[0].words
        assert f"{other.waterfall.total:.1f}" in words  # type: ignore[union-attr]
        assert f"{rival.record}, weighs {rival.waterfall.total:.1f}" in words  # type: ignore[union-attr]


def test_a_twin(everybody: Linked) -> None:
    """Birthday, surname and home agree, the forename does not: the story says that they may be twins."""
    story = everybody.story(13)
    assert not story.linked
    assert reasons(story) == {"2": ["twins"], "12": ["twins"]}
    assert all("may be twins" in other.refusals[0].words for other in story.refused)
    assert all(levels(other)["forename"] == "different" for other in story.refused)


def test_a_record_on_its_own(everybody: Linked) -> None:
    """Nobody came near: the story is short, and it is one."""
    story = everybody.story(5)
    assert (story.passed, story.others) == (None, ())
    assert story.headline == "No other record is linked to it."
    assert "Nobody came near enough" in html(story)


def test_a_record_without_tokens(everybody: Linked) -> None:
    """Only events are delivered of it: it has a person, and there is nothing to compare."""
    story = everybody.story(77)
    assert re.fullmatch("[0-9a-f]{32}", story.person_id)
    assert any("no tokens of this record" in note for note in story.notes)


def test_a_key_that_two_suppliers_hold(everybody: Linked) -> None:
    """They are named, and the linker says which one is meant."""
    with pytest.raises(OutcomeLinkageError, match="bristol, police"):
        everybody.story(1)
    assert everybody.story(1, "police").record == ("police", "1")


@pytest.mark.parametrize(
    ("key", "supplier", "says"),
    [
        (999, None, "32 hex digits"),
        (999, "icb", "of icb"),
        (1, "nobody", "Expected one of bristol, icb, police"),
    ],
)
def test_a_key_that_nobody_holds(everybody: Linked, key: int, supplier: str | None, says: str) -> None:
    """The error says what a record key looks like and where to find one, and repeats nothing."""
    with pytest.raises(OutcomeLinkageError, match=says) as error:
        everybody.story(key, supplier)
    assert "999" not in str(error.value)


def test_nothing_is_linked_yet(home: Home) -> None:
    """Before the first run there is nothing to explain, and the error says how to start one."""
    with pytest.raises(OutcomeLinkageError, match="outcome-linkage run"):
        explain(home, "1", "select 1")


def test_nothing_that_identifies_a_person(everybody: Linked) -> None:
    """No page and no JSON holds a value, a token, or a reference to anything outside the file."""
    frame = pl.read_parquet(everybody.home.restricted / "tokens.parquet")
    tokens = {str(value) for name in TOKEN_COLUMNS for value in frame[name].drop_nulls()}
    assert len(tokens) > 100
    for key in (3, 12):
        story = everybody.story(key)
        page = html(story)
        text = (page + json.dumps(as_json(story))).lower()
        assert not [value for value in PERSONAL if value.lower() in text]
        assert not [token for token in tokens if token in text]
        links = re.sub(r'xmlns(:xlink)?="[^"]*"', "", page)
        assert not re.search(r"https?://|src=|href=|url\(|@import|<script", links)


def test_a_page_is_for_the_linker_alone(everybody: Linked, tmp_path: Path) -> None:
    """It lies in the restricted zone, readable by its owner only; another place may be named."""
    story = everybody.story(12)
    page = write_page(everybody.home, story)
    assert page == everybody.home.restricted / "explain" / "12.html"
    elsewhere = write_page(everybody.home, story, tmp_path / "why.html")
    assert {path.stat().st_mode & 0o777 for path in (page, elsewhere)} == {0o600}
    assert page.read_text(encoding="utf-8").count("<svg") == len(story.others)


def test_every_question_leaves_a_line(everybody: Linked) -> None:
    """Who asked and when is logged, answered or not; the key itself is not in the log."""
    log = everybody.home.root / "access.log"
    before = log.read_text(encoding="utf-8").count("\n") if log.exists() else 0
    everybody.story(12)
    with pytest.raises(OutcomeLinkageError):
        everybody.story(999)
    answered, refused = map(json.loads, log.read_text(encoding="utf-8").splitlines()[before:])
    assert (answered["command"], answered["rows"] > 1) == ("explain", True)
    assert (refused["command"], refused["rows"]) == ("explain", None)
    assert "record_key" not in answered


def _change(home: Home, sql: str) -> None:
    with duckdb.connect(str(home.registry)) as connection:
        connection.execute(sql)


FORGOTTEN: dict[str, Callable[[Home], None]] = {
    "not stored": lambda home: _change(home, "delete from linkage_models"),
    "written by an earlier version": lambda home: _change(home, "drop table linkage_models"),
}


@pytest.mark.parametrize("how", FORGOTTEN)
def test_a_model_that_is_not_there(home: Home, how: str) -> None:
    """Links of a time when no model was kept cannot be weighed anew: the error says to run first."""
    linked(home, [record("bristol", 2, *KIP)])
    FORGOTTEN[how](home)
    tokens = f"select * from read_parquet('{home.restricted / 'tokens.parquet'}')"
    with pytest.raises(OutcomeLinkageError, match=f"{how}.*outcome-linkage run"):
        explain(home, "2", tokens)


def test_a_record_that_was_withdrawn(home: Home) -> None:
    """Nothing is told of it, but that it was withdrawn; nor is it told beside those it was linked to."""
    records = [record("bristol", 1, *ZED), record("icb", 2, *ZED)]
    linked(home, records)
    tokens = tokens_of(records, home.restricted / "tokens.parquet")
    objection = "select 'icb', '2', 'supplier', date '2024-05-01'"
    link(home, tokens, NOBODY, "run 2", opt_outs_sql=objection)
    with pytest.raises(OutcomeLinkageError, match="withdrawn by an objection"):
        explain(home, "2", tokens)
    assert explain(home, "1", tokens).others == ()


def test_a_story_tells_what_became_of_the_id(home: Home) -> None:
    """Ids that were merged into the person are told with the run; what has changed since is said."""
    other = record("icb", 2, *LONE)
    linked(home, [record("bristol", 1, *ZED), other])
    corrected = [record("bristol", 1, *ZED), record("icb", 2, *ZED)]
    linked(home, corrected, "run 2")
    tokens = tokens_of(corrected, home.restricted / "tokens.parquet")
    story = explain(home, "2", tokens)
    (change,) = story.changes
    assert (str(change.run), change.reason, change.records) == ("run 2 (run 2)", "merge", 1)
    assert story.notes == ()
    changed = explain(home, "2", tokens_of([corrected[0], other], home.restricted / "tokens.parquet"))
    assert any("has changed since" in note for note in changed.notes)
    assert registry(home, "record_key", "record_person") == [("1",), ("2",)]
