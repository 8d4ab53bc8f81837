"""What any supplier may deliver, voluntary services included: services, scores, organisations, circumstances.

No national layout covers these: names are ours, so that one evaluation can read all suppliers alike. Adult
social care follows the client level data set in the codes that yorkshire-and-humber-care-record/fhir-ig
@209bc82 reproduces, employment the NHS employment status, substance treatment the field list of the National
Drug Treatment Monitoring System from general knowledge. See `reference/code_lists.csv`.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas import measures
from schemas.contract import Contract
from schemas.fields import (
    LOCAL_AUTHORITY,
    LSOA,
    code,
    day,
    event_id,
    flag,
    number,
    organisation,
    pattern,
    record_key,
)
from schemas.row_rules import ends_before_it_begins, has_no_date


class ServiceEpisodes(pa.DataFrameModel):
    """One row per referral of a person to a service, with what became of it."""

    episode_id: pl.String = event_id("Id of the episode")
    record_key: pl.String = record_key()
    service: pl.String = code("service.kind", "Kind of service", nullable=False)
    organisation_id: pl.String = organisation("Organisation that provides it", nullable=False)
    team_id: pl.String = organisation("Team or site that provides it")
    referral_source: pl.String = code("service.referral_source", "Who referred")
    referred_date: pl.Date = day("Referred; null where people walk in")
    accepted_date: pl.Date = day("Referral accepted; null if it was not, or not yet")
    started_date: pl.Date = day("First attended; null if never")
    ended_date: pl.Date = day("Ended, or referral turned down; null while open")
    end_reason: pl.String = code("service.end_reason", "Why it ended")


class ServiceContacts(pa.DataFrameModel):
    """One row per contact of a service with a person, offered or held."""

    contact_id: pl.String = event_id("Id of the contact")
    record_key: pl.String = record_key()
    episode_id: pl.String = event_id("Episode that it belongs to", nullable=True)
    organisation_id: pl.String = organisation("Organisation that held it", nullable=False)
    contact_date: pl.Date = day("Day of the contact", nullable=False)
    kind: pl.String = code("service.contact_kind", "How it was held", nullable=False)
    minutes: pl.Int16 = number("Length", 0, 1440, "minutes")
    attended: pl.Boolean = flag("The person attended; null: not recorded")


class MeasureScores(pa.DataFrameModel):
    """One row per completed questionnaire and scale: its total, or one of its subscales."""

    record_key: pl.String = record_key()
    instrument: pl.String = code("measure.instrument", "Questionnaire", nullable=False)
    version: pl.String = code("measure.version", "Version of the questionnaire", nullable=False)
    respondent: pl.String = code("measure.respondent", "Who answered", nullable=False)
    measured_date: pl.Date = day("Day on which it was filled in", nullable=False)
    timepoint: pl.String = code("measure.timepoint", "Before, during or after a service")
    scale: pl.String = code("measure.scale", "total, or a subscale", nullable=False)
    score: pl.Float64 = number("Score on the scale", 0, 1000, "points", nullable=False)
    episode_id: pl.String = event_id("Episode of a service that it belongs to", nullable=True)


class Organisations(pa.DataFrameModel):
    """One row per organisation, or school, service, site, team or ward of one. Not about people."""

    organisation_id: pl.String = organisation("Public code", nullable=False)
    kind: pl.String = code("organisation.kind", "Kind of organisation", nullable=False)
    la_code: pl.String = pattern(LOCAL_AUTHORITY, "Local authority in which it lies; null: serves several")
    lsoa21: pl.String = pattern(LSOA, "Small area in which it lies (LSOA 2021)")
    parent_id: pl.String = organisation("Organisation that it is part of")
    opened_date: pl.Date = day("First day; null: not known")
    closed_date: pl.Date = day("Last day; null: still open")


class SubstanceTreatment(pa.DataFrameModel):
    """One row per intervention of structured treatment for drugs or alcohol."""

    treatment_id: pl.String = event_id("Id of the intervention")
    record_key: pl.String = record_key()
    organisation_id: pl.String = organisation("Organisation that treats", nullable=False)
    referral_source: pl.String = code("service.referral_source", "Who referred")
    referred_date: pl.Date = day("Referred")
    triage_date: pl.Date = day("First assessed")
    started_date: pl.Date = day("Intervention started; null if never")
    ended_date: pl.Date = day("Intervention ended; null while open")
    end_reason: pl.String = code("substance.end_reason", "Why it ended")
    intervention: pl.String = code("substance.intervention", "Kind of intervention", nullable=False)
    setting: pl.String = code("substance.setting", "Where it is given")
    substance1: pl.String = code("substance.kind", "Main problem substance", nullable=False)
    substance2: pl.String = code("substance.kind", "Second problem substance")
    substance3: pl.String = code("substance.kind", "Third problem substance")
    lives_with_children: pl.Boolean = flag("Lives with a child under 18")


class AdultSocialCare(pa.DataFrameModel):
    """One row per event of an adult's social care: a request, assessment, service or review."""

    event_id: pl.String = event_id("Id of the event")
    record_key: pl.String = record_key()
    event_type: pl.String = code("asc.event_type", "Kind of event", nullable=False)
    client_type: pl.String = code("asc.client_type", "In need of support, or a carer", nullable=False)
    start_date: pl.Date = day("First day", nullable=False)
    end_date: pl.Date = day("Last day; null while open")
    primary_support_reason: pl.String = code("asc.primary_support_reason", "Primary support reason")
    service_type: pl.String = code("asc.service_type", "Kind of service; null for other events")
    outcome: pl.String = code("asc.outcome", "What the event led to")


