"""The items of four reporting guidelines in our own words, and where this page answers each.

`sections` are anchors of the page, `fact` is what `checklists` says of the specification. An item with
neither is for people to write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Item(NamedTuple):
    """One item: its number, what it asks for, the sections that hold it, the fact that answers it."""

    number: str
    asks: str
    sections: tuple[str, ...] = ()
    fact: str = ""


class Guideline(NamedTuple):
    """A guideline: where it is published, and its items."""

    source: str
    items: tuple[Item, ...]


RECORD = Guideline(
    "Benchimol EI, Smeeth L, Guttmann A, et al. PLoS Medicine 2015;12:e1001885. Extends STROBE.",
    (
        Item("1.1", "Kind of data and names of the databases", (), "sources"),
        Item("1.2", "Region and time", (), "period"),
        Item("1.3", "That databases were linked", ("linkage",), "links"),
        Item("6.1", "How people were selected, by which codes", ("protocol", "flow"), "eligibility"),
        Item("6.2", "Whether those codes were validated", ("provenance",)),
        Item("6.3", "Flow of linkage, with numbers at each step", ("flow", "linkage")),
        Item(
            "7.1",
            "Every code that exposures, outcomes and confounders are made of",
            ("provenance",),
            "measures",
        ),
        Item("12.1", "How far the authors could reach into the databases", (), "access"),
        Item("12.2", "How data were cleaned", (), "cleaning"),
        Item("12.3", "At which level data were linked, how, and how well", ("linkage",), "links"),
        Item("13.1", "Who was selected: filtering by quality, availability and linkage", ("flow",)),
        Item(
            "19.1",
            "What data that were not collected for the question do to the answer",
            ("missing", "linkage"),
        ),
        Item("22.1", "Where protocol, data and code can be had", ("provenance",), "registration"),
    ),
)
GUILD = Guideline(
    "Gilbert R, Lafferty R, Hagger-Johnson G, et al. J Public Health 2018;40:191-8.",
    (
        Item("1", "Provision: which suppliers, tables and times", ("sources",), "sources"),
        Item("2", "Linkage: method, level, accuracy", ("linkage",), "links"),
        Item(
            "3",
            "Analysis: linked against not linked, results with other links",
            ("linkage", "results"),
            "relinked",
        ),
        Item("4", "Reporting: flow of people, and what linkage error does to whom", ("flow", "linkage")),
    ),
)
TARGET = Guideline(
    "Cashin AG, Hansford HJ, Hernán MA, et al. JAMA 2025, doi:10.1001/jama.2025.13350; BMJ "
    "2025;390:e087179. Subjects by us; their numbering is unverified.",
    (
        Item("1", "Abstract: that a trial is emulated, design, data, result", ("answer",)),
        Item("2", "Background: what is known, and why this question"),
        Item("3", "The causal question", ("protocol",), "question"),
        Item("4", "Why a trial is emulated and not run"),
        Item("5", "Data: sources, why they were collected, dates", ("sources", "linkage"), "sources"),
        Item("6a, 7a", "Eligibility, in the trial and in the data", ("protocol",), "eligibility"),
        Item("6b, 7b", "Strategies that are compared", ("protocol",), "arms"),
        Item("6c, 7c", "How people are assigned", ("protocol",), "assignment"),
        Item("6d, 7d", "Time zero and follow-up", ("design", "protocol"), "follow_up"),
        Item("6e, 7e", "Outcomes", ("protocol",), "outcomes"),
        Item("6f, 7f", "Causal contrast", ("protocol",), "estimand"),
        Item("6g, 7g", "Assumptions under which the data identify it", ("baseline", "gate"), "confounders"),
        Item("6h, 7h", "Analysis", ("protocol",), "analysis"),
        Item("8", "Numbers at each step of selection", ("flow",)),
        Item("9", "People on day 0, by strategy", ("baseline",)),
        Item("10", "Length of follow-up, and why it ended", ("followup",)),
        Item("11", "Missing data", ("missing",)),
        Item("12", "Frequency of outcomes", ("results",)),
        Item("13", "Estimates with their precision", ("results",)),
        Item(
            "14", "Further analyses: subgroups, sensitivity, negative controls", ("results",), "sensitivity"
        ),
        Item("15", "Interpretation, and how far it generalises"),
        Item("16", "Limitations: bias from design, data and linkage", ("linkage", "missing", "gate")),
        Item("17", "Ethics and approval", (), "access"),
        Item("18", "Registration", (), "registration"),
        Item("19", "Data and code", ("provenance",)),
        Item("20", "Funding"),
        Item("21", "Interests"),
    ),
)
CHEERS = Guideline(
    "Husereau D, Drummond M, Augustovski F, et al. BMJ 2022;376:e067975.",
    (
        Item("1", "Title names an economic evaluation and what is compared", (), "title"),
        Item("2", "Abstract", ("answer",)),
        Item("3", "Background and objectives", (), "question"),
        Item("4", "Whether there was an analysis plan, and where", ("protocol",), "registration"),
        Item("5", "Who is studied", ("baseline",), "population"),
        Item("6", "Setting and place", (), "period"),
        Item("7", "What is compared, and why", (), "arms"),
        Item("8", "Perspective", ("costs",), "perspective"),
        Item("9", "Time horizon", ("design",), "follow_up"),
        Item("10", "Rate of discount", ("costs",), "discount"),
        Item("11", "Which outcomes", ("protocol",), "outcomes"),
        Item("12", "How outcomes were measured", ("protocol", "provenance"), "measures"),
        Item("13", "How outcomes were valued", (), "valued"),
        Item("14", "How resources and costs were measured and valued", ("costs",), "resources"),
        Item("15", "Currency and price year", ("costs",), "prices"),
        Item("16", "The model and why it was chosen", (), "no_model"),
        Item("17", "Statistics, extrapolation, missing data", ("missing", "protocol"), "analysis"),
        Item("18", "How results differ between groups", ("results",), "subgroups"),
        Item("19", "How effects fall on different people", ("results", "linkage")),
        Item("20", "How uncertainty was described", ("costs", "results"), "analysis"),
        Item("21", "How patients, the public and others took part"),
        Item("22", "Values of all parameters", ("costs",)),
        Item("23", "Main results", ("costs", "answer")),
        Item("24", "What uncertainty does to them", ("costs",)),
        Item("25", "What taking part of patients and others changed"),
        Item("26", "Findings, limits, fairness, what they mean for policy"),
        Item("27", "Funding"),
        Item("28", "Interests"),
    ),
)
GUIDELINES: Mapping[str, Guideline] = {
    "RECORD": RECORD,
    "GUILD": GUILD,
    "TARGET": TARGET,
    "CHEERS 2022": CHEERS,
}
