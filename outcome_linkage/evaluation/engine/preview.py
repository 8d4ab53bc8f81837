"""How many people a study would have, in released form: small counts hidden, others rounded; nothing is kept.

Outcomes are counted for everybody together and never by arm, since they stay hidden until the study is
registered and its diagnostics pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from outcome_linkage.evaluation.engine.attrition import Delivered
from outcome_linkage.evaluation.engine.inputs import from_warehouse
from outcome_linkage.evaluation.engine.plan import concepts_of
from outcome_linkage.evaluation.engine.profile import names_of, profile_of
from outcome_linkage.evaluation.engine.run import make
from outcome_linkage.evaluation.engine.step import in_list
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.release.disclosure import release_counts

MATCHED = "Matched"
THROUGHOUT = "outcome observed throughout"
NOBODY_LEFT = (
    "whoever came so far is lost there. Look at what it asks for, at its days, and at which days its source "
    "covers for them; `outcome-linkage evaluation explain` says each step in words."
)
NOBODY_ALIKE = (
    "no two people of different arms are alike in what is matched on, or one arm has nobody. Look at the "
    "arms by `arms`, then match on fewer characteristics, or wider under `match.caliper`."
)
NOBODY_IN_ARM = (
    "nothing can be compared. Look at its `when`: the concept and its days; an arm before it may take all, "
    "as the first that fits is taken, or criteria may leave out whoever fits."
)
NOBODY_SEEN = (
    "look at which days its source covers, at the end of the study period, and at its window. Where the "
    "study ends while people are followed, nobody's days are whole."
)
_COUNTS = """
with counts as (
    select 1 as part, step as place, 'flow' as of, label as what, n_persons_out as people
    from ev_attrition where arm = 'all'
    union all
    select 2, row_number() over (order by asked.arm), 'arm', asked.arm, count(distinct p.person_key)
    from ({arms}) as asked left join ev_person as p on p.arm = asked.arm group by asked.arm
    union all
    select 3, item_no, 'outcome seen', item, count(distinct person_id) filter (where n_seen > 0)
    from out_value where role = 'outcome' group by item_no, item
    union all
    select 4, item_no, 'outcome observed throughout', item,
        count(distinct person_id) filter (where status = 0)
    from out_value where role = 'outcome' group by item_no, item
)
select of, what, cast(people as bigint) as people from counts order by part, place
"""


def preview(connection: duckdb.DuckDBPyConnection, study: Evaluation, delivered: Delivered) -> pl.DataFrame:
    """Released counts of a study with an index: columns of, what, people, people_hidden."""
    from_warehouse(connection, study, concepts_of(study))
    make(connection, study, delivered)
    return released(connection, study)


def released(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> pl.DataFrame:
    """The counts of tables that are made."""
    profile = profile_of(study, names_of(connection, study))
    arms = [arm.id for arm in study.arms]
    asked = f"select unnest([{in_list(arms)}]) as arm" if arms else "select distinct arm from ev_person"
    return release_counts(connection.sql(_COUNTS.format(arms=asked)).pl(), "people", profile)


def why_nobody(counts: Sequence[Mapping[str, Any]]) -> list[str]:
    """What to look at where nobody is left at a step of the flow, in an arm or with an outcome known.

    Of released counts, so that it tells of nobody and not of few.
    """
    flow = [row for row in counts if row["of"] == "flow"]
    step = next((row["what"] for row in flow if row["people"] == 0), None)
    if step == MATCHED:
        return [f"Nobody is left after the step `{step}`: {NOBODY_ALIKE}"]
    if step is not None:
        return [f"Nobody is left after the step `{step}`: {NOBODY_LEFT}"]
    told = [row for row in counts if row["people"] == 0]
    arms = [f"Nobody is in arm `{row['what']}`: {NOBODY_IN_ARM}" for row in told if row["of"] == "arm"]
    unseen = [row["what"] for row in told if row["of"] == THROUGHOUT]
    return [*arms, *(f"`{name}` is known of nobody to the end of its days: {NOBODY_SEEN}" for name in unseen)]
