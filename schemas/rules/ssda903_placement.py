"""SSDA903 rules on placements: where a child lived, who provided it, and why it changed."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_MOVES = "Placement moves, a measure of stability, are miscounted."
_WHERE = "The kind of placement is wrong, or its provider: placements cannot be compared."
_AGES = "The child's age is wrong, or the placement is another child's."
_ADOPTION = "Adoption as an outcome is dated wrongly or invented."
_RESPITE = "Short breaks are counted as care."

_episode = rules_of("ssda903", "ssda903_episodes", "episode_in_order")
_child = rules_of("ssda903", "ssda903_episodes", "episode_of_child")

_SAME_PLACE = """(
    place is not distinct from previous_place and place_provider is not distinct from previous_provider
    and urn is not distinct from previous_urn and pl_lsoa21 is not distinct from previous_pl_lsoa21
)"""

CHANGES: tuple[Rule, ...] = (
    _episode(
        "434",
        column="rne",
        says="Only the legal status is said to change, but it did not, or the placement changed too.",
        matters=_MOVES,
        among="rne = 'L' and previous_decom is not null",
        broken=f"ls = previous_ls or not {_SAME_PLACE}",
    ),
    _episode(
        "435",
        column="rne",
        says="Only the placement is said to change, but it did not, or the legal status changed too.",
        matters=_MOVES,
        among="rne in ('P', 'T') and previous_decom is not null",
        broken=f"ls <> previous_ls or {_SAME_PLACE}",
    ),
    _episode(
        "436",
        column="rne",
        says="Placement and legal status are said to change, but one of them did not.",
        matters=_MOVES,
        among="rne in ('B', 'U') and previous_decom is not null",
        broken=f"ls = previous_ls or {_SAME_PLACE}",
    ),
    _episode(
        "225",
        column="reason_place_change",
        says="The placement changes after this episode and no reason is given.",
        matters="Why a placement ended is unknown: breakdowns are undercounted.",
        severity="warning",
        among="""rec = 'X1' and next_rne in ('P', 'B', 'T', 'U') and not is_temporary(place)
        and not is_temporary(next_place)""",
        broken="reason_place_change is null",
    ),
    _episode(
        "226",
        column="reason_place_change",
        says="A reason for a placement change is given where a temporary placement begins or ends.",
        matters="A stay in hospital or a holiday is counted as a breakdown.",
        severity="warning",
        among="is_temporary(place)",
        broken="reason_place_change is not null or previous_reason is not null",
    ),
    _episode(
        "217",
        column="rne",
        says="Placed for adoption with the foster carer, but the episode is said to bring other carers.",
        matters=_MOVES,
        among="place in ('A3', 'A5') and decom >= date '2015-04-01'",
        broken="rne not in ('S', 'T', 'U')",
    ),
)

TEMPORARY: tuple[Rule, ...] = (
    _episode(
        "375",
        column="place",
        says="A stay in hospital as a temporary placement lasts longer than six weeks.",
        matters=_WHERE,
        among="place = 'T1'",
        broken="coalesce(dec, year_end) - decom > 42",
    ),
    _episode(
        "376",
        column="place",
        says="A temporary placement for the carers' holiday lasts longer than three weeks.",
        matters=_WHERE,
        among="place = 'T3'",
        broken="coalesce(dec, year_end) - decom > 21",
    ),
    _episode(
        "379",
        column="place",
        says="A temporary placement for an unnamed reason lasts longer than seven days.",
        matters=_WHERE,
        among="place = 'T4'",
        broken="coalesce(dec, year_end) - decom > 7",
    ),
    _episode(
        "380",
        column="place",
        says="Care starts in a temporary placement.",
        matters=_WHERE,
        among="rne = 'S'",
        broken="is_temporary(place)",
    ),
    _episode(
        "381",
        column="place",
        says="Care ends in a temporary placement.",
        matters=_WHERE,
        among="rec <> 'X1'",
        broken="is_temporary(place)",
    ),
    _episode(
        "383",
        column="place",
        says="After a temporary placement the child does not go back to the placement before it.",
        matters=_MOVES,
        among="is_temporary(place) and previous_decom is not null and next_decom is not null",
        broken="next_rne <> 'P' or next_place <> previous_place",
    ),
    _episode(
        "213",
        column="place_provider",
        says="A temporary placement has a provider.",
        matters=_WHERE,
        severity="warning",
        among="is_temporary(place)",
        broken="place_provider is not null",
    ),
)

RESPITE: tuple[Rule, ...] = (
    _episode(
        "366",
        column="rne",
        says="A single short break does not begin with a start of care.",
        matters=_RESPITE,
        among="ls = 'V3'",
        broken="rne <> 'S'",
    ),
    _episode(
        "382",
        column="place",
        says="A child on a short break is in a temporary placement.",
        matters=_RESPITE,
        among="is_short_break(ls)",
        broken="is_temporary(place)",
    ),
    _episode(
        "384",
        column="place",
        says="A child on a short break is in long-term foster care.",
        matters=_RESPITE,
        among="is_short_break(ls)",
        broken="place in ('U1', 'U4')",
    ),
    _episode(
        "426",
        column="ls",
        says="The child has both kinds of agreement for short breaks in one year.",
        matters=_RESPITE,
        among="is_short_break(ls)",
        broken="""
        exists (
            select 1 from ssda903_episodes as other
            where other.record_key = this.record_key and is_short_break(other.ls) and other.ls <> this.ls
        )
        """,
    ),
)

KIND: tuple[Rule, ...] = (
    _child(
        "371",
        column="place",
        says="A child in accommodation that is meant for 16 and older is younger.",
        matters=_AGES,
        among="place in ('H5', 'K3')",
        broken="younger_than(decom, 16, birth_month)",
    ),
    _child(
        "372",
        column="place",
        says="A child in custody is younger than 10.",
        matters=_AGES,
        among="place = 'R5'",
        broken="younger_than(decom, 10, birth_month)",
    ),
    _child(
        "373",
        column="place",
        says="A child in a residential school is younger than 4.",
        matters=_AGES,
        among="place = 'S1'",
        broken="younger_than(decom, 4, birth_month)",
    ),
    _child(
        "374",
        column="place",
        says="A child in residential employment is younger than 14.",
        matters=_AGES,
        among="place = 'P3'",
        broken="younger_than(decom, 14, birth_month)",
    ),
    _episode(
        "378",
        column="ls",
        says="The child lives with parents and is accommodated by agreement with them.",
        matters="A child at home is counted as placed away from it.",
        among="place = 'P1'",
        broken="ls = 'V2'",
    ),
    _episode(
        "526",
        column="place_provider",
        says="The placement has no provider.",
        matters=_WHERE,
        among="not is_temporary(place) and place not like 'Z%'",
        broken="place_provider is null",
    ),
    _episode(
        "527",
        column="place_provider",
        says="The council itself provides a placement with parents, in hospital or in custody.",
        matters=_WHERE,
        among="place_provider = 'PR1'",
        broken="place in ('P1', 'R2', 'R5')",
    ),
    _episode(
        "528",
        column="place_provider",
        says="Another council provides a placement with parents, in hospital or in custody.",
        matters=_WHERE,
        among="place_provider = 'PR2'",
        broken="place in ('P1', 'R2', 'R5')",
    ),
    _episode(
        "529",
        column="place_provider",
        says="Another public body provides what it cannot: parents, adopters, children's homes, foster care.",
        matters=_WHERE,
        among="place_provider = 'PR3'",
        broken="place in ('P1', 'A3', 'A4', 'A5', 'A6', 'K1', 'K2', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6')",
    ),
    _episode(
        "530",
        column="place_provider",
        says="A private provider is named for a placement with parents.",
        matters=_WHERE,
        among="place_provider = 'PR4'",
        broken="place = 'P1'",
    ),
    _episode(
        "531",
        column="place_provider",
        says="A voluntary provider is named for a placement with parents.",
        matters=_WHERE,
        among="place_provider = 'PR5'",
        broken="place = 'P1'",
    ),
    _episode(
        "550",
        column="place_provider",
        says="Parents are the provider of a placement that is not with them.",
        matters=_WHERE,
        among="place_provider = 'PR0'",
        broken="place <> 'P1'",
    ),
)

ADOPTION: tuple[Rule, ...] = (
    _episode(
        "390",
        column="rec",
        says="The child is adopted from a placement that was not for adoption.",
        matters=_ADOPTION,
        among="rec in ('E11', 'E12')",
        broken="place not in ('A3', 'A4', 'A5', 'A6')",
    ),
    _episode(
        "408",
        column="ls",
        says="The child is placed for adoption under a placement order that the legal status does not show.",
        matters=_ADOPTION,
        among="place in ('A5', 'A6')",
        broken="ls <> 'E1'",
    ),
    _episode(
        "516",
        column="rec",
        says="Special guardianship goes to the former foster carer, but the child was not fostered.",
        matters="Guardianship by carers and by others cannot be told apart.",
        among="rec in ('E45', 'E46')",
        broken="place not in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6')",
    ),
)

RULES = (*CHANGES, *TEMPORARY, *RESPITE, *KIND, *ADOPTION)
