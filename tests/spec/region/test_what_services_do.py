"""What services and training do in the invented region: each planted effect can be found in the records.

Sizes stand in `planted`, and beside the truth in `planted_effects.csv`.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outcome_linkage.evaluation.load import SHIPPED
from outcome_linkage.synthetic.agencies.attendance import absences
from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage, disadvantage
from outcome_linkage.synthetic.agencies.education import exclusions
from outcome_linkage.synthetic.agencies.health import health_records, register
from outcome_linkage.synthetic.agencies.mental_health import MentalHealthRecords, mental_health_records
from outcome_linkage.synthetic.agencies.need import need_records
from outcome_linkage.synthetic.agencies.police import police_records
from outcome_linkage.synthetic.agencies.police_contacts import police_contacts
from outcome_linkage.synthetic.agencies.schools import enrolments, in_census
from outcome_linkage.synthetic.agencies.scores import measure_scores
from outcome_linkage.synthetic.agencies.services import service_episodes
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.organisations import WARDS
from outcome_linkage.synthetic.planted import PLANTED, planted
from outcome_linkage.synthetic.region import Region
from outcome_linkage.synthetic.rollout import school_trained, trained_from
from outcome_linkage.synthetic.window import NEVER, WINDOW_END

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def needs(lives: Lives) -> Disadvantage:
    """Who of 20,000 people has which needs, and whom the coordinated service helps."""
    return disadvantage(lives)


@pytest.fixture(scope="module")
def minds(lives: Lives) -> MentalHealthRecords:
    """What follows their referrals to mental-health services."""
    referrals = health_records(lives, register(lives)).referrals
    return mental_health_records(lives, referrals.with_row_index("n"))


def test_every_planted_effect_lies_beside_the_truth(region: Region) -> None:
    """With its cause, outcome, table, measure and size; and the programme of training with its days."""
    told = pl.read_csv(region.truth / "planted_effects.csv")
    assert told.rows() == [tuple(vars(effect).values()) for effect in PLANTED]
    rollout = pl.read_csv(region.folder / "reference" / "training_rollout.csv", try_parse_dates=True)
    assert set(rollout["unit_kind"]) == {"school", "ward", "team", "area"}
    assert 2 < rollout["trained_from"].n_unique() < 12
    units = rollout.unique(["unit_kind", "unit_id"], keep="first", maintain_order=True)
    assert 0.05 < units["trained_from"].is_null().mean() < 0.3
    for kind in ("ward", "school", "area"):
        shipped = pl.read_csv(
            SHIPPED / f"training_{kind}s.csv", try_parse_dates=True, schema_overrides={"unit": pl.String}
        )
        programme = rollout.filter(
            pl.col("unit_kind") == kind, pl.col("unit_id").is_in(shipped["unit"].to_list())
        )
        assert programme.drop("unit_kind").rows() == shipped.rows()


def test_a_trained_ward_restrains_less(minds: MentalHealthRecords) -> None:
    """Incidents per bed-day, each ward against itself; and every incident lies within its stay on the
    ward."""
    stays = minds.stays.with_columns(pl.min_horizontal("end", pl.lit(WINDOW_END)).alias("end"))
    trained = pl.Series(trained_from(np.arange(len(WARDS)))[stays["ward"].to_numpy()])
    after = (stays["end"] - pl.select(pl.max_horizontal(stays["start"], trained)).to_series()).clip(0)
    days = stays.with_columns(after=after, before=stays["end"] - stays["start"] - after)
    incidents = minds.interventions.unique("incident").join(
        stays.with_columns(trained=trained).select("w", "ward", "start", "end", "trained"), on="w"
    )
    assert incidents["day"].is_between(incidents["start"], incidents["end"]).all()
    late = incidents.filter(pl.col("day") > pl.col("trained")).height
    rate = np.array([ward.restraint for ward in WARDS])[days["ward"].to_numpy()] / 1000
    expected_before, expected_after = (
        float((days[name].to_numpy() * rate).sum()) for name in ("before", "after")
    )
    ratio = (late / expected_after) / ((incidents.height - late) / expected_before)
    assert ratio == pytest.approx(planted("training of the ward", "incident with restraint"), abs=0.2)


def test_a_trained_school_has_less_absence_without_leave(lives: Lives) -> None:
    """Half-days without leave per possible half-day, pupils of families without trouble, before and after."""
    excluded = exclusions(lives)
    census = in_census(enrolments(lives, excluded)).filter(pl.col("year") >= 2022)
    missed = absences(lives, census, excluded)
    trained = school_trained(census["school_id"]) < census["start"].to_numpy()
    possible = np.array([census["possible"].to_numpy()[trained == after].sum() for after in (False, True)])
    unexcused = missed.filter(pl.col("code").is_in(["O", "U", "N", "G"]))
    there = school_trained(unexcused["school_id"]) < unexcused["start"].to_numpy()
    lost = np.array([unexcused["sessions"].to_numpy()[there == after].sum() for after in (False, True)])
    before, after = lost / possible
    assert after / before == pytest.approx(
        planted("training of the school", "unauthorised absence"), abs=0.12
    )


def test_therapeutic_support_lowers_difficulties(lives: Lives, needs: Disadvantage) -> None:
    """Total difficulties at the end against the beginning, of the same children."""
    found = service_episodes(lives, needs, need_records(lives).protected())
    kinds = found.episodes.select("n", "service")
    scores = measure_scores(lives, found).filter(
        (pl.col("instrument") == "sdq") & (pl.col("scale") == "total")
    )
    pairs = scores.join(kinds, on="n").filter(pl.col("service") == "therapeutic_support")
    first, last = (pairs.filter(pl.col("timepoint") == t).select("n", "score") for t in ("baseline", "end"))
    both = first.join(last, on="n", suffix="_end")
    change = (both["score_end"] - both["score"]).mean()
    assert both.height > 20
    assert change == pytest.approx(planted("therapeutic_support", "total difficulties (SDQ)"), abs=1.5)


def test_support_is_asked_for_after_a_protection_plan(lives: Lives, needs: Disadvantage) -> None:
    """A study of support after a plan has both arms: some are accepted in the 90 days that follow."""
    protected = need_records(lives).protected().group_by("who").agg(pl.col("start").min())
    episodes = service_episodes(lives, needs, protected).episodes
    therapy = episodes.filter(pl.col("service") == "therapeutic_support").select("who", "accepted")
    after = protected.join(therapy, on="who").filter(
        pl.col("accepted").is_between("start", pl.col("start") + 90)
    )
    assert 10 < after["who"].n_unique() < protected.height / 2


def test_the_coordinated_service_goes_to_adults_with_many_needs(lives: Lives, needs: Disadvantage) -> None:
    """Three or more before it starts; nobody is helped before being an adult."""
    served = needs.served.filter(pl.col("started") < NEVER)
    who, started = served["who"].to_numpy(), served["started"].to_numpy()
    assert len(who) > 20
    assert (np.sum([first[who] < started for first in needs.since.values()], axis=0) >= 3).all()
    assert needs.served_on(who, started + 1).all() and not needs.served_on(who, started).any()


def test_nobody_under_ten_is_arrested_and_nobody_is_missing_twice(lives: Lives, needs: Disadvantage) -> None:
    """Arrests follow crimes with a suspect; a person who is missing cannot go missing."""
    crimes = police_records(lives)
    nobody = pl.DataFrame(schema={"who": pl.Int64, "since": pl.Int64, "until": pl.Int64})
    met = police_contacts(lives, crimes, nobody, needs)
    assert met.arrests.height > 50 and met.arrests["age"].min() >= 10  # type: ignore[operator]
    assert met.arrests.join(crimes.crimes, on="case", how="anti").is_empty()
    order = met.missing.sort("who", "since")
    gap = order.select((pl.col("since") > pl.col("until").shift(1)).over("who")).to_series()
    assert gap.fill_null(True).all()
