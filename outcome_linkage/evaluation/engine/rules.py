"""Questions about a person, as SQL: each an answer and the day on which it was so."""

from __future__ import annotations

from typing import NamedTuple

from outcome_linkage.evaluation.engine.facts import Item
from outcome_linkage.evaluation.engine.step import in_list, value
from outcome_linkage.evaluation.spec import predicates as p
from outcome_linkage.evaluation.spec.evaluation import Evaluation

LEAF = "leaf_{}"


class Rule(NamedTuple):
    """An answer that is never null, and the day on which what was asked for came about (null for none)."""

    answer: str
    day: str


class Rules:
    """Turns predicates into SQL over `study_candidate as c`; what must be looked up becomes an item."""

    def __init__(self, study: Evaluation) -> None:
        self.items: list[Item] = []
        self.role = "rule"
        self._delay = study.index.max_entry_delay_days if study.index else 0

    def rule(self, predicate: p.Predicate) -> Rule:
        """The SQL of a predicate."""
        match predicate:
            case p.AgeAtIndex(age_at_index=ages):
                return _always(_between("c.age_index_years", ages.min_years, ages.max_years))
            case p.Resident(resident=residence):
                return _always(f"coalesce(r.days_resident >= {residence.before_days}, false)")
            case p.LinkableTo(linkable_to=source):
                return _always(_linkable(source, self._delay))
            case p.CoveredBy(covered_by=covered):
                item = self.look_up("cover", None, covered.source, covered.window)
                return _always(f"coalesce({item}.n_days >= {item}.full_days, false)")
            case p.HasEvent(event=event):
                item = self.look_up("binary", event.concept, event.source, event.window, event.at_least)
                return Rule(f"coalesce({item}.n_seen >= {event.at_least}, false)", f"{item}.nth_date")
            case p.HasAttribute(attribute=attribute):
                return _always(_is_one_of(attribute))
            case p.All(all=several):
                return self._of(several, "and", "greatest")
            case p.Any_(any=several):
                return self._of(several, "or", "least")
            case p.Not(not_=one):
                return Rule(f"not ({self.rule(one).answer})", "cast(null as date)")

    def joins(self) -> str:
        """The items as joins to `study_candidate as c`."""
        return "\n".join(
            f"left join rule_value as {LEAF.format(n)} "
            f"on {LEAF.format(n)}.candidate_id = c.candidate_id and {LEAF.format(n)}.item_no = {n}"
            for n in range(1, len(self.items) + 1)
        )

    def look_up(
        self, kind: str, concept: str | None, source: str, window: tuple[int, int], at_least: int = 1
    ) -> str:
        """Have something looked up; returns the name under which `joins` brings it."""
        number = len(self.items) + 1
        name = LEAF.format(number)
        self.items.append(Item(name, self.role, kind, concept, source, *window, at_least=at_least))
        return name

    def _of(self, several: tuple[p.Predicate, ...], word: str, which: str) -> Rule:
        rules = [self.rule(one) for one in several]
        answer = f" {word} ".join(f"({one.answer})" for one in rules)
        days = ", ".join(f"case when {one.answer} then {one.day} end" for one in rules)
        return Rule(f"({answer})", f"{which}({days})" if len(rules) > 1 else rules[0].day)


def _always(answer: str) -> Rule:
    return Rule(answer, f"case when {answer} then c.index_date end")


def _between(column: str, low: int | None, high: int | None) -> str:
    return f"coalesce({column} between {low or 0} and {high if high is not None else 999}, false)"


def _linkable(source: str, delay: int) -> str:
    found = (
        "select 1 from study_link as l where l.person_id = c.person_id and l.linkable "
        f"and l.source in ({in_list([source])}) "
        f"and coalesce(l.linkable_from, c.index_date) <= c.index_date + {delay}"
    )
    return f"exists ({found})"


def _is_one_of(attribute: p.Attribute) -> str:
    texts = ", ".join(value(str(one)) for one in attribute.one_of)
    return f"coalesce(cast(c.{attribute.name} as varchar) in ({texts}), false)"
