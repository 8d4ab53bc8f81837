"""A trauma-informed training programme, rolled out in steps: which organisation, and which area, from which
day.

Invented. Each takes its step by its place in the list and not by what happens there, so that the steps are
as good as random; some are never trained. What training does stands in `planted`: it does all of it from the
first day, whatever share of the staff is trained by then."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.organisations import SERVICES, TEAMS_OF_A_SERVICE, WARDS, schools
from outcome_linkage.synthetic.places import Places
from outcome_linkage.synthetic.randomness import Ints
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, NEVER, day

# From which day each step is trained; the last is never.
STEPS: Final = (
    *(day(date(year, month, 1)) for year in (2022, 2023, 2024) for month in (3, 9)),
    NEVER,
)


# Share of the staff trained on the first day, half a year later and a year later: one course of three.
SHARES: Final = ((0.3, 0.6, 0.8), (0.4, 0.7, 0.9), (0.5, 0.8, 1.0))
AFTER: Final = ("0mo", "6mo", "12mo")


def step_of(number: Ints) -> Ints:
    """The step that each organisation takes, by its number in its list."""
    return (number * 5 + number // 7) % len(STEPS)


def trained_from(number: Ints) -> Ints:
    """The day from which each organisation is trained; NEVER for some."""
    return np.array(STEPS)[step_of(number)]


def school_trained(school: pl.Series) -> Ints:
    """The day from which each school is trained, by its number."""
    return trained_from(school.cast(pl.Int64).to_numpy() % 1_000)


def rollout(places: Places) -> pl.DataFrame:
    """Every organisation and area of the programme, with a row for each day on which its share rises:
    unit_kind, unit_id, trained_from (null: never), share.
    """
    teams = [f"{service}{n}" for service in SERVICES.values() for n in range(1, TEAMS_OF_A_SERVICE + 1)]
    of_schools = pl.concat(schools(places, council) for council in range(len(LOCAL_AUTHORITIES)))
    units = {
        "ward": pl.Series([ward.code for ward in WARDS]),
        "team": pl.Series(teams),
        "area": places.areas["lsoa21"],
    }
    parts = [_listed("school", of_schools, school_trained(of_schools))]
    parts += [_listed(kind, ids, trained_from(np.arange(len(ids)))) for kind, ids in units.items()]
    return pl.concat(parts)


def _listed(kind: str, ids: pl.Series, since: Ints) -> pl.DataFrame:
    from_day = pl.Series(since)
    units = pl.DataFrame({"unit_id": ids}).select(
        pl.lit(kind).alias("unit_kind"),
        "unit_id",
        trained_from=pl.when(from_day < NEVER).then(from_day.clip(0, NEVER).cast(pl.Int32).cast(pl.Date)),
        course=pl.int_range(pl.len()) % len(SHARES),
    )
    return pl.concat(_shares(units, step) for step in range(len(AFTER))).sort(
        "unit_id", "trained_from", maintain_order=True
    )


def _shares(units: pl.DataFrame, step: int) -> pl.DataFrame:
    """One row for each unit that is trained; of those that never are only in the first step."""
    share = pl.col("course").replace_strict(dict(enumerate(course[step] for course in SHARES)))
    rows = units if step == 0 else units.filter(pl.col("trained_from").is_not_null())
    return rows.select(
        "unit_kind",
        "unit_id",
        pl.col("trained_from").dt.offset_by(AFTER[step]),
        share=pl.when(pl.col("trained_from").is_not_null()).then(share),
    )
