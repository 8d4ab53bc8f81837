"""What can be paid for: each resource, the delivered table that it is counted in, and what is counted."""

from __future__ import annotations

from typing import NamedTuple


class Resource(NamedTuple):
    """A use of a service. `unit` is what a price must be per."""

    name: str
    source: str
    unit: str


RESOURCES: dict[str, Resource] = {
    resource.name: resource
    for resource in (
        Resource("ecds_attendances", "ecds_attendances", "attendance"),
        Resource("apc_episodes", "apc_episodes", "spell"),
        Resource("apc_bed_days", "apc_episodes", "day"),
        Resource("op_appointments", "op_appointments", "attendance"),
        Resource("mhsds_care_contacts", "mhsds_care_contacts", "contact"),
        Resource("mhsds_ward_days", "mhsds_ward_stays", "day"),
        Resource("cin_referrals", "cin_referrals", "referral"),
        Resource("cin_section47", "cin_section47", "enquiry"),
        Resource("protection_plan_days", "cin_protection_plans", "day"),
        Resource("care_days", "ssda903_episodes", "day"),
        Resource("early_help_episodes", "early_help_episodes", "episode"),
        Resource("suspensions", "school_exclusions", "exclusion"),
        Resource("police_crimes", "police_crimes", "offence"),
        Resource("police_incidents", "police_incidents", "incident"),
        Resource("arrests", "police_custody_arrests", "arrest"),
        Resource("homelessness_cases", "hclic_cases", "case"),
        Resource("therapy_sessions", "service_contacts", "session"),
        Resource("substance_treatment", "substance_treatment", "episode"),
    )
}
