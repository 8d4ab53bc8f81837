"""Recorded adversity before day 0: domains that occur together, the score with its bounds, ages at first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Block, Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import counts, parts_of, share_words, shares
from outcome_linkage.evaluation.report.upset import upset
from outcome_linkage.evaluation.words import name as plain


def adversity(run: Gathered) -> Section | None:
    """The section; None for a study without adversity."""
    found = run.study.adversity
    domains = [name for name in (found.domains if found else ()) if f"a_{name}" in run.columns]
    if found is None or not domains:
        return None
    blocks: list[Block] = [
        Words(
            "What services recorded before day 0, not how common it was: a child whom nobody looked at has "
            "no record. A domain that could not be observed is unknown, not absent."
        ),
        _domains(domains, run),
        _together(domains, run),
    ]
    if found.score and "a_score" in run.columns:
        blocks += _score(run)
    if found.age_bands_years:
        blocks += _ages(domains, run)
    return Section("adversity", "Recorded adversity before day 0", blocks)


def _domains(domains: list[str], run: Gathered) -> Grid:
    sums = ", ".join(
        f"count(*) filter (where a_{name}) as {name}_yes, count(a_{name}) as {name}_known" for name in domains
    )
    by_arm = {row["arm"]: row for row in run.count("arm", sums).iter_rows(named=True)}
    rows = []
    for name in domains:
        cells = shares(
            [(by_arm[arm][f"{name}_yes"], by_arm[arm][f"{name}_known"]) for arm in run.arms], run.profile
        )
        known = counts([by_arm[arm][f"{name}_known"] for arm in run.arms], run.profile)
        rows.append(
            (plain(name), *(w for c, k in zip(cells, known, strict=True) for w in (share_words(c), k.counts)))
        )
    head = [word for label in run.arms.values() for word in (label, "of whom it is known")]
    return Grid(("recorded", *head), rows, title="Domains")


def _together(domains: list[str], run: Gathered) -> Picture:
    by = ", ".join(f"a_{name}" for name in domains)
    table = run.count(by).filter(pl.any_horizontal(pl.col(f"a_{name}").fill_null(False) for name in domains))
    together: dict[tuple[str, ...], int] = {}
    for row in table.iter_rows(named=True):
        within = tuple(name for name in domains if row[f"a_{name}"])
        together[within] = together.get(within, 0) + int(row["n"])
    sets = sorted(together.items(), key=lambda one: (-one[1], one[0]))
    words = counts([n for _, n in sets], run.profile)
    rows = [
        (", ".join(map(plain, names)), shown.counts)
        for (names, _), shown in zip(sets, words, strict=True)
        if shown.n
    ]
    return Picture(
        "Domains recorded together",
        f"UpSet plot of {len(rows)} combinations of domains recorded for the same person.",
        upset([(names, shown.n) for (names, _), shown in zip(sets, words, strict=True)], plain),
        Grid(("domains", "people"), rows),
        "People with at least one; combinations of few people are left out.",
    )


def _score(run: Gathered) -> Iterator[Block]:
    yield _histogram(
        run,
        "a_score",
        "Score",
        "Histogram of the score of recorded adversity by arm, of those with enough domains observable.",
        "Bounds, with every unobservable domain taken as absent or as present, stand in the table of "
        "people as a_score_min and a_score_max.",
    )
    yield _histogram(
        run,
        "a_domains_obs",
        "Domains that could be observed",
        "Histogram of the number of domains that could be observed, by arm.",
        "The fewer could be observed, the less a low score says.",
    )


def _histogram(run: Gathered, column: str, title: str, alt: str, note: str) -> Picture:
    table = run.count(f"arm, {column}")
    numbers: Mapping[tuple[str, float], int] = {
        (arm, value): n for arm, value, n in table.iter_rows() if value is not None
    }
    values = sorted({value for _, value in numbers})
    rows, drawn = [], []
    for arm, label in run.arms.items():
        parts = [numbers.get((arm, value), 0) for value in values]
        found = parts_of(parts, run.profile)
        rows.append((label, *map(share_words, found)))
        drawn += [
            {"arm": label, "value": float(value), "share": shown.share}
            for value, shown in zip(values, found, strict=True)
            if shown.share is not None and not shown.about
        ]
    picture = pictures.bars(drawn, list(run.arms.values()), "value", title.lower())
    return Picture(title, alt, picture, Grid(("arm", *(f"{value:g}" for value in values)), rows), note)


def _ages(domains: list[str], run: Gathered) -> Iterator[Grid]:
    found: dict[str, dict[str, int]] = {}
    for name in domains:
        for band, n in run.count(f"a_{name}_fb").iter_rows():
            if band is not None:
                found.setdefault(name, {})[str(band)] = n
    bands = sorted({band for by in found.values() for band in by}, key=_first_year)
    rows = [
        (plain(name), *(shown.counts for shown in counts([by.get(band, 0) for band in bands], run.profile)))
        for name, by in found.items()
    ]
    if rows:
        yield Grid(("first recorded at", *bands), rows, title="Age at first record", note="People, all arms.")


def _first_year(band: str) -> float:
    digits = "".join(c if c.isdigit() else " " for c in band).split()
    return float(digits[0]) if digits else 999.0
