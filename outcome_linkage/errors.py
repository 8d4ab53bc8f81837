"""The root of every error that this project raises on purpose.

Such an error says what was expected, what was found, where, and what to do. It never holds a value from
the data, so it may be shown and stored anywhere.
"""


class OutcomeLinkageError(Exception):
    """An error whose message is safe to show: it quotes no value from the data."""


class InputRefused(OutcomeLinkageError):
    """What was handed in cannot be used; the message says why. The command line exits with 3."""
