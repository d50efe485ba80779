"""What a tool takes: declared once, shown as a schema, and checked before any verb sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conductor.compiler.problems import nearest
from conductor.errors import Missing, UsageError

Given = Mapping[str, object]  # in the order in which the model wrote it

_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One argument; `kind` is JSON Schema's word for its type."""

    name: str
    kind: str = "string"
    means: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()

    def schema(self) -> dict[str, object]:
        schema: dict[str, object] = {"type": self.kind}
        if self.means:
            schema["description"] = self.means
        if self.choices:
            schema["enum"] = list(self.choices)
        return schema


def schema(parameters: Sequence[Parameter]) -> dict[str, object]:
    """Give the JSON Schema; the order of the parameters is the order to write them in."""
    return {
        "type": "object",
        "properties": {one.name: one.schema() for one in parameters},
        "required": [one.name for one in parameters if one.required],
    }


def check(parameters: Sequence[Parameter], given: Given) -> None:
    """Raise UsageError for an argument that is unknown, missing or not of its kind."""
    known = {one.name: one for one in parameters}
    for name in given:
        if name not in known:
            raise UsageError(f"there is no argument `{name}`", hint=nearest(name, known))
    missing = [one.name for one in parameters if one.required and given.get(one.name) is None]
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        raise Missing(f"{names} {_is(missing)} missing", hint="call again with all of them")
    for name, value in given.items():
        _check(known[name], value)


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _check(parameter: Parameter, value: object) -> None:
    if value is None and not parameter.required:
        return
    wrong = isinstance(value, bool) and parameter.kind == "integer"  # Python's true is a number
    if wrong or not isinstance(value, _KINDS[parameter.kind]):
        raise UsageError(f"`{parameter.name}` is not of type {parameter.kind}")
    if isinstance(value, str) and "\0" in value:
        raise UsageError(f"`{parameter.name}` has a NUL character", hint="leave it out")
    if parameter.required and isinstance(value, str) and not value.strip():
        raise UsageError(f"`{parameter.name}` is empty", hint="call again with a text")
    if parameter.choices and value not in parameter.choices:
        hint = nearest(str(value), parameter.choices)
        raise UsageError(f"`{parameter.name}` cannot be `{value}`", hint=hint)
