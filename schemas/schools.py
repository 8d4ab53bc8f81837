"""What a local authority delivers of its schools: the school census, each term, of pupils on and off roll.

Column names are those of the census with words set apart. `school_id` is the school's public number: URN (six
digits), or council and establishment number (seven). Pupils on roll and no longer on roll share a table, told
apart by `roll`; so do their sessions, and exclusions without it.
Source: the column lists of liia-tools-pipeline, 2015 to 2026 (4aff918); the DfE guide itself was not opened.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import LSOA, code, day, event_id, flag, month, number, organisation, pattern, record_key

SESSIONS = 400
"""More half-days than a school year has."""


class SchoolPupils(pa.DataFrameModel):
    """One row per pupil, school and termly census, on roll at the day of the census or since left."""

    record_key: pl.String = record_key()
    school_id: pl.String = organisation("School")
    academic_year: pl.Int16 = number(
        "Calendar year in which the school year of the census ends", 2000, 2100, "year", nullable=False
    )
    term: pl.String = code("school.term", "Term of the census", nullable=False)
    roll: pl.String = code("school.roll", "Whether the pupil was on roll on census day", nullable=False)
    sex: pl.String = code("school.sex", "Sex; gender up to 2023")
    birth_month: pl.Date = month("Month of birth")
    ethnicity: pl.String = code("school.ethnicity", "Ethnic group, main or extended code")
    lsoa21: pl.String = pattern(LSOA, "Small area of the home (LSOA 2021)")
    nc_year_actual: pl.String = code(
        "school.nc_year", "National curriculum year group; at leaving if off roll"
    )
    enrol_status: pl.String = code("school.enrol_status", "At this school only, or at a second one")
    part_time: pl.Boolean = flag("Attends part-time")
    entry_date: pl.Date = day("Joined the school")
    leaving_date: pl.Date = day("Left the school; null while on roll")
    sen_provision: pl.String = code("school.sen_provision", "Special educational needs provision")
    plaa: pl.String = code("school.plaa", "Post looked-after arrangements, as the parents declared them")
    young_carer: pl.String = code("school.young_carer", "Identified as a young carer")
    termly_sessions_possible: pl.Int16 = number("Possible attendance in the term", 0, SESSIONS, "half-days")
    termly_sessions_authorised: pl.Int16 = number("Authorised absence, to 2024", 0, SESSIONS, "half-days")
    termly_sessions_unauthorised: pl.Int16 = number("Unauthorised absence, to 2024", 0, SESSIONS, "half-days")


class SchoolExclusions(pa.DataFrameModel):
    """One row per suspension or permanent exclusion."""

    exclusion_id: pl.String = event_id("Id of the exclusion")
    record_key: pl.String = record_key()
    school_id: pl.String = organisation("School that excluded")
    start_date: pl.Date = day("First day excluded", nullable=False)
    category: pl.String = code("school.exclusion_category", "Suspension or exclusion", nullable=False)
    sessions: pl.Float64 = number("Length", 0, SESSIONS, "half-days")
    reason1: pl.String = code("school.exclusion_reason", "First reason")
    reason2: pl.String = code("school.exclusion_reason", "Second reason")
    reason3: pl.String = code("school.exclusion_reason", "Third reason")
    sen_provision: pl.String = code("school.sen_provision", "Special educational needs provision")


class SchoolSessions(pa.DataFrameModel):
    """One row per pupil, school, termly census and attendance code: how many half-days had that code."""

    record_key: pl.String = record_key()
    school_id: pl.String = organisation("School")
    academic_year: pl.Int16 = number(
        "Calendar year in which the school year of the census ends", 2000, 2100, "year", nullable=False
    )
    term: pl.String = code("school.term", "Term of the census", nullable=False)
    roll: pl.String = code("school.roll", "Whether the pupil was on roll on census day", nullable=False)
    attendance_reason: pl.String = code("school.attendance_code", "Attendance code", nullable=False)
    sessions: pl.Int16 = number("Half-days with that code", 0, SESSIONS, "half-days", nullable=False)


_CENSUS = ("record_key", "school_id", "academic_year", "term", "roll")

CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "school_pupils",
        "local_authority",
        SchoolPupils,
        _CENSUS,
        "append",
        caveat="State-funded schools only. A pupil of two schools has a row at each. Young carers are asked "
        "after from 2023 on; post looked-after arrangements are what parents declare.",
    ),
    Contract(
        "school_exclusions",
        "local_authority",
        SchoolExclusions,
        ("exclusion_id",),
        "append",
        caveat="State-funded schools only. A reason is what the pupil is said to have done: bullying marks "
        "who bullied and not who was bullied.",
    ),
    Contract(
        "school_sessions",
        "local_authority",
        SchoolSessions,
        (*_CENSUS, "attendance_reason"),
        "append",
        caveat="Counts for a term, not days. Absence is authorised and unauthorised codes over possible "
        "sessions; D, Q, X, Y1 to Y7, Z and # are outside both. Codes H, J and Y were retired in August "
        "2024. Up to 2020 only codes of absence were collected.",
    ),
)
