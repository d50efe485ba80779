"""Standing authorization: which ensemble may do which tasks without a question each time."""

from __future__ import annotations

from collections.abc import Iterable

from conductor.core.value import Value


class Authorization(Value):
    """One entry of the policy. Days are ISO dates; both `since` and `until` belong to it."""

    __slots__ = ("ensemble", "since", "task", "until")

    def __init__(self, task: str, ensemble: str, since: str, until: str = "") -> None:
        self.task = task  # its children as well
        self.ensemble = ensemble
        self.since = since
        self.until = until  # empty: until it is revoked

    def holds(self, task: str, ensemble: str, today: str) -> bool:
        """Tell whether it lets the ensemble do a task today; on no day (empty) it does not."""
        return (
            self.ensemble == ensemble
            and f"{task}.".startswith(f"{self.task}.")
            and self.since <= today
            and not self.over(today)
        )

    def over(self, today: str) -> bool:
        return bool(self.until) and self.until < today

    @property
    def days(self) -> str:
        return f"since {self.since}" + (f" until {self.until}" if self.until else "")

    def to_json(self) -> dict[str, object]:
        return {"task": self.task, "since": self.since, "until": self.until or None}


def standing(
    entries: Iterable[Authorization], task: str, ensemble: str, today: str
) -> Authorization | None:
    """Find the entry that lets an ensemble do a task today; None: a person has to say yes."""
    return next((one for one in entries if one.holds(task, ensemble, today)), None)
