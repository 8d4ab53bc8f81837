"""Which records are outcomes, and how often one counts."""

from __future__ import annotations

from typing import Any

from tests.spec.models.region import Region, day


def outcomes(region: Region, name: str, columns: str = "outcome, event_date") -> list[Any]:
    return region.of("outcome_event", name, columns)


def admitted(region: Region, name: str, on: str, method: str, **columns: Any) -> None:
    plain = {
        "admidate": on,
        "epistart": on,
        "admimeth": method,
        "epistat": "3",
        "epitype": "1",
        "diag_01": "J45",
    }
    region.row("apc_episodes", name, **{**plain, **columns})


def test_an_emergency_attendance_is_unplanned(region: Region) -> None:
    """Planned follow-ups are not; the same arrival sent twice, or marked as a copy, counts once."""
    region.person("ann")
    copy = {"arrival_date": "2018-03-10", "arrival_time": "09:31", "duplicate": True}
    region.row("ecds_attendances", "ann", attendance_category="1", **copy)
    for arrival, time, category in [
        ("2018-03-10", "09:30", "1"),
        ("2018-03-10", "09:30", "1"),
        ("2018-03-10", "22:15", "1"),
        ("2018-04-10", "09:30", "4"),
    ]:
        region.row(
            "ecds_attendances", "ann", arrival_date=arrival, arrival_time=time, attendance_category=category
        )
    assert outcomes(region, "ann", "outcome, strftime(event_time, '%d %H:%M')") == [
        ("emergency_attendance", "10 09:30"),
        ("emergency_attendance", "10 22:15"),
    ]


def test_a_transfer_is_not_a_new_admission_nor_is_a_birth_at_home(region: Region) -> None:
    """Admission method 2B is a transfer in and 2C a birth; elective methods do not begin with 2."""
    region.person("ben")
    for on, method in [
        ("2018-03-10", "21"),
        ("2018-03-12", "2B"),
        ("2018-04-10", "2C"),
        ("2018-05-10", "11"),
    ]:
        admitted(region, "ben", on, method)
    assert outcomes(region, "ben") == [("emergency_admission", day("2018-03-10"))]


def test_an_admission_counts_once_however_many_episodes_it_has(region: Region) -> None:
    """Episodes are joined by their spell number, or without one by provider and day of admission."""
    region.person("cal")
    for order, start in enumerate(("2018-03-10", "2018-03-14"), 1):
        admitted(region, "cal", "2018-03-10", "21", epistart=start, epiorder=order, provspnops="spell1")
        admitted(
            region, "cal", "2019-03-10", "21", epistart="2019" + start[4:], epiorder=order, provspnops=None
        )
    assert outcomes(region, "cal") == [
        ("emergency_admission", day("2018-03-10")),
        ("emergency_admission", day("2019-03-10")),
    ]


def test_unfinished_and_other_than_general_episodes_are_left_out(region: Region) -> None:
    """Only finished (3) general (1) episodes count."""
    region.person("dan")
    admitted(region, "dan", "2018-03-10", "21", epistat="1")
    admitted(region, "dan", "2018-04-10", "21", epitype="5")
    assert outcomes(region, "dan") == []


def test_self_harm_is_read_from_any_diagnosis_of_an_emergency_admission(region: Region) -> None:
    """External causes stand in later places and may stand in a later episode of the spell."""
    region.person("eve")
    admitted(region, "eve", "2018-03-10", "21", provspnops="spell1")
    admitted(region, "eve", "2018-03-10", "21", provspnops="spell1", epiorder=2, diag_07="X61")
    admitted(region, "eve", "2018-06-10", "11", diag_02="X61")
    assert outcomes(region, "eve") == [
        ("emergency_admission", day("2018-03-10")),
        ("self_harm_admission", day("2018-03-10")),
    ]


def test_a_re_referral_follows_another_within_twelve_months(region: Region) -> None:
    """To the day: the first referral and one a day too late are none."""
    region.person("fay")
    for on in ("2017-02-01", "2018-02-01", "2019-02-02"):
        region.row("cin_referrals", "fay", referral_date=on)
    assert outcomes(region, "fay") == [("re_referral", day("2018-02-01"))]


def test_a_first_known_referral_early_in_the_data_cannot_be_judged(region: Region) -> None:
    """Whether another came before it, in the year before deliveries begin, is not known."""
    region.person("gus")
    region.assessed("gus", "2015-03-01", "16A")
    region.row("cin_referrals", "gus", referral_date="2015-06-01")
    columns = "outcome_365, status_365, in_denominator_365"
    assert region.outcome("gus", "neglect", "re_referral", columns) == (None, "missing_in_source", False)
    assert outcomes(region, "gus") == []


