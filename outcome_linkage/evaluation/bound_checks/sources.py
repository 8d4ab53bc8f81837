"""Sources and concepts are known, seen, and delivered for the time of the study."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from outcome_linkage.evaluation.bound_checks.known import MARTS, Known
from outcome_linkage.evaluation.problems import Fault, close_to, fault, nearest
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.walk import of_kind

A_YEAR = 366
"""Days."""
TOLERATED = 0.05
"""Share of people whose look-back need not be covered."""
_LOOK_BACK = """
with firsts as (
    select person_id, min(event_date) as day
    from {mart}
    where {concept} = $concept and source = $source and event_date between $start and $end
    group by person_id
),
needed as (
    select
        firsts.person_id,
        greatest(day - $days::integer, coalesce(person.birth_month, day - $days::integer)) as first_day,
        day - 1 as last_day
    from firsts
    inner join person on person.person_id = firsts.person_id
),
covered as (
    select
        needed.person_id,
        max(last_day - first_day + 1) as wanted,
        coalesce(sum(
            greatest(0, least(interval_to, last_day) - greatest(interval_from, first_day) + 1)
        ), 0) as days
    from needed
    left join person_coverage
        on person_coverage.person_id = needed.person_id
        and person_coverage.source_table = $source
        and person_coverage.covered
    group by needed.person_id
)
select count(*), count(*) filter (where days < wanted) from covered
"""


def are_known(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV301: every source is in the catalogue."""
    for n, name in enumerate(study.sources.use):
        if name not in known.tables:
            hint = nearest(name, known.tables)
            yield fault("EV301", ("sources", "use", n), name=name, where="in the catalogue", nearest=hint)


def concepts(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV302, EV303: every concept is in the library, and read from its source."""
    for path, event in of_kind(study, Event):
        sources = known.concepts.get(event.concept)
        if sources is None:
            hint = _nearest_concept(event, known)
            yield fault("EV302", (*path, "concept"), name=event.concept, nearest=hint)
        elif event.source in known.tables and event.source not in sources:
            words = ", ".join(f"`{name}`" for name in sorted(sources))
            yield fault("EV303", (*path, "source"), name=event.concept, source=event.source, sources=words)
    for n, domain in enumerate(study.adversity.domains if study.adversity else ()):
        if domain not in known.domains:
            hint = nearest(domain, known.domains)
            yield fault("EV302", ("adversity", "domains", n), name=domain, nearest=hint)


def of_examples(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV302, EV303: invented people have events of known concepts, of tables that hold them."""
    for n, example in enumerate(study.examples):
        for m, (source, concept, *_) in enumerate(example.given.events):
            path: KeyPath = ("examples", n, "given", "events", m)
            sources = known.concepts.get(concept)
            if sources is None:
                hint = nearest(concept, known.concepts)
                yield fault("EV302", (*path, 1), name=concept, nearest=hint)
            elif source in known.tables and source not in sources:
                words = ", ".join(f"`{name}`" for name in sorted(sources))
                yield fault("EV303", (*path, 0), name=concept, source=source, sources=words)


def are_verified(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV307: every measure is verified; told once for each."""
    told: set[str] = set()
    for path, event in of_kind(study, Event):
        why = known.unverified.get(event.concept)
        if why and event.concept not in told:
            yield fault("EV307", (*path, "concept"), name=event.concept, why=why)
        told.add(event.concept)


def _nearest_concept(event: Event, known: Known) -> str:
    """The likely slip, else what the source has to offer."""
    of_source = [name for name, sources in known.concepts.items() if event.source in sources]
    if close_to(event.concept, known.concepts) or not of_source:
        return nearest(event.concept, known.concepts)
    return f"In `{event.source}`: {nearest(event.concept, of_source)}"


def both_roles(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV209: what makes an adversity is not its outcome too; what makes day 0 may come again later."""
    domains = set(study.adversity.domains if study.adversity else ())
    index = study.index.event.concept if study.index and study.index.event else None
    for n, outcome in enumerate(study.outcomes):
        path: KeyPath = ("outcomes", n, "event", "concept")
        concept = outcome.event.concept
        if concept in domains or (concept == index and outcome.window[0] <= 0):
            why = "they are the same concept"
            yield fault("EV209", path, outcome=concept, domain=concept, why=why)
        for domain in sorted(domains | ({index} if index else set())):
            if why := known.both_roles.get((domain, concept), ""):
                yield fault("EV209", path, outcome=concept, domain=domain, why=why)


def cover_the_study(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV305: every source was delivered for some of the study period."""
    start, end = study.study_period.start, study.study_period.end
    for n, name in enumerate(study.sources.use):
        covers = known.covers.get(name)
        if name in known.tables and (covers is None or covers[1] < start or covers[0] > end):
            words = f"{covers[0]} to {covers[1]}" if covers else "no day, as nobody has delivered it"
            yield fault("EV305", ("sources", "use", n), source=name, covered=words, start=start, end=end)


def period_is_covered(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV311: the study does not run for years before or after everything that it reads."""
    covers = [known.covers[name] for name in study.sources.use if name in known.covers]
    if not covers:
        return
    first, last = min(start for start, _ in covers), max(end for _, end in covers)
    period = study.study_period
    for name, does, far in (
        ("start", "begins", (first - period.start).days),
        ("end", "ends", (period.end - last).days),
    ):
        if far > A_YEAR:
            day = getattr(period, name)
            yield fault("EV311", ("study_period", name), does=does, day=day, first=first, last=last)


def are_seen(study: Evaluation, known: Known, connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """EV304, EV309: every concept has a row within the study period; without day 0 there is nobody."""
    for path, event in of_kind(study, Event):
        if event.source not in known.concepts.get(event.concept, ()):
            continue
        if not any(_is_seen(connection, mart.table, mart.concept, event, study) for mart in MARTS):
            code = "EV309" if path == ("index", "event") else "EV304"
            yield fault(code, (*path, "concept"), name=event.concept, source=event.source)


def _is_seen(
    connection: duckdb.DuckDBPyConnection, mart: str, concept: str, event: Event, study: Evaluation
) -> bool:
    sql = f"select 1 from {mart} where {concept} = ? and source = ? and event_date between ? and ? limit 1"
    period = study.study_period
    wanted = [event.concept, event.source, period.start, period.end]
    return connection.execute(sql, wanted).fetchone() is not None


def look_back(study: Evaluation, known: Known, connection: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """EV207: the days before the index event are covered."""
    index = study.index
    if index is None or index.event is None or not index.lookback_required_days:
        return
    if index.event.source not in known.concepts.get(index.event.concept, ()):
        return
    people, uncovered = 0, 0
    for mart in MARTS:
        found = connection.execute(
            _LOOK_BACK.format(mart=mart.table, concept=mart.concept),
            {
                "concept": index.event.concept,
                "source": index.event.source,
                "start": study.study_period.start,
                "end": study.study_period.end,
                "days": index.lookback_required_days,
            },
        ).fetchone()
        people, uncovered = people + (found or (0, 0))[0], uncovered + (found or (0, 0))[1]
    if people and uncovered / people > TOLERATED:
        path = ("index", "lookback_required_days")
        yield fault(
            "EV207",
            path,
            percent=_roughly(uncovered / people),
            source=index.event.source,
            days=index.lookback_required_days,
        )


def _roughly(share: float) -> str:
    """A share in words, which give no small number away."""
    return "most" if share > 0.5 else "over a quarter" if share > 0.25 else "more than 5 %"
