"""The story of a record in the terminal: the same words as on its page, with bars of characters."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from outcome_linkage.linkage.residual import THRESHOLDS
from outcome_linkage.linkage_story.reasons import INDIRECT, shared_words
from outcome_linkage.linkage_story.story import Other, Story, Waterfall
from outcome_linkage.linkage_story.waterfall import Row, reach, rows_of
from pipelines.cli.app import out

_BARS = {
    "prior": ("░", "dim"),
    "for": ("█", "blue"),
    "against": ("▒", "red"),
    "missing": ("·", "dim"),
    "total": ("█", "bold"),
}
_WIDE = 56


def tell(story: Story) -> None:
    """Print the story, the linked records first."""
    out.print(f"[bold]{escape(str(story.record))}[/]", highlight=False)
    out.print(story.headline, markup=False, highlight=False)
    for note in story.notes:
        out.print(f"[yellow]Note[/] {escape(note)}", highlight=False)
    out.print(_facts(story))
    between = reach(other.waterfall for other in story.others if other.waterfall)
    if story.linked:
        out.print("\n[bold green]The other records of its person[/]")
    for other in story.linked:
        _tell_other(other, story, between)
    if story.refused:
        out.print(f"\n[bold red]Refused: {len(story.refused)}[/]", highlight=False)
    for other in story.refused:
        _tell_other(other, story, between)


def _facts(story: Story) -> Table:
    table = Table.grid(padding=(0, 2))
    facts = {
        "person": story.person_id,
        "its records": f"{len(story.members)}, of {', '.join(story.suppliers)}",
        "model": story.model_version,
        "first linked in": str(story.first_run),
        "last linked in": str(story.last_run),
    }
    for change in story.changes:
        moved = f"{change.old_person_id} to {change.new_person_id}, records: {change.records}"
        facts[f"{change.reason} in {change.run}"] = moved
    for name, value in facts.items():
        table.add_row(Text(name, style="dim"), Text(value))
    return table


def _tell_other(other: Other, story: Story, between: tuple[float, float]) -> None:
    out.print(f"\n[bold]{escape(str(other.record))}[/]", highlight=False)
    for refusal in other.refusals:
        passes = "; ".join(refusal.passes)
        out.print(
            f"  {refusal.reason.capitalize()} ({passes}). {refusal.words}", markup=False, highlight=False
        )
    if other in story.linked and other.is_indirect:
        out.print(f"  {INDIRECT}")
    if other.is_one_broadly:
        out.print("  At the broad level the two are one person.")
    if other.waterfall is None:
        out.print("  Nothing to compare: one of the two has no tokens, or tokens of two people.")
    else:
        if other.compared != (story.record, other.record):
            out.print(f"  Of duplicates these agree best: {' and '.join(map(str, other.compared))}.")
        out.print(_bars(other.waterfall, between))
    if other.keys:
        out.print(f"  Keys that both share: {shared_words(other.keys)}.", markup=False, highlight=False)


def _bars(waterfall: Waterfall, between: tuple[float, float]) -> Table:
    """One row for each bar: name, level, the bar on a common scale, and what it adds."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="left", min_width=14)
    table.add_column(justify="left", min_width=34)
    table.add_column(justify="left", no_wrap=True)
    table.add_column(justify="right")
    for row in rows_of(waterfall):
        _, style = _BARS[row["kind"]]
        added = row["end"] if row["kind"] in ("prior", "total") else row["bits"]
        told = "missing" if row["kind"] == "missing" else f"{added:+.1f}"
        table.add_row(
            Text(f"  {row['name']}"), Text(row["level"]), _bar(row, between), Text(told, style=style)
        )
    return table


def _bar(row: Row, between: tuple[float, float]) -> Text:
    """The bar between its ends; a dotted column stands at the main threshold."""
    low, high = between
    scale = (_WIDE - 1) / (high - low)
    start, end = sorted(round((at - low) * scale) for at in (row["start"], row["end"]))
    mark, style = _BARS[row["kind"]]
    cells = [" "] * _WIDE
    cells[round((THRESHOLDS["main"] - low) * scale)] = "┊"
    cells[start : max(end, start + 1)] = mark * (max(end, start + 1) - start)
    return Text("".join(cells), style=style)
