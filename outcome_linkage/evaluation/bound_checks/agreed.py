"""The study is covered by the agreements on its sources: named, for this purpose, and not ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from outcome_linkage.agreements.terms import Agreements, Terms
from outcome_linkage.evaluation.bound_checks.known import Known
from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.evaluation import Evaluation


def agreements_cover(study: Evaluation, known: Known, agreements: Agreements, today: date) -> Iterator[Fault]:
    """EV402, EV403, EV404: for each source and each supplier of it."""
    for n, source in enumerate(study.sources.use):
        for supplier in sorted(known.suppliers.get(source, ())):
            terms = agreements.terms(supplier, source)
            yield from _one(study, ("sources", "use", n), source, supplier, terms, today)


def _one(
    study: Evaluation, path: KeyPath, source: str, supplier: str, terms: Terms | None, today: date
) -> Iterator[Fault]:
    place = {"source": source, "supplier": supplier}
    if terms is None or terms.reference not in study.governance.data_agreements:
        reference = terms.reference if terms else None
        remedy = (
            f"Add `{reference}` to `governance.data_agreements`."
            if reference
            else "There is no agreement: leave the source out, or make one."
        )
        yield fault("EV402", path, remedy=remedy, **place)
        return
    purpose = study.governance.purpose
    if purpose.casefold() not in {permitted.casefold() for permitted in terms.purposes}:
        permitted = "; ".join(terms.purposes) or "nothing"
        yield fault("EV403", path, purpose=purpose, permitted=permitted, **place)
    if terms.ends is not None and terms.ends < today:
        yield fault("EV404", path, ended=terms.ends, **place)
