"""Permanent arrangements before and after care, and children who came alone: adoption, guardianship, asylum.

What leads to an adoption stands in `care_course`. Shares are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Ints
from outcome_linkage.synthetic.recording import choose, choose_by
from outcome_linkage.synthetic.window import ADULT, YEAR

_ADOPTED: Final = ("E11", "E12")
_DECIDED_AGAINST: Final = 0.12  # of children under five whose care ends otherwise
_WHY_NOT: Final = {"RD1": 40, "RD2": 25, "RD3": 20, "RD4": 15}
_ADOPTERS: Final = {"MF": 76, "F1": 12, "MM": 7, "FF": 4, "M1": 1}
_STATUS: Final[Mapping[str, Mapping[str, float]]] = {
    "MF": {"L11": 74, "L3": 24, "L2": 2},
    "MM": {"L12": 50, "L2": 20, "L4": 30},
    "FF": {"L12": 50, "L2": 20, "L4": 30},
    "F1": {"L0": 1},
    "M1": {"L0": 1},
}
_BEFORE: Final = {"Z1": 92, "P1": 1, "P2": 3, "P3": 3, "P4": 1}
_COUNCILS: Final = {"801": 40, "802": 20, "803": 25, "800": 15}
_ASYLUM: Final = 0.6  # of those of 14 and older who come into care without parents
_ABSENT_PARENTS: Final = "N8"


def decisions(lives: Lives, episodes: pl.DataFrame) -> pl.DataFrame:
    """Decisions that a child should be adopted: who, supplier, placed, ceased (null) and why; one a spell."""
    random = lives.block.random("adoption decisions")
    last = episodes.filter(pl.col("last"))
    who, stop = last["who"].to_numpy(), last["stop"].to_numpy()
    adopted = last["rec"].is_in(_ADOPTED).to_numpy()
    length = stop - last["start"].to_numpy()
    young = (stop - lives.column("birth")[who]) / YEAR < 5
    given_up = ~adopted & young & (length > 150) & (random.random(last.height) < _DECIDED_AGAINST)
    before = (last["decom"] - last["start"]).to_numpy()
    share = random.random(last.height)
    placed = last["start"].to_numpy() + np.where(adopted, before * (0.2 + 0.5 * share), length * 0.4).astype(
        int
    )
    ceased = pl.when(pl.Series(given_up)).then(pl.Series(placed + (length * 0.4).astype(int)))
    why = pl.when(pl.Series(given_up)).then(choose(random, _WHY_NOT, last.height))
    rows = last.with_columns(placed=pl.Series(placed), ceased=ceased, why=why)
    return rows.filter(pl.Series(adopted | given_up)).select("who", "supplier", "placed", "ceased", "why")


def adoptions(lives: Lives, episodes: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """Adoptions from care: who, supplier, day, date_int, date_match (days), and by whom."""
    random = lives.block.random("adoptions")
    found = episodes.filter(pl.col("last") & pl.col("rec").is_in(_ADOPTED))
    found = found.join(decided.select("who", "placed"), on="who", maintain_order="left")
    adopters = choose(random, _ADOPTERS, found.height)
    matched = found["placed"] + ((found["decom"] - found["placed"]) * 0.7).cast(pl.Int64)
    return found.select(
        "who",
        "supplier",
        day="dec",
        date_int="placed",
        date_match=matched,
        foster_care=pl.col("place") == "A5",
        nb_adoptr=pl.when(adopters.str.ends_with("1")).then(pl.lit("1")).otherwise(pl.lit("2")),
        sex_adoptr=adopters,
        ls_adoptr=choose_by(random, _STATUS, adopters),
    )


def before_care(lives: Lives, spells: pl.DataFrame) -> pl.DataFrame:
    """What permanent arrangement there was before care: who, supplier, start, prev_perm, la_perm, and
    date_perm as the return writes it, with zz for a day or month that is not known."""
    random = lives.block.random("before care")
    size = spells.height
    who, start = spells["who"].to_numpy(), spells["start"].to_numpy()
    old = (start - lives.column("birth")[who]) > 2 * YEAR
    drawn = choose(random, _BEFORE, size).to_numpy()
    kind = pl.Series(np.where(old, drawn, "Z1").astype(str), dtype=pl.String)
    order = start - (random.random(size) * (start - lives.column("birth")[who] - 300)).astype(np.int64)
    written = pl.Series(order).cast(pl.Int32).cast(pl.Date)
    vague = pl.Series(random.random(size) < 0.3)
    date = pl.when(vague).then(written.dt.to_string("zz/zz/%Y")).otherwise(written.dt.to_string("%d/%m/%Y"))
    known = kind.is_in(["P1", "P2", "P3"])
    return spells.select("who", "supplier", "start").with_columns(
        prev_perm=kind,
        la_perm=pl.when(known & pl.Series(random.random(size) < 0.4)).then(choose(random, _COUNCILS, size)),
        date_perm=pl.when(known).then(date),
    )


def seeking_asylum(lives: Lives, spells: pl.DataFrame) -> pl.DataFrame:
    """Unaccompanied children seeking asylum: who, supplier, start, stop, and until (before their 18th
    birthday)."""
    random = lives.block.random("seeking asylum")
    alone = spells.filter(pl.col("cin") == _ABSENT_PARENTS)
    who: Ints = alone["who"].to_numpy()
    old = lives.age(who, alone["start"].to_numpy()) >= 14
    adult = lives.column("birth")[who] + int(ADULT * YEAR) - 1
    return (
        alone.with_columns(until=pl.min_horizontal("stop", pl.Series(adult)))
        .filter(pl.Series(old & (random.random(alone.height) < _ASYLUM)))
        .select("who", "supplier", "start", "stop", "until")
    )
