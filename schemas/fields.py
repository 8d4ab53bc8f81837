"""The kinds of column that a contract may have. There is no free-text kind.

Each function returns a Pandera field that carries the column's kind, and what judges a value of that
kind, in its metadata; `schemas.contract` reads it back.
"""

from __future__ import annotations

from typing import Any

import pandera.polars as pa

HEX_ID = r"^[0-9a-f]{32}$"
EVENT_ID = r"^[0-9A-Za-z_-]{1,40}$"
LSOA = r"^E01\d{6}$"
LOCAL_AUTHORITY = r"^[EWSN]\d{8}$"
ICD10 = r"^[A-Z]\d{2}[0-9X]?[0-9A-Z]?$"
SNOMED = r"^\d{6,18}$"
SNOMED_LIST = r"^\d{6,18}(,\d{6,18})*$"
OPCS4 = r"^[A-Z]\d{2}[0-9X]?$"
TIME = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"
TWO_DIGITS = r"^\d{2}$"
ORGANISATION = r"^([A-Z0-9]{3}(\d[A-Z0-9]?)?|[A-Z]{0,4}\d{1,8})$"
"""What an organisation is known by to everyone: an ODS code, a school's URN, a local authority's GSS code, or
up to four letters and eight digits of the supplier's. No postcode, NHS number or pupil number looks so."""


def _field(kind: str, description: str, nullable: bool = True, **metadata: Any) -> Any:
    checks: dict[str, Any] = {name: metadata[name] for name in ("ge", "le") if name in metadata}
    if "pattern" in metadata:
        checks["str_matches"] = metadata["pattern"]
    return pa.Field(
        nullable=nullable,
        description=description,
        metadata={"kind": kind, **metadata},
        **checks,
    )


def record_key() -> Any:
    """The supplier's own pseudonymous id for the person: 32 lower-case hex digits."""
    return _field("hex", "The supplier's pseudonymous id for the person", False, pattern=HEX_ID)


def other_record_key(description: str) -> Any:
    """The same supplier's pseudonymous id for another person whom the row names."""
    return _field("hex", description, False, pattern=HEX_ID)


def event_id(description: str, nullable: bool = False) -> Any:
    """An id of an event, re-keyed by our encoder; letters, digits, `-` and `_`."""
    return _field("id", description, nullable, pattern=EVENT_ID)


def code(code_list: str, description: str, nullable: bool = True) -> Any:
    """A value of a code list in `reference/code_lists.csv`, judged by collection year."""
    return _field("code", description, nullable, code_list=code_list)


def pattern(regex: str, description: str, nullable: bool = True) -> Any:
    """Text of a fixed shape."""
    return _field("pattern", description, nullable, pattern=regex)


def day(description: str, nullable: bool = True) -> Any:
    """A calendar day in the United Kingdom."""
    return _field("date", description, nullable, unit="day")


def month(description: str, nullable: bool = True) -> Any:
    """A month of birth, stored as its first day; a full date of birth is refused."""
    return _field("month", description, nullable, unit="month")


def number(description: str, low: float, high: float, unit: str = "count", nullable: bool = True) -> Any:
    """A number within inclusive bounds, in `unit`."""
    return _field("number", description, nullable, unit=unit, ge=low, le=high)


def organisation(description: str, nullable: bool = True) -> Any:
    """The public code of an organisation, or of a school, service, site, team or ward of one.

    It stays as it is: two suppliers, and a list of who was trained when, must mean the same by it.
    """
    return pattern(ORGANISATION, description, nullable)


def flag(description: str, nullable: bool = True) -> Any:
    """True or false."""
    return _field("flag", description, nullable)


def token(description: str) -> Any:
    """A keyed hash as a signed 64-bit integer."""
    return _field("token", description)
