"""Characteristics of people: those that a study can have, the values that they take, and how many."""

from __future__ import annotations

from collections.abc import Iterator

from outcome_linkage.evaluation.attributes import ATTRIBUTES, SCORE
from outcome_linkage.evaluation.problems import Fault, fault, nearest
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate, EventCovariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.predicates import HasAttribute
from outcome_linkage.evaluation.static_checks.somebody import passed
from outcome_linkage.evaluation.walk import of_kind

INSTEAD = {"age_index_years": "age_band", "birth_year": "age_band", "lsoa21": "la_code"}
"""Categories to group by where a characteristic has too many values."""


def have_the_value(study: Evaluation) -> Iterator[Fault]:
    """EV146: a criterion or arm asks for values that the characteristic takes."""
    for path, asked in of_kind(study, HasAttribute):
        known = ATTRIBUTES.get(asked.attribute.name)
        for n, value in enumerate(asked.attribute.one_of):
            if known and known.values and str(value) not in known.values:
                where: KeyPath = (*path, "attribute", "one_of", n)
                hint = nearest(str(value), known.values)
                yield fault("EV146", where, name=known.name, value=value, nearest=hint)


def score_is_made(study: Evaluation) -> Iterator[Fault]:
    """EV003: the category of a score is asked for only where it is made, and not before people are in."""
    for path, asked in of_kind(study, HasAttribute):
        if asked.attribute.name == SCORE:
            what = "known when criteria and arms are judged"
            yield _no_score((*path, "attribute", "name"), what)
    if study.adversity and study.adversity.score and study.adversity.score.categories:
        return
    what = "made without `adversity.score` with `categories`"
    if SCORE in study.subgroups:
        yield _no_score(("subgroups", study.subgroups.index(SCORE)), what)
    if study.match and SCORE in study.match.exact:
        yield _no_score(("match", "exact", study.match.exact.index(SCORE)), what)
    for n, one in enumerate(study.covariates):
        if isinstance(one, AttributeCovariate) and one.id == SCORE:
            yield _no_score(("covariates", n, "id"), what)


def _no_score(path: KeyPath, what: str) -> Fault:
    return fault("EV003", path, name=SCORE, what=what, nearest="Leave it out, or make the score.")


def few_values(study: Evaluation) -> Iterator[Fault]:
    """EV140: measures and results are split by categories, and only numbers have calipers."""
    for n, measure in enumerate(study.measures):
        for m, name in enumerate(measure.group_by):
            if name in ATTRIBUTES and not ATTRIBUTES[name].categorical:
                yield _many(("measures", n, "group_by", m), name)
    numbers = {one.id for one in study.covariates if isinstance(one, EventCovariate) and one.kind != "binary"}
    for n, name in enumerate(study.subgroups):
        if name in numbers:
            remedy = "Group by a covariate of `kind: binary`, or a category such as `age_band`."
            yield fault("EV140", ("subgroups", n), name=name, remedy=remedy)
        elif name in INSTEAD:
            yield _many(("subgroups", n), name)


def _many(path: KeyPath, name: str) -> Fault:
    return fault(
        "EV140", path, name=name, remedy=f"Group by a category, such as `{INSTEAD.get(name, 'sex')}`."
    )


def calipers_are_numbers(study: Evaluation) -> Iterator[Fault]:
    """EV135: people are matched within a distance on numbers only, and on something."""
    if study.match is None:
        return
    if not study.match.exact and not study.match.caliper:
        found, remedy = "nothing is listed to match on", "List characteristics under `exact`."
        yield fault("EV135", ("match",), found=found, remedy=remedy)
    names = {one.id for one in study.covariates if isinstance(one, AttributeCovariate)} | ATTRIBUTES.keys()
    for name in study.match.caliper:
        if name in names and ATTRIBUTES[name].categorical and name != "imd_quintile":
            found, remedy = f"`{name}` is no number", "List it under `exact`."
            yield fault("EV135", ("match", "caliper", name), found=found, remedy=remedy)


def split_by_something(study: Evaluation) -> Iterator[Fault]:
    """EV134: a subgroup of which only one value is kept."""
    kept = {
        one.holds.attribute.name: one
        for one in passed(study)
        if isinstance(one.holds, HasAttribute) and len(one.holds.attribute.one_of) == 1
    }
    for n, name in enumerate(study.subgroups):
        if name in kept:
            why = f"criterion `{kept[name].id}` keeps one value of it"
            yield fault("EV134", ("subgroups", n), what=f"`{name}`", why=why, remedy="Take it out.")
