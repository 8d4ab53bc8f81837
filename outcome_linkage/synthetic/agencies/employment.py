"""Whether adults work, as a service writes it down on the day it asks. Invented weights, worse with each
need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.recording import choose_by

_STATUS: Final[Mapping[str, Mapping[str, float]]] = {
    "young": {"01": 46, "02": 14, "03": 30, "04": 3, "05": 4, "06": 3},
    "adult": {"01": 68, "02": 7, "03": 3, "04": 9, "05": 10, "07": 1, "ZZ": 2},
    "in need": {"01": 22, "02": 26, "04": 34, "05": 9, "06": 4, "07": 1, "ZZ": 4},
    "older": {"08": 88, "01": 8, "04": 4},
}
_WORKING: Final = "01"


def employment(random: Random, lives: Lives, asked: pl.DataFrame, needs: Disadvantage) -> pl.DataFrame:
    """The adults among `asked` (who, day) with status and hours; one row a person and day."""
    rows = asked.select("who", "day").unique(maintain_order=True).sort("day", "who")
    age = lives.age(rows["who"].to_numpy(), rows["day"].to_numpy())
    rows, age = rows.filter(pl.Series(age >= 18)), age[age >= 18]
    who, day = rows["who"].to_numpy(), rows["day"].to_numpy()
    many = np.sum([first[who] <= day for first in needs.since.values()], axis=0) >= 2
    band = np.where(age < 23, "young", np.where(age >= 67, "older", np.where(many, "in need", "adult")))
    status = choose_by(random, _STATUS, pl.Series(band.astype(str), dtype=pl.String))
    hours = pl.Series(random.choice([16.0, 20.0, 30.0, 37.5, 40.0], rows.height))
    return rows.with_columns(status=status, hours=pl.when(status == _WORKING).then(hours))
