"""Our own rules for what a supplier of any sector delivers, voluntary services included."""

from __future__ import annotations

from schemas.rules.ours import NOBODY, ORDER, future
from schemas.rules.rule import Rule, rules_of

_episode = rules_of("ours", "service_episodes")
_contact = rules_of("ours", "service_contacts")
_treatment = rules_of("ours", "substance_treatment")

RULES: tuple[Rule, ...] = (
    _episode(
        "A01",
        column="started_date",
        says="The service starts before the person was referred to it.",
        matters=ORDER,
        severity="warning",
        among="started_date is not null and referred_date is not null",
        broken="started_date < referred_date",
    ),
    _episode(
        "A02",
        column="accepted_date",
        says="The referral was accepted before it was made.",
        matters=ORDER,
        among="accepted_date is not null and referred_date is not null",
        broken="accepted_date < referred_date",
    ),
    _contact(
        "A03",
        column="episode_id",
        says="The contact's episode was never delivered.",
        matters=NOBODY,
        among="episode_id is not null",
        broken="""
        not exists (
            select 1 from so_far.service_episodes as episode where episode.episode_id = this.episode_id
        )
        """,
    ),
    _contact(
        "A04",
        column="contact_date",
        says="The contact is before the referral of its episode.",
        matters="The wait for the service is negative.",
        broken="""
        exists (
            select 1 from so_far.service_episodes as episode
            where episode.episode_id = this.episode_id and episode.referred_date > this.contact_date
        )
        """,
    ),
    _contact(
        "A05",
        column="contact_date",
        says="The person is seen by the service after their episode has ended.",
        matters="The service goes on longer than it seems, and its end comes too early.",
        severity="warning",
        among="attended",
        broken="""
        exists (
            select 1 from so_far.service_episodes as episode
            where episode.episode_id = this.episode_id and episode.ended_date < this.contact_date
        )
        """,
    ),
    rules_of("ours", "measure_scores")(
        "A06",
        column="record_key",
        says="The score is of another person than the episode of a service that it belongs to.",
        matters="Change during a service is read from two people.",
        among="episode_id is not null",
        broken="""
        exists (
            select 1 from so_far.service_episodes as episode
            where episode.episode_id = this.episode_id and episode.record_key <> this.record_key
        )
        """,
    ),
    _treatment(
        "A07",
        column="triage_date",
        says="The person was assessed for treatment before being referred to it.",
        matters=ORDER,
        severity="warning",
        among="triage_date is not null and referred_date is not null",
        broken="triage_date < referred_date",
    ),
    future("A08", "service_contacts", "contact_date"),
    future("A09", "measure_scores", "measured_date"),
)
