"""Every fault of the raw files, declared: in who people are said to be, in how they are said to be related,
and in how files are made.

Data only; written to `truth/` as `identity_errors.csv`, `relationship_faults.csv` and `file_faults.csv`. What
carries out an identity error stands in `misrecord`, a fault in a relationship in `agencies.relatives`, one of
a file in `spoil`. Rates are assumptions, set so that linkage is about as hard as published studies find it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class IdentityError:
    """An error in a record of a person: the chance per record at the board, a council and the police.

    `unequal`: more often for minority ethnic and mobile people. `by_name`: only some names can suffer it.
    """

    name: str
    health: float
    local_authority: float
    police: float
    unequal: bool = True
    by_name: bool = False


IDENTITY_ERRORS: Final[tuple[IdentityError, ...]] = (
    IdentityError("forename_typo", 0.010, 0.020, 0.036),
    IdentityError("forename_nickname", 0.020, 0.060, 0.090, unequal=False, by_name=True),
    IdentityError("forename_spelling", 0.060, 0.090, 0.130, unequal=False, by_name=True),
    IdentityError("forename_middle_used", 0.006, 0.010, 0.016),
    IdentityError("forename_two_names", 0.010, 0.016, 0.024),
    IdentityError("surname_typo", 0.010, 0.020, 0.036),
    IdentityError("surname_one_part", 0.150, 0.250, 0.350, unequal=False, by_name=True),
    IdentityError("surname_out_of_date", 0.200, 0.350, 0.400),
    IdentityError("names_swapped", 0.003, 0.006, 0.010),
    IdentityError("accents_dropped", 0.500, 0.500, 0.900, unequal=False, by_name=True),
    IdentityError("dob_day_month", 0.004, 0.008, 0.014),
    IdentityError("dob_one_part", 0.005, 0.011, 0.024),
    IdentityError("dob_first_of_january", 0.001, 0.002, 0.009),
    IdentityError("dob_missing", 0.000, 0.004, 0.050),
    IdentityError("sex_wrong", 0.001, 0.002, 0.003, unequal=False),
    IdentityError("sex_missing", 0.0005, 0.001, 0.008, unequal=False),
    IdentityError("ethnic_missing", 0.080, 0.040, 0.150, unequal=False),
    IdentityError("postcode_typo", 0.005, 0.010, 0.020),
    IdentityError("postcode_missing", 0.005, 0.030, 0.110),
    IdentityError("address_out_of_date", 0.050, 0.100, 0.170),
    IdentityError("address_line_missing", 0.020, 0.080, 0.150, unequal=False),
    IdentityError("uprn_missing", 0.050, 0.300, 0.600, unequal=False),
    IdentityError("nhs_number_missing", 0.004, 0.650, 1.000),
    IdentityError("nhs_number_of_another", 0.0004, 0.001, 0.0, unequal=False),
    IdentityError("upn_missing", 1.0, 0.030, 1.0),
    IdentityError("pnc_id_missing", 1.0, 1.0, 0.250),
    IdentityError("second_record", 0.004, 0.006, 0.030),
)
MINORITY_TIMES: Final = 1.7
MOBILE_TIMES: Final = 1.6
EVERYONE_TIMES: Final = 1.2  # with equal errors, for all people alike
EXTRA_TYPOS: Final = 0.010  # with equal errors, in place of the errors that only some names can suffer


@dataclass(frozen=True)
class RelationshipFault:
    """An error in what an agency records of who is related to whom: the chance for each row of a kind."""

    name: str
    basis: str
    kind: str
    rate: float
    what: str


_NO_ROW = "no row"
RELATIONSHIP_FAULTS: Final[tuple[RelationshipFault, ...]] = (
    RelationshipFault("not_recorded", "maternity_record", "mother", 0.060, _NO_ROW),
    RelationshipFault("another_person", "maternity_record", "mother", 0.003, "another child's mother"),
    RelationshipFault("not_recorded", "social_work_record", "mother", 0.080, _NO_ROW),
    RelationshipFault("another_person", "social_work_record", "mother", 0.006, "another child's mother"),
    RelationshipFault("not_recorded", "social_work_record", "father", 0.350, _NO_ROW),
    RelationshipFault("another_person", "social_work_record", "father", 0.008, "another child's father"),
    RelationshipFault("not_recorded", "social_work_record", "carer", 0.250, _NO_ROW),
    RelationshipFault("another_person", "social_work_record", "carer", 0.008, "another child's carer"),
)


@dataclass(frozen=True)
class FileFault:
    """A fault in how files are made: in which files (supplier, table; `*` all), and in what share of rows
    (1 where it is the whole file)."""

    name: str
    supplier: str
    table: str
    rate: float
    what: str


FILE_FAULTS: Final[tuple[FileFault, ...]] = (
    FileFault("byte_order_mark", "bristol", "*", 1, "UTF-8 with a byte-order mark"),
    FileFault("utf_16", "north_somerset", "school_exclusions", 1, "UTF-16"),
    FileFault(
        "blank_headers", "south_gloucestershire", "*", 1, "two empty columns at the end, headers blank"
    ),
    FileFault("extra_column", "bristol", "ssda903_episodes", 1, "a column of notes that no contract lists"),
    FileFault(
        "extra_column", "avon_somerset_police", "police_crimes", 1, "a column of notes that no contract lists"
    ),
    FileFault(
        "school_dates", "south_gloucestershire", "school_exclusions", 1, "dates as 2025-Feb-14 00:00:00"
    ),
    FileFault("padded_ids", "north_somerset", "*", 0.02, "an id between blanks"),
    FileFault("lower_case_ids", "bristol", "*", 0.02, "an id in lower case"),
    FileFault("repeated_rows", "bnssg_icb", "*", 0.004, "a whole row twice"),
    FileFault("repeated_rows", "bristol", "school_exclusions", 0.004, "a whole row twice"),
    FileFault("no_value_words", "*", "*", 0.02, "nan, None or NaT where an optional cell is empty"),
    FileFault("thousands_comma", "bristol", "school_exclusions", 0.004, "1,024 sessions: out of range"),
    FileFault("old_sex_code", "bristol", "ssda903_header", 0.02, "1 or 2 in a year of F and M"),
    FileFault("old_sex_code", "north_somerset", "cin_children", 0.01, "1 or 2 in a year of F and M"),
    FileFault("retired_place", "south_gloucestershire", "ssda903_episodes", 0.02, "H5, retired after 2024"),
    FileFault("unknown_code", "*", "ssda903_header", 0.004, "UNKN as an ethnic group"),
    FileFault("unknown_code", "avon_somerset_police", "police_crimes", 0.002, "an offence code that is none"),
    FileFault("unknown_code", "bnssg_icb", "ecds_attendances", 0.001, "an attendance category that is none"),
    FileFault("impossible_date", "avon_somerset_police", "police_incidents", 0.002, "31 February"),
    FileFault("related_to_self", "*", "relationships", 0.002, "one id for both people"),
    FileFault(
        "ends_before_it_begins", "*", "relationships", 0.002, "a last day of 1999, where there is a first"
    ),
)
