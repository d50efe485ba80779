"""Adding a signal to a task type in policy/tasks.toml: everything else stays as it is."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy

from conductor.compiler.rewrite import becomes
from conductor.compiler.toml_places import places
from conductor.errors import SourceError

_INDENT = "  "


def with_phrase(file: str, text: str, task: str, signal: str, phrase: str, weight: int) -> str:
    """Give the text with one more signal at the end of the type's list.

    Raises SourceError where the list is not written in brackets, or not there.
    """
    expected = deepcopy(tomllib.loads(text))
    listed = expected.get("tasks", {}).get(task, {}).get("signals", [])
    last = places(text).values.get(("tasks", task, "signals", len(listed) - 1))
    if last is None or text[last.start] != "{":
        raise SourceError(
            f"the signals of `{task}` are written in a way that cannot be added to",
            at=file,
            hint="write it by hand",
        )
    listed.append({"id": signal, "weight": weight, "phrases": [phrase]})
    words = json.dumps(phrase, ensure_ascii=False)
    entry = f'{{ id = "{signal}", weight = {weight}, phrases = [{words}] }}'
    new = f"{text[: last.end]},\n{_INDENT}{entry}{text[last.end :]}"
    if not becomes(file, text, new, expected):
        raise SourceError(f"the signals of `{task}` cannot be added to safely", at=file)
    return new
