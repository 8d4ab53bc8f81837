"""Views that put beside a row what a rule compares it with, and the SQL functions that rules share.

Ages are known to the month: a function says yes only where every day of the month of birth would.
"""

from __future__ import annotations

from schemas.rules.rule import View

MACROS = (
    "younger_than(day, years, born) as day < born + to_years(years)",
    "aged_at_least(day, years, born) as day >= last_day(born) + to_years(years)",
    "is_temporary(place) as place in ('T0', 'T1', 'T2', 'T3', 'T4')",
    "is_short_break(ls) as ls in ('V3', 'V4')",
)

VIEWS = (
    View(
        "episode_in_order",
        """
        select *, row_number() over child = 1 as is_first,
               lag(decom) over child as previous_decom, lag(dec) over child as previous_dec,
               lag(rec) over child as previous_rec, lag(ls) over child as previous_ls,
               lag(place) over child as previous_place, lag(place_provider) over child as previous_provider,
               lag(urn) over child as previous_urn, lag(pl_lsoa21) over child as previous_pl_lsoa21,
               lag(reason_place_change) over child as previous_reason,
               lead(decom) over child as next_decom, lead(rne) over child as next_rne,
               lead(place) over child as next_place,
               count(*) filter (where rne = 'S') over child as care_period
        from ssda903_episodes
        window child as (partition by record_key order by decom, dec nulls last, _row)
        """,
    ),
    View(
        "episode_of_child",
        """
        select episode.*, header.birth_month, header.sex, header.mother, header.mc_birth_month
        from episode_in_order as episode join ssda903_header as header using (record_key)
        """,
    ),
    View(
        "episode_in_care_period",
        """
        select *, first_value(cin) over period as first_cin
        from episode_in_order
        window period as (partition by record_key, care_period order by decom, dec nulls last, _row)
        """,
    ),
    View(
        "episode_of_status",
        """
        with changes as (
            select *, coalesce(ls <> previous_ls or decom <> previous_dec or previous_dec is null, true)::int
                as begins
            from episode_in_order
        ),
        runs as (
            select *, sum(begins) over (partition by record_key order by decom, dec nulls last, _row) as run
            from changes
        )
        select *, min(decom) over (partition by record_key, run) as status_from,
               max(coalesce(dec, year_end)) over (partition by record_key, run) as status_to
        from runs
        """,
    ),
    View(
        "episode_carried_over",
        """
        with open_then as (
            select * from last_year.ssda903_episodes
            qualify row_number() over (partition by record_key order by decom desc, _row desc) = 1
        )
        select episode.*, past.decom as then_decom, past.rne as then_rne, past.ls as then_ls,
               past.cin as then_cin, past.place as then_place, past.place_provider as then_provider,
               past.urn as then_urn
        from episode_in_order as episode join open_then as past using (record_key)
        where episode.is_first and past.dec is null and not is_short_break(past.ls)
        """,
    ),
    View(
        "child_last_year",
        """
        select child.*, past.sex as then_sex, past.birth_month as then_birth_month,
               past.ethnic as then_ethnic, past.mother as then_mother,
               past.mc_birth_month as then_mc_birth_month
        from ssda903_header as child join last_year.ssda903_header as past using (record_key)
        """,
    ),
    View(
        "referral_in_order",
        """
        select *, lag(closure_date) over child as previous_closure_date,
               lead(referral_date) over child as next_referral_date
        from cin_referrals
        window child as (
            partition by record_key, no_further_action order by referral_date, closure_date nulls last, _row
        )
        """,
    ),
    View(
        "referral_of_child",
        """
        select referral.*, child.birth_month, child.expected_birth_month, child.death_date
        from cin_referrals as referral join cin_children as child using (record_key)
        """,
    ),
    View(
        "assessment_of_referral",
        """
        select assessment.*, referral.closure_date, referral.closure_reason, referral.no_further_action,
               count(distinct assessment_start_date) over (
                   partition by record_key, referral_date
               ) as assessments,
               count(factor) over (
                   partition by record_key, referral_date, assessment_start_date
               ) as factors
        from cin_assessments as assessment join cin_referrals as referral using (record_key, referral_date)
        """,
    ),
    View(
        "plan_in_order",
        """
        select *, lag(plan_start_date) over child as previous_start_date,
               lag(plan_end_date) over child as previous_end_date,
               count(*) filter (where plan_end_date is null) over (partition by record_key) as open_plans
        from cin_protection_plans
        window child as (partition by record_key order by plan_start_date, plan_end_date nulls last, _row)
        """,
    ),
    View(
        "plan_of_referral",
        """
        select plan.*, referral.closure_date, referral.no_further_action, referral.initial_cpc_date
        from cin_protection_plans as plan join cin_referrals as referral using (record_key, referral_date)
        """,
    ),
    View(
        "plan_of_child",
        """
        select plan.*, child.birth_month, child.death_date
        from cin_protection_plans as plan join cin_children as child using (record_key)
        """,
    ),
    View(
        "need_plan_in_order",
        """
        select *, lag(plan_end_date) over child as previous_end_date,
               count(*) filter (where plan_end_date is null) over (partition by record_key) as open_plans
        from cin_plans
        window child as (partition by record_key order by plan_start_date, plan_end_date nulls last, _row)
        """,
    ),
    View(
        "need_plan_of_referral",
        """
        select plan.*, referral.closure_date, referral.no_further_action
        from cin_plans as plan join cin_referrals as referral using (record_key, referral_date)
        """,
    ),
    View(
        "section47_of_referral",
        """
        select enquiry.*, referral.closure_date, referral.no_further_action,
               referral.initial_cpc_date as case_cpc_date
        from cin_section47 as enquiry join cin_referrals as referral using (record_key, referral_date)
        """,
    ),
    View(
        "missing_in_order",
        """
        select *, lag(mis_start) over child as previous_start, lag(mis_end) over child as previous_end
        from ssda903_missing
        window child as (partition by record_key order by mis_start, mis_end nulls last, _row)
        """,
    ),
    View(
        "social_worker_in_order",
        """
        select *, lag(sw_dec) over child as previous_dec, lead(sw_decom) over child as next_decom
        from ssda903_social_worker
        window child as (partition by record_key order by sw_decom, sw_dec nulls last, _row)
        """,
    ),
    View(
        "in_care_all_year",
        """
        select record_key
        from episode_in_order
        group by record_key, care_period, year_start
        having bool_or(dec is null) and min(decom) <= year_start and not bool_or(is_short_break(ls))
        """,
    ),
)
