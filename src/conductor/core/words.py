"""The words of a text, and where an instruction ends and the pasted material begins."""

from __future__ import annotations

import re

BORDER = "\x01"  # between sentences
SENTENCE_ENDS = (". ", "? ", "! ", ".\n", "?\n", "!\n")
_SENTENCE_MARKS = (".", "?", "!")  # at the end of all
_BETWEEN_WORDS = r"(?:[^\w\x01]|_)+"
_ASCII = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == BORDER)}

_INSTRUCTION, _AFTER = 60, 40  # words: the most that is said before and behind the material
_INLINE, _MATERIAL = 25, 12  # words: the most before it in its line, and the least of it

_ENOUGH = 400  # characters, to tell whether there are so many words
_POINTS = 3  # words before a colon: one of them points to what comes behind it
_POINTING = frozenset({"this", "these", "those", "here", "below", "following", "text"})


def normalise(text: str) -> str:
    """Give the words in lower case with one blank between, before and after them."""
    lower = text.lower()
    if lower.isascii():  # the same, ten times as fast
        return f" {' '.join(lower.translate(_ASCII).split())} "
    return f" {re.sub(_BETWEEN_WORDS, ' ', lower).strip()} "


def count(text: str) -> int:
    return len(normalise(text).split())


def count_sentences(text: str) -> int:
    return sum(map(text.count, SENTENCE_ENDS)) + text.endswith(_SENTENCE_MARKS)


def _is_material(text: str) -> bool:
    return count(text[:_ENOUGH]) >= _MATERIAL


def _border(text: str) -> int:
    """Find where the first block ends: at a blank line, a colon or a question mark; 0: nowhere."""
    at = 0
    for line in text.splitlines(keepends=True)[:-1]:
        said = line.rstrip()
        if not said:
            return at
        at += len(line)
        if said[-1] in ":?":
            return at
    return 0


def apart(text: str) -> tuple[str, str, str]:
    """Part a text into an instruction, the material, and what is said behind it.

    People write what they want, leave a line blank or end it with a colon or a question mark, and
    paste; or they paste first. Without such a border, all of it is instruction.
    """
    text = text.strip()
    at = _border(text)
    if not at:
        before, colon, rest = text.partition(": ")
        said = before.lower().split()
        inline = colon and len(said) <= _INLINE and not _POINTING.isdisjoint(said[-_POINTS:])
        inline = inline and _is_material(rest)
        return (before, rest, "") if inline else (text, "", "")
    before, rest = text[:at], text[at:].lstrip()
    if len(before.split()) > _INSTRUCTION:
        before, rest = "", text
    body, _, after = rest.rpartition("\n\n")
    if not body or len(after.split()) > _AFTER or not _is_material(body):
        body, after = rest, ""
    if not _is_material(body) or not (before or after):
        return text, "", ""
    return before, body, after
