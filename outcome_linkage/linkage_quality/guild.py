"""GUILD: what should be told of linked data at each step, from what the software knows.

Gilbert R, Lafferty R, Hagger-Johnson G, et al. GUILD: GUidance for Information about Linking Data sets.
J Public Health 2018;40(1):191-8, doi:10.1093/pubmed/fdx037. Four steps: provision, linkage, analysis and
reporting. The words are ours. What only people can say is said to be missing, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from outcome_linkage.linkage.passes import DUPLICATES, PASSES
from outcome_linkage.linkage.residual import MARGIN, THRESHOLDS
from outcome_linkage.linkage_quality.damage import DAMAGE, TRAPS
from outcome_linkage.linkage_quality.figures import ALL
from outcome_linkage.linkage_quality.kept import Kept
from outcome_linkage.linkage_quality.measure import Provision
from outcome_linkage.linkage_quality.process import STAGES
from outcome_linkage.linkage_quality.released import Shown
from outcome_linkage.linkage_quality.unlinked import NOTABLE, Difference


class Step(NamedTuple):
    """One step of GUILD: facts (a name and what is so), and what is left for people to write."""

    title: str
    facts: tuple[tuple[str, str], ...]
    for_people: tuple[str, ...]


def guild(
    run: Kept, provisions: Sequence[Provision], shown: Sequence[Shown], unlike: Sequence[Difference]
) -> list[Step]:
    """The four steps, filled in."""
    return [
        Step("1. Data provision", tuple(_provision(provisions, shown)), _PROVIDERS_SAY),
        Step("2. Data linkage", tuple(_linkage(run, shown)), _LINKERS_SAY),
        Step("3. Analysis", tuple(_analysis(shown, unlike)), _ANALYSTS_SAY),
        Step("4. Reporting", tuple(_reporting(run)), _AUTHORS_SAY),
    ]


_PROVIDERS_SAY = (
    "Why and how each supplier collects these records, who is missing from them, and what changed over time.",
    "How identifiers are checked where they are entered, and which are copied from another system.",
    "How many people objected, or were left out before encoding, and who they are.",
)
_LINKERS_SAY = (
    "Whether anybody looked at sampled links by hand, at the suppliers, and what they found.",
    "Whether the people with a strong id at two suppliers are like those without.",
)
_ANALYSTS_SAY = (
    "How links were used in the analysis: which level, and whether results were repeated at the others.",
    "What missed and false links may do to the estimates, and in which direction.",
    "Who was left out as not linked, compared with who was kept, for this study population.",
)
_AUTHORS_SAY = (
    "The flow of people from each supplier's population to those analysed, for this study.",
    "What linkage error means for the conclusions, and for the groups it falls on.",
    "Approvals, legal basis, and how patients and the public took part.",
)


def _provision(provisions: Sequence[Provision], shown: Sequence[Shown]) -> Iterable[tuple[str, str]]:
    versions = sorted({p.key_version for p in provisions if p.key_version})
    encoders = sorted({p.encoder_version for p in provisions})
    for supplier in dict.fromkeys(p.supplier for p in provisions):
        theirs = [p for p in provisions if p.supplier == supplier]
        tables = sorted({table for p in theirs for table in p.tables})
        records = _words(shown, "records", supplier)
        yield (
            theirs[0].title,
            f"{len(theirs)} deliveries in use, {theirs[0].period} to {theirs[-1].period}; records with "
            f"tokens: {records}; tables: {', '.join(tables)}.",
        )
    yield "Linkage key", f"version {', '.join(versions)}" if versions else "no delivery names a key version"
    yield "Encoder", f"version {', '.join(encoders)}" if encoders else "no delivery"
    yield (
        "Pseudonymisation",
        "Names, dates of birth, postcodes, addresses and strong ids leave a supplier only as keyed hashes "
        "(HMAC-SHA256); missing values and known placeholders stay empty.",
    )


def _linkage(run: Kept, shown: Sequence[Shown]) -> Iterable[tuple[str, str]]:
    passes = {stage: sum(rule.stage == stage for rule in (*PASSES, *DUPLICATES)) for stage in STAGES}
    used = "; ".join(f"{name} ({passes[stage]} passes)" for stage, name in STAGES.items() if passes[stage])
    yield "Method", f"Deterministic passes in order: {used}; then a probabilistic model of what they leave."
    yield "Version", f"{run.model_version}; linkage run {run.number}."
    bars = ", ".join(f"{level} {bar:g}" for level, bar in THRESHOLDS.items())
    yield (
        "Thresholds",
        f"match weights (log2 odds): {bars}; a link must lead its runner-up by {MARGIN:g}. The tables are "
        "built on the main level.",
    )
    yield (
        "Resolution",
        "At most one group of records of each supplier per person; ties and conflicts are refused.",
    )
    yield "Left by the keys", _words(shown, "residual", ALL)
    yield "Precision, by held-out strong ids", _words(shown, "precision", ALL)
    yield "Recall, by held-out strong ids", _words(shown, "recall", ALL)
    yield "Links expected to be right", _words(shown, "expected_right", ALL)
    yield (
        "Planted records",
        f"{_words(shown, 'planted_found', ALL)} found over {len(DAMAGE)} kinds of damage; "
        f"{_words(shown, 'trap_linked', ALL)} of {len(TRAPS)} kinds of other people linked.",
    )


def _analysis(shown: Sequence[Shown], unlike: Sequence[Difference]) -> Iterable[tuple[str, str]]:
    yield (
        "Levels",
        "Each record carries the pass, weight, runner-up weight and level (strict, main, broad) of its link, "
        "so that an analysis can be repeated with stricter links.",
    )
    for level in ("strict", "main", "broad"):
        found = [f for f in shown if f.by == "level" and f.group == level]
        words = {f.measure: f.words for f in found}
        yield f"Level {level}", f"precision {words.get('precision', '')}; recall {words.get('recall', '')}"
    notable = [d for d in unlike if abs(d.standardised) > NOTABLE]
    yield (
        "Linked against unlinked",
        f"{len(notable)} of {len(unlike)} standardised differences are beyond {NOTABLE}.",
    )
    yield (
        "Missing links",
        "An outcome is `no` only where the person could have been linked to the source and the source "
        "covered the time; otherwise it is empty, with a status.",
    )


def _reporting(run: Kept) -> Iterable[tuple[str, str]]:
    when = "" if run.is_full else f", accuracy as measured on run {run.measured_on}"
    yield (
        "To cite",
        f"Linkage run {run.number} ({run.run_id}), {run.model_version}, figures as of {run.as_of}{when}.",
    )
    yield (
        "To report",
        "Precision and recall with intervals, by group; standardised differences of linked and unlinked; the "
        "headline result at each link level. All are in this page and in the JSON beside it.",
    )
    yield (
        "Small numbers",
        "Counts of 1 to 7 people are hidden, others rounded to 5; shares follow from these.",
    )


def _words(shown: Sequence[Shown], measure: str, group: str) -> str:
    overall = {"records": "with tokens"}.get(measure, ALL)
    for figure in shown:
        if figure.measure == measure and figure.group == group and figure.item == overall:
            return figure.words
    return "nothing to count"
