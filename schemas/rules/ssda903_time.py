"""SSDA903 rules on the order of episodes: when care began, changed and ended."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_TIME = "Time in care is counted twice, lost, or negative."
_PERIODS = "Periods of care are cut or joined wrongly, so entries to and exits from care are miscounted."
_BOUNDS = "The episode lies outside the time for which the return can say anything."
_AGES = "The child's age is wrong, or the episode is another child's."
_COURT = "The legal order was not in force for so long: its end, or the time under it, is wrong."

_episode = rules_of("ssda903", "ssda903_episodes", "episode_in_order")
_child = rules_of("ssda903", "ssda903_episodes", "episode_of_child")
_status = rules_of("ssda903", "ssda903_episodes", "episode_of_status")

ORDER: tuple[Rule, ...] = (
    _episode(
        "142",
        column="dec",
        says="The episode is open although a later one has started.",
        matters=_TIME,
        among="next_decom is not null",
        broken="dec is null or rec is null",
    ),
    _episode(
        "148",
        column="rec",
        says="Only one of the end and the reason for the end is given.",
        matters=_TIME,
        broken="(dec is null) <> (rec is null)",
    ),
    _episode(
        "355",
        column="dec",
        says="The episode starts and ends on one day.",
        matters="It adds a change of placement and no time.",
        broken="dec = decom",
    ),
    _episode(
        "356", column="dec", says="The episode ends before it starts.", matters=_TIME, broken="dec < decom"
    ),
    _episode(
        "501",
        column="decom",
        says="The episode starts before the one before it has ended.",
        matters=_TIME,
        among="previous_decom is not null",
        broken="decom < previous_dec",
    ),
    _episode(
        "388",
        column="rec",
        says="The end says that care goes on, but no episode starts on that day.",
        matters=_PERIODS,
        among="rec = 'X1'",
        broken="next_decom is distinct from dec",
    ),
    _episode(
        "431",
        column="rne",
        says="Care is said to start on the day on which the episode before it ended.",
        matters=_PERIODS,
        among="rne = 'S' and previous_decom is not null",
        broken="decom = previous_dec and not is_short_break(ls)",
    ),
    _episode(
        "432",
        column="rne",
        says="Care had ended, but this episode is not a new start.",
        matters=_PERIODS,
        among="previous_rec <> 'X1'",
        broken="rne <> 'S'",
    ),
    _episode(
        "433",
        column="decom",
        says="The episode is said to continue care, but not from the day on which the one before ended.",
        matters=_PERIODS,
        among="rne <> 'S' and previous_decom is not null",
        broken="decom <> previous_dec or previous_dec is null",
    ),
    _episode(
        "357",
        column="rne",
        says="The child's first episode starts within the year and is not a start of care.",
        matters=_PERIODS,
        among="is_first and decom >= year_start",
        broken="rne <> 'S'",
    ),
    _episode(
        "437",
        column="rec",
        says="The child died or was found to be an adult, but further episodes follow.",
        matters="Somebody is in care after the end of their record.",
        among="rec in ('E2', 'E15')",
        broken="next_decom is not null",
    ),
    rules_of("ssda903", "ssda903_episodes", "episode_in_care_period")(
        "504",
        column="cin",
        says="The category of need is not the one with which the period of care began.",
        matters="The reason for care, an adversity, changes without a new start of care.",
        broken="cin <> first_cin",
    ),
)

BOUNDS: tuple[Rule, ...] = (
    _episode(
        "353",
        column="decom",
        says="The episode starts before 14 October 1991.",
        matters=_BOUNDS,
        broken="decom < date '1991-10-14'",
    ),
    _episode(
        "354",
        column="decom",
        says="The episode starts after the end of the collection year.",
        matters=_BOUNDS,
        broken="decom > year_end",
    ),
    _episode(
        "385",
        column="dec",
        says="The episode ends after the end of the collection year.",
        matters=_BOUNDS,
        among="dec is not null",
        broken="dec > year_end",
    ),
    _child(
        "302",
        column="decom",
        says="The child's first episode starts before the month of birth.",
        matters=_AGES,
        among="is_first",
        broken="decom < birth_month",
    ),
    _child(
        "352",
        column="decom",
        says="Care starts at 18 or later.",
        matters=_AGES,
        among="rne = 'S'",
        broken="aged_at_least(decom, 18, birth_month)",
    ),
    _child(
        "359",
        column="dec",
        says="Care is open after the 18th birthday, other than voluntary care in a children's home.",
        matters="Time in care runs on into adulthood: the end was not recorded.",
        among="dec is null",
        broken="aged_at_least(year_end, 18, birth_month) and not (ls = 'V2' and place = 'K2')",
    ),
    _child(
        "386",
        column="rec",
        says="The child is adopted at 18 or later.",
        matters=_AGES,
        among="rec in ('E11', 'E12')",
        broken="aged_at_least(dec, 18, birth_month)",
    ),
    _child(
        "387",
        column="rec",
        says="The child leaves for independent living before the age of 14.",
        matters=_AGES,
        among="rec in ('E5', 'E6')",
        broken="younger_than(dec, 14, birth_month)",
    ),
    _child(
        "389",
        column="rec",
        says="The child moves to adult social care before the age of 16.",
        matters=_AGES,
        among="rec = 'E7'",
        broken="younger_than(dec, 16, birth_month)",
    ),
    _child(
        "407",
        column="rec",
        says="Care ends in special guardianship at 18 or later.",
        matters=_AGES,
        among="rec in ('E43', 'E44', 'E45', 'E46', 'E47', 'E48')",
        broken="aged_at_least(dec, 18, birth_month)",
    ),
    _child(
        "460",
        column="rec",
        says="The child stays with carers as an adult, but is under 18.",
        matters=_AGES,
        among="rec = 'E17'",
        broken="younger_than(dec, 18, birth_month)",
    ),
)

COURT: tuple[Rule, ...] = (
    _child(
        "358",
        column="ls",
        says="A child under 10 is remanded, held by police powers, or under a youth rehabilitation order.",
        matters=_AGES,
        among="ls in ('J1', 'J2', 'J3')",
        broken="younger_than(decom, 10, birth_month)",
    ),
    _status(
        "361",
        column="ls",
        says="Police protection lasts longer than 3 days.",
        matters=_COURT,
        among="ls = 'L1'",
        broken="status_to - status_from > 3",
    ),
    _status(
        "362",
        column="ls",
        says="An emergency protection order lasts longer than 21 days.",
        matters=_COURT,
        among="ls = 'L2'",
        broken="status_to - status_from > 21",
    ),
    _status(
        "363",
        column="ls",
        says="A child assessment order lasts longer than 7 days.",
        matters=_COURT,
        among="ls = 'L3'",
        broken="status_to - status_from > 7",
    ),
    _episode(
        "365",
        column="dec",
        says="A single short break lasts longer than 17 days.",
        matters="Respite is counted as care.",
        among="ls = 'V3'",
        broken="coalesce(dec, year_end) - decom > 17",
    ),
    _episode(
        "445",
        column="ls",
        says="A freeing order is recorded on an episode that starts after December 2005.",
        matters=_COURT,
        among="ls = 'D1'",
        broken="decom > date '2005-12-30'",
    ),
    _episode(
        "446",
        column="ls",
        says="A placement order is recorded on an episode that starts before December 2005.",
        matters=_COURT,
        among="ls = 'E1'",
        broken="decom < date '2005-12-30'",
    ),
)

RULES = (*ORDER, *BOUNDS, *COURT)
