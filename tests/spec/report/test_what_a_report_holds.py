"""The report of a run: one page of everything that a reader asks for, in released figures alone."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.report.blocks import Picture
from outcome_linkage.evaluation.report.gathered import gather
from outcome_linkage.evaluation.report.page import FILE, write_report
from outcome_linkage.evaluation.report.results import results
from tests.invented_run import in_three_arms, of_three_arms, people, study, write_run

pytestmark = pytest.mark.slow
SECTIONS = [
    "answer",
    "design",
    "protocol",
    "sources",
    "linkage",
    "flow",
    "baseline",
    "adversity",
    "ascertainment",
    "followup",
    "gate",
    "results",
    "costs",
    "missing",
    "checklists",
    "disclosure",
    "provenance",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an invented run of a registered study."""
    return write_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def page(run: Path) -> str:
    """Its report."""
    return write_report(run, study()).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the same study as a draft, whose outcomes are hidden by arm."""
    of = study(status="draft")
    return write_report(write_run(tmp_path_factory.mktemp("draft"), of), of).read_text(encoding="utf-8")


class _Words(HTMLParser):
    """What a reader sees: text, without styles and pictures' inner parts."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words.append(data)


def words_of(html: str) -> str:
    """The text of a page, or of a part of it."""
    reader = _Words()
    reader.feed(html)
    return " ".join(" ".join(reader.words).split())


def section(html: str, anchor: str) -> str:
    """One section in words."""
    return words_of(html.split(f'<section id="{anchor}"')[1].split("</section>")[0])


def test_every_question_has_a_section(page: str) -> None:
    """In the order in which they are asked, each in the contents."""
    assert re.findall(r'<section id="(\w+)"', page) == SECTIONS
    assert re.findall(r'<a href="#(\w+)">', page) == SECTIONS


def test_the_page_needs_no_network(page: str) -> None:
    """No script, nothing that is fetched."""
    assert not re.search(r"<(script|link|iframe|img)\b|url\(|@import|(src|xlink:href)=", page)


def test_every_picture_has_words_and_a_table(page: str) -> None:
    """For whoever cannot see it."""
    pictures = re.findall(r'<figure class="panel"><div class="wide" role="img" aria-label="([^"]+)">', page)
    assert len(pictures) == page.count("<figure") == page.count("The figures behind the picture")
    assert all(len(words) > 30 for words in pictures)
    assert len(pictures) >= 12


def test_the_answer_is_a_sentence_with_its_figures(page: str) -> None:
    """Shares of both arms, the difference once they are alike, its interval, and no claim of a cause."""
    said = section(page, "answer")
    arm = r"\d+\.\d% \(\d+ of {}\)"
    sides = (
        f"{arm.format(415)} of those with “Therapeutic support” and {arm.format('1,080')} with “Usual care”"
    )
    assert re.search(rf"Any suspension from school: {sides} had it\.", said)
    figure = r"\N{MINUS SIGN}\d+\.\d"
    found = rf"is {figure} percentage points \(95% interval {figure} to {figure}\), by a model of the records"
    assert re.search(
        f"The difference after the arms were made alike in what was recorded before {found}", said
    )
    assert "what was not recorded may still explain it" in said
    assert "Outcomes that the service cannot affect do not differ beyond chance." in said


def test_no_true_count_is_shown(page: str) -> None:
    """Neither the sizes of the arms, nor who was lost, nor how many had the outcome."""
    frame = people()
    known = frame.filter(pl.col("o_suspended").is_not_null())
    true = {
        *frame["arm"].value_counts()["count"].to_list(),
        *known["arm"].value_counts()["count"].to_list(),
        *known.group_by("arm").agg(pl.col("o_suspended").sum())["o_suspended"].to_list(),
        *(2312, 38_004, 611, 143, 57),
    }
    odd = {f"{n:,}" for n in true if n % 5}
    assert len(odd) > 6
    text = " ".join(section(page, anchor) for anchor in _WITH_COUNTS)
    shown = set(re.findall(r"(?<![\d.,])\d[\d,]*(?![\d.%])", text))
    assert not odd & shown


_WITH_COUNTS = ("answer", "flow", "baseline", "adversity", "ascertainment", "followup", "missing")


