"""Values as YAML that reads back as the same value in every reader.

`tojson` would not be safe: JSON's escapes and YAML's differ for characters outside the printable
set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from jinja2 import StrictUndefined, TemplateError

# Outside YAML's printable characters, or taken for line breaks inside double quotes.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_DECIMAL = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,9}")  # `1e-07` would be a text in YAML 1.1
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Quoted(str):
    """Text that is one YAML value and cannot become anything else."""

    __slots__ = ()


def quoted(value: object) -> Quoted:
    """Write a value on one line, the same in YAML 1.1 and 1.2: lists and tables as JSON."""
    return Quoted(_written(value))


def _written(value: object) -> str:
    if isinstance(value, StrictUndefined):
        str(value)  # raises, with the name of what is missing
    match value:
        case str():
            return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", _encode(str(value)))
        case bool() | int() | None:
            return _encode(value)
        case float() if _DECIMAL.fullmatch(repr(value)):
            return repr(value)
        case Mapping():
            return "{" + ", ".join(_member(key, inner) for key, inner in value.items()) + "}"
        case Sequence():
            return "[" + ", ".join(_written(inner) for inner in value) + "]"
        case _:
            pass
    raise TemplateError(f"a {type(value).__name__} cannot be written as YAML")


def _member(key: object, value: object) -> str:
    if not isinstance(key, str):
        raise TemplateError("a key that is no text cannot be written as YAML")
    return f"{_written(key)}: {_written(value)}"
