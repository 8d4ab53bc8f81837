"""The tables of a run, as its folder holds them, and the counts of people that a report needs besides.

Rows of people are counted here and go no further.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.engine.profile import profile_of
from outcome_linkage.evaluation.shown import RUN_FIRST
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Measure, Outcome
from outcome_linkage.evaluation.words import name as plain
from outcome_linkage.models.engine import literal
from outcome_linkage.release.profiles import Profile

PERSON = "ev_person"
COST = "k_"
"""How columns of costs begin."""
BASIC = {
    "age_index_years": "age in years",
    "sex": "sex",
    "ethnicity5": "ethnic group",
    "imd_quintile": "deprivation (1 most deprived fifth)",
    "a_score_cat": "recorded adversity, domains",
}
"""Characteristics that every study has."""
_OF_PEOPLE = (PERSON, "ev_cohort", "ev_period", "ev_event", "ev_person_source")


@dataclass(frozen=True)
class Gathered:
    """A study and its tables. `tables` holds those that are counts already, each by its name."""

    study: Evaluation
    folder: Path
    tables: Mapping[str, pl.DataFrame]

    @cached_property
    def profile(self) -> Profile:
        """What may be shown, as the owners of all tables ask."""
        told = self.table("ev_codebook")
        return profile_of(self.study, told["sdc_profile"][0] if told.height else None)

    @cached_property
    def arms(self) -> dict[str, str]:
        """The arms that people are in, with their labels, in the order of the study."""
        labels = {arm.id: arm.label for arm in self.study.arms}
        found = set(self.sizes["arm"].drop_nulls().to_list()) if self.sizes.height else set()
        return {name: label for name, label in labels.items() if name in found} or {
            name: "everybody" if name == "all" else name for name in sorted(found)
        }

    @cached_property
    def asked(self) -> list[Outcome | Measure]:
        """Outcomes, then measures, as the study lists them."""
        return [*self.study.outcomes, *self.study.measures]

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each outcome, measure and covariate is called."""
        both = [*self.asked, *self.study.covariates]
        own = {one.id: one.label for one in both if one.label}
        return {**{one.id: plain(one.id) for one in both}, **BASIC, **own}

    def label(self, name: str) -> str:
        """What a part of the study is called; its id in words where it has no label."""
        if name.startswith(COST):
            return f"costs: {plain(name.removeprefix(COST))}"
        return self.labels.get(name) or plain(name)

    def arm(self, name: str) -> str:
        """What a side of a contrast is called: an arm, several, or whatever else is set against another."""
        own = {arm.id: arm.label for arm in self.study.arms}
        return " or ".join(own.get(one) or plain(one) for one in name.split(" or "))

    def contrast(self, contrast: str) -> str:
        """Who is set against whom, such as `Therapy against Usual care` of `therapy - usual`."""
        first, _, other = contrast.partition(" - ")
        return f"{self.arm(first)} against {self.arm(other)}" if other else self.arm(first)

    @cached_property
    def contrasts(self) -> list[str]:
        """Every contrast that is estimated, once."""
        table = self.table("ev_estimates")
        return table["contrast"].unique(maintain_order=True).to_list() if table.height else []

    @cached_property
    def sizes(self) -> pl.DataFrame:
        """Rows and people by arm."""
        return self.count("arm", "count(*) as n, count(distinct person_key) as people")

    @cached_property
    def columns(self) -> Sequence[str]:
        """The columns of `ev_person`; none without it."""
        path = self.folder / f"{PERSON}.parquet"
        return list(pl.read_parquet_schema(path)) if path.exists() else []

    def table(self, name: str) -> pl.DataFrame:
        """A table of counts; of nothing where the run has none."""
        return self.tables.get(name, pl.DataFrame())

    def count(
        self, by: str, what: str = "count(*) as n", where: str = "true", of: str = PERSON
    ) -> pl.DataFrame:
        """Counts of a table of people by these columns, in their order; of nothing without the table."""
        file = self.folder / f"{of}.parquet"
        if not file.exists():
            return pl.DataFrame(schema={name.split(" as ")[-1]: pl.String for name in by.split(", ")})
        path = literal(str(file))
        with duckdb.connect(config={"threads": 2}) as connection:
            return connection.sql(
                f"select {by}, {what} from read_parquet({path}) where {where} group by all order by all"
            ).pl()


def gather(folder: Path, study: Evaluation) -> Gathered:
    """The tables that a run of a study left in a folder. Raises InputRefused where there are none."""
    found = {path.stem: path for path in sorted(folder.glob("ev_*.parquet"))}
    if not found:
        raise InputRefused(f"{study.id} has no tables yet. {RUN_FIRST}")
    counts = {name: pl.read_parquet(path) for name, path in found.items() if name not in _OF_PEOPLE}
    return Gathered(study, folder, counts)