def test_few_people_are_hidden_with_what_comes_of_them(tmp_path: Path) -> None:
    """Five supported children, two of them suspended: no share, no mean, no estimate."""
    frame = people()
    few = frame.filter(pl.col("arm") == "support", pl.col("o_suspended").is_not_null())
    few = pl.concat([few.filter(pl.col("o_suspended") == n).head(k) for n, k in ((1, 2), (0, 3))])
    small = pl.concat([few, frame.filter(pl.col("arm") == "usual")])
    html = write_report(write_run(tmp_path, frame=small), study()).read_text(encoding="utf-8")
    assert "Therapeutic support 1 to 7 people analysed" in section(html, "answer")
    assert "Any suspension from school: no estimate can be shown" in section(html, "answer")
    assert "Age in years not shown" in section(html, "baseline")
    assert "not shown: 0 to 7 people or events in a part of an arm" in section(html, "results")


def test_a_draft_shows_negative_controls_alone(page: str, draft: str) -> None:
    """No figure of an outcome that the service could affect, by arm; no costs; the page says why."""
    assert "Outcomes by arm are hidden" in section(draft, "results")
    assert "Draft: outcomes by arm are hidden" in section(draft, "answer")
    ratio = r" ratio of risks as observed \d+ of [\d,]+ [\d,]+ of [\d,]+ \d\.\d\d"
    assert re.search("Any suspension from school" + ratio, section(page, "results"))
    assert not re.search("Any suspension from school" + ratio, section(draft, "results"))
    assert re.search("Ear infection" + ratio, section(draft, "results"))
    assert "cumulative incidence" not in section(draft, "results")
    assert "of those with" not in section(draft, "answer")


def test_invented_prices_are_said_first(page: str) -> None:
    """On the first screen and beside the costs."""
    for anchor in ("answer", "costs"):
        assert "PLACEHOLDER prices" in section(page, anchor)
    assert "education.suspension (PLACEHOLDER)" in section(page, "costs")


def test_who_had_something_before_is_counted_as_people_are(tmp_path: Path) -> None:
    """A mean of noughts and ones would give the exact count away: it is a share of released counts."""
    covariates = study().model_dump(by_alias=True, exclude_none=True)["covariates"]
    yes_or_no = [{**one, "kind": "binary"} if one["id"] == "suspended_before" else one for one in covariates]
    of = study(covariates=yes_or_no)
    page = write_report(write_run(tmp_path, of), of).read_text(encoding="utf-8")
    line = re.search(r"Suspensions in the year before (.*?%.*?%)", section(page, "baseline"))
    assert line and len(re.findall(r"[\d,]*[05] \(\d+\.?\d*%", line.group(1))) == 2


def test_a_measure_that_nobody_verified_is_said_first(page: str) -> None:
    """It blocks a release until the data owner confirms it."""
    said = section(page, "answer")
    assert "Unverified measures" in said and "otitis_media" in said and "suspension." not in said


def test_the_same_run_gives_the_same_bytes(run: Path, tmp_path: Path) -> None:
    """Nothing of the page comes from a clock or from an order that changes."""
    once = write_report(run, study(), tmp_path / "once.html").read_bytes()
    assert write_report(run, study(), tmp_path / "twice.html").read_bytes() == once
    assert (run / FILE).read_bytes() == once


def test_tables_of_another_specification_are_refused(run: Path, tmp_path: Path) -> None:
    """A page must not explain figures by a file that did not make them; nor be made of nothing."""
    with pytest.raises(InputRefused, match="another specification"):
        write_report(run, study(title="Something else"))
    with pytest.raises(InputRefused, match="no tables yet"):
        write_report(tmp_path, study())


def test_what_a_file_says_is_shown_and_not_run(tmp_path: Path) -> None:
    """A title or a label with HTML in it stays text."""
    of = study(title="Support <script>alert(1)</script>")
    html = write_report(write_run(tmp_path, of), of).read_text(encoding="utf-8")
    assert "<script" not in html


def test_checklists_leave_to_people_what_only_people_know(page: str) -> None:
    """All 13, 4, 21 and 28 items; those on funding and interests are not guessed."""
    said = section(page, "checklists")
    for item in ("Funding for people to write", "Interests for people to write"):
        assert said.count(item) == 2
    assert "Price" not in said and "GBP, 2024-25" in said
    assert "3.5% (costs), 3.5% (effects); also 0.0% and 1.5%." in said


def test_every_table_is_named_with_its_fingerprint(page: str, run: Path) -> None:
    """So that a figure can be traced to the bytes that it came from."""
    said = section(page, "provenance")
    for path in run.glob("ev_*.parquet"):
        assert re.search(rf"{path.stem} [0-9a-f]{{64}}", said)


