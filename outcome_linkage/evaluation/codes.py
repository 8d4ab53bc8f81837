"""Every kind of problem that a specification can have: its code, what must hold, and how it is told.

A message says what was found, why that matters where it is not plain, and what to do; its `{names}` are the
facts that a check gives.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Pass = Literal["static", "bound", "run"]
"""When it is found: on reading the file, against the data, or when the study runs."""
Severity = Literal["error", "warning"]


class Code(NamedTuple):
    """One kind of problem: what must hold, and the message, whose `{names}` are the facts of a check."""

    code: str
    found_in: Pass
    must_hold: str
    message: str
    severity: Severity = "error"


_ALL = (
    Code(
        "EV001",
        "static",
        "The file is YAML of the published shape: known names, right types, nothing missing.",
        "expected {expected}; found {found}. {remedy}",
    ),
    Code(
        "EV002",
        "static",
        "Ids and names are unique: within a list of the file, and ids of studies among each other.",
        "{what} `{name}` is already on line {first}. Take one of them out, or give it another id.",
    ),
    Code(
        "EV003",
        "static",
        "A name that refers to another part of the file, or to a characteristic, is one. (Our own code.)",
        "`{name}` is not {what}. {nearest}",
    ),
    Code(
        "EV101",
        "static",
        "A window or range begins before it ends.",
        "ends at {closes}, before it begins at {opens}. Write the smaller number first.",
    ),
    Code(
        "EV102",
        "static",
        "The study ends after it begins.",
        "the study ends on {end}, before it begins on {start}. Put the two days right.",
    ),
    Code(
        "EV103",
        "static",
        "Day 0 is given in exactly one way.",
        "expected exactly one of `event`, `date` and `enrolment`; found {found}. Keep the one that is day 0.",
    ),
    Code(
        "EV104",
        "static",
        "Day 0 lies in the study period, and follow-up begins before its end. (Our own code.)",
        "{found}: nobody would be followed. Move {move}.",
    ),
    Code(
        "EV105",
        "static",
        "The study lasts until somebody's outcome is known. (Our own code.)",
        "the study ends on {end}, day {last} of whoever comes first, and `{name}` is known on day {closes}: "
        "it would be known of nobody. End the study later, or the window on day {last} or before.",
    ),
    Code(
        "EV110",
        "static",
        "Each criterion says either keep or drop.",
        "expected exactly one of `keep` and `drop`; found {found}. Split the criterion, or take one out.",
    ),
    Code(
        "EV111",
        "static",
        "One arm at most takes all others, and it is the last.",
        "arm `{arm}` comes after the arm on line {first}, which is `otherwise`: nobody would reach it. "
        "Put `otherwise` last, and say who belongs to each other arm.",
    ),
    Code(
        "EV112",
        "static",
        "Each criterion asks something, and leaves somebody. (Our own code.)",
        "{found}. {remedy}",
    ),
    Code(
        "EV113",
        "static",
        "Somebody can be in each arm. (Our own code.)",
        "nobody would be in arm `{arm}`: {why}. Change who is in it, or take it out.",
    ),
    Code(
        "EV120",
        "static",
        "A registered study has exactly one primary outcome or measure.",
        "a {status} study has exactly one primary outcome; found {found}. "
        "Set `role: primary` on one, and `secondary` on the others.",
    ),
    Code(
        "EV121",
        "static",
        "A locked study is registered somewhere.",
        "the study is locked, but nothing says where it is registered. "
        "Give the DOI or address, or set `status: registered`.",
    ),
    Code(
        "EV122",
        "static",
        "A locked file does not change without a new version.",
        "version {version} was locked, and the file has changed since. Raise the version and say in the "
        "report why, or take the change back.",
    ),
    Code(
        "EV123",
        "static",
        "A registered study says its whole question.",
        "a {status} study needs `question.{name}`. Write it, as in the protocol.",
    ),
    Code(
        "EV124",
        "bound",
        "A registered study asks what it asked when it last ran, or has a higher version. (Our own code.)",
        "version {version} was registered and run here with another question: {what} changed since. Raise "
        "the version to {needed} and say in the report why, or take the change back.",
    ),
    Code(
        "EV130",
        "static",
        "A study has the blocks that its design needs.",
        "design `{design}` needs {missing}. Add the block, or choose another design.",
    ),
    Code(
        "EV131",
        "static",
        "People are matched on what is known at index.",
        "`{name}` depends on what happens after the index date: matching on it removes part of the effect. "
        "Match on something known by day 0.",
    ),
    Code(
        "EV132",
        "static",
        "There is an estimator for the outcome under this design.",
        "there is no estimator for {what} under {design}. {remedy}",
    ),
    Code(
        "EV133",
        "static",
        "A negative control is something that the study does not ask about.",
        "negative control `{name}` reads `{concept}` of `{source}`, as {what} does: it is shown while "
        "outcomes are hidden, and would tell them. Choose something that the service cannot affect.",
    ),
    Code(
        "EV134",
        "static",
        "Nothing is written that has no effect. (Our own code.)",
        "{what} has no effect: {why}. {remedy}",
        "warning",
    ),
    Code(
        "EV135",
        "static",
        "People are matched on something, and within a distance on numbers only. (Our own code.)",
        "{found}. {remedy}",
    ),
    Code(
        "EV140",
        "static",
        "Measures and results are split by characteristics with few values.",
        "`{name}` has many values: most groups would be too small to show. {remedy}",
    ),
    Code(
        "EV141",
        "bound",
        "A measure has at most 500 cells in a period.",
        "{cells} cells in each period ({how}): most would be too small to show. Drop a group, or use a "
        "larger area.",
        "warning",
    ),
    Code(
        "EV142",
        "bound",
        "Every unit of the rollout is in the data.",
        "{file} line {row}: unit `{unit}` is not in the data as {what}. {nearest}",
    ),
    Code(
        "EV143",
        "static",
        "A panel, or the study period of a measure, holds at least one period.",
        "the days {opens} to {closes} hold no whole period of {every}. Make it shorter, or the time longer.",
    ),
    Code(
        "EV144",
        "static",
        "Shares of a rollout lie between 0 and 1. (Our own code.)",
        "{file} line {row}: the share is {share}. Write a number from 0 (nobody) to 1 (everybody).",
    ),
    Code(
        "EV145",
        "static",
        "An effect by dose has shares to rest on, and a design that can tell it. (Our own code.)",
        "`dose_per` asks for an effect by dose, but {why}. {remedy}",
    ),
    Code(
        "EV146",
        "static",
        "A characteristic is asked for values that it has. (Our own code.)",
        "`{value}` is no value of `{name}`: nobody has it. {nearest}",
    ),
    Code(
        "EV147",
        "static",
        "Some unit of a rollout starts within the study period. (Our own code.)",
        "no unit of `{file}` starts after {start} and by {end}, when the study begins and ends: there is no "
        "before and after to compare. Put the days right, or move the study period.",
    ),
    Code(
        "EV150",
        "static",
        "A study with one of its changes is still a valid study.",
        "with this change the study has a problem of its own: {inner}",
    ),
    Code(
        "EV160",
        "run",
        "An invented person gets the result that is expected.",
        "expected {name}: {expected}; got {got}. Put the expectation right, or the study.",
    ),
    Code(
        "EV201",
        "static",
        "No outcome counts before follow-up starts.",
        "the outcome window opens on day {opens}, before follow-up starts on day {starts}: time before that "
        "is immortal. Start the window on day {starts} or later.",
    ),
    Code(
        "EV202",
        "static",
        "No outcome counts after follow-up ends.",
        "the outcome window closes on day {closes}, after follow-up ends on day {horizon}. End the window on "
        "day {horizon} or before, or follow people for longer.",
    ),
    Code(
        "EV203",
        "static",
        "Who is in, and what is adjusted for, is known at index.",
        "looks at day {day}, which is after the index date (day 0): whoever has it has lived that long. "
        "End on day 0 or before.{remedy}",
    ),
    Code(
        "EV204",
        "static",
        "An arm that is decided after index is not assigned at index.",
        "arm `{arm}` is decided as late as day {day}, but is assigned at index: the days until then are "
        "immortal. Use `landmark` with `landmark_days: {day}`, `clone_censor_weight` or `time_varying`.",
    ),
    Code(
        "EV205",
        "static",
        "The landmark comes no sooner than the last day on which an arm is decided.",
        "the landmark is day {landmark}, but arm `{arm}` can be decided as late as day {day}. "
        "Set `landmark_days: {day}`, or shorten the window of the arm.",
    ),
    Code(
        "EV206",
        "static",
        "Follow-up starts after the landmark.",
        "follow-up starts on day {starts}, and the landmark is day {landmark}: arms are not decided yet. "
        "Set `start_days: {after}` or later.",
    ),
    Code(
        "EV207",
        "bound",
        "The look-back is covered for nearly everybody.",
        "for {percent} of the people with an index event, `{source}` does not cover the {days} days before: "
        "their first event may not be their first. Shorten the look-back, or start the study later.",
        "warning",
    ),
    Code(
        "EV208",
        "static",
        "Adversity is counted before the index date.",
        "the adversity window reaches to day {day}, after the index date: what follows the index could be "
        "taken for its cause. End the window on day 0 or before.",
    ),
    Code(
        "EV209",
        "bound",
        "Nothing is both adversity and outcome. (Our own code.)",
        "`{outcome}` is an outcome of this study and among the records that make the domain `{domain}` "
        "({why}). Take one of the two out.",
    ),
    Code(
        "EV210",
        "static",
        "A score does not ask for more domains than there are.",
        "{wanted} domains must be observable, but only {listed} are listed. Ask for {listed} or fewer.",
    ),
    Code(
        "EV211",
        "static",
        "Age bands follow each other without overlap or gap.",
        "{fault}. Let each band begin at the age at which the one before ends.",
    ),
    Code(
        "EV212",
        "static",
        "Every domain has its weight, and every score one category. (Our own code.)",
        "{found}. Let each score be in one category, and each domain have a weight.",
    ),
    Code(
        "EV213",
        "static",
        "No outcome ends follow-up. (Our own code.)",
        "`{concept}` ends follow-up on the day before it, and outcome `{name}` is the same event: it would "
        "never be seen. Take one of the two out.",
    ),
    Code(
        "EV301",
        "static",
        "Every source is in the catalogue, and listed under `sources.use`.",
        "source `{name}` is not {where}. {nearest}",
    ),
    Code(
        "EV302",
        "bound",
        "Every concept is in the library.",
        "there is no concept `{name}`. {nearest}",
    ),
    Code(
        "EV303",
        "bound",
        "Every concept has codes in the source that it is read from.",
        "concept `{name}` has no codes in `{source}`. It is read from {sources}.",
    ),
    Code(
        "EV304",
        "bound",
        "Every concept is seen at least once.",
        "concept `{name}` matches no row of `{source}` within the study period. Check that it is what you "
        "mean, and that the table was delivered for that time.",
        "warning",
    ),
    Code(
        "EV305",
        "bound",
        "The study period lies within what sources cover.",
        "`{source}` covers {covered}; the study runs from {start} to {end}. Move the study period, or leave "
        "the source out.",
    ),
    Code(
        "EV306",
        "static",
        "What needs a day is read from something that has one.",
        "`{name}` is recorded by term and has no day: it cannot be {role}. Use a share of a whole term "
        "(`kind: latest`), or another source.",
    ),
    Code(
        "EV307",
        "bound",
        "Every measure is verified before a figure of it is released. (Our own code.)",
        "`{name}` is not verified: {why}. The study can run; no figure that rests on it may be released "
        "before the data owner has confirmed the measure.",
        "warning",
    ),
    Code(
        "EV308",
        "bound",
        "A value is asked of what records one. (Our own code.)",
        "`{name}` records no value, of which `kind: {kind}` could be made. Use {kinds}, or another concept.",
    ),
    Code(
        "EV309",
        "bound",
        "Somebody has a day 0. (Our own code.)",
        "`{name}` is day 0, and matches no row of `{source}` within the study period: nobody would be in the "
        "study. Check that it is what you mean, or move the study period.",
    ),
    Code(
        "EV310",
        "bound",
        "Somebody is of an age at which an outcome can happen. (Our own code.)",
        "`{name}` can happen {ages}, and criteria keep people aged {kept} at index: nobody would be at risk. "
        "Change the criteria, `at_risk_ages` or the outcome.",
    ),
    Code(
        "EV311",
        "bound",
        "The study period is no longer than what some source covers, give or take a year. (Our own code.)",
        "the study {does} on {day}, and no source that it reads covers more than {first} to {last}. Check "
        "the year.",
        "warning",
    ),
    Code(
        "EV312",
        "bound",
        "Some day 0 has the days that are asked of a source within what it covers. (Our own code.)",
        "`{source}` covers {covered}, day 0 is {days}, and days {opens} to {closes} from it are asked for: "
        "{follows}. Move day 0 or the study period, or shorten the window.",
    ),
    Code(
        "EV313",
        "bound",
        "No record that makes a negative control can make an outcome. (Our own code.)",
        "negative control `{name}` reads `{concept}` of `{source}`, and `{outcome}` reads `{other}` of the "
        "same table: by the library of measures one record can be both. It is shown while outcomes are "
        "hidden, and could tell of them. Choose something that the service cannot affect.",
        "warning",
    ),
    Code(
        "EV401",
        "static",
        "Disclosure control is no weaker than the profile.",
        "cells of {cell} people may be shown, but `{profile}` hides counts up to {hides}. "
        "Set `min_cell: {least}` or more.",
    ),
    Code(
        "EV402",
        "bound",
        "An agreement is named for every source.",
        "`{source}` of {supplier} is not covered by the agreements that are listed. {remedy}",
    ),
    Code(
        "EV403",
        "bound",
        "The agreement on every source permits the purpose.",
        "the agreement on `{source}` of {supplier} does not permit `{purpose}`. It permits: {permitted}. "
        "Use its words if they fit; else ask the data owner.",
    ),
    Code(
        "EV404",
        "bound",
        "No agreement has ended.",
        "the agreement on `{source}` of {supplier} ended on {ended}. Have it renewed, or leave the "
        "source out.",
    ),
    Code(
        "EV501",
        "bound",
        "Everything that is costed has a price.",
        "there is no unit cost `{name}`. {nearest}",
    ),
    Code(
        "EV502",
        "bound",
        "There is a price index for every year that is needed.",
        "no price index says how prices changed from {frm} to {to}, which `{name}` needs. Choose a price "
        "year that reference/price_indices.csv holds, or add the year there.",
    ),
    Code(
        "EV503",
        "bound",
        "A price is per what is counted.",
        "`{resource}` is counted by the {counted}, but `{name}` is the price of a {priced}. Choose a price "
        "per {counted}.",
    ),
    Code(
        "EV504",
        "static",
        "No event is paid for twice.",
        "`{resource}` counts the same events as the item on line {first}: they would be paid for twice. "
        "Take one of the items out.",
    ),
    Code(
        "EV505",
        "bound",
        "The table that holds what is paid for is read. (Our own code.)",
        "`{resource}` is counted in `{source}`, which the study does not read: nobody's costs of it are "
        "known. Add `{source}` to `sources.use`, or take the item out.",
        "warning",
    ),
)
CODES: dict[str, Code] = {code.code: code for code in _ALL}
