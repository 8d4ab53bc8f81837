"""What our own rules share: why they matter, and rules that many tables need alike.

Numbers of our own begin with C for councils, P for police, H for health, A for suppliers of any sector.
"""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

NOBODY = "The row has nothing to stand on: its people, dates or place cannot be found."
FUTURE = "An event of the future follows everything: it counts as an outcome of whatever came before."
ORDER = "What came first is wrong: cause and consequence change places."
DEATH = "Somebody is seen after death: two people are one record, or the death is another's."
BIRTH = "Somebody is seen before birth: two people are one record, or the birth is wrong."
TIME = "Time in hospital, or at a place, is counted twice, lost, or negative."


def after_death(number: str, table: str, day: str) -> Rule:
    return rules_of("ours", table)(
        number,
        column=day,
        says="The event is after the person's death.",
        matters=DEATH,
        broken=f"""
        exists (
            select 1 from so_far.deaths as death
            where death.record_key = this.record_key and death.death_date < this.{day}
        )
        """,
    )


def future(number: str, table: str, day: str) -> Rule:
    return rules_of("ours", table)(
        number,
        column=day,
        says="The date is after the month in which it was delivered.",
        matters=FUTURE,
        broken=f"{day} > period_end",
    )
