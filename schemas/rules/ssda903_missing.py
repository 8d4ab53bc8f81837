"""SSDA903 rules on children who go missing from care."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_AGES = "The child's age is wrong, or the row is another child's."
_MISSING = "Time missing from care, and going missing as an outcome, are counted twice, lost or invented."
_YEAR = "The event is outside the year that the return speaks of, or was miscopied from another."

_missing = rules_of("ssda903", "ssda903_missing")
_missing_order = rules_of("ssda903", "ssda903_missing", "missing_in_order")

RULES: tuple[Rule, ...] = (
    _missing(
        "567",
        column="mis_end",
        says="The child came back before going missing.",
        matters=_MISSING,
        among="mis_end is not null",
        broken="mis_end < mis_start",
    ),
    _missing(
        "570",
        column="mis_start",
        says="The child went missing after the end of the collection year.",
        matters=_YEAR,
        broken="mis_start > year_end",
    ),
    _missing(
        "571",
        column="mis_end",
        says="The child came back outside the collection year.",
        matters=_YEAR,
        among="mis_end is not null",
        broken="mis_end not between year_start and year_end",
    ),
    _missing_order(
        "574",
        column="mis_start",
        says="The child goes missing while still missing.",
        matters=_MISSING,
        among="previous_start is not null",
        broken="previous_end is null or mis_start < previous_end",
    ),
    _missing(
        "577",
        column="mis_end",
        says="The child left care and is still missing from it.",
        matters=_MISSING,
        among="mis_end is null",
        broken="""
        exists (
            select 1 from episode_in_order as last
            where last.record_key = this.record_key and last.next_decom is null and last.rec <> 'X1'
        )
        """,
    ),
    _missing(
        "578",
        column="mis_start",
        says="The child went missing from care after leaving it.",
        matters=_MISSING,
        broken="""
        exists (
            select 1 from episode_in_order as last
            where last.record_key = this.record_key and last.next_decom is null and last.rec <> 'X1'
              and last.dec < this.mis_start
        )
        """,
    ),
    _missing(
        "581",
        column="mis_start",
        says="The child went missing from care before it began.",
        matters=_MISSING,
        broken="""
        exists (
            select 1 from episode_in_order as first
            where first.record_key = this.record_key and first.is_first and first.decom > this.mis_start
        )
        """,
    ),
    _missing(
        "586",
        column="mis_start",
        says="The child went missing before the month of birth.",
        matters=_AGES,
        broken="mis_start < birth_month",
    ),
    rules_of("ssda903", "ssda903_header")(
        "576",
        column="record_key",
        says="The child was missing at the end of last year, and this year's return does not know of it.",
        matters=_MISSING,
        among="""
        exists (
            select 1 from last_year.ssda903_missing as past
            where past.record_key = this.record_key and past.mis_end is null
        )
        """,
        broken="""
        not exists (
            select 1 from ssda903_missing as now join last_year.ssda903_missing as past
                on now.record_key = past.record_key and now.mis_start = past.mis_start
            where now.record_key = this.record_key and past.mis_end is null
        )
        """,
    ),
)
