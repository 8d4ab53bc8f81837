"""Where a measure is measured: at home, or with an organisation; and what of a person it is grouped by."""

from __future__ import annotations

from dataclasses import dataclass

from outcome_linkage.evaluation.engine.index import organisation_kind
from outcome_linkage.evaluation.engine.step import Step, value
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Measure
from outcome_linkage.models.engine import literal

_HOME = """
select person_id, la_code, lsoa21, imd_quintile, valid_from, valid_to from in_residence
"""
_STAY = """
-- one row per person, organisation and unbroken time with it
with stays as (
    select * from in_organisation where {kind} is null or kind = {kind}
),
reached as (
    select *, max(valid_to) over (
        partition by person_id, organisation_id order by valid_from, valid_to
        rows between unbounded preceding and 1 preceding
    ) as reached_to
    from stays
),
islands as (
    select *, sum(case when reached_to is null or valid_from > reached_to + 1 then 1 else 0 end) over (
        partition by person_id, organisation_id order by valid_from, valid_to rows unbounded preceding
    ) as island
    from reached
)
select i.person_id, i.organisation_id, p.la_code, p.lsoa21, p.imd_quintile, min(i.valid_from) as valid_from,
    max(i.valid_to) as valid_to
from islands as i
inner join in_person as p on p.person_id = i.person_id
group by i.person_id, i.organisation_id, p.la_code, p.lsoa21, p.imd_quintile, i.island
"""
_EVENTS = (
    "select * from in_event where concept = {concept} and source = {source} and counts = 'yes' "
    "and event_date is not null"
)
_LOCATED = """select e.* replace (coalesce(e.organisation_id, s.organisation_id) as organisation_id)
    from ({events}) as e
    left join area_stay as s
        on s.person_id = e.person_id and e.organisation_id is null
        and e.event_date between s.valid_from and s.valid_to
    qualify row_number() over (
        partition by e.event_id order by s.valid_from desc, s.organisation_id
    ) = 1"""
_LIVED = """inner join area_home as h
        on h.person_id = e.person_id and e.event_date between h.valid_from and h.valid_to"""
GROUPS = {
    "sex": "p.sex",
    "ethnicity5": "p.ethnicity5",
    "imd_quintile": "cast({home}.imd_quintile as varchar)",
    "la_code": "{home}.la_code",
    "lsoa21": "{home}.lsoa21",
    "birth_year": "cast(extract(year from p.birth_month) as varchar)",
    "age_band": (
        "cast(5 * (date_sub('year', p.birth_month + 14, d.period_start) // 5) as varchar) || '-' "
        "|| cast(5 * (date_sub('year', p.birth_month + 14, d.period_start) // 5) + 4 as varchar)"
    ),
}
"""What a measure can be grouped by; age is that on the first day of the period."""


def place_steps(study: Evaluation) -> list[Step]:
    """`area_home` and `area_stay`: who was where, from when to when."""
    kind = value(organisation_kind(study))
    return [Step("area_home", _HOME), Step("area_stay", _STAY.format(kind=kind))]


@dataclass(frozen=True)
class Place:
    """Where the time and the events of a measure are.

    An event with an organisation is there whether or not the person's stay is known; without one, it is
    where they are on the day. With organisations a group by residence is by the last known.
    """

    measure: Measure

    @property
    def is_organisation(self) -> bool:
        """Whether places are organisations."""
        return self.measure.area == "organisation"

    @property
    def table(self) -> str:
        """Who was where."""
        return "area_stay" if self.is_organisation else "area_home"

    @property
    def of_time(self) -> str:
        """The place of a time `h`, as SQL."""
        if self.is_organisation:
            return "h.organisation_id"
        area = self.measure.area
        return f"coalesce(h.{area}, 'unknown')" if area in ("la_code", "lsoa21") else "'all'"

    @property
    def of_event(self) -> str:
        """The place of an event `e`, as SQL; needs `joined`."""
        return "coalesce(e.organisation_id, 'unknown')" if self.is_organisation else self.of_time

    @property
    def joined(self) -> str:
        """What an event `e` is joined to for its place."""
        return "" if self.is_organisation else _LIVED

    @property
    def groups(self) -> str:
        """The groups of a person `p`, as columns."""
        home = "p" if self.is_organisation else "h"
        return "".join(
            f"{GROUPS[by].format(home=home)} as group{n}, " for n, by in enumerate(self.measure.group_by, 1)
        )

    def events(self, event: Event) -> str:
        """Recorded events of a kind, each with its organisation where places are organisations."""
        found = _EVENTS.format(concept=literal(event.concept), source=literal(event.source))
        return _LOCATED.format(events=found) if self.is_organisation else found
