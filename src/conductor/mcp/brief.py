"""Answers that are short unless the whole is asked for: what a model reads costs its user money."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conductor.app.wire import Json
from conductor.core.tokens import estimate
from conductor.formats.text import safe

TOKENS = 400  # of one answer, estimated
_SHORTEST = 40  # characters that a text keeps


def compact(document: Mapping[str, object]) -> str:
    """Write an answer as the client hands it to the model."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def fits(document: Mapping[str, object]) -> bool:
    return estimate(compact(document)) <= TOKENS


def pick(document: Any, names: Iterable[str]) -> Json:
    """Keep these keys, and of them only what says something."""
    return {name: document[name] for name in names if document.get(name) not in (None, [], {}, "")}


def fit(document: Mapping[str, object]) -> Json:
    """Shorten the biggest lists and texts until the answer fits, and say so with `cut`."""
    if fits(document):
        return dict(document)
    made: Json = {**json.loads(json.dumps(document)), "cut": True}
    while not fits(made) and (biggest := max(_parts(made), key=_weight, default=None)):
        holder, key = biggest
        value = holder[key]
        # Half of a list or of a text; the beginning is what matters most in all of ours.
        holder[key] = value[: len(value) // 2] if isinstance(value, list) else _half(value)
    return made


def sentence(message: str) -> str:
    """Make an error harmless and short: what it repeats of the input loses its middle."""
    whole = text = safe(message)
    half = 2 * TOKENS  # characters at each end; with the last ones the hint stays
    while estimate(text) > TOKENS:
        text = f"{whole[:half]}…{whole[-half:]}"
        half = half * 3 // 4
    return text


def _half(text: str) -> str:
    return f"{text[: len(text) // 2 - 1]}…"


def _weight(part: tuple[Any, Any]) -> int:
    holder, key = part
    return estimate(json.dumps(holder[key]))


def _parts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Find everything that can be made shorter, with what holds it."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, str) and len(inner) > _SHORTEST:
            yield value, key
        elif isinstance(inner, dict | list):
            if isinstance(inner, list) and inner:
                yield value, key
            yield from _parts(inner)
