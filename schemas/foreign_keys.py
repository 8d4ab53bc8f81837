"""Which rows of a delivered table belong to a row of another, or of the same.

They hold within one supplier, over all that it has delivered so far and not within each delivery; an
organisation may be listed by another supplier. Rules across tables (`schemas/rules/`) say where the most
important rows are missing; nothing is rejected for it.
"""

from __future__ import annotations

from typing import NamedTuple


class ForeignKey(NamedTuple):
    """`columns` of `table` hold what `to_columns` of `to_table` hold, in order, or null."""

    table: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]


def _same(to_table: str, columns: tuple[str, ...], *tables: str) -> tuple[ForeignKey, ...]:
    """Tables that name a row of `to_table` by columns of the same names."""
    return tuple(ForeignKey(table, columns, to_table, columns) for table in tables)


_CHILD = ("record_key",)
_REFERRAL = ("record_key", "referral_date")
_MODULES = (
    *("episodes", "reviews", "uasc", "oc2", "oc3", "ad1", "placed_adoption", "prev_perm", "missing"),
    "social_worker",
)

FOREIGN_KEYS: tuple[ForeignKey, ...] = (
    *_same("ssda903_header", _CHILD, *(f"ssda903_{module}" for module in _MODULES)),
    *_same("cin_children", _CHILD, "cin_disabilities", "cin_referrals"),
    *_same(
        "cin_referrals", _REFERRAL, "cin_assessments", "cin_plans", "cin_section47", "cin_protection_plans"
    ),
    *_same("cin_protection_plans", ("record_key", "plan_start_date"), "cin_reviews"),
    *_same("hclic_cases", ("case_id",), "hclic_people", "hclic_support_needs"),
    *_same("police_crimes", ("crime_id",), "police_crime_persons"),
    ForeignKey("police_incidents", ("linked_crime_id",), "police_crimes", ("crime_id",)),
    *_same(
        "mhsds_referrals",
        ("referral_id",),
        "mhsds_care_contacts",
        "mhsds_hospital_spells",
        "mhsds_scored_assessments",
    ),
    *_same("mhsds_hospital_spells", ("spell_id",), "mhsds_ward_stays", "mhsds_restrictive_interventions"),
    *_same("mhsds_ward_stays", ("ward_stay_id",), "mhsds_restrictive_interventions"),
    *_same("mhsds_care_contacts", ("care_contact_id",), "mhsds_scored_assessments"),
    *_same("service_episodes", ("episode_id",), "service_contacts", "measure_scores"),
    *_same(
        "organisations", ("organisation_id",), "service_episodes", "service_contacts", "substance_treatment"
    ),
    ForeignKey("organisations", ("parent_id",), "organisations", ("organisation_id",)),
)
"""Every one of them, in the order of the catalogue's modules."""
