"""Ids are unique, and names that refer to something refer to something that is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from outcome_linkage.evaluation.attributes import AFTER_INDEX, ATTRIBUTES, CLUSTERS
from outcome_linkage.evaluation.engine.place import GROUPS
from outcome_linkage.evaluation.problems import At, Fault, fault, nearest
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.adversity import Weighted
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.cohort import Enrolment
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.predicates import Covered, HasAttribute, LinkableTo
from outcome_linkage.evaluation.walk import blocks, of_kind

LISTS = {
    "eligibility": "criterion",
    "arms": "arm",
    "covariates": "covariate",
    "outcomes": "outcome",
    "measures": "measure",
    "sensitivity": "change",
}
EXPECTED = ("included", "arm", "followup_days", "censor_reason", "index_date", "first_failed", "a_score")
"""What an example may expect besides outcomes, criteria and domains."""
ENDINGS = ("", "_st", "_pt", "_t", "_d", "_e")


def unique_ids(study: Evaluation) -> Iterator[Fault]:
    """EV002: within each list of the file."""
    for name, what in LISTS.items():
        yield from _repeated(name, what, [item.id for item in getattr(study, name)])


def listed_once(study: Evaluation) -> Iterator[Fault]:
    """EV002: nothing stands twice in a list of names."""
    for path, block in blocks(study):
        for name, info in type(block).model_fields.items():
            names = getattr(block, name)
            if isinstance(names, tuple) and all(isinstance(one, str) for one in names):
                yield from _twice((*path, info.alias or name), names)


def _twice(path: KeyPath, names: Sequence[str]) -> Iterator[Fault]:
    for number, name in enumerate(names):
        first = names.index(name)
        if first < number:
            yield fault("EV002", (*path, number), what="the name", name=name, first=At((*path, first)))


def columns_apart(study: Evaluation) -> Iterator[Fault]:
    """EV002: no id with an ending gives the column of another, such as `seen` and `seen_st`."""
    for block, endings in (("outcomes", ENDINGS[1:]), ("covariates", ("_st",)), ("eligibility", ("_date",))):
        ids = [item.id for item in getattr(study, block)]
        for number, id_ in enumerate(ids):
            stem = next((id_[: -len(e)] for e in endings if id_.endswith(e) and id_[: -len(e)] in ids), None)
            if stem is not None:
                first = At((block, ids.index(stem), "id"))
                what = f"a column of `{stem}`, named"
                yield fault("EV002", (block, number, "id"), what=what, name=id_, first=first)


def _repeated(block: str, what: str, ids: Sequence[str]) -> Iterator[Fault]:
    for number, id_ in enumerate(ids):
        first = ids.index(id_)
        if first < number:
            at = At((block, first, "id"))
            yield fault("EV002", (block, number, "id"), what=what, name=id_, first=at)


def sources_are_listed(study: Evaluation) -> Iterator[Fault]:
    """EV301: whatever is read stands under `sources.use`."""
    for path, name in sources_read(study):
        if name not in study.sources.use:
            hint = nearest(name, study.sources.use)
            yield fault(
                "EV301",
                path,
                name=name,
                where="listed under `sources.use`",
                nearest=f"{hint} Or add it there.",
            )


def sources_read(study: Evaluation) -> Iterator[tuple[KeyPath, str]]:
    """Every place that names a source."""
    for path, event in of_kind(study, Event):
        yield (*path, "source"), event.source
    for path, covered in of_kind(study, Covered):
        yield (*path, "source"), covered.source
    for path, enrolment in of_kind(study, Enrolment):
        yield (*path, "source"), enrolment.source
    for path, linkable in of_kind(study, LinkableTo):
        yield (*path, "linkable_to"), linkable.linkable_to
    for n, example in enumerate(study.examples):
        for m, name in enumerate(example.given.person.linkable):
            yield ("examples", n, "given", "person", "linkable", m), name
        for m, happened in enumerate(example.given.events):
            yield ("examples", n, "given", "events", m, 0), happened[0]


def references(study: Evaluation) -> Iterator[Fault]:
    """EV003: names of characteristics, covariates, outcomes and domains."""
    covariates = {covariate.id for covariate in study.covariates}
    known = covariates | ATTRIBUTES.keys()
    yield from _unknown(_each(("subgroups",), study.subgroups), "an attribute or covariate", known)
    if study.match:
        early = [(path, name) for path, name in matched(study) if not is_after_index(study, name)]
        yield from _unknown(early, "an attribute or covariate", known)
    if study.design.cluster:
        yield from _unknown([(("design", "cluster"), study.design.cluster)], "something shared", CLUSTERS)
    for path, asked in of_kind(study, HasAttribute):
        name = asked.attribute.name
        yield from _unknown([((*path, "attribute", "name"), name)], "an attribute", ATTRIBUTES)
    for path, covariate in of_kind(study, AttributeCovariate):
        yield from _unknown([((*path, "id"), covariate.id)], "an attribute", ATTRIBUTES)
    for n, measure in enumerate(study.measures):
        at: KeyPath = ("measures", n, "group_by")
        groups = {*GROUPS, *(name for name, one in ATTRIBUTES.items() if not one.categorical)}
        yield from _unknown(_each(at, measure.group_by), "a characteristic that a rate has", groups)


def more_references(study: Evaluation) -> Iterator[Fault]:
    """EV003: competing outcomes, weights of domains, and what examples speak of."""
    outcomes = {outcome.id for outcome in study.outcomes}
    for n, outcome in enumerate(study.outcomes):
        others = (outcomes - {outcome.id}) | {"death"}
        places = _each(("outcomes", n, "competing"), outcome.competing)
        yield from _unknown(places, "`death` or another outcome", others)
    if study.adversity and isinstance(study.adversity.score, Weighted):
        weights = [(("adversity", "score", "weights", name), name) for name in study.adversity.score.weights]
        yield from _unknown(weights, "a domain that is listed", study.adversity.domains)
    known = set(_expectable(study))
    for n, example in enumerate(study.examples):
        wanted = [(("examples", n, "expect", name), name) for name in example.expect]
        yield from _unknown(wanted, "a column of the result", known)
        if isinstance(arm := example.expect.get("arm"), str):
            arms = [item.id for item in study.arms]
            yield from _unknown([(("examples", n, "expect", "arm"), arm)], "an arm", arms)


def matched(study: Evaluation) -> list[tuple[KeyPath, str]]:
    """Every place that names what people are matched on."""
    if study.match is None:
        return []
    exact = _each(("match", "exact"), study.match.exact)
    return exact + [(("match", "caliper", name), name) for name in study.match.caliper]


def is_after_index(study: Evaluation, name: str) -> bool:
    """Whether `name` is something that depends on what happens after the index date."""
    late = {c.id for c in study.covariates if last_day_of(c) > 0}
    return name in AFTER_INDEX or name in late or name in {outcome.id for outcome in study.outcomes}


def last_day_of(covariate: object) -> int:
    """Last day from the index date on which a covariate looks."""
    if isinstance(covariate, AttributeCovariate):
        return covariate.at_days
    return int(covariate.event.window[1])  # type: ignore[attr-defined]


def _expectable(study: Evaluation) -> Iterator[str]:
    yield from EXPECTED
    yield from (f"crit_{criterion.id}" for criterion in study.eligibility)
    yield from (f"x_{covariate.id}" for covariate in study.covariates)
    yield from (f"{outcome.id}{ending}" for outcome in study.outcomes for ending in ENDINGS)
    yield from (f"a_{domain}" for domain in (study.adversity.domains if study.adversity else ()))


def _each(path: KeyPath, names: Sequence[str]) -> list[tuple[KeyPath, str]]:
    return [((*path, number), name) for number, name in enumerate(names)]


def _unknown(places: Iterable[tuple[KeyPath, str]], what: str, known: Iterable[str]) -> Iterator[Fault]:
    names = set(known)
    for path, name in places:
        if name not in names:
            yield fault("EV003", path, name=name, what=what, nearest=nearest(name, names))
