"""What may be said about these figures, and what they were made from."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from outcome_linkage.evaluation.report.blocks import Block, Grid, Section, Words
from outcome_linkage.evaluation.report.estimated import LEAST_FREEDOM
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.incidence import GRID
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.walk import of_kind
from outcome_linkage.files import sha256_of

_TOTALS = {
    "true": "Totals are rounded from the true total, so that parts need not add up to them.",
    "shown": "Totals are sums of the parts that are shown, without what is hidden.",
}
STAMP = ("evaluation_id", "spec_version", "spec_sha256", "run_id")


def disclosure(run: Gathered) -> Section:
    """How small numbers were kept back, and what that does not do."""
    profile, rules = run.profile, run.study.governance
    lines = (
        f"Counts of {profile.few} people are hidden, others rounded to {profile.round_to} (profile "
        f"{profile.name}, the strictest of the study's and its owners'; smallest cell {rules.min_cell}). "
        f"{_TOTALS[profile.totals]}",
        f"“{profile.few}” is a count that is hidden, “all but {profile.few}” one whose rest is; a share "
        "of it is told as the range that it may be in. “Not shown” is a figure that would give such a count "
        "away.",
        "Shares, plain differences and ratios are computed from the counts as shown here. Standardised "
        "differences of groups too.",
        f"Means, standard deviations and costs are of {profile.mean_from} people or more and to three "
        "figures; "
        f"quartiles of more than {4 * profile.tail_from}. No smallest or largest value is shown.",
        f"Curves stand on {GRID} days and on counts put to the middle of a step, and end where few are "
        "at risk.",
        "Estimates of models are exempt in the rules of HES. They are shown to two or three figures, "
        "with at "
        f"least {LEAST_FREEDOM} residual degrees of freedom, and where no arm has few people or few events.",
        "This page is a working page of the safe setting. It was not audited against earlier releases: "
        "only a "
        "release may leave.",
    )
    return Section("disclosure", "How small numbers are kept back", [Words(line) for line in lines])


def provenance(run: Gathered) -> Section:
    """Specification, run, tables and their fingerprints."""
    blocks: list[Block] = [Grid(("what", "is"), list(_facts(run)), words=2), _tables(run), _concepts(run)]
    return Section("provenance", "What this was made from", blocks)


def _facts(run: Gathered) -> Iterator[tuple[str, str]]:
    study = run.study
    found = stamp_of(run)
    yield "Evaluation", f"{study.id}, version {study.version}, {study.status}"
    yield "Tables are of version", found.get("spec_version", "")
    yield "Specification, SHA-256", found.get("spec_sha256", "")
    yield "Run", f"{found.get('run_id', '')} (what went into it: specification, engine, data)"
    yield "Software", f"outcome-linkage {version('outcome-linkage')}"
    yield "Agreements", ", ".join(study.governance.data_agreements)
    yield "Purpose", study.governance.purpose
    yield "Seed", str(study.estimates.seed)


def _tables(run: Gathered) -> Grid:
    rows = [(path.stem, sha256_of(path)) for path in sorted(run.folder.glob("ev_*.parquet"))]
    return Grid(("table", "SHA-256 of its Parquet file"), rows, title="Tables", words=2)


def _concepts(run: Gathered) -> Grid:
    """Every measure of the library that the study reads."""
    found = sorted({(one.concept, one.source) for _, one in of_kind(run.study, Event)})
    return Grid(("measure", "table"), found, title="Measures", words=2, note="Their codes: docs/measures.md.")


def stamp_of(run: Gathered) -> dict[str, str]:
    """What every table of the run carries: evaluation, version, specification, run."""
    for table in run.tables.values():
        if table.height:
            return {name: str(table[name][0]) for name in STAMP if name in table.columns}
    return {}
