"""What conductor raises on purpose, and the exit code each kind carries.

Findings are data and never raised; an exception here means that going on is impossible.
"""

from __future__ import annotations


class ConductorError(Exception):
    """Root of everything conductor raises on purpose.

    The message is one sentence in lower case without a full stop; `hint` is an action.
    """

    exit_code = 2

    def __init__(self, message: str, *, at: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.at = at  # file, file:line or file:line:col; empty when no file is to blame
        self.hint = hint

    def __str__(self) -> str:
        first = f"{self.at}: error: {self.message}" if self.at else f"error: {self.message}"
        return f"{first}\n  hint: {self.hint}" if self.hint else first


class SourceError(ConductorError):
    """A file that someone wrote cannot be read at all."""


class UsageError(ConductorError):
    """An argument or the environment is not what the verb needs."""


class Missing(UsageError):
    """A verb needs a value that nobody gave, and there is nobody to ask."""


class OutsideError(ConductorError):
    """The engine, a model server, the disk or the network said no."""

    exit_code = 3


class TimeLimitReached(OutsideError):
    """The outside did not answer within the time it was given."""


class LedgerError(OutsideError):
    """The ledger cannot be opened, read or written."""
