"""Our own rules for what the NHS delivers."""

from __future__ import annotations

from schemas.rules.ours import BIRTH, NOBODY, ORDER, TIME, after_death, future
from schemas.rules.rule import Rule, rules_of

_attendance = rules_of("ours", "ecds_attendances")
_episode = rules_of("ours", "apc_episodes")
_referral = rules_of("ours", "mhsds_referrals")
_death = rules_of("ours", "deaths")
_residence = rules_of("ours", "residence")

RULES: tuple[Rule, ...] = (
    _episode(
        "H01",
        column="epiend",
        says="The episode ends before it starts.",
        matters=TIME,
        among="epiend is not null",
        broken="epiend < epistart",
    ),
    _episode(
        "H02",
        column="epistart",
        says="The episode starts before the admission.",
        matters=TIME,
        broken="epistart < admidate",
    ),
    _episode(
        "H03",
        column="epiend",
        says="The episode ends after the discharge.",
        matters=TIME,
        among="disdate is not null",
        broken="coalesce(epiend, epistart) > disdate",
    ),
    _episode(
        "H04",
        column="admidate",
        says="Episodes of one provider spell give different days of admission.",
        matters="One stay in hospital is counted as several.",
        among="provspnops is not null",
        broken="""
        exists (
            select 1 from apc_episodes as other
            where other.record_key = this.record_key and other.procode3 = this.procode3
              and other.provspnops = this.provspnops and other.admidate <> this.admidate
        )
        """,
    ),
    _episode(
        "H05",
        column="record_key",
        says="Episodes of one provider spell are of different people.",
        matters="A stay in hospital is shared out among people.",
        among="provspnops is not null",
        broken="""
        exists (
            select 1 from apc_episodes as other
            where other.procode3 = this.procode3 and other.provspnops = this.provspnops
              and other.record_key <> this.record_key
        )
        """,
    ),
    _episode(
        "H06",
        column="admidate",
        says="The admission is before the month of birth.",
        matters=BIRTH,
        among="birth_month is not null",
        broken="admidate < birth_month",
    ),
    _attendance(
        "H07",
        column="arrival_date",
        says="The attendance is before the month of birth.",
        matters=BIRTH,
        among="birth_month is not null",
        broken="arrival_date < birth_month",
    ),
    _attendance(
        "H08",
        column="age_at_arrival",
        says="The age at arrival does not follow from the month of birth.",
        matters="Children are counted among adults, or adults among children.",
        severity="warning",
        among="birth_month is not null and age_at_arrival is not null",
        broken="""
        younger_than(arrival_date, age_at_arrival, birth_month)
        or aged_at_least(arrival_date, age_at_arrival + 1, birth_month)
        """,
    ),
    after_death("H09", "ecds_attendances", "arrival_date"),
    after_death("H10", "apc_episodes", "admidate"),
    after_death("H11", "mhsds_referrals", "referral_date"),
    after_death("H12", "residence", "valid_from"),
    _death(
        "H13",
        column="registration_date",
        says="The death was registered before it happened.",
        matters=ORDER,
        among="registration_date is not null",
        broken="registration_date < death_date",
    ),
    _referral(
        "H14",
        column="discharge_date",
        says="The referral was closed or rejected before it was received.",
        matters=ORDER,
        broken="least(discharge_date, rejection_date) < referral_date",
    ),
    _residence(
        "H15",
        column="valid_to",
        says="The residence ends before it begins.",
        matters=TIME,
        among="valid_to is not null",
        broken="valid_to < valid_from",
    ),
    _residence(
        "H16",
        column="valid_from",
        says="The residence begins before the one before it has ended.",
        matters="The person is in two places: coverage, deprivation and households are ambiguous.",
        severity="warning",
        broken="""
        exists (
            select 1 from residence as other
            where other.record_key = this.record_key and other._row <> this._row
              and other.valid_from < this.valid_from
              and coalesce(other.valid_to, date '9999-12-31') > this.valid_from
        )
        """,
    ),
    future("H17", "ecds_attendances", "arrival_date"),
    future("H18", "apc_episodes", "admidate"),
    future("H19", "mhsds_referrals", "referral_date"),
    future("H20", "deaths", "death_date"),
    rules_of("ours", "mhsds_care_contacts")(
        "H21",
        column="referral_id",
        says="The contact's referral was never delivered.",
        matters=NOBODY,
        broken="""
        not exists (
            select 1 from so_far.mhsds_referrals as referral where referral.referral_id = this.referral_id
        )
        """,
    ),
    rules_of("ours", "mhsds_care_contacts")(
        "H22",
        column="contact_date",
        says="The contact is before its referral.",
        matters="The wait for care is negative.",
        broken="""
        exists (
            select 1 from so_far.mhsds_referrals as referral
            where referral.referral_id = this.referral_id and referral.referral_date > this.contact_date
        )
        """,
    ),
    rules_of("ours", "mhsds_hospital_spells")(
        "H23",
        column="start_date",
        says="The stay in hospital begins before its referral.",
        matters=ORDER,
        severity="warning",
        broken="""
        exists (
            select 1 from so_far.mhsds_referrals as referral
            where referral.referral_id = this.referral_id and referral.referral_date > this.start_date
        )
        """,
    ),
    rules_of("ours", "mhsds_ward_stays")(
        "H24",
        column="spell_id",
        says="The ward stay belongs to no stay in hospital.",
        matters=NOBODY,
        broken="""
        not exists (
            select 1 from so_far.mhsds_hospital_spells as spell where spell.spell_id = this.spell_id
        )
        """,
    ),
    rules_of("ours", "mhsds_ward_stays")(
        "H25",
        column="start_date",
        says="The ward stay reaches outside its stay in hospital.",
        matters=TIME,
        broken="""
        exists (
            select 1 from so_far.mhsds_hospital_spells as spell
            where spell.spell_id = this.spell_id
              and (this.start_date < spell.start_date or this.end_date > spell.discharge_date)
        )
        """,
    ),
    rules_of("ours", "mhsds_ward_stays")(
        "H26",
        column="start_date",
        says="The ward stay begins before another of the same stay in hospital has ended.",
        matters=TIME,
        broken="""
        exists (
            select 1 from mhsds_ward_stays as other
            where other.spell_id = this.spell_id and other.ward_stay_id <> this.ward_stay_id
              and other.start_date < this.start_date
              and coalesce(other.end_date, date '9999-12-31') > this.start_date
        )
        """,
    ),
    rules_of("ours", "mhsds_restrictive_interventions")(
        "H27",
        column="start_date",
        says="The restrictive intervention is outside its ward stay.",
        matters="Restraint is counted on a ward on which the patient was not.",
        broken="""
        exists (
            select 1 from so_far.mhsds_ward_stays as stay
            where stay.ward_stay_id = this.ward_stay_id
              and (this.start_date < stay.start_date or this.start_date > stay.end_date)
        )
        """,
    ),
    rules_of("ours", "mhsds_restrictive_interventions")(
        "H28",
        column="record_key",
        says="The restrictive intervention is of another patient than its ward stay.",
        matters="Restraint is counted of the wrong person.",
        broken="""
        exists (
            select 1 from so_far.mhsds_ward_stays as stay
            where stay.ward_stay_id = this.ward_stay_id and stay.record_key <> this.record_key
        )
        """,
    ),
    _attendance(
        "H29",
        column="departure_date",
        says="The patient left before arriving.",
        matters=ORDER,
        among="departure_date is not null",
        broken="departure_date < arrival_date",
    ),
    _attendance(
        "H30",
        column="injury_date",
        says="The injury is after the arrival.",
        matters=ORDER,
        among="injury_date is not null",
        broken="injury_date > arrival_date",
    ),
    after_death("H31", "mhsds_care_contacts", "contact_date"),
    after_death("H32", "gp_events", "event_date"),
    future("H33", "mhsds_hospital_spells", "start_date"),
    future("H34", "gp_events", "event_date"),
)
