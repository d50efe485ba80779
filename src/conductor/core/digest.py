"""Canonical JSON and digests: equal content, equal bytes.

The form is RFC 8785 (JSON Canonicalization Scheme). Integers keep all their digits instead of
passing through a double, because nothing here is a floating-point quantity by accident.
"""

from __future__ import annotations

import hashlib
import json

_encode = json.JSONEncoder(ensure_ascii=False).encode  # one encoder: making it is most of the work


def canonical(value: object) -> str:
    """Write `value` as canonical JSON; raises TypeError for what JSON cannot hold."""
    match value:
        case str():  # most of what is digested, so it is asked first
            return _encode(value)
        case dict():
            members = [f"{_encode(key)}:{canonical(value[key])}" for key in _ordered(value)]
            return "{" + ",".join(members) + "}"
        case list() | tuple():
            return "[" + ",".join([canonical(item) for item in value]) + "]"
        case None | bool() | int():
            return _encode(value)
        case float():
            return _number(value)
        case _:
            raise TypeError(f"a {type(value).__name__} has no JSON form")


def digest(value: object) -> str:
    """Give the SHA-256 of the canonical JSON, as `sha256:` and 64 hexadecimal digits."""
    # Names of foreign files need not be UTF-8; Python holds their bytes as halves of characters.
    return digest_bytes(canonical(value).encode(errors="surrogatepass"))


def digest_bytes(data: bytes) -> str:
    """Give the SHA-256 of the bytes, as `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _ordered(value: dict[object, object]) -> list[str]:
    keys = [key for key in value if isinstance(key, str)]
    if len(keys) != len(value):
        raise TypeError("a JSON object has only text keys")
    if all(map(str.isascii, keys)):
        return sorted(keys)
    # RFC 8785 orders by UTF-16 code units, which differs from code points beyond U+FFFF.
    return sorted(keys, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


_FIXED_NOTATION = (-6, 21)  # ECMAScript writes plain digits from 1e-6 up to below 1e21


def _number(value: float) -> str:
    """Write a float as ECMAScript's Number::toString does, from Python's shortest digits."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN test
        raise TypeError("JSON has no infinity and no NaN")
    if value == 0:
        return "0"
    sign, digits, exponent = _shortest(value)
    point = len(digits) + exponent  # the decimal point stands after this many digits
    low, high = _FIXED_NOTATION
    if len(digits) <= point <= high:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= high:
        return sign + digits[:point] + "." + digits[point:]
    if low < point <= 0:
        return sign + "0." + "0" * -point + digits
    mantissa = digits[0] + ("." + digits[1:] if digits[1:] else "")
    return f"{sign}{mantissa}e{point - 1:+d}"


def _shortest(value: float) -> tuple[str, str, int]:
    """Split into sign, digits without outer zeros, and the power of ten of the last digit."""
    text = repr(value)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    mantissa, _, power = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = int(power or 0) - len(fraction)
    stripped = digits.rstrip("0")
    return sign, stripped, exponent + len(digits) - len(stripped)
