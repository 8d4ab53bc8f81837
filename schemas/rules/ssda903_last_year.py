"""SSDA903 rules that hold the episodes of one return against those of the return before."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_YEARS = "A child's care is broken where one return follows another: an entry is invented or care is lost."

_episode = rules_of("ssda903", "ssda903_episodes", "episode_in_order")
_then = rules_of("ssda903", "ssda903_episodes", "episode_carried_over")


def _changed(number: str, column: str, then: str, what: str) -> Rule:
    return _then(
        number,
        column=column,
        says=f"The {what} differs from that of the episode that was open at the end of last year.",
        matters=_YEARS,
        severity="warning",
        among="decom = then_decom",
        broken=f"{column} is distinct from {then}",
    )


RULES: tuple[Rule, ...] = (
    _then(
        "502",
        column="decom",
        says="Last year ended with an open episode, and this year's first starts on another day.",
        matters=_YEARS,
        broken="decom <> then_decom",
    ),
    _changed("503A", "rne", "then_rne", "reason for the episode"),
    _changed("503B", "ls", "then_ls", "legal status"),
    _changed("503C", "cin", "then_cin", "category of need"),
    _changed("503D", "place", "then_place", "placement type"),
    _changed("503E", "place_provider", "then_provider", "placement provider"),
    _changed("503F", "urn", "then_urn", "Ofsted number"),
    _episode(
        "562",
        column="decom",
        says="The episode goes back to before this year, but last year's return has no such episode open.",
        matters=_YEARS,
        among="is_first and decom < year_start",
        broken="""
        exists (select 1 from last_year.ssda903_episodes as past where past.record_key = this.record_key)
        and not exists (
            select 1 from last_year.ssda903_episodes as past
            where past.record_key = this.record_key and past.decom = this.decom and past.dec is null
        )
        """,
    ),
    _episode(
        "NoE",
        column="decom",
        says="Care began before this year, but last year's return does not know the child.",
        matters=_YEARS,
        among="is_first and decom < year_start",
        broken="""
        not exists (select 1 from last_year.ssda903_episodes as past where past.record_key = this.record_key)
        """,
    ),
    _episode(
        "199",
        column="record_key",
        says="The child is in care after having been adopted from care.",
        matters="Adoption ends a record: the id now names two people, or the adoption was not one.",
        broken="""
        exists (
            select 1 from so_far.ssda903_episodes as earlier
            where earlier.record_key = this.record_key and earlier.rec in ('E11', 'E12')
              and earlier.dec <= this.decom
        )
        """,
    ),
)
