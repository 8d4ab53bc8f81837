"""How many people a study would have, in released form: small counts hidden, others rounded; nothing is kept.

Outcomes are counted for everybody together and never by arm, since they stay hidden until the study is
registered and its diagnostics pass.
"""

from __future__ import annotations

import duckdb
import polars as pl

from outcome_linkage.evaluation.engine.attrition import Delivered
from outcome_linkage.evaluation.engine.inputs import from_warehouse
from outcome_linkage.evaluation.engine.plan import concepts_of
from outcome_linkage.evaluation.engine.profile import names_of, profile_of
from outcome_linkage.evaluation.engine.run import make
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.release.disclosure import release_counts

_COUNTS = """
with counts as (
    select 1 as part, step as place, 'flow' as of, label as what, n_persons_out as people
    from ev_attrition where arm = 'all'
    union all
    select 2, row_number() over (order by arm), 'arm', arm, count(distinct person_key)
    from ev_person group by arm
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
    return release_counts(connection.sql(_COUNTS).pl(), "people", profile)