def test_a_figure_that_may_not_be_shown_stands_nowhere_else(tmp_path: Path) -> None:
    """Five supported children had the control: neither its estimates nor its diagnostic give it away."""
    frame = people().with_columns(
        o_ear_infection=pl.when(pl.col("arm") == "support")
        .then(pl.col("arm").cum_count().over("arm") <= 5)
        .otherwise(pl.col("o_ear_infection") == 1)
        .cast(pl.Int64)
    )
    html = write_report(write_run(tmp_path, frame=frame), study()).read_text(encoding="utf-8")
    row = "Ear infection ratio of risks as observed 1 to 7 of 445"
    assert row in section(html, "results")
    said = section(html, "gate")
    assert "Ear infection" in said
    assert "cannot tell" in said.split("does not differ")[1]
    assert not re.search(r"\d|passed|FAILED", said.split("does not differ")[1])


def test_hidden_outcomes_take_a_line_each(draft: str) -> None:
    """Not one for every way to estimate what nobody may see."""
    assert section(draft, "results").count("hidden: the study is a draft.") == 2


def test_costs_stand_beside_effects(page: str) -> None:
    """Both differences with intervals, the quadrants, the chance at each worth, and no QALY."""
    said = section(page, "costs")
    signed = r"[+\N{MINUS SIGN}]?[\d.,]+"
    both = rf"{signed} \({signed} to {signed}\) {signed} \({signed} to {signed}\)"
    assert re.search(rf"Any suspension from school, education {both} (?:[\d,]+ )?(?:\d+% ){{4}}", said)
    assert re.search(r"£0 £1,000 £5,000 £20,000 Any suspension from school, education (\d+% ){4}", said)
    assert "low prices; costs at 3.5%, effects at 3.5%" in said
    assert "Nothing here is a QALY" in said


def test_a_diagnostic_of_few_people_has_a_verdict_and_no_value(tmp_path: Path) -> None:
    """That 97.9% of one arm were linked would say that one of 48 was not."""
    frame = people()
    small = pl.concat(
        [frame.filter(pl.col("arm") == "support").head(5), frame.filter(pl.col("arm") == "usual")]
    )
    html = write_report(write_run(tmp_path, frame=small), study()).read_text(encoding="utf-8")
    said = section(html, "gate")
    assert (
        "than nobody sees them FAILED, waived ECDS attendances Looked at by hand: movers not shown 5.0"
        in said
    )
    assert "than nobody sees them passed sex: female not shown 0.10" in said


def test_a_sum_of_costs_does_not_give_a_part_away(run: Path, tmp_path: Path) -> None:
    """Where few used one resource, the sector and the total of that arm are hidden with it."""
    for path in run.glob("ev_*.parquet"):
        shutil.copy(path, tmp_path)
    few = (pl.col("arm") == "support") & (pl.col("resource") == "suspensions")
    costs = pl.read_parquet(run / "ev_costs.parquet").with_columns(
        n_users=pl.when(few).then(3).otherwise("n_users")
    )
    costs.write_parquet(tmp_path / "ev_costs.parquet")
    said = section(write_report(tmp_path, study()).read_text(encoding="utf-8"), "costs")
    assert re.search(r"All sectors, GBP not shown [\d.]+ \(n = 1,155\)", said)
    assert "education.suspension (PLACEHOLDER) 1 to 7 not shown" in said


def test_of_three_arms_every_contrast_is_named_and_drawn(tmp_path: Path) -> None:
    """A sentence, a picture and a pair of differences for each, and a card for each arm."""
    of = of_three_arms()
    html = write_report(write_run(tmp_path, of, in_three_arms(people())), of).read_text(encoding="utf-8")
    for other in ("Waiting list", "Usual care"):
        contrast = f"Therapeutic support against {other}"
        assert f"Any suspension from school, {contrast}: " in section(html, "answer")
        assert re.search(rf"{other} [\d,]+ people analysed", section(html, "answer"))
        assert f"Ratios of risks and rates: {contrast}" in section(html, "results")
        assert f"Any suspension from school, {contrast} ratio of risks" in section(html, "results")
        assert f"difference, {other} weighted, {other}" in section(html, "baseline")
        assert f"Therapeutic support less {other}" in section(html, "costs")


def test_no_two_lines_of_a_forest_plot_have_one_name(tmp_path: Path) -> None:
    """They would lie on one another."""
    run = gather(write_run(tmp_path, of_three_arms(), in_three_arms(people())), of_three_arms())
    found = results(run)
    assert found is not None
    forests = [one for one in found.blocks if isinstance(one, Picture) and one.title.startswith("Ratios")]
    assert len(forests) == 2
    for picture in forests:
        names = [row[0] for row in picture.table.rows]
        assert len(names) == len(set(names)) > 6
