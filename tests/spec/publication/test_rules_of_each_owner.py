"""Whose rules hold.

Each supplier of the catalogue names the disclosure rules of its owner. A figure that is made with several
of them follows the strictest rule of each kind.
"""

from __future__ import annotations

from typing import get_args

import polars as pl
import pytest

from outcome_linkage.evaluation.engine.profile import profile_of
from outcome_linkage.evaluation.report.incidence import life_table
from outcome_linkage.evaluation.report.shown import parts_of
from outcome_linkage.release.disclosure import midpoint_counts, release_counts
from outcome_linkage.release.profiles import (
    NHS_HES,
    ONS_10_5,
    OPENSAFELY,
    PROFILES,
    Profile,
    ProfileName,
    strictest,
)
from schemas.catalogue import Supplier
from tests.invented_study import study
from tests.spec.evaluation.installation import GOOD, installation, problems_of

EACH = pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))


def released(profile: Profile, *counts: int) -> list[int | None]:
    return release_counts(pl.DataFrame({"n": counts}), "n", profile)["n"].to_list()


@EACH
def test_small_counts_are_hidden(profile: Profile) -> None:
    """1 to 7, by `nhs_hes` and `opensafely`; 1 to 9 by `ons_10_5`."""
    few = 9 if profile.name == "ons_10_5" else 7
    assert released(profile, 1, few, few + 1) == [None, None, 10]


@EACH
def test_others_are_rounded_to_five_and_zero_is_shown(profile: Profile) -> None:
    """By all three: 12 are 10, 13 are 15."""
    assert released(profile, 0, 12, 13) == [0, 10, 15]


@EACH
def test_totals(profile: Profile) -> None:
    """13, 13, 12 and 3 are 41: a total of 40; by `opensafely` that of what is shown: 15, 15 and 10."""
    shown = parts_of([13, 13, 12, 3], profile)
    assert [one.n for one in shown] == [15, 15, 10, None]
    assert [one.of for one in shown] == [40] * 4
    shown = parts_of([14, 14, 14], profile)
    assert {one.of for one in shown} == {45}
    assert parts_of([3, 2, 1], OPENSAFELY)[0].counts == "1 to 7"


def test_what_is_hidden_is_in_no_total_of_what_is_shown() -> None:
    """22 and 6 are 28. By `opensafely` the total is 20, by others 30, which says that about 10 are hidden."""
    assert [one.of for one in parts_of([22, 6], OPENSAFELY)] == [20, 20]
    assert [one.of for one in parts_of([22, 6], NHS_HES)] == [30, 30]


@EACH
def test_means_and_percentiles_need_people(profile: Profile) -> None:
    """Means of 8 people, percentiles with 8 beyond each; by `ons_10_5` of 10 (our own rule)."""
    least = 10 if profile.name == "ons_10_5" else 8
    assert (profile.mean_from, profile.tail_from) == (least, least)


@EACH
def test_curves_stand_on_the_middle_of_a_step(profile: Profile) -> None:
    """Steps of 7, of 6 by `opensafely` (its midpoint6), of 9 by `ons_10_5`."""
    frame = pl.DataFrame({"n": [0, 1, 6, 7, 9]})
    middle = {"nhs_hes": [0, 4, 4, 4, 11], "opensafely": [0, 3, 3, 9, 9], "ons_10_5": [0, 5, 5, 5, 5]}
    assert midpoint_counts(frame, "n", profile)["n"].to_list() == middle[profile.name]


@EACH
def test_curves_end_where_few_are_left(profile: Profile) -> None:
    """Fewer than 8 at risk; by `ons_10_5` fewer than 10."""
    days = pl.DataFrame(
        [(0, 200, 0, 0, 0, 0.0, 0.1), (20, 200, 60, 0, 131, 0.2, 0.4), (50, 9, 1, 0, 8, 0.2, 0.4)],
        schema=["day", "n_at_risk", "n_event", "n_competing", "n_censored", "lo", "hi"],
        orient="row",
    ).with_columns(est=pl.lit(0.3), estimator=pl.lit("km"))
    ends = life_table(days, profile)[-1].day
    assert ends == (30 if profile.name == "ons_10_5" else 50)


def test_of_several_the_strictest_rule_of_each_kind_holds() -> None:
    """`ons_10_5` hides more, `opensafely` adds up what is shown: together both."""
    both = strictest(["opensafely", "ons_10_5"])
    assert (both.name, both.hide_to, both.totals) == ("opensafely and ons_10_5", 9, "shown")
    assert strictest(["nhs_hes", "ons_10_5"]) == ONS_10_5
    assert strictest(["nhs_hes"]) == NHS_HES


def test_an_owner_can_only_make_the_rules_of_a_study_stricter() -> None:
    """Whatever the study asks for; and the smallest cell of the study holds for all of it."""
    asks = {"purpose": "learning", "data_agreements": ["INVENTED-1"]}
    assert profile_of(study()) == NHS_HES
    assert profile_of(study(), "nhs_hes, ons_10_5").hide_to == 9
    strict = study(governance={**asks, "sdc_profile": "ons_10_5", "min_cell": 12})
    found = profile_of(strict, "nhs_hes")
    assert (found.name, found.hide_to, found.mean_from, found.curve_step) == ("ons_10_5", 11, 12, 11)


def test_every_profile_can_be_named() -> None:
    """By a study and by a supplier; a supplier that names none has the rules of NHS hospital data."""
    assert get_args(ProfileName) == tuple(PROFILES)
    field = Supplier.model_fields["sdc_profile"]
    assert (get_args(field.annotation), field.default) == (tuple(PROFILES), "nhs_hes")


def test_a_study_shows_no_smaller_cells_than_an_owner() -> None:
    """Where an owner of a table hides up to 9, a smallest cell of 8 is an error, which names the owner."""
    with installation() as connection:
        assert not [one for one in problems_of(GOOD, connection) if one.code == "EV401"]
        connection.execute("update catalogue.main.suppliers set sdc_profile = 'ons_10_5'")
        (problem,) = [one for one in problems_of(GOOD, connection) if one.code == "EV401"]
    assert "`ons_10_5` of `avon_somerset_police` hides counts up to 9" in str(problem)
