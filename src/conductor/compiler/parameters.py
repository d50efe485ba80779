"""A spec's parameters against the types that its template declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from conductor.compiler.doc import NAME
from conductor.compiler.problems import Word, closest, nearest
from conductor.compiler.render.filters import FIELD
from conductor.compiler.source_registry import ParameterDoc, TemplateDoc
from conductor.compiler.text import Parsed
from conductor.core.finding import Finding

_AGENT = re.compile(r"[a-z][a-z0-9-]{0,47}")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")
_LABEL = re.compile(r"[^\n]{1,64}")
_FAILURE_KEYS = {"error", "success"}  # the engine takes a script's answer with these for a failure

# The deterministic checks of drafts, with the type of what each is given.
DRAFT_CHECKS: Mapping[str, type] = {
    "contains": str,
    "json": bool,
    "lacks": str,
    "max_lines": int,
    "max_words": int,
    "min_words": int,
    "pattern": str,
    "python": bool,
    "starts_with": str,
}

Values = dict[str, object]
Problem = tuple[str, str]  # a sentence and a hint


def check(
    template: TemplateDoc, given: Mapping[str, JsonValue], classes: Sequence[str], parsed: Parsed
) -> tuple[Values, list[Finding]]:
    """Give the values, defaults filled in, and a finding for each that does not fit."""
    findings = [
        Word(parsed, ("parameters", name), key=True).not_among(
            template.parameters, "unknown-parameter", f"unknown parameter `{name}`"
        )
        for name in given
        if name not in template.parameters
    ]
    values: Values = {}
    explained = {closest(name, template.parameters) for name in given.keys() - template.parameters}
    for name, parameter in template.parameters.items():
        value = given.get(name, parameter.default)
        if value is None and name in explained:
            continue  # it is there under another name, which was told
        if problem := fits(name, parameter, value, classes):
            message, hint = problem
            place = parsed.at("parameters", name)
            findings.append(Finding(name="parameter", message=message, at=place, hint=hint))
        values[name] = value
    return values, findings


def fits(
    name: str, parameter: ParameterDoc, value: object, classes: Sequence[str]
) -> Problem | None:
    """Say what is wrong with a value; None when it fits."""
    if value is None:
        return f"parameter `{name}` is missing", f"{parameter.question} Add `{name}`"
    if parameter.kind == "class":
        if value in classes:
            return None
        return f"`{value}` is no capability class", nearest(str(value), classes)
    return _KINDS.get(parameter.kind, _table)(name, parameter, value)


def _text(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    if isinstance(value, str) and (value.strip() or parameter.default == ""):
        return None
    return f"parameter `{name}` is a text", parameter.help or parameter.question


def _rubric(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    if isinstance(value, str) and re.fullmatch(NAME, value):
        return None
    return f"parameter `{name}` is the name of a rubric", parameter.help or parameter.question


def _boolean(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    if isinstance(value, bool):
        return None
    return f"parameter `{name}` is true or false", parameter.question


def _choice(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    if value in parameter.choices:
        return None
    return f"parameter `{name}` has no value `{value}`", nearest(str(value), parameter.choices)


def _integer(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return f"parameter `{name}` is a whole number", parameter.question
    return _bounds(parameter, value, f"parameter `{name}` is {value}")


def _list(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    if not isinstance(value, list):
        return f"parameter `{name}` is a list", parameter.help or parameter.question
    wrong = _ensemble if parameter.kind == "ensembles" else _example
    found = next((problem for one in value if (problem := wrong(one))), None)
    return found or _bounds(parameter, len(value), f"parameter `{name}` has {len(value)} items")


def _ensemble(one: object) -> Problem | None:
    if isinstance(one, str) and re.fullmatch(NAME, one):
        return None
    return f"`{one}` is not the name of an ensemble", "write the names of finished ensembles"


def _example(one: object) -> Problem | None:
    if isinstance(one, dict) and one.keys() == {"input", "output"}:
        texts = [text for text in one.values() if isinstance(text, str) and text.strip()]
        if len(texts) == len(one):
            return None
    return "an example is not complete", 'write `{ input = "…", output = "…" }`'


def _table(name: str, parameter: ParameterDoc, value: object) -> Problem | None:
    word = parameter.kind
    if not isinstance(value, dict):
        hint = parameter.help or parameter.question
        return f"parameter `{name}` is a table of {word}", hint
    problems = (problem for key, one in value.items() for problem in _ROWS[word](key, one))
    size = len(value)
    found = next(problems, None)
    return found or _bounds(parameter, size, f"parameter `{name}` has {size} {word}")


def _agent(name: str, instruction: object) -> Iterator[Problem]:
    if not _AGENT.fullmatch(name):
        yield f"`{name}` is not a valid agent name", "use lower-case letters, digits and `-`"
    if not isinstance(instruction, str) or not instruction.strip():
        yield f"agent `{name}` has no instruction", "say in one sentence what it does"


def _label(name: str, meaning: object) -> Iterator[Problem]:
    if not _LABEL.fullmatch(name) or name != name.strip():
        yield f"`{name}` is not a valid label", "use one short line"
    if not isinstance(meaning, str) or not meaning.strip():
        yield f"label `{name}` has no meaning", "say in a few words when it applies"


def _group(name: str, fields: object) -> Iterator[Problem]:
    if not _AGENT.fullmatch(name) or name in _FAILURE_KEYS:
        yield f"`{name}` is not a valid name of a group", "use lower-case letters, digits and `-`"
    if not isinstance(fields, dict) or not fields:
        yield f"group `{name}` has no fields", 'write `field = "text: what it is"`'
        return
    for field, text in fields.items():
        if not _FIELD_NAME.fullmatch(field):
            yield f"`{field}` is not a valid field name", "use lower-case letters, digits and `_`"
        elif not isinstance(text, str) or not FIELD.fullmatch(text):
            hint = (
                "write `text: what it is`; instead of text: number, integer, boolean, list, or"
                " `rows of first, second`"
            )
            yield f"field `{field}` does not say what it holds", hint


def _draft_check(name: str, value: object) -> Iterator[Problem]:
    kind = DRAFT_CHECKS.get(name)
    if kind is None:
        yield f"there is no check `{name}`", nearest(name, DRAFT_CHECKS)
    elif type(value) is not kind or value == "":
        words = {str: "a text", int: "a whole number", bool: "true or false"}
        yield f"the check `{name}` is given `{value}`", f"give it {words[kind]}"
    elif name == "pattern":
        try:
            re.compile(str(value))
        except re.error as error:
            yield f"the pattern `{value}` is none: {error}", "write a regular expression"


_ROWS: Mapping[str, Callable[[str, object], Iterator[Problem]]] = {
    "agents": _agent,
    "labels": _label,
    "groups": _group,
    "checks": _draft_check,
}


_KINDS: Mapping[str, Callable[[str, ParameterDoc, object], Problem | None]] = {
    "text": _text,
    "boolean": _boolean,
    "choice": _choice,
    "integer": _integer,
    "examples": _list,
    "ensembles": _list,
    "rubric": _rubric,
}


def _bounds(parameter: ParameterDoc, amount: int, sentence: str) -> Problem | None:
    if parameter.min is not None and amount < parameter.min:
        return sentence, f"give at least {parameter.min}"
    if parameter.max is not None and amount > parameter.max:
        return sentence, f"give at most {parameter.max}"
    return None
