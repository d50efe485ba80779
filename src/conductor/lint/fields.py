"""What each text of a file is for: a rule may mind a word in one field and not in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from conductor.core.closure import is_script_path
from conductor.lint.words import words

Path = tuple[str | int, ...]


class Field(StrEnum):
    """What a text is for."""

    PROMPT = "prompt"
    EXAMPLE = "prompt/example-region"
    DESCRIPTION = "description"
    TASK = "default_task"
    ENDPOINT = "endpoint"
    PATH = "path-field"
    PARAMETER = "parameter"
    COMMENT = "comment"
    SOURCE = "script"
    NOTE = "x-conductor"


# What an instruction or its reader sees; comments and notes are for people only.
PROSE = frozenset({Field.PROMPT, Field.DESCRIPTION, Field.TASK})
EVERYWHERE = frozenset(Field)


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of text; `start` is its offset when it is as the file has it, else None."""

    value: str
    field: Field
    path: Path = ()
    start: int | None = None


_BY_KEY = {
    "system_prompt": Field.PROMPT,
    "description": Field.DESCRIPTION,
    "default_task": Field.TASK,
    "task": Field.TASK,
    "base_url": Field.ENDPOINT,
    "ensemble": Field.PATH,
    "dispatch": Field.PATH,
    "body": Field.PATH,
}
# Names and settings: nothing in them is prose, and rules of their own look at them.
_NAMES = words(
    "name model provider model_profile fallback_model_profile depends_on agent_name when until"
    " carry input_key input_scope on_dependency_failure hf_repo topaz_skill serves"
)
_FACTS = words("license version task template output waivers authors env files")


def field_of(path: Path, value: str) -> Field | None:
    """Say what the text at a path is; None for names and settings."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if path[0] == "x-conductor":
        return None if len(path) > 1 and path[1] in _FACTS else Field.NOTE
    if key in _NAMES:
        return None
    if key == "script":
        return Field.PATH if is_script_path(value) else Field.SOURCE
    return _BY_KEY.get(key, Field.PARAMETER)


_EXAMPLE = re.compile(
    r"^```.*?^```[ \t]*$"
    r"|^[^\n]*\b(?:examples?|for instance|e\.g\.|sample)\b[^\n]*:[ \t]*\n(?:[^\n]*\S[^\n]*\n?)*",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)


def pieces(value: str, kind: Field, path: Path) -> Iterator[Text]:
    """Cut the worked examples out of a prompt: names in them teach, they do not refer."""
    if kind not in {Field.PROMPT, Field.TASK}:
        yield Text(value, kind, path)
        return
    done = 0
    for found in _EXAMPLE.finditer(value):
        yield Text(value[done : found.start()], kind, path)
        yield Text(found[0], Field.EXAMPLE, path)
        done = found.end()
    yield Text(value[done:], kind, path)
