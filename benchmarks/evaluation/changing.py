"""Exposure that begins during follow-up, estimated as a study with `time_varying` arms is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from benchmarks.evaluation.by_design import Found, answered, connection, study
from benchmarks.evaluation.starting import months, starters
from outcome_linkage.evaluation.answers.frames import put

CHANGING = study({"events": "count", "first": "time_to_event"}, assignment={"strategy": "time_varying"})


def changing(random: np.random.Generator, effect: float, size: int = 1000) -> Found:
    """Exposure that begins on some day: `ev_period` in, rate ratios out."""
    of = starters(random, size, 250)
    table = months(random, of, effect).frame(of.x)
    put(connection(), "ev_period", table)
    put(connection(), "ev_person", table.select("person_key", "trial_no"))
    return answered(CHANGING)


@cache
def truth(effect: float, chunks: int, size: int) -> Mapping[str, float]:
    """Events on exposed days of so many people, with what exposure took away and without it.

    Of a first event, those of people who have not had one; pieces of time are in order.
    """
    sums = np.zeros(4)
    for chunk in range(chunks):
        random = np.random.default_rng([2_032, chunk])
        of = months(random, starters(random, size, 250), effect)
        order = np.lexsort((of.exposed, of.month, of.person))
        total = np.cumsum(of.first[order]) - of.first[order]
        begins = np.searchsorted(of.person[order], of.person[order])
        free = np.empty(len(order), dtype=bool)
        free[order] = total == total[begins]
        exposed = of.exposed == 1
        parts = [(of.events, exposed), (of.events_without, exposed)]
        parts += [(of.first, exposed & free), (of.first_without, exposed & free)]
        sums += [values[here].sum() for values, here in parts]
    return {"events irr": sums[0] / sums[1], "first irr": sums[2] / sums[3]}
