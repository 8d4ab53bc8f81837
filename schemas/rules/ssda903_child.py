"""SSDA903 rules on the child: who it is, from one year to the next, and motherhood."""

from __future__ import annotations

from schemas.rules.rule import Rule, rules_of

_WHO = "The id names another child than last year, or a characteristic changes: links and groups are wrong."
_AGES = "The month of birth is wrong: every age, and every link by birthday."
_MOTHERS = "A young mother is counted who is none, or missed; her child cannot be found."
_NOBODY = "There is no sex, age or ethnicity for the row, and nobody to link."

_child = rules_of("ssda903", "ssda903_header")
_then = rules_of("ssda903", "ssda903_header", "child_last_year")


def _changed(number: str, column: str, what: str, broken: str = "") -> Rule:
    return _then(
        number,
        column=column,
        says=f"The {what} differs from last year's return.",
        matters=_WHO,
        severity="warning",
        among=f"{column} is not null and then_{column} is not null",
        broken=broken or f"{column} <> then_{column}",
    )


WHO: tuple[Rule, ...] = (
    _child(
        "301",
        column="birth_month",
        says="The child is born after the end of the collection year.",
        matters=_AGES,
        broken="birth_month > year_end",
    ),
    _child(
        "351",
        column="birth_month",
        says="The person is older than 25 at the start of the collection year.",
        matters=_AGES,
        broken="aged_at_least(year_start, 25, birth_month)",
    ),
    _changed(
        "202",
        "sex",
        "sex",
        "translate(sex, '12', 'MF') <> translate(then_sex, '12', 'MF') and 'U' not in (sex, then_sex)",
    ),
    _changed("203", "birth_month", "month of birth"),
    _changed("204", "ethnic", "ethnic group"),
    rules_of("ssda903", "ssda903_episodes")(
        "INT03",
        column="record_key",
        says="The episode is of a child that the header does not list.",
        matters=_NOBODY,
        broken="not exists (select 1 from ssda903_header as child where child.record_key = this.record_key)",
    ),
)

MOTHERS: tuple[Rule, ...] = (
    _child(
        "174",
        column="mc_birth_month",
        says="A boy has a child of his own by the columns for mothers.",
        matters=_MOTHERS,
        among="sex in ('1', 'M')",
        broken="mc_birth_month is not null",
    ),
    _child(
        "611",
        column="mc_birth_month",
        says="The child is a mother, but the birth of her child is not given.",
        matters=_MOTHERS,
        among="mother",
        broken="mc_birth_month is null",
    ),
    _child(
        "612",
        column="mother",
        says="The birth of a child is given, but she is not said to be a mother.",
        matters=_MOTHERS,
        among="mc_birth_month is not null",
        broken="mother is distinct from true",
    ),
    _child(
        "620",
        column="mother",
        says="A mother is younger than 11 at the end of the year.",
        matters=_MOTHERS,
        among="mother",
        broken="younger_than(year_end, 11, birth_month)",
    ),
    _child(
        "621",
        column="mc_birth_month",
        says="A mother is not older than her child.",
        matters=_MOTHERS,
        among="mc_birth_month is not null",
        broken="mc_birth_month <= birth_month",
    ),
    _child(
        "625",
        column="mc_birth_month",
        says="The first child is born after the end of the collection year.",
        matters=_MOTHERS,
        among="mc_birth_month is not null",
        broken="mc_birth_month > year_end",
    ),
    _changed("207", "mother", "statement on motherhood", "then_mother and not mother"),
    _changed("624", "mc_birth_month", "birth of the first child"),
    _child(
        "607",
        column="mother",
        says="A girl left care and it is not said whether she is a mother.",
        matters=_MOTHERS,
        severity="warning",
        among="""
        sex in ('2', 'F') and exists (
            select 1 from ssda903_episodes as episode
            where episode.record_key = this.record_key and episode.rec <> 'X1'
              and not is_short_break(episode.ls)
        )
        """,
        broken="mother is null",
    ),
)

RULES = (*WHO, *MOTHERS)