def test_becoming_looked_after_is_a_start_of_care(region: Region) -> None:
    """Neither a short break nor the first episode of a child who was in care before the data begin."""
    for name, reason, status in [("starts", "S", "C2"), ("goes on", "P", "C2"), ("short break", "S", "V4")]:
        region.person(name)
        region.row("ssda903_episodes", name, decom="2018-03-10", rne=reason, ls=status, cin="N8")
    assert outcomes(region, "starts") == [("becoming_looked_after", day("2018-03-10"))]
    assert outcomes(region, "goes on") == outcomes(region, "short break") == []


def test_a_return_to_care_is_a_second_start(region: Region) -> None:
    """The year-end return repeats an open episode; a new start after leaving counts again."""
    region.person("hal")
    for period, ended, reason in (("2018-06", None, None), ("2019-06", "2018-05-01", "E4A")):
        region.row(
            "ssda903_episodes",
            "hal",
            decom="2018-03-10",
            rne="S",
            ls="C2",
            dec=ended,
            rec=reason,
            period=period,
        )
    region.row("ssda903_episodes", "hal", decom="2018-09-01", rne="S", ls="C2", period="2019-06")
    assert outcomes(region, "hal") == [
        ("becoming_looked_after", day("2018-03-10")),
        ("becoming_looked_after", day("2018-09-01")),
    ]


def test_a_suspension_is_a_suspension_or_an_exclusion_but_not_over_lunch(region: Region) -> None:
    """FIXD is what a suspension was called until 2020/21."""
    region.person("ida")
    for on, category in [
        ("2018-03-01", "FIXD"),
        ("2021-03-01", "SUSP"),
        ("2022-03-01", "PERM"),
        ("2018-05-01", "LNCH"),
    ]:
        region.row("school_exclusions", "ida", start_date=on, category=category)
    assert [on for _, on in outcomes(region, "ida")] == [
        day("2018-03-01"),
        day("2021-03-01"),
        day("2022-03-01"),
    ]


def test_a_role_in_a_crime_is_an_outcome_once(region: Region) -> None:
    """Victims and suspects count, the same person in both roles in each; witnesses do not."""
    region.person("jan")
    region.crime("c1", recorded_date="2020-03-01")
    for role in ("victim", "suspect", "offender", "witness"):
        region.involved("jan", "c1", role)
    assert outcomes(region, "jan") == [
        ("police_suspect", day("2020-03-01")),
        ("police_victim", day("2020-03-01")),
    ]


def test_a_role_in_a_crime_that_was_not_delivered_has_no_day(region: Region) -> None:
    """It is no event, and no window of the person's can be called empty."""
    region.person("kit")
    region.assessed("kit", "2018-03-10", "16A")
    region.involved("kit", "lost", "victim")
    assert outcomes(region, "kit") == []
    columns = "outcome_365, status_365, in_denominator_365"
    assert region.outcome("kit", "neglect", "police_victim", columns) == (None, "missing_in_source", False)


def test_an_attendance_of_unknown_kind_is_neither_counted_nor_ruled_out(region: Region) -> None:
    """Only a window with such a record and nothing else is missing."""
    region.person("liv")
    region.assessed("liv", "2018-03-10", "16A")
    region.row("ecds_attendances", "liv", arrival_date="2019-06-01", attendance_category="5")
    columns = "outcome_365, status_365, outcome_730, status_730"
    assert region.outcome("liv", "neglect", "emergency_attendance", columns) == (
        False,
        "observed",
        None,
        "missing_in_source",
    )


def test_referrals_to_mental_health_services_and_deaths_count_as_received_and_registered(
    region: Region,
) -> None:
    """A death registered by two records is one death, on the earlier day."""
    region.person("max")
    region.row("mhsds_referrals", "max", referral_date="2018-03-10", rejection_date="2018-03-20")
    for on in ("2019-01-02", "2019-01-01"):
        region.row("deaths", "max", death_date=on)
    assert outcomes(region, "max") == [
        ("death", day("2019-01-01")),
        ("mental_health_referral", day("2018-03-10")),
    ]


def test_a_death_that_only_the_census_knows_of_is_a_death(region: Region) -> None:
    """Nobody who is known to have died is said to have lived on."""
    region.person("ned")
    region.assessed("ned", "2018-03-10", "16A")
    region.row("cin_children", "ned", death_date="2018-06-01")
    assert outcomes(region, "ned", "outcome, source") == [("death", "cin_children")]
    assert region.outcome("ned", "neglect", "death", "outcome_365, end_reason") == (True, "death")
