"""What a verb may know about the call it answers, and the one person behind it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from conductor.core.consent import Client, Form, Reply
from conductor.core.execution import Progress


def _nobody(_: Form) -> Reply:
    return Reply(action="cancel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a tool."""

    client: Client = field(default_factory=Client)
    tool_use: str = ""  # the client's id of the model's request; empty when a hook called
    ask: Callable[[Form], Reply] = _nobody
    report: Callable[[Progress], None] = lambda _: None
    called_off: Future[None] = field(default_factory=Future)