class EmploymentStatus(pa.DataFrameModel):
    """One row per person and day on which their employment status was recorded."""

    record_key: pl.String = record_key()
    recorded_date: pl.Date = day("Day of recording", nullable=False)
    status: pl.String = code("employment.status", "Employment status", nullable=False)
    weekly_hours: pl.Float64 = number("Hours worked in a week", 0, 100, "hours")
    valid_from: pl.Date = day("First day on which it held; null: not known")
    valid_to: pl.Date = day("Last day on which it held; null: still does, or not known")


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "service_episodes",
        "any",
        ServiceEpisodes,
        ("episode_id",),
        "append",
        row_rules=(
            has_no_date("referred_date", "accepted_date", "started_date"),
            ends_before_it_begins("started_date", "ended_date"),
            ends_before_it_begins("referred_date", "ended_date"),
        ),
        caveat="A service that no supplier delivers is not a service that nobody had.",
        event_date="started_date",
    ),
    Contract("service_contacts", "any", ServiceContacts, ("contact_id",), "append"),
    Contract(
        "measure_scores",
        "any",
        MeasureScores,
        ("record_key", "instrument", "version", "respondent", "measured_date", "scale"),
        "append",
        row_rules=measures.ROW_RULES,
        caveat="Scores compare only within one instrument, version and respondent. Most limits of the scales "
        "are recalled, not checked: see the status in reference/measure_scales.csv.",
    ),
    Contract(
        "organisations",
        "any",
        Organisations,
        ("organisation_id",),
        "snapshot",
        row_rules=(ends_before_it_begins("opened_date", "closed_date"),),
    ),
    Contract(
        "substance_treatment",
        "any",
        SubstanceTreatment,
        ("treatment_id",),
        "append",
        row_rules=(
            has_no_date("referred_date", "triage_date", "started_date"),
            ends_before_it_begins("started_date", "ended_date"),
        ),
        caveat="Structured treatment only: people who never came to treatment are not here.",
        event_date="started_date",
    ),
    Contract(
        "adult_social_care",
        "any",
        AdultSocialCare,
        ("event_id",),
        "append",
        row_rules=(ends_before_it_begins("start_date", "end_date"),),
        caveat="Care that a council arranges or pays for; people who pay for their own are mostly not here.",
    ),
    Contract(
        "employment_status",
        "any",
        EmploymentStatus,
        ("record_key", "recorded_date"),
        "append",
        row_rules=(ends_before_it_begins("valid_from", "valid_to"),),
        caveat="Known only for people whom a service asked, on the day it asked.",
    ),
)
