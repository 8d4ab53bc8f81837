"""What a local authority delivers of its other services: early help, homelessness, activity at 16 and 17.

Early help follows ssd_early_help_episodes of ssd-data-model (4987c73); it has no national code set, so that a
council maps its own words to ours. Homelessness follows the sections of H-CLIC (specification summary, August
2017) and the labels of the published tables: the element names of the case-level file are not public. NCCIS
activity follows the code groups of Youth-Transitions/resources (69251eb) and field numbers seen elsewhere.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import LSOA, code, day, event_id, flag, month, organisation, pattern, record_key
from schemas.row_rules import ends_before_it_begins

DFE_COUNCIL = r"^\d{3}$"


class EarlyHelpEpisodes(pa.DataFrameModel):
    """One row per child and episode of early help."""

    episode_id: pl.String = event_id("Id of the episode")
    record_key: pl.String = record_key()
    start_date: pl.Date = day("Episode start", nullable=False)
    end_date: pl.Date = day("Episode end; null while open")
    reason: pl.String = code("early_help.reason", "Main reason")
    end_reason: pl.String = code("early_help.end_reason", "Why it ended")
    organisation: pl.String = organisation("Organisation that led it")


class HclicCases(pa.DataFrameModel):
    """One row per homelessness case and duty that the council owed the household."""

    case_id: pl.String = event_id("Household's case, re-keyed")
    assessment_date: pl.Date = day("Day of the assessment", nullable=False)
    loss_reason: pl.String = code("hclic.loss_reason", "Reason for loss of the last settled home")
    household_type: pl.String = code("hclic.household_type", "Kind of household")
    duty: pl.String = code("hclic.duty", "Duty owed", nullable=False)
    duty_start_date: pl.Date = day("Duty accepted", nullable=False)
    duty_end_date: pl.Date = day("Duty ended; null while owed")
    end_reason: pl.String = code("hclic.end_reason", "Why the duty ended")
    temporary_accommodation: pl.String = code(
        "hclic.temporary_accommodation", "Last kind of temporary accommodation under the duty; null: none"
    )
    ta_start_date: pl.Date = day("Entered temporary accommodation")
    ta_end_date: pl.Date = day("Left temporary accommodation; null while there")


class HclicPeople(pa.DataFrameModel):
    """One row per homelessness case and person of the household."""

    case_id: pl.String = event_id("Household's case, re-keyed")
    record_key: pl.String = record_key()
    role: pl.String = code("hclic.role", "Place in the household", nullable=False)
    birth_month: pl.Date = month("Month of birth")


class HclicSupportNeeds(pa.DataFrameModel):
    """One row per homelessness case and support need of the household."""

    case_id: pl.String = event_id("Household's case, re-keyed")
    support_need: pl.String = code("hclic.support_need", "Support need", nullable=False)


class NccisActivity(pa.DataFrameModel):
    """One row per young person and monthly return: what they were doing."""

    record_key: pl.String = record_key()
    reference_date: pl.Date = day("Last day of the month reported", nullable=False)
    birth_month: pl.Date = month("Month of birth")
    ethnicity: pl.String = code("dfe.ethnicity", "Ethnic group (YP27)")
    lsoa21: pl.String = pattern(LSOA, "Small area of the home (LSOA 2021)")
    la_year_11: pl.String = pattern(DFE_COUNCIL, "DfE number of the council at the end of year 11 (YP12)")
    transferred_to: pl.String = pattern(DFE_COUNCIL, "DfE number of the council transferred to (YP13)")
    send: pl.Boolean = flag("Has an education, health and care plan or SEN support")
    activity: pl.String = code("nccis.activity", "Activity in the month", nullable=False)
    activity_start_date: pl.Date = day("First day of that activity")


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "early_help_episodes",
        "local_authority",
        EarlyHelpEpisodes,
        ("episode_id",),
        "append",
        row_rules=(ends_before_it_begins("start_date", "end_date"),),
        caveat="What counts as early help, and who records it, differs between councils: compare no rates.",
    ),
    Contract(
        "hclic_cases",
        "local_authority",
        HclicCases,
        ("case_id", "duty"),
        "append",
        row_rules=(
            ends_before_it_begins("duty_start_date", "duty_end_date"),
            ends_before_it_begins("ta_start_date", "ta_end_date"),
        ),
        caveat="About a household: who was in it stands in hclic_people. A duty not reached has no row.",
    ),
    Contract("hclic_people", "local_authority", HclicPeople, ("case_id", "record_key"), "append"),
    Contract(
        "hclic_support_needs",
        "local_authority",
        HclicSupportNeeds,
        ("case_id", "support_need"),
        "append",
        caveat="Of the household, and not of any one person in it. Several may hold: they do not add up to "
        "households. Care leaver was one option before it was split by age.",
    ),
    Contract(
        "nccis_activity",
        "local_authority",
        NccisActivity,
        ("record_key", "reference_date"),
        "append",
        caveat="Ages 16 and 17, and 18 to 24 with special educational needs or a disability. Councils differ "
        "in how often they lose touch: not known is neither in education nor out of it.",
    ),
)
