"""The quality of all deliveries as they stand: measured, judged, and written as a page and as JSON.

`<home>/delivery_quality/index.html` and `.json`, mode 0640: released figures only. While nothing is
delivered, late or otherwise measured, the page stands and nothing is judged again. True counts are in
`history`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery_quality.ageing import later_days
from outcome_linkage.delivery_quality.findings import Finding, find, overdue
from outcome_linkage.delivery_quality.history import (
    REFUSED,
    current,
    kept_folder,
    measure_deliveries,
    newest,
    read_history,
)
from outcome_linkage.delivery_quality.judge import ABSENT_IS_NONE, judge
from outcome_linkage.delivery_quality.shown import shown
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.files import replacing, sha256_of
from outcome_linkage.home import Home

_CODE = sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in (".py", ".j2"))


@dataclass(frozen=True)
class Report:
    """What is told of the deliveries. `figures`: numbers by name; `pictures`: SVG by name."""

    fingerprint: str
    tables: int
    judged: int
    findings: tuple[Finding, ...]
    figures: Mapping[str, float]
    pictures: Mapping[str, str]

    @property
    def errors(self) -> list[Finding]:
        """Tables that cannot be used as they were delivered."""
        return [finding for finding in self.findings if finding.is_error]

    @property
    def warnings(self) -> list[Finding]:
        """What somebody should look at."""
        return [finding for finding in self.findings if not finding.is_error]


@dataclass(frozen=True)
class Made:
    """A report and where its page lies; `unchanged` if it was there already."""

    report: Report
    page: Path
    unchanged: bool


def page_of(home: Home) -> Path:
    """Where the page lies, for every analyst of the installation."""
    return home.root / "delivery_quality" / "index.html"


def make_report(
    home: Home, contracts: Mapping[str, Contract], suppliers: Mapping[str, Supplier], today: date
) -> Made:
    """Measure what is new, judge it on the run date `today`, and write the page unless it stands."""
    from outcome_linkage.delivery_quality.page import html, pictures
    from outcome_linkage.delivery_quality.plots import rows_by_supplier

    measure_deliveries(home, contracts, suppliers)
    every = read_history(home, suppliers)
    history = current(every)
    state = _fingerprint(home, suppliers, overdue(history, suppliers, today))
    if (last := _last(home)) and last.fingerprint == state:
        return Made(last, page_of(home), unchanged=True)
    points = shown(judge(every, later_days(contracts)), history)
    found = find(points, history, suppliers, today)
    drawn = pictures(points, found)
    report = Report(
        fingerprint=state,
        tables=history.select("supplier", "table").n_unique(),
        judged=points.filter(pl.col("state") != "young").height,
        findings=tuple(found),
        figures=_figures(history),
        pictures={**drawn, "rows by month": rows_by_supplier(points)},
    )
    _write(report, html(found, points, history, suppliers, drawn), page_of(home))
    return Made(report, page_of(home), unchanged=False)


def read_report(home: Home) -> Report:
    """The last report of `home`. Raises OutcomeLinkageError when there is none."""
    if (last := _last(home)) is None:
        raise OutcomeLinkageError("No delivery has been measured yet. Start `outcome-linkage run`.")
    return last


def _last(home: Home) -> Report | None:
    page = page_of(home)
    path = page.with_suffix(".json")
    if not (page.exists() and path.exists()):
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return Report(**{**content, "findings": tuple(Finding(**finding) for finding in content["findings"])})


def _fingerprint(home: Home, suppliers: Mapping[str, Supplier], late: Sequence[Finding]) -> str:
    """What a report rests on: all that was measured, who the suppliers are, who is late, and the code."""
    listed = {name: (supplier.title, sorted(supplier.tables)) for name, supplier in suppliers.items()}
    measured = sorted(kept_folder(home).rglob("*.parquet"))
    parts = [repr(sorted(listed.items())), repr(late), *(sha256_of(path) for path in (*_CODE, *measured))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _figures(history: pl.DataFrame) -> dict[str, float]:
    """Numbers to follow over nights: what was read of each supplier's newest deliveries, and rejected."""
    measure, refused = pl.col("measure"), pl.col("measure") == REFUSED
    counted = (
        newest(history)
        .group_by("supplier")
        .agg(
            read=pl.when(refused).then("of").when(measure == "received").then("n").sum(),
            rejected=pl.when(refused | measure.is_in(ABSENT_IS_NONE)).then("n").sum(),
        )
    )
    figures: dict[str, float] = {}
    for supplier, read, rejected in counted.sort("supplier").iter_rows():
        figures[f"rows of {supplier}"] = read
        figures[f"per cent rejected of {supplier}"] = round(100 * rejected / read, 2) if read else 0.0
    return figures


def _write(report: Report, text: str, page: Path) -> None:
    page.parent.mkdir(mode=0o750, exist_ok=True)
    for path, content in ((page, text), (page.with_suffix(".json"), json.dumps(asdict(report), indent=1))):
        with replacing(path) as beside:
            beside.touch(mode=0o640)
            beside.write_text(content, encoding="utf-8")
