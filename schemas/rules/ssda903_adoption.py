"""SSDA903 rules on adoption and on permanent arrangements before care."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_DATES = "The time from decision to adoption, a measure of delay, is wrong."
_ADOPTED = "Adoption as an outcome is invented or missing."
_BEFORE = "Care after an adoption or guardianship that broke down cannot be told from a first entry."

_decision = rules_of("ssda903", "ssda903_placed_adoption")
_adoption = rules_of("ssda903", "ssda903_ad1")
_episode = rules_of("ssda903", "ssda903_episodes", "episode_in_order")

_OF_CHILD = "select 1 from ssda903_placed_adoption as decision where decision.record_key = this.record_key"
_ADOPTION_OF_CHILD = """
    select 1 from ssda903_episodes as episode
    where episode.record_key = this.record_key and episode.rec in ('E11', 'E12')
"""

DECISIONS: tuple[Rule, ...] = (
    _decision(
        "522",
        column="date_placed_ceased",
        says="The decision for adoption was reversed before it was made.",
        matters=_DATES,
        among="date_placed_ceased is not null",
        broken="date_placed_ceased < date_placed",
    ),
    _decision(
        "119",
        column="reason_placed_ceased",
        says="Only one of the day and the reason is given for reversing the decision for adoption.",
        matters=_ADOPTED,
        broken="(date_placed_ceased is null) <> (reason_placed_ceased is null)",
    ),
    _decision(
        "184",
        column="date_placed",
        says="The decision for adoption was made before the month of birth.",
        matters="The child's age is wrong, or the decision is another child's.",
        broken="date_placed < birth_month",
    ),
    _decision(
        "117",
        column="date_placed",
        says="The decision for adoption was made or reversed after the end of the collection year.",
        matters=_DATES,
        broken="greatest(date_placed, date_placed_ceased) > year_end",
    ),
    _decision(
        "558",
        column="date_placed_ceased",
        says="The child was adopted, but the decision for it is said to have been reversed.",
        matters=_ADOPTED,
        among="date_placed_ceased is not null",
        broken=f"""
        exists ({_ADOPTION_OF_CHILD} and episode.dec >= this.date_placed_ceased)
        and not exists (
            select 1 from ssda903_placed_adoption as later
            where later.record_key = this.record_key and later.date_placed >= this.date_placed_ceased
        )
        """,
    ),
    _episode(
        "551",
        column="place",
        says="The child is placed for adoption without a decision for it.",
        matters=_DATES,
        among="place in ('A3', 'A4', 'A5', 'A6')",
        broken=f"not exists ({_OF_CHILD})",
    ),
    _episode(
        "552",
        column="decom",
        says="The child is placed for adoption before the decision for it.",
        matters=_DATES,
        among="place in ('A3', 'A4', 'A5', 'A6')",
        broken=f"exists ({_OF_CHILD}) and not exists ({_OF_CHILD} and decision.date_placed <= this.decom)",
    ),
    _episode(
        "553",
        column="ls",
        says="There is a placement order without a decision for adoption.",
        matters=_DATES,
        among="ls = 'E1'",
        broken=f"not exists ({_OF_CHILD})",
    ),
)

ADOPTIONS: tuple[Rule, ...] = (
    _episode(
        "601",
        column="rec",
        says="The child was adopted, but nothing else is said of the adoption.",
        matters=_ADOPTED,
        among="rec in ('E11', 'E12')",
        broken="not exists (select 1 from ssda903_ad1 as ad1 where ad1.record_key = this.record_key)",
    ),
    _adoption(
        "602",
        column="record_key",
        says="An adoption is described, but no episode ends in one.",
        matters=_ADOPTED,
        broken=f"not exists ({_ADOPTION_OF_CHILD})",
    ),
    _adoption(
        "333",
        column="date_int",
        says="The child was matched with adopters before adoption was decided to be in its interest.",
        matters=_DATES,
        broken="date_int > date_match",
    ),
    _adoption(
        "331",
        column="date_match",
        says="The child was matched with adopters after being placed with them.",
        matters=_DATES,
        broken="""
        exists (
            select 1 from ssda903_episodes as episode
            where episode.record_key = this.record_key and episode.place in ('A3', 'A4', 'A5', 'A6')
              and episode.rec in ('E11', 'E12') and episode.decom < this.date_match
        )
        """,
    ),
    _adoption(
        "582",
        column="date_match",
        says="The child was matched with adopters on the day of the adoption.",
        matters=_DATES,
        severity="warning",
        broken=f"exists ({_ADOPTION_OF_CHILD} and episode.dec = this.date_match)",
    ),
)

BEFORE: tuple[Rule, ...] = (
    _episode(
        "630",
        column="rne",
        says="Care starts and nothing is said of permanent arrangements before it.",
        matters=_BEFORE,
        among="rne = 'S' and decom between year_start and year_end and not is_short_break(ls)",
        broken="not exists (select 1 from ssda903_prev_perm as perm where perm.record_key = this.record_key)",
    ),
    rules_of("ssda903", "ssda903_prev_perm")(
        "635",
        column="prev_perm",
        says="There was no permanent arrangement before, but its date or council is given.",
        matters=_BEFORE,
        among="prev_perm = 'Z1'",
        broken="date_perm is not null or la_perm is not null",
    ),
)

RULES = (*DECISIONS, *ADOPTIONS, *BEFORE)
