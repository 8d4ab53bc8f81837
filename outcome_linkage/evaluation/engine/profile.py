"""Under which disclosure rules the figures of a study may be shown: the strictest of whoever is concerned."""

from __future__ import annotations

import duckdb

from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.release.profiles import Profile, strictest

AND = ", "
_OWNERS = "select distinct sdc_profile from in_source where sdc_profile is not null"


def names_of(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> str:
    """The profiles of the study and of the owners of all its sources, as `profile_of` reads them."""
    owners = {name for (name,) in connection.execute(_OWNERS).fetchall()}
    return AND.join(sorted({study.governance.sdc_profile, *owners}))


def profile_of(study: Evaluation, names: str | None = None) -> Profile:
    """The strictest of these and of what the study asks for, its smallest cell included."""
    owners = names.split(AND) if names else ()
    return strictest((study.governance.sdc_profile, *owners), study.governance.min_cell)
