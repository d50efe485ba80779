"""What pydantic objects to, said in the user's words and at the user's place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from conductor.compiler.fixes import opened, renamed, rewritten, value_at
from conductor.compiler.spots import Path
from conductor.compiler.text import Parsed
from conductor.core.finding import Finding, Fix

Document = TypeVar("Document", bound=BaseModel)

_FORMAT = "`format`"
_UNION_BRANCHES = {"bool", "int", "str"}

_KINDS = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "scalar": "text, a whole number, or `true` or `false`",
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def read(model: type[Document], parsed: Parsed) -> Document | list[Finding]:
    """Validate a parsed file; one mistake gives one finding."""
    try:
        return model.model_validate(parsed.data)
    except ValidationError as error:
        problems = _one_per_union([dict(problem) for problem in error.errors()])
        return list(_findings(model, parsed, problems))


@dataclass(frozen=True, slots=True)
class Word:
    """A key or a value in a file that should be one of the names that somebody declared."""

    parsed: Parsed
    path: Path
    key: bool = False

    def not_among(
        self, known: Iterable[str], name: str, message: str, *, otherwise: str = ""
    ) -> Finding:
        """Give the finding; its fix writes the nearest name, if there is one."""
        word = self._text()
        names = [one for one in known if one != word]
        at, end = self.parsed.extent(self.path, key=self.key)
        close = names[0] if len(names) == 1 else closest(word, names)
        hint = f"write `{close}`" if names == [close] else nearest(word, names, otherwise=otherwise)
        rewrite = renamed if self.key else rewritten
        return Finding(
            name=name,
            message=message,
            at=at,
            end=end,
            hint=hint,
            fix=rewrite(self.parsed, self.path, close) if close else None,
        )

    def _text(self) -> str:
        part, path = self.parsed.part(self.path)
        return str(path[-1] if self.key else value_at(part.data, path))


def nearest(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Give a hint: the nearest known name, or else what is known."""
    names = sorted(known)
    if close := closest(word, names):
        return f"did you mean `{close}`?"
    return otherwise or f"known: {', '.join(names)}"


def closest(word: str, names: Iterable[str]) -> str:
    return next(iter(get_close_matches(word, sorted(names), n=1, cutoff=0.5)), "")


