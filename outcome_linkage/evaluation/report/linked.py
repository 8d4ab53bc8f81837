"""Who could be linked and who was, and which agency knew of what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

import polars as pl

from outcome_linkage.evaluation.answers.recall import INDEX
from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Block, Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.matched import matched, recall_words
from outcome_linkage.evaluation.report.shown import fixed, parts_of, percent, share_words, shares
from outcome_linkage.evaluation.report.upset import upset
from outcome_linkage.evaluation.words import name as plain
from outcome_linkage.linkage_quality.released import Shown

_TITLES = {
    "all": "everybody",
    "arm": "arm",
    "sex": "sex",
    "ethnicity5": "ethnic group",
    "imd_quintile": "deprivation",
    "age_band": "age on day 0",
}


def linkage(run: Gathered) -> Section | None:
    """Who was linked, by group; None without people."""
    table = run.table("ev_linkage")
    if not table.height:
        return None
    order = list(_TITLES)
    ranked = table.with_columns(
        place=pl.col("subgroup").replace_strict(order, range(len(order)), default=len(order))
    )
    lines = ranked.sort("source", "place", "level").to_dicts()
    found = shares([(row["n_linked"], row["n"]) for row in lines], run.profile)
    could = shares([(row["n_linkable"], row["n"]) for row in lines], run.profile)
    rows, drawn, whole = [], [], None
    for row, linked, linkable in zip(lines, found, could, strict=True):
        level = run.arms.get(row["level"], plain(str(row["level"])))
        group = _TITLES.get(row["subgroup"], plain(row["subgroup"]))
        name = group if row["subgroup"] == "all" else f"{group}: {level}"
        whole = linked if row["subgroup"] == "all" else whole
        unlike = _unlike(linked, whole)
        weight = "" if linked.of is None else fixed(row["median_weight"], 0)
        rows.append(
            (
                row["source"],
                name,
                linked.counts,
                percent(linked, run.profile),
                linked.interval,
                percent(linkable, run.profile),
                unlike,
                weight,
                "" if row["register"] else recall_words(row),
            )
        )
        if linked.share is not None and linked.low is not None and row["subgroup"] != "age_band":
            drawn.append(
                {
                    "source": row["source"],
                    "name": name,
                    "share": None if linked.about else linked.share,
                    "low": linked.low,
                    "high": linked.high,
                }
            )
    head = (
        "table",
        "group",
        "linked",
        "share",
        "95%",
        "could be linked",
        "unlike the unlinked",
        "weight",
        "recall",
    )
    worst = [row for row in rows if row[1].startswith("arm")]
    told = "; ".join(f"{source}, {group}: {percent}" for source, group, _, percent, *_ in worst)
    picture = Picture(
        "Linked, by group",
        f"Dot plot of the share of people linked to each table, by group, with intervals. {told}.",
        pictures.intervals(drawn, "source", _groups(rows)),
        Grid(head, rows, words=2, remark=True),
        "A line without a dot: few, or all but few, are linked, and the share lies somewhere within. "
        "Unlike the unlinked: standardised difference of the group between linked and not linked, of "
        "counts as shown. Weight: "
        "median match weight of the links, log2 odds. Not everybody has a record everywhere: councils know "
        "children, the police know few. Recall: share of true links to "
        "those who tell day 0 that are found, of tables that keep no register.",
    )
    blocks: list[Block] = [picture]
    weights = _weights(run)
    if weights.table.rows:
        blocks.append(weights)
    words = Words(
        "A record that was not linked looks like something that never happened, and links fail most often "
        "for those who move, change names or are poorly recorded: look at the groups, not at the whole."
    )
    return Section("linkage", "Who was linked, and who was not", [words, *blocks])


def _unlike(group: Shown, whole: Shown | None) -> str:
    """A group among the linked less among the others, standardised, of released counts of it and of all."""
    if whole is None or group is whole or None in (group.n, group.of, whole.n, whole.of):
        return ""
    linked, others = whole.n or 0, (whole.of or 0) - (whole.n or 0)
    if not linked or not others:
        return ""
    a, b = min((group.n or 0) / linked, 1.0), min(((group.of or 0) - (group.n or 0)) / others, 1.0)
    spread = sqrt((a * (1 - a) + b * (1 - b)) / 2)
    return fixed((a - b) / spread, 2, plus=True) if spread else ""


def _groups(rows: Sequence[Sequence[str]]) -> list[str]:
    """Every group of every table, those of one characteristic together."""
    names = list(dict.fromkeys(row[1] for row in rows))
    kinds = list(dict.fromkeys(name.split(":")[0] for name in names))
    return sorted(names, key=lambda name: (kinds.index(name.split(":")[0]), name))


def _weights(run: Gathered) -> Picture:
    """How sure the links are: people by the lowest match weight of theirs, in steps of five."""
    table = run.count(
        "source, cast(5 * floor(link_weight / 5) as integer) as step",
        where="link_weight is not null",
        of="ev_person_source",
    )
    numbers = {(source, step): n for source, step, n in table.iter_rows()} if table.width == 3 else {}
    steps, names = sorted({step for _, step in numbers}), sorted({source for source, _ in numbers})
    rows, drawn = [], []
    for source in names:
        parts = [numbers.get((source, step), 0) for step in steps]
        found = shares([(part, sum(parts)) for part in parts], run.profile)
        rows.append((source, *map(share_words, found)))
        drawn += [
            {"arm": source, "step": int(step), "share": shown.share}
            for step, shown in zip(steps, found, strict=True)
            if shown.share is not None and not shown.about
        ]
    return Picture(
        "How sure the links are",
        f"Bars: share of linked people by match weight, for {len(names)} tables. The weights lie between "
        "the bars that are drawn; those of few people are left out.",
        pictures.bars(drawn, names, "step", "match weight from (log2 odds)"),
        Grid(("table", *(f"{step} to {step + 5}" for step in steps)), rows),
        "People whose link has a weight; links by rule alone have none.",
    )


def ascertainment(run: Gathered) -> Section | None:
    """Which tables knew of the same outcome or adversity, or of day 0; None where nothing happened."""
    table = run.table("ev_ascertainment")
    if not table.height:
        return None
    blocks: list[Block] = list(matched(run))
    together = table.filter(pl.col("role") != INDEX)
    if together.height:
        blocks += _together(together, run)
    return Section("ascertainment", "Which agency knew", blocks)


def _together(table: pl.DataFrame, run: Gathered) -> Iterator[Grid | Picture]:
    """One picture for each outcome or domain: a sum over several would count people more than once."""
    ordered = table.sort("role", "outcome", "n", "sources", descending=[True, False, True, False])
    for (role, outcome), some in ordered.group_by("role", "outcome", maintain_order=True):
        yield _of_one(f"{run.label(str(outcome))} ({role})", some, run)


def _of_one(what: str, some: pl.DataFrame, run: Gathered) -> Grid | Picture:
    """Who knew of one outcome; bars and table show the same released counts. Of one table no picture."""
    found = list(zip(some["sources"], parts_of(some["n"].to_list(), run.profile), strict=True))
    head = ("tables that hold it", "people")
    rows = [(names.replace("+", " and "), share_words(shown)) for names, shown in found]
    if len(rows) == 1:
        return Grid(head, rows, title=what)
    return Picture(
        what,
        f"UpSet plot of {what}: people by the tables that hold it together.",
        upset([(names.split("+"), shown.n) for names, shown in found], lambda source: source),
        Grid(head, rows),
        "Each person counts once. Combinations of few people are left out of the picture.",
    )
