"""What is made of the rows that a rule flags.

A rule rejects nothing. How many rows it looked at and how many are at fault is kept; whether that is too
many is judged by a threshold, as often as wanted.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.rules import run
from outcome_linkage.delivery.rules.before_sending import rules_before_sending
from outcome_linkage.delivery.rules.of_delivery import Catalogue, rule_failures, rules_on
from outcome_linkage.delivery.rules.result import Finding, Judged, judge, read_result
from outcome_linkage.delivery.rules.thresholds import BadThresholds, Thresholds, load_thresholds
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from schemas.rules import RULES
from schemas.rules.rule import RuleBook, rules_of
from tests.factories import SUPPLIERS, delivery, judged, key, rows
from tests.spec.rules.examples import inputs, tables

pytestmark = pytest.mark.slow
CATALOGUE = Catalogue(CONTRACTS, SUPPLIERS, RULES)
COVERS = (date(2023, 4, 1), date(2024, 3, 31))


def _found(failing: int, checked: int = 100, severity: str = "error") -> Finding:
    return Finding.model_validate(
        {
            "rule": "ssda903.356",
            "table": "ssda903_episodes",
            "column": "dec",
            "severity": severity,
            "says": "The episode ends before it starts.",
            "checked": checked,
            "failing": failing,
        }
    )


@pytest.mark.parametrize(
    ("failing", "severity", "state"),
    [
        (0, "error", "pass"),
        (1, "error", "pass with failures"),
        (2, "error", "fail"),
        (5, "warning", "pass with failures"),
        (6, "warning", "fail"),
    ],
)
def test_few_rows_at_fault_pass_with_failures(failing: int, severity: str, state: str) -> None:
    """One in a hundred may be at fault by an error, five by a warning; none at all is a pass."""
    assert judge(_found(failing, severity=severity), Thresholds()).state == state


def test_a_rule_may_have_a_threshold_of_its_own(home: Home) -> None:
    """`rules.yaml` in the home sets shares by severity and by rule; the result says which was used."""
    (home.root / "rules.yaml").write_text("error: 0.1\nrules: {ssda903.356: 0}\n", encoding="utf-8")
    thresholds = load_thresholds(home, CATALOGUE.rule_ids)
    assert judge(_found(1), thresholds).state == "fail"
    assert judge(_found(1), thresholds).threshold == 0
    assert judge(_found(1).model_copy(update={"rule": "ssda903.501"}), thresholds).threshold == 0.1


@pytest.mark.parametrize("text", ["error: 2", "[1]", "rules: {ssda903.9999: 0}", "errors: 0.1", "{"])
def test_thresholds_that_cannot_be_meant_are_refused(home: Home, text: str) -> None:
    """A share above one, another shape, a rule that does not exist, a word that is none of ours."""
    (home.root / "rules.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadThresholds, match=r"rules\.yaml: expected"):
        load_thresholds(home, CATALOGUE.rule_ids)


def _state(home: Home, delivered: DeliveryId, rule: str) -> Judged:
    return next(found for found in rules_on(delivered, home, CATALOGUE).rules if found.rule == rule)


def _episodes(n: int, **columns: object) -> dict[str, object]:
    return {"ssda903_episodes": rows("ssda903_episodes", n, 2024, **columns)}


@pytest.fixture
def council(home: Home, tmp_path: Path) -> DeliveryId:
    """Three children looked after, two of whose episodes end before they start; nothing else."""
    ends = [date(2023, 1, 1), date(2023, 1, 1), date(2024, 1, 1)]
    tables = _episodes(3, dec=ends)
    folder = delivery(tmp_path, "bristol", "2024-07", tables, collection_year=2024, covers=COVERS)
    return judged(folder, home)


def test_rows_at_fault_are_named_and_stay(home: Home, council: DeliveryId) -> None:
    """The result counts rows and people; a table beside it names file, row, person and column."""
    found = _state(home, council, "ssda903.356")
    assert (found.state, found.checked, found.failing, found.people) == ("fail", 3, 2, 2)
    assert found.share == pytest.approx(2 / 3) and found.threshold == 0.01
    failures = rule_failures(council, home)
    named = failures.filter(failures["rule"] == "ssda903.356").rows()
    episodes = "ssda903_episodes"
    assert named == [
        ("ssda903.356", episodes, f"{episodes}.parquet", row, key(row - 1), "dec") for row in (1, 2)
    ]


def test_a_rule_without_its_table_is_skipped_and_says_why(home: Home, council: DeliveryId) -> None:
    """The header was not delivered, nor was last year's return: neither is a pass."""
    for rule, why in (
        ("ssda903.302", "ssda903_header is not in the delivery"),
        ("ssda903.503B", "no ssda903_episodes of the year before"),
        ("cin.8608", "cin_assessments is not in the delivery"),
    ):
        found = _state(home, council, rule)
        assert (found.state, found.why) == ("skipped", why)


