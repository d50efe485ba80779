"""Names, numbers and quotations in the output that the input does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from conductor.core.checks.language import language_of
from conductor.core.checks.material import NAMES, NUMBERS, QUOTES, Material
from conductor.core.run import Check

_SHOWN = 3
_NUMBER = re.compile(r"(?<![\w.,])\d(?:[\d.,' \u00a0\u202f](?=\d)|\d)*")
_DIGITS = re.compile(r"\d+")
_LISTED = re.compile(r"^[ \t#>*-]*\(?\d{1,3}[.):][ \t]+", re.MULTILINE)  # numbers of list items
_COUNTING = 12  # whole numbers up to that count things of the output itself
_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»\n]{12,400})[\"”“»]")
_NAME = re.compile(r"[^\W\d_][\w'\u2019&-]*")
_SPACE = re.compile(r"\W+")
_STEM, _SHORTEST = 4, 3  # letters that a word shares with its other forms; letters of a name
_TITLE = 2  # words with small letters that make a line prose and not a heading
_PROSE = 6  # words that make a value prose and not an answer
_OF_NOBODY = frozenset(
    {
        *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *("october", "november", "december", "monday", "tuesday", "wednesday", "thursday"),
        *("friday", "saturday", "sunday", "english", "none", "not", "unknown", "yes", "the"),
        *("and", "its", "she", "they", "you", "mrs"),
    }
)
_NOUNS_ARE_CAPITAL = {"de"}


def check(material: Material) -> Check | None:
    """Look for what is invented, each kind as the ensemble declares it."""
    kinds = material.expected.grounded
    if not kinds:
        return None
    known = "\n".join((material.input, material.instructions, *_parameters(material)))
    found = [
        f"{kind} {_list(made)}" for kind in kinds if (made := list(_FIND[kind](material, known)))
    ]
    detail = f"not in the input: {'; '.join(found)}" if found else ""
    return Check(name="grounded", passed=not found, detail=detail)


def _numbers(material: Material, known: str) -> Iterator[str]:
    written = [*_NUMBER.findall(known), *_DIGITS.findall(known)]
    there = {value for text in written for part in (text, *text.split()) for value in _values(part)}
    for text in _NUMBER.findall(_LISTED.sub("", material.prose)):
        small = text.isdigit() and int(text) <= _COUNTING
        parts = text.split()  # `18 500` is one number, or two
        known_parts = all(_values(part) & there for part in parts)
        if not small and not known_parts and not _values(text) & there:
            yield text


@cache
def _values(text: str) -> frozenset[str]:
    """Give what a number may mean: `1.200` is two numbers, depending on who wrote it."""
    digits = re.sub(r"[' \u00a0\u202f]", "", text).rstrip(".,")
    readings = {re.sub(r"[.,]", "", digits)}
    head, mark, tail = digits.replace(",", ".").rpartition(".")
    if mark:
        readings.add(f"{head.replace('.', '')}.{tail.rstrip('0')}".rstrip("."))
    return frozenset(reading.lstrip("0") or "0" for reading in readings)


def _names(material: Material, known: str) -> Iterator[str]:
    if language_of(material.prose) in _NOUNS_ARE_CAPITAL:
        return  # every noun looks like a name
    words = {_plain(word) for word in _NAME.findall(known)}
    stems = {word[:_STEM] for word in words}
    initials = _initials(known)
    for name in _named(material):
        plain = _plain(name)
        if plain in words or plain in _OF_NOBODY or len(plain) < _SHORTEST or plain in initials:
            continue
        if not all(_other_form(part, words, stems) for part in plain.split("-")):
            yield name


def _plain(name: str) -> str:
    """Take the possessive off, and the capitals."""
    return re.sub(r"['\u2019]s?\Z", "", name).casefold()


def _other_form(part: str, words: set[str], stems: set[str]) -> bool:
    """Tell whether a word of the input begins as this one does: `Germany` and `German`."""
    if part in words or len(part) < _SHORTEST:
        return True
    if part[:_STEM] not in stems:
        return False
    begins = part[: max(_STEM, len(part) * 2 // 3)]
    return any(word.startswith(begins) for word in words)


def _named(material: Material) -> Iterator[str]:
    """Find words written like names where nothing else would explain the capital letter."""
    answers = material.data is not None
    for line in material.prose.split("\n"):
        words = line.split()
        short = answers and len(words) < _PROSE
        small = sum(word[:1].islower() for word in words)
        if line.startswith("#") or (not short and small < _TITLE):
            continue
        begins = not short
        for word in words:
            found = _NAME.search(word)
            if found and found[0][0].isupper() and not begins:
                yield found[0]
            # After a dash or a bullet a sentence may begin as well.
            begins = found is None or word[-1] in '.!?:"“”*`' or word[0] in '"“*`('


def _initials(text: str) -> set[str]:
    """Give the abbreviations that the input's own phrases would make."""
    firsts = [word[0] for word in _NAME.findall(text.casefold())]
    joined = "".join(firsts)
    return {joined[at : at + size] for size in (3, 4, 5) for at in range(len(joined) - size + 1)}


def _quotes(material: Material, known: str) -> Iterator[str]:
    if material.data is not None:
        return
    plain = _flat(known)
    for quote in _QUOTE.findall(material.prose):
        if " " in quote.strip() and _flat(quote) not in plain:
            yield f"“{quote[:40]}”"


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text.casefold()).strip()


def _parameters(material: Material) -> Iterator[str]:
    """Give what the ensemble says itself: words for scripts, labels and field names of forms."""
    for agent in material.ensemble.get("agents") or ():  # type: ignore[attr-defined]  # a loaded ensemble
        yield str(agent.get("parameters") or "")
    for schema in material.schemas.values():
        yield str(schema)


def _list(made: list[str]) -> str:
    unique = list(dict.fromkeys(made))
    more = f" and {len(unique) - _SHOWN} more" if len(unique) > _SHOWN else ""
    return ", ".join(unique[:_SHOWN]) + more


_FIND: Mapping[str, Callable[[Material, str], Iterator[str]]] = {
    NAMES: _names,
    NUMBERS: _numbers,
    QUOTES: _quotes,
}
