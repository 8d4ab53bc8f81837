"""The study is covered by the agreements on its sources: named, for this purpose, and not ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from outcome_linkage.agreements.terms import Agreements, Terms
from outcome_linkage.evaluation.bound_checks.known import Known
from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.evaluation import Evaluation


def agreements_cover(study: Evaluation, known: Known, agreements: Agreements, today: date) -> Iterator[Fault]:
    """EV402, EV403, EV404: for each source, of whichever supplier."""
    for n, source in enumerate(study.sources.use):
        path: KeyPath = ("sources", "use", n)
        terms = {s: agreements.terms(s, source) for s in sorted(known.suppliers.get(source, ()))}
        named = {s: t for s, t in terms.items() if t and t.reference in study.governance.data_agreements}
        yield from _not_named(path, source, {s: t for s, t in terms.items() if s not in named})
        for supplier, term in named.items():
            yield from _not_allowed(path, source, supplier, term, study.governance.purpose, today)


def _not_named(path: KeyPath, source: str, terms: Mapping[str, Terms | None]) -> Iterator[Fault]:
    if not terms:
        return
    references = sorted({str(t.reference) for t in terms.values() if t and t.reference})
    remedy = "There is none: leave the source out, or have one made."
    if references:
        remedy = f"Add `{'`, `'.join(references)}` to `governance.data_agreements`."
    yield fault("EV402", path, source=source, supplier=", ".join(terms), remedy=remedy)


def _not_allowed(
    path: KeyPath, source: str, supplier: str, terms: Terms, purpose: str, today: date
) -> Iterator[Fault]:
    place = {"source": source, "supplier": supplier}
    if purpose.casefold() not in {permitted.casefold() for permitted in terms.purposes}:
        permitted = "; ".join(terms.purposes) or "nothing"
        yield fault("EV403", path, purpose=purpose, permitted=permitted, **place)
    if terms.ends is not None and terms.ends < today:
        yield fault("EV404", path, ended=terms.ends, **place)