def test_a_table_that_was_refused_is_not_there(home: Home, tmp_path: Path) -> None:
    """Rules on it are skipped, as on one that was never sent, and say that it was refused."""
    header = rows("ssda903_header", 3, 2024, sex="X")
    tables = {**_episodes(3), "ssda903_header": header}
    refused = judged(delivery(tmp_path, "bristol", "2024-07", tables, collection_year=2024), home)
    assert _state(home, refused, "ssda903.611").why == "ssda903_header was refused"


def test_a_rule_on_the_year_needs_to_know_it(home: Home, tmp_path: Path) -> None:
    """Without a collection year nothing lies outside it: the rule is skipped, and does not pass."""
    folder = delivery(tmp_path, "bristol", "2024-07", _episodes(3, decom=date(2030, 1, 1)))
    found = _state(home, judged(folder, home), "ssda903.354")
    assert (found.state, found.why) == ("skipped", "the collection year of ssda903_episodes is not known")


def test_last_years_return_is_read_where_a_rule_asks_for_it(home: Home, tmp_path: Path) -> None:
    """The legal status of a child's open episode changes between two returns."""
    for year, status in ((2023, "C1"), (2024, "C2")):
        tables = _episodes(1, decom=date(2022, 5, 1), dec=None, rec=None, ls=status)
        sent = judged(delivery(tmp_path, "bristol", f"{year}-07", tables, collection_year=year), home)
    assert _state(home, sent, "ssda903.503B").failing == 1
    first = DeliveryId("2023-07", "001", "bristol")
    assert _state(home, first, "ssda903.503B").state == "skipped"


def test_people_of_a_crime_may_come_after_it(home: Home, tmp_path: Path) -> None:
    """What was sent before counts: a crime of last month has its people this month."""
    crimes, people = rows("police_crimes", 2), rows("police_crime_persons", 2)
    judged(delivery(tmp_path, "avon_somerset_police", "2024-05", {"police_crimes": crimes[:1]}), home)
    sent = judged(
        delivery(tmp_path, "avon_somerset_police", "2024-06", {"police_crime_persons": people}), home
    )
    assert _state(home, sent, "ours.P01").failing == 1


def test_a_crash_is_a_state_and_quotes_no_value(tmp_path: Path) -> None:
    """A rule that cannot be run stops no other; what the database says of it may hold a value."""
    rule = rules_of("ours", "ssda903_episodes")
    words = {"column": "urn", "says": "It is no number.", "matters": "Nothing."}
    book = RuleBook(
        (),
        (),
        (rule("X1", broken="urn::int > 1", **words), rule("X2", broken="urn = 'SC123456'", **words)),
    )
    given = tables("ssda903_episodes\nchild | urn\nA | SC123456\nB | SC654321")
    (crashed, other), failures = run.run_rules(inputs(given, tmp_path), book)
    assert crashed.ended == "crashed" and judge(crashed, Thresholds()).state == "crashed"
    assert "ConversionException" in crashed.why and "SC123456" not in crashed.why
    assert other.failing == 1 and failures.height == 1


def test_a_result_is_judged_anew_without_running_a_rule(
    home: Home, council: DeliveryId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New thresholds change states and nothing else; the file says what it was judged by."""
    before = rules_on(council, home, CATALOGUE)
    monkeypatch.setattr("outcome_linkage.delivery.rules.of_delivery.run_rules", lambda *_: pytest.fail())
    (home.root / "rules.yaml").write_text("error: 1\nwarning: 1\n", encoding="utf-8")
    after = rules_on(council, home, CATALOGUE)
    assert before.states["fail"] > 0 == after.states["fail"]
    assert [rule.failing for rule in before.rules] == [rule.failing for rule in after.rules]
    assert read_result(home, council) == after and after.thresholds.error == 1


def test_rules_run_again_when_a_rule_changes(home: Home, council: DeliveryId) -> None:
    """A result is good for the rules and the files that it was made from."""
    before = rules_on(council, home, CATALOGUE)
    book = RULES._replace(rules=RULES.rules[:3])
    after = rules_on(council, home, Catalogue(CONTRACTS, SUPPLIERS, book))
    assert after.made_from != before.made_from and len(after.rules) == 3


def test_a_delivery_without_a_verdict_has_no_result(home: Home) -> None:
    """Rules look at rows that were judged one by one."""
    with pytest.raises(OutcomeLinkageError, match="expected a verdict, found none"):
        rules_on(DeliveryId("2024-07", "001", "bristol"), home, CATALOGUE)


def test_a_supplier_sees_the_rules_before_sending(tmp_path: Path) -> None:
    """The same rules on the folder itself; what needs the past is skipped, and nothing is written."""
    tables = _episodes(2, dec=[date(2023, 1, 1), date(2024, 1, 1)])
    folder = delivery(tmp_path, "bristol", "2024-07", tables, collection_year=2024)
    before = sorted(folder.iterdir())
    result, failures = rules_before_sending(folder, CONTRACTS, RULES)
    states = {rule.rule: rule.state for rule in result.rules}
    assert states["ssda903.356"] == "fail" and states["ssda903.199"] == "skipped"
    assert failures.filter(failures["rule"] == "ssda903.356")["_row"].to_list() == [1]
    assert sorted(folder.iterdir()) == before
