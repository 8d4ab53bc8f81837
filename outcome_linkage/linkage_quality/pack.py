"""The pack of one linkage run: measured once, judged, written as a page and as JSON, and kept for comparison.

`<home>/linkage_quality/<run number>.html` and `.json`, mode 0640: outside the restricted zone, because
analysts must read it and it holds nothing but released figures. True counts stay in the restricted zone
(`kept`), which is written last: a run without it is measured again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.files import replacing
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.checks import Check, judge
from outcome_linkage.linkage_quality.damage import damage_version
from outcome_linkage.linkage_quality.due import rests_on
from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.gate import last_accepted
from outcome_linkage.linkage_quality.guild import guild
from outcome_linkage.linkage_quality.kept import Kept, all_kept, keep, read_kept
from outcome_linkage.linkage_quality.measure import (
    Extract,
    LastRun,
    is_by_linking_again,
    last_run,
    measure,
)
from outcome_linkage.linkage_quality.page import html
from outcome_linkage.linkage_quality.planting import SEED
from outcome_linkage.linkage_quality.released import Shown, release
from outcome_linkage.linkage_quality.shown_run import HEADLINES, Pack, as_json
from outcome_linkage.linkage_quality.unlinked import differences

# Raise it when the same run is to be measured or shown otherwise.
QUALITY_VERSION = "3"
_TREND = {"precision": "precision", "recall": "recall", "planted_found": "planted found"}


@dataclass(frozen=True)
class Made:
    """A pack and where it lies; `unchanged` if it was there already."""

    pack: Pack
    page: Path
    unchanged: bool


def pack_folder(home: Home) -> Path:
    """Where the packs lie, for every analyst of the installation."""
    return home.root / "linkage_quality"


def make_pack(home: Home, extract: Extract) -> Made:
    """Measure the last linkage run and write its pack, unless it is written.

    Accuracy is that of the last full measurement while that holds; all else is the run's own. `extract` is
    what the run linked, and the little more that is needed to judge it. Raises OutcomeLinkageError when
    nothing is linked yet.
    """
    run = last_run(home)
    if run is None:
        raise OutcomeLinkageError("Nothing is linked yet. Link first, then measure.")
    fingerprint = _fingerprint(home, run, extract)
    kept, page = read_kept(home, run.number), _page(home, run.number)
    if kept and kept.fingerprint == fingerprint and page.exists():
        pack = _pack(home, kept, extract)
        return Made(pack, page, unchanged=True)
    kept = _measured(home, run, extract, fingerprint)
    pack = _pack(home, kept, extract)
    _write(pack, page)
    keep(home, kept)
    return Made(pack, page, unchanged=False)


@dataclass(frozen=True)
class Summary:
    """What an analyst reads of the last pack: its JSON, and where the page lies."""

    page: Path
    content: dict[str, Any]

    @property
    def headlines(self) -> list[tuple[str, str, str, str]]:
        """Title, share, interval and counts of what is told first."""
        figures = {tuple(f.values())[:4]: Shown(**f) for f in self.content["figures"]}
        found = [(title, figures.get((measure, ALL, ALL, ALL))) for title, measure, _ in HEADLINES]
        return [(title, f.percent, f.interval, f.counts) for title, f in found if f is not None]


def read_pack(home: Home) -> Summary:
    """The last pack of `home`. Raises OutcomeLinkageError when there is none."""
    pages = sorted(pack_folder(home).glob("[0-9]*.html"))
    if not pages:
        raise OutcomeLinkageError("No linkage run has been measured yet. Start `outcome-linkage run`.")
    return Summary(pages[-1], json.loads(pages[-1].with_suffix(".json").read_text(encoding="utf-8")))


def _page(home: Home, number: int) -> Path:
    return pack_folder(home) / f"{number:04d}.html"


def _fingerprint(home: Home, run: LastRun, extract: Extract) -> str:
    """What a pack depends on. Where the home lies does not count, and delivered files never change."""
    described = repr((QUALITY_VERSION, damage_version(), SEED, run, extract))
    return hashlib.sha256(described.replace(str(home.root), "").encode()).hexdigest()


def _measured(home: Home, run: LastRun, extract: Extract, fingerprint: str) -> Kept:
    """Measure what there is to measure, and judge it."""
    last = rests_on(home, run, QUALITY_VERSION)
    found = measure(home, extract, link_again=last is None)
    if last is None:
        checks = _checks(home, run.number, found)
        closes = tuple(finding for check in checks if check.gates for finding in check.findings)
    else:
        found += [figure for figure in last.figures if is_by_linking_again(figure)]
        closes = last.closes
    return Kept(
        number=run.number,
        run_id=run.run_id,
        model_version=run.model_version,
        as_of=extract.as_of.isoformat(),
        fingerprint=fingerprint,
        damage_version=damage_version(),
        closes=closes,
        figures=tuple(found),
        measured_run=last.number if last else None,
        quality_version=QUALITY_VERSION,
    )


def _checks(home: Home, number: int, figures: Sequence[Figure]) -> list[Check]:
    """The checks of figures of which accuracy was measured on run `number`."""
    before = last_accepted(home, number)
    if before is None:
        return judge(figures, None)
    return judge(
        figures,
        before.figures,
        against=f"linkage run {before.number}",
        comparable=before.damage_version == damage_version(),
    )


def _pack(home: Home, kept: Kept, extract: Extract) -> Pack:
    shown = tuple(release(kept.figures))
    unlike = tuple(differences(_releasable(shown)))
    earlier = [k for k in all_kept(home) if k.number < kept.number]
    return Pack(
        run=kept.number,
        measured_run=kept.measured_on,
        run_id=kept.run_id,
        model_version=kept.model_version,
        as_of=kept.as_of,
        checks=tuple(_checks(home, kept.measured_on, kept.figures)),
        figures=shown,
        differences=unlike,
        steps=tuple(guild(kept, extract.provisions, shown, unlike)),
        registers=extract.registers,
        trend=tuple(_trend(k for k in [*earlier, kept] if k.is_full)),
    )


def _releasable(shown: Iterable[Shown]) -> list[Figure]:
    """Figures from what may be shown, so that nothing computed of them can tell more."""
    return [Figure(*f[:4], min(f.n, f.of), f.of) for f in shown if f.n is not None and f.of is not None]


def _trend(runs: Iterable[Kept]) -> Iterable[dict[str, Any]]:
    for run in runs:
        for figure in release(
            f for f in run.figures if f.measure in _TREND and f.by == ALL and f.item == ALL
        ):
            yield {
                "run": run.number,
                "measure": _TREND[figure.measure],
                "share": figure.share,
                "low": figure.low,
                "high": figure.high,
            }


def _write(pack: Pack, page: Path) -> None:
    page.parent.mkdir(mode=0o750, exist_ok=True)
    for path, text in (
        (page.with_suffix(".json"), json.dumps(as_json(pack), indent=1)),
        (page, html(pack)),
    ):
        with replacing(path) as beside:
            beside.touch(mode=0o640)
            beside.write_text(text, encoding="utf-8")
