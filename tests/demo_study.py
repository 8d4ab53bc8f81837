"""A study that the invented region and its invented agreements allow."""

from __future__ import annotations

STUDY = """
schema_version: 1
id: after_a_crime
title: Emergencies after a crime
version: 0.1.0
governance:
  purpose: evaluating whether services for children after adversity help, for whom and at what cost
  data_agreements: [DSA-INVENTED-POLICE, DSA-INVENTED-ICB]
study_period: {start: 2024-04-01, end: 2026-03-31}
sources: {use: [police_crime_persons, ecds_attendances]}
design: {type: cohort}
index: {event: {concept: police_victim, source: police_crime_persons}}
arms:
  - id: seen
    label: Attended within 30 days
    when: {event: {concept: emergency_attendance, source: ecds_attendances, window: [0, 30]}}
  - {id: not_seen, label: Did not, when: otherwise}
assignment: {strategy: landmark, landmark_days: 30}
followup: {start_days: 31, horizon_days: 365}
outcomes:
  - id: attended
    role: primary
    kind: count
    event: {concept: emergency_attendance, source: ecds_attendances}
    window: [31, 365]
panel: {every: 1 month, from_days: -90, to_days: 365}
"""
