"""Everything that councils record of children looked after, put together."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from outcome_linkage.synthetic.agencies.care import care_episodes
from outcome_linkage.synthetic.agencies.care_missing import missing_from_care
from outcome_linkage.synthetic.agencies.oversight import reviews, social_workers, spells_of_care
from outcome_linkage.synthetic.agencies.permanence import adoptions, before_care, decisions, seeking_asylum
from outcome_linkage.synthetic.life import Lives


@dataclass(frozen=True)
class CareRecords:
    """Tables with who and supplier; each is described where it is made."""

    episodes: pl.DataFrame
    spells: pl.DataFrame
    reviews: pl.DataFrame
    workers: pl.DataFrame
    missing: pl.DataFrame
    decisions: pl.DataFrame
    adoptions: pl.DataFrame
    before: pl.DataFrame
    asylum: pl.DataFrame

    def of(self, supplier: str) -> CareRecords:
        """Those of one council."""
        own = pl.col("supplier") == supplier
        return CareRecords(*(table.filter(own) for table in vars(self).values()))


def care_records(lives: Lives) -> CareRecords:
    """All that is recorded of a block's children looked after."""
    episodes = care_episodes(lives)
    spells, decided = spells_of_care(episodes), decisions(lives, episodes)
    return CareRecords(
        episodes,
        spells,
        reviews(lives, spells),
        social_workers(lives, spells),
        missing_from_care(lives, spells),
        decided,
        adoptions(lives, episodes, decided),
        before_care(lives, spells),
        seeking_asylum(lives, spells),
    )
