"""How the supplier's side says no: one error with a code and four answers, none of them a value."""

from __future__ import annotations

from outcome_linkage.errors import InputRefused


class RawInputRefused(InputRefused):
    """What a supplier handed to `encode` cannot be used.

    `code` is a stable name for the rule. `expected`, `found` (counts and known names only), `where` and
    `todo` are the four parts of the message.
    """

    def __init__(self, code: str, *, expected: str, found: str, where: str, todo: str) -> None:
        self.code, self.expected, self.found, self.where, self.todo = code, expected, found, where, todo
        super().__init__(f"{where}: expected {expected}; found {found}. {todo} [{code}]")
