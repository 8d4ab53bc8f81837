"""Why a row can be rejected, in a supplier's words: what is the matter, and what to do about it.

The reasons themselves come from `judge`, `cast`, `validate` and the row rules of the contracts.
"""

from __future__ import annotations

from typing import NamedTuple


class Advice(NamedTuple):
    """`what` completes "<rows> of <column>: …"; `todo` is empty where nothing needs to be done."""

    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.what}. {self.todo or 'Nothing needs to be done.'}"


WHAT_TO_DO: dict[str, Advice] = {
    "unreadable_at_source": Advice(
        "the value is not one that the column can hold, so encode left it out", "Correct it."
    ),
    "wrong_type": Advice("the value is not of the column's type", "Correct the value."),
    "missing_value": Advice("the value is missing", "Fill it: the column may not be empty."),
    "not_in_code_list": Advice(
        "the code was not in use in this collection year",
        "Use a code of this year: see reference/code_lists.csv.",
    ),
    "wrong_pattern": Advice("the value has not the shape that the column asks for", "Correct the value."),
    "out_of_range": Advice("the value is outside the bounds of the column", "Correct the value."),
    "duplicate_row": Advice("an exact copy of another row; the first is kept", ""),
    "conflicting_key": Advice("rows that must be one row differ", "Send the one that is right."),
    "table_refused": Advice("nothing is wrong with the row, but its table as a whole cannot be used", ""),
    "related_to_self": Advice("a person is related to themselves", "Correct one of the two ids."),
    "ends_before_it_begins": Advice("the last day lies before the first", "Correct one of the two."),
    "has_no_date": Advice("none of the days of the row is known", "Fill one of them."),
    "scale_of_another_instrument": Advice("the questionnaire has no such scale", "Correct one of the two."),
    "score_out_of_range": Advice("the score lies outside the bounds of its scale", "Correct the score."),
    "begins_on_a_day_of_birth": Advice(
        "a relationship that a birth began has a first day", "Leave it empty."
    ),
}


def advice(reason: str) -> Advice:
    """What is said of a reason; a rule of a contract that has no words of its own is told by its name."""
    plain = reason.replace("_", " ")
    return WHAT_TO_DO.get(reason) or Advice(f"the row breaks the rule “{plain}”", "Correct the row.")