def _one_per_union(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fold the complaints of every branch of a union into one."""
    folded: dict[tuple[object, ...], dict[str, Any]] = {}
    for problem in problems:
        loc = tuple(problem["loc"])
        if loc and loc[-1] in _UNION_BRANCHES and str(problem["type"]).endswith("_type"):
            loc, problem = loc[:-1], {**problem, "type": "scalar", "loc": loc[:-1]}  # noqa: PLW2901
        folded.setdefault((loc, problem["type"]), problem)
    return list(folded.values())


def _findings(
    model: type[BaseModel], parsed: Parsed, problems: list[dict[str, Any]]
) -> Iterator[Finding]:
    schema = model.model_json_schema(by_alias=True)
    explained: set[tuple[object, ...]] = set()
    for problem in problems:
        if problem["type"] == "extra_forbidden":
            *around, key = problem["loc"]
            known = _keys(schema, around)
            close = closest(str(key), known)
            if not close and (alone := _alone(problems, around)):
                close, known = alone, [alone]
            explained.add((*around, close))
            path, message = tuple(problem["loc"]), f"unknown key `{key}`"
            yield Word(parsed, path, key=True).not_among(known, "unknown-key", message)
    # A misspelt key is missing under its right name; saying both would be two for one.
    explained |= {place for problem in problems for place in _renamed(parsed, problem)}
    rest = [
        problem
        for problem in problems
        if problem["type"] != "extra_forbidden"
        and not any(tuple(problem["loc"][:end]) in explained for end in (-1, None))
    ]
    for problem in _one_per_place(rest):
        yield _finding(parsed, problem)


def _alone(problems: list[dict[str, Any]], around: list[Any]) -> str:
    """Name the one key that is missing where also just one is unknown: it is that one."""
    here = [one for one in problems if list(one["loc"][:-1]) == around]
    missing = [str(one["loc"][-1]) for one in here if one["type"] == "missing"]
    unknown = [one for one in here if one["type"] == "extra_forbidden"]
    return missing[0] if len(missing) == len(unknown) == 1 else ""


def _renamed(parsed: Parsed, problem: Mapping[str, Any]) -> Iterator[Path]:
    """Give the place of what is left where a table's name is wrong, such as its sub-tables."""
    *around, name, last = problem["loc"] if len(problem["loc"]) > 1 else ("", "", "")
    if last == "[key]":
        others = [one for one in value_at(parsed.data, tuple(around)) if one != name]
        yield (*around, closest(str(name), others))


def _one_per_place(problems: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Fold all that is missing at one place into one: a table with another name misses it all."""
    missing: dict[tuple[object, ...], dict[str, Any]] = {}
    for problem in problems:
        if problem["type"] != "missing":
            yield problem
            continue
        *around, key = problem["loc"]
        if (known := missing.get(tuple(around))) is None:
            missing[tuple(around)] = known = {**problem, "keys": []}
        known["keys"].append(key)
    yield from missing.values()


def _finding(parsed: Parsed, problem: dict[str, Any]) -> Finding:
    loc = [part for part in problem["loc"] if part != "[key]"]
    subject = _subject(loc)
    if problem["type"] == "literal_error" and subject != _FORMAT:
        choices = _choices(problem)
        given = str(problem.get("input"))
        if problem["loc"][-1] == "[key]":
            word = Word(parsed, tuple(loc), key=True)
            return word.not_among(choices, "unknown-key", f"unknown name `{given}`")
        message = f"{subject} has no value `{given}`"
        return Word(parsed, tuple(loc)).not_among(choices, "unknown-value", message)
    name, message, hint = _sentence(problem, subject)
    fix = _first_line(parsed) if problem.get("keys") == ["format"] and loc == ["format"] else None
    return Finding(name=name, message=message, at=parsed.at(*loc), hint=hint, fix=fix)


def _first_line(parsed: Parsed) -> Fix | None:
    line = "format = 1" if parsed.file.endswith(".toml") else "format: 1"
    return opened(parsed, line, {"format": 1})


def _choices(problem: Mapping[str, Any]) -> list[str]:
    expected = str(problem["ctx"]["expected"])
    return expected.replace(" or ", ", ").replace("'", "").split(", ")


def _sentence(problem: dict[str, Any], subject: str) -> tuple[str, str, str]:
    kind, context = str(problem["type"]), problem.get("ctx") or {}
    given = problem.get("input")
    if kind == "missing":
        keys = [f"`{key}`" for key in problem["keys"]]
        verb = "is" if len(keys) == 1 else "are"
        return "missing-key", f"{_listed(keys)} {verb} missing", f"add {_listed(keys)}"
    if kind == "literal_error":
        hint = f"this conductor reads format {_choices(problem)[-1]}; a newer one may read yours"
        return "unknown-format", f"the format is {given}", hint
    if kind in _KINDS:
        return "wrong-type", f"{subject} must be {_KINDS[kind]}", f"write {_KINDS[kind]}"
    if kind in _LIMITS:
        key, word = _LIMITS[kind]
        return "out-of-bounds", f"{subject} is {given}", f"give a number {word} {context[key]}"
    if kind == "string_pattern_mismatch":
        hint = f"it must match `{context['pattern']}`"
        return "bad-name", f"`{given}` is not a valid name", hint
    message = "is empty" if kind == "string_too_short" else str(problem["msg"]).lower()
    return "invalid", f"{subject} {message}", "correct the value"


def _listed(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _subject(loc: list[Any]) -> str:
    names = [part for part in loc if isinstance(part, str)]
    return f"`{names[-1]}`" if names else "the file"


def _keys(schema: Mapping[str, Any], path: list[Any]) -> list[str]:
    """Follow a path through a JSON schema and give the property names there."""
    here = _resolved(schema, schema)
    for part in path:
        if isinstance(part, int):
            step = here.get("items", {})
        else:
            step = here.get("properties", {}).get(part) or _values_of(here)
        here = _resolved(schema, step)
    return list(here.get("properties", {}))


def _values_of(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    patterns: Mapping[str, Mapping[str, Any]] = mapping.get("patternProperties", {})
    values: Mapping[str, Any] = mapping.get("additionalProperties") or {}
    return next(iter(patterns.values()), values)


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, also the one that pydantic wraps to add a default."""
    if "$ref" not in node:
        return node
    definition: Mapping[str, Any] = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return definition
