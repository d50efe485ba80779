"""YAML scalars to plain values, as PyYAML reads YAML 1.1, except that a date stays text."""

from __future__ import annotations

import math

PREFIX = "tag:yaml.org,2002:"


def scalar(tag: str, text: str) -> object:
    """Give the value of a scalar by its resolved tag; raises ValueError for a bad number."""
    match tag.removeprefix(PREFIX):
        case "null":
            return None
        case "bool":
            # YAML 1.1 also lists `y` and `n`; PyYAML, and so the engine, takes them for text.
            return text if len(text) == 1 else text.lower() in ("true", "yes", "on")
        case "int":
            return _integer(text)
        case "float":
            return _float(text)
        case _:
            return text


def _integer(text: str) -> int:
    digits = text.replace("_", "")
    if ":" in digits:
        return int(_base_60(digits))
    bare = digits.lstrip("+-")
    octal = len(bare) > 1 and bare.startswith("0") and bare.isdigit()  # as YAML 1.1 reads it
    return int(digits, 8 if octal else 0)


def _float(text: str) -> float:
    plain = text.replace("_", "").lower()
    if ":" in plain:
        return _base_60(plain)
    number = float(plain.replace(".inf", "inf").replace(".nan", "nan"))
    if not math.isfinite(number):
        raise ValueError("no quantity is infinite")  # and neither JSON nor a digest has one
    return number


def _base_60(text: str) -> float:
    """Read `12:30:45` as the seconds that YAML 1.1 takes it for."""
    sign = -1 if text.startswith("-") else 1
    total = 0.0
    for part in text.lstrip("+-").split(":"):
        total = total * 60 + float(part)
    return sign * total
