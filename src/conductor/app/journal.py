"""The journal of what people said yes to, and how far it got. Append-only and durable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conductor.adapters import clock, files, homes


class Journal:
    """One file per plan, named after what it is about; each line is one thing that is done."""

    def __init__(self, subject: str, target: str, digest: str) -> None:
        """Name the plan; `target` is a tier, `from-` and the tier that is left, or `policy`."""
        self.subject, self.target = subject, target
        self.path = f"{_folder()}/{subject}.{target}.{digest.removeprefix('sha256:')}.jsonl"

    def note(self, step: str, **facts: object) -> None:
        line = {"format": 1, "at": clock.now(), "step": step, **facts}
        files.append_line(self.path, json.dumps(line), durable=True)

    @property
    def closed(self) -> bool:
        """Whether this very plan came to its end before."""
        return any(line.get("step") == "closed" for line in _lines(Path(self.path)))

    def close(self) -> None:
        """Come to the end; what another plan for the same began is over with it."""
        self.note("closed")
        for path in _open(self.subject, self.target):
            line = {"format": 1, "at": clock.now(), "step": "closed by a later plan"}
            files.append_line(str(path), json.dumps(line), durable=True)


def unfinished(subject: str, target: str) -> dict[str, Any] | None:
    """Give the plan of what was consented to and did not come to its end."""
    plans = [next(_lines(path), {}).get("plan") for path in _open(subject, target)]
    known = [plan for plan in plans if isinstance(plan, dict)]
    return max(known, key=lambda plan: str(plan.get("at")), default=None)


def plans(subject: str, target: str) -> list[dict[str, Any]]:
    """Give every plan that a person ever said yes to."""
    found = [
        line["plan"]
        for path in sorted(Path(_folder()).glob(f"{subject}.{target}.*.jsonl"))
        for line in _lines(path)
        if line.get("step") == "opened"
    ]
    return [plan for plan in found if isinstance(plan, dict)]


def _open(subject: str, target: str) -> list[Path]:
    return [
        path
        for path in sorted(Path(_folder()).glob(f"{subject}.{target}.*.jsonl"))
        if not any(str(line.get("step")).startswith("closed") for line in _lines(path))
    ]


def _lines(path: Path) -> Iterator[dict[str, object]]:
    """Read the lines; one that a crash cut off was not acknowledged to anybody."""
    for line in (files.read_if_there(str(path)) or "").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _folder() -> str:
    return f"{homes.state()}/promotions"
