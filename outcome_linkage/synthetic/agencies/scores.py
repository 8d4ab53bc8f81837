"""Questionnaires before and after a service, as the voluntary organisation asks for them. Spreads are
invented."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.services import ServiceEpisodes, grown
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.planted import planted
from outcome_linkage.synthetic.randomness import Floats, Random
from outcome_linkage.synthetic.recording import choose
from outcome_linkage.synthetic.window import WINDOW_END

# Mean, spread and highest of the total; subscales add up to it.
_SDQ_SCALES: Final = ("emotional", "conduct", "hyperactivity", "peer")
_SDQ: Final = (17.5, 5.5, 40)
_CORE: Final = (21.0, 6.5, 40)
_CORE_GAIN: Final = -5.0
_RETEST: Final = 2.2
_ASKED, _ASKED_AGAIN = 0.85, 0.68
_BY: Final = {"parent": 58, "carer": 14, "teacher": 12, "self": 16}


def measure_scores(lives: Lives, found: ServiceEpisodes) -> pl.DataFrame:
    """Scores: n, who, day, instrument, version, respondent, timepoint, scale, score.

    Children from 4 on have the Strengths and Difficulties Questionnaire, with subscales, and adults CORE-10.
    """
    random = lives.block.random("scores")
    begun = found.episodes.filter(pl.col("started") <= WINDOW_END)
    adult = grown(lives, begun, "started")
    children, adults = begun.filter(~pl.Series(adult)), begun.filter(pl.Series(adult))
    parts = [*_sdq(random, lives, children), _core(random, adults)]
    return pl.concat(parts).sort("n", "day", "scale")


def _sdq(random: Random, lives: Lives, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Subscales that add up to the total, before and, of those who finished, after."""
    gain = np.where(
        (rows["service"] == "therapeutic_support").to_numpy(),
        planted("therapeutic_support", "total difficulties (SDQ)"),
        -1.0,
    )
    age = lives.age(rows["who"].to_numpy(), rows["started"].to_numpy())
    by = choose(random, _BY, rows.height).to_numpy()
    by = np.where((by == "self") & (age < 11), "parent", by)
    version = np.where(by == "self", "11_17", "4_17")
    rows = rows.with_columns(
        instrument=pl.lit("sdq"), version=pl.Series(version.astype(str)), respondent=pl.Series(by.astype(str))
    )
    total = random.normal(_SDQ[0], _SDQ[1], rows.height)
    parts = []
    for timepoint, asked, change in _waves(random, rows, gain):
        noisy = total + change + random.normal(0, _RETEST, rows.height)
        scores = [np.clip(np.round(noisy / 4 + random.normal(0, 1, rows.height)), 0, 10) for _ in _SDQ_SCALES]
        named = {"total": np.sum(scores, axis=0), **dict(zip(_SDQ_SCALES, scores, strict=True))}
        parts += [_scored(rows, timepoint, asked, scale, score) for scale, score in named.items()]
    return parts


def _core(random: Random, rows: pl.DataFrame) -> pl.DataFrame:
    rows = rows.with_columns(
        instrument=pl.lit("core_10"), version=pl.lit("standard"), respondent=pl.lit("self")
    )
    total = random.normal(_CORE[0], _CORE[1], rows.height)
    parts = []
    for timepoint, asked, change in _waves(random, rows, np.full(rows.height, _CORE_GAIN)):
        score = np.clip(np.round(total + change + random.normal(0, _RETEST, rows.height)), 0, _CORE[2])
        parts.append(_scored(rows, timepoint, asked, "total", score))
    return pl.concat(parts)


def _waves(random: Random, rows: pl.DataFrame, gain: Floats) -> list[tuple[str, np.ndarray, Floats]]:
    """Before and after: the timepoint, who is asked, and what the service has changed by then."""
    before = random.random(rows.height) < _ASKED
    finished = rows["end_reason"].is_in(["completed", "goals_met", "transferred"]).to_numpy()
    after = (
        before
        & finished
        & (rows["ended"].to_numpy() <= WINDOW_END)
        & (random.random(rows.height) < _ASKED_AGAIN)
    )
    return [("baseline", before, np.zeros(rows.height)), ("end", after, gain)]


def _scored(rows: pl.DataFrame, timepoint: str, asked: np.ndarray, scale: str, score: Floats) -> pl.DataFrame:
    day = "started" if timepoint == "baseline" else "ended"
    about = ("instrument", "version", "respondent")
    found = rows.select("n", "who", *about, day=day, timepoint=pl.lit(timepoint), scale=pl.lit(scale))
    return found.with_columns(score=pl.Series(score)).filter(pl.Series(asked))
