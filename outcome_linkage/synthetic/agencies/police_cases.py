"""What the police hear of: cases, before anyone has written a record of them.

A case is one occasion: case (number in the block), day, kind, victim and suspect (who, -1 none), relationship
(of suspect to victim), dwelling.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.offences import BY_PARENT, RELATIONSHIPS
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.recording import choose_by, recorded

_REPORTED: Final = 0.5  # of what people suffer at the hands of others
_SUSPECTED: Final = 0.8  # of what people do
_PAIRED: Final = 0.45  # of suspects, with a victim who is known too


def police_cases(random: Random, lives: Lives) -> pl.DataFrame:
    """Every case of a block, numbered in order of day."""
    heard = recorded(random, lives, "police")
    cases = pl.concat(
        [
            _domestic(random, lives, heard),
            _of_children(random, lives, heard),
            _of_adults_in_need(lives, heard),
            _others(random, lives),
        ]
    )
    cases = cases.sort("day", "kind", "victim", "suspect").with_row_index("case")
    return cases.with_columns(pl.col("case").cast(pl.Int64))


def _domestic(random: Random, lives: Lives, heard: pl.DataFrame) -> pl.DataFrame:
    """One case per household and day; the victim is mostly the mother."""
    abuse = heard.filter(pl.col("kind") == "domestic_abuse").unique(
        ["household", "day"], keep="first", maintain_order=True
    )
    mother, father = (lives.column(name)[abuse["who"].to_numpy()] for name in ("mother", "father"))
    turned = random.random(abuse.height) < 0.15
    victim, suspect = np.where(turned, father, mother), np.where(turned, mother, father)
    alone = victim < 0
    victim, suspect = np.where(alone, suspect, victim), np.where(alone, -1, suspect)
    apart = lives.onset["parental_separation"][abuse["who"].to_numpy()] < abuse["day"].to_numpy()
    relationship = pl.Series(np.where(apart, "ex_partner", "partner"))
    return _cases(lives, abuse, victim, suspect, relationship)


def _of_children(random: Random, lives: Lives, heard: pl.DataFrame) -> pl.DataFrame:
    """Crimes against a child; the suspect is known when a parent, and else sometimes described."""
    kinds = [
        "neglect", "physical_abuse", "emotional_abuse", "sexual_abuse", "exploitation", "community_violence",
    ]  # fmt: skip
    rows = heard.filter(pl.col("kind").is_in(kinds))
    child = rows["who"].to_numpy()
    mother, father = lives.column("mother")[child], lives.column("father")[child]
    parent = np.where((random.random(rows.height) < 0.55) & (father >= 0) | (mother < 0), father, mother)
    suspect = np.where(rows["kind"].is_in(BY_PARENT).to_numpy(), parent, -1)
    relationship = choose_by(random, RELATIONSHIPS, rows["kind"])
    named = pl.select(pl.when(pl.Series(suspect >= 0)).then(relationship)).to_series()
    return _cases(lives, rows, child, suspect, named)


def _of_adults_in_need(lives: Lives, heard: pl.DataFrame) -> pl.DataFrame:
    """Notices about a parent whose mental illness brought the police."""
    rows = heard.filter(pl.col("kind") == "parental_mental_illness").unique(
        ["household", "day"], keep="first", maintain_order=True
    )
    mother, father = (lives.column(name)[rows["who"].to_numpy()] for name in ("mother", "father"))
    ill = np.where(mother >= 0, mother, father)
    none = pl.Series([None] * rows.height, dtype=pl.String)
    return _cases(lives, rows, ill, np.full(rows.height, -1), none)


def _others(random: Random, lives: Lives) -> pl.DataFrame:
    """Crimes of every other kind; some suspects are paired with the next victim, on that victim's day."""
    victims = _heard_of(random, lives, "police_victim", _REPORTED)
    suspects = _heard_of(random, lives, "police_suspect", _SUSPECTED)
    paired = random.random(suspects.height) < _PAIRED
    met = np.searchsorted(victims["day"].to_numpy(), suspects["day"].to_numpy())
    paired &= met < victims.height
    together = suspects.filter(pl.Series(paired)).with_columns(row=pl.Series(met[paired], dtype=pl.Int64))
    together = together.unique("row", keep="first", maintain_order=True)
    suspect = np.full(victims.height, -1, dtype=np.int64)
    suspect[together["row"].to_numpy()] = together["who"].to_numpy()
    suspect = np.where(suspect == victims["who"].to_numpy(), -1, suspect)
    relation = choose_by(random, RELATIONSHIPS, victims["kind"])
    relation = pl.select(pl.when(pl.Series(suspect >= 0)).then(relation)).to_series()
    with_victim = _cases(lives, victims, victims["who"].to_numpy(), suspect, relation)
    alone = suspects.filter(~pl.Series(paired))
    none = pl.Series([None] * alone.height, dtype=pl.String)
    return pl.concat(
        [with_victim, _cases(lives, alone, np.full(alone.height, -1), alone["who"].to_numpy(), none)]
    )


def _heard_of(random: Random, lives: Lives, kind: str, share: float) -> pl.DataFrame:
    found = lives.placed(lives.events(kind)).sort("day", "who")
    return found.filter(pl.Series(random.random(found.height) < share))


def _cases(
    lives: Lives, rows: pl.DataFrame, victim: Ints, suspect: Ints, relationship: pl.Series
) -> pl.DataFrame:
    """Cases of `rows` (day, kind, dwelling); who has died or moved away by then is left out of them."""
    day = rows["day"].to_numpy()
    here = [np.where(lives.residences.on(np.maximum(w, 0), day) >= 0, w, -1) for w in (victim, suspect)]
    return pl.DataFrame(
        {
            "day": day,
            "kind": rows["kind"],
            "victim": here[0].astype(np.int64),
            "suspect": here[1].astype(np.int64),
            "relationship": pl.Series(relationship, dtype=pl.String),
            "dwelling": rows["dwelling"],
        }
    ).filter((pl.col("victim") >= 0) | (pl.col("suspect") >= 0))
