"""Ensemble text from a template: sandboxed, strict, and `quoted` is the only way in.

`tojson` would not be safe: JSON's escapes and YAML's differ for characters outside the printable
set. A value that reaches the output without `quoted` is refused, so no template can forget it.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Mapping
from functools import cache

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from conductor.core.finding import Finding, Place

# Outside YAML's printable characters, or taken for line breaks inside double quotes.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


class Quoted(str):
    """Text that is one YAML scalar and cannot become anything else."""

    __slots__ = ()


class UnquotedError(TemplateError):
    """An expression reached the output without the `quoted` filter."""


def quoted(value: object) -> Quoted:
    """Write a text, whole number or boolean as one YAML scalar, the same in YAML 1.1 and 1.2."""
    if isinstance(value, StrictUndefined):
        str(value)  # raises, with the name of what is missing
    if not isinstance(value, str | int):
        raise TemplateError(f"a {type(value).__name__} cannot be written as one value")
    text = json.dumps(str(value) if isinstance(value, str) else value, ensure_ascii=False)
    return Quoted(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def render(file: str, template: str, values: Mapping[str, object]) -> str | Finding:
    """Render one template; a mistake in it is a finding at its line."""
    try:
        return _compiled(template).render(values)
    except TemplateSyntaxError as error:
        return _finding(file, error.lineno, str(error.message))
    except UndefinedError as error:
        return _finding(file, _line(error), f"{error.message}: no parameter of that name")
    except TemplateError as error:
        return _finding(file, _line(error), str(error))


@cache
def _compiled(template: str) -> Template:
    return _environment().from_string(template)


def profile_name(capability: str) -> str:
    """Name the logical profile of a capability class."""
    return f"conductor-{capability}"


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=_only_quoted,
    )
    environment.filters |= {"quoted": quoted, "profile": profile_name, "prefixed": _prefixed}
    return environment


def _prefixed(name: str, prefix: str) -> str:
    return name if name.startswith(f"{prefix}-") else f"{prefix}-{name}"


def _only_quoted(value: object) -> object:
    if not isinstance(value, Quoted):
        raise UnquotedError("a value is written without the `quoted` filter")
    return value


def _line(error: Exception) -> int:
    """Find the template's own line in the traceback: jinja2 puts it there."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "<template>"]
    return (lines[-1] if lines else None) or 1


def _finding(file: str, line: int, message: str) -> Finding:
    message = message.rstrip(".")
    return Finding(
        name="template",
        message=message[:1].lower() + message[1:],
        at=Place(file, line),
        hint="write `{{ name | quoted }}` with a parameter that template.toml declares",
    )
