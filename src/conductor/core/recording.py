"""What an engine answered once, kept so that it can be answered again without an engine.

INVARIANT: what is replayed says so. It counts in no figure: a replay is no use of an ensemble.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from conductor.core.digest import digest_bytes
from conductor.core.execution import (
    AgentResult,
    AgentStatus,
    Document,
    Invocation,
    Outcome,
    Progress,
)
from conductor.errors import OutsideError, SourceError

REPLAY = "replay"  # in the place of an engine's name
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One answer. It is found by what ran and on what: the text digest and that of the input.

    The models are no part of the key: on a machine without them a demo can be shown all the same.
    """

    at: str  # UTC
    ensemble: str
    text_digest: str
    input_digest: str
    engine: str
    engine_version: str
    progress: tuple[Progress, ...]
    outcome: Outcome

    @property
    def key(self) -> tuple[str, str]:
        return self.text_digest, self.input_digest

    def document(self) -> dict[str, object]:
        """Give the line of a file of recordings."""
        return {"format": _FORMAT, **asdict(self)}


def key_of(invocation: Invocation) -> tuple[str, str]:
    """Say under which key the answer to an invocation is kept."""
    return invocation.text_digest, digest_bytes(invocation.input.encode())


class Replayer:
    """Answers from recordings; fits `core.ports.Runner`. Of two of one key the newest is taken."""

    name = REPLAY

    def __init__(self, recordings: Iterable[Recording]) -> None:
        self._recordings = {one.key: one for one in recordings}

    @property
    def version(self) -> str:
        """Name the engines whose answers these are."""
        found = {f"{one.engine} {one.engine_version}" for one in self._recordings.values()}
        return ", ".join(sorted(found))

    def find(self, invocation: Invocation) -> Recording:
        """Find the answer; raises OutsideError where none was recorded."""
        found = self._recordings.get(key_of(invocation))
        if found is None:
            text, _ = key_of(invocation)
            known = any(one.text_digest == text for one in self._recordings.values())
            what = "this input" if known else "this form of the ensemble"
            raise OutsideError(
                f"there is no recording of {what}",
                hint="record it: `conductor run NAME --record FILE`",
            )
        return found

    def invoke(self, invocation: Invocation, on_progress: Callable[[Progress], None]) -> Outcome:
        """Tell what was told then, at once, and give the answer."""
        found = self.find(invocation)
        for one in found.progress:
            on_progress(one)
        return found.outcome

    def why_not_loadable(
        self,
        ensemble: Document,  # noqa: ARG002 - the port's names
        scripts: Mapping[str, str],  # noqa: ARG002
        children: Mapping[str, Document],  # noqa: ARG002
    ) -> str:
        """Refuse: nothing is loaded here, so nothing is known."""
        raise OutsideError("a replay loads nothing", hint="try it with the engine")


def recordings_in(lines: Iterable[bytes], file: str) -> list[Recording]:
    """Read a file of recordings; raises SourceError with the first line that is none."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(_recording(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SourceError(
                "the line is no recording of format 1",
                at=f"{file}:{number}",
                hint="record anew: `conductor run NAME --record FILE`",
            ) from error
    return found


def _recording(document: Mapping[str, Any]) -> Recording:
    if document["format"] != _FORMAT:
        raise ValueError("another format")
    outcome = document["outcome"]
    agents = tuple(
        AgentResult(**{**one, "status": AgentStatus(one["status"])}) for one in outcome["agents"]
    )
    texts = ("at", "ensemble", "text_digest", "input_digest", "engine", "engine_version")
    return Recording(
        **{name: str(document[name]) for name in texts},
        progress=tuple(Progress(**one) for one in document["progress"]),
        outcome=Outcome(**{**outcome, "agents": agents}),
    )
