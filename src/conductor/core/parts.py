"""A task of several parts, taken apart without a model: by lists, sentences, joints and verbs.

What is no order (a document, code, a table) is material, and goes with every part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BLOCKS = re.compile(r"\n[ \t]*\n")
_ITEM = re.compile(r"[ \t]{0,8}(?:[-*•]|\(?\d{1,3}[.):])[ \t]+(?=\S)")
_SENTENCES = re.compile(r"(?<=[.?!;])\s+(?=\S)|\n")
_POLITE = re.compile(
    r"(?:(?:please|also|now|first|next|then|finally|and|lastly|afterwards|can you|could you"
    r"|i want you to|i need you to)[, ]+){0,4}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+")
_AND = re.compile(r",? and (?=[a-z]+ )", re.IGNORECASE)
_SAME = frozenset({"it", "them", "that", "one", "each"})  # `… and write them down` is no new part
_BACK = re.compile(r"\b(?:it|its|them|they|result|results|above|which ones)\b")
_MANY = re.compile(r"\b(?:these|those|the|all|following)\s+(\d{1,5})\s+[a-z]+")
_MATERIAL = 80  # words; a longer block is no order


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What takes a task apart, as the policy says it; all in lower case."""

    verbs: frozenset[str]  # with which an order begins
    joints: tuple[str, ...]  # between two orders in a sentence
    each: tuple[str, ...]  # the order is meant for every item by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    order: str
    text: str  # the order with what belongs to it
    after: tuple[int, ...] = ()  # indices of the parts whose results it needs
    each: bool = False  # of the items, one by one
    items: int = 1  # as far as the words say


def split(text: str, words: Words) -> tuple[Part, ...]:
    """Take the task apart; what cannot be taken apart is one part, as it stands."""
    orders: list[str] = []
    material: list[str] = []
    for block in _blocks(text):
        found = [] if block.startswith("```") else _orders(block, words)
        if found:
            orders.extend(found)
        else:
            material.append(block)
    if len(orders) <= 1:
        return (_part(text.strip(), [], (), words),)
    return tuple(
        _part(order, material, (at - 1,) if at and _leans(order) else (), words)
        for at, order in enumerate(orders)
    )


def _blocks(text: str) -> list[str]:
    """Cut at blank lines, never inside a fence."""
    pieces = text.split("```")
    blocks = [
        f"```{piece}```" if at % 2 else block
        for at, piece in enumerate(pieces)
        for block in ([piece] if at % 2 else _BLOCKS.split(piece))
    ]
    return [block.strip("\n") for block in blocks if block.strip("`\n\t ")]


def _orders(block: str, words: Words) -> list[str]:
    """Give the orders of a block, each with the sentences that follow it; none for material."""
    orders: list[str] = []
    before: list[str] = []
    for piece in _pieces(block, words):
        if _is_order(piece, words):
            orders.append(" ".join([*before, piece]))
            before = []
        elif orders:
            orders[-1] += f" {piece}"
        else:
            before.append(piece)
    return orders if len(block.split()) <= _MATERIAL * max(1, len(orders)) else []


def _pieces(block: str, words: Words) -> list[str]:
    pieces: list[str] = []
    for line in block.split("\n"):
        bare = _ITEM.sub("", line, count=1).strip()
        for sentence in _SENTENCES.split(bare):
            pieces.extend(_at_joints(sentence.strip(), words))
    return [piece for piece in pieces if piece]


def _at_joints(sentence: str, words: Words) -> list[str]:
    """Cut where a joint, or `and`, stands before a verb that begins an order."""
    cuts = [
        (found.start(), found.end())
        for joint in words.joints
        for found in re.finditer(rf",? {re.escape(joint)},? ", sentence, re.IGNORECASE)
        if _verb_and_next(sentence[found.end() :])[0] in words.verbs
    ]
    for found in _AND.finditer(sentence):
        verb, following = _verb_and_next(sentence[found.end() :])
        if verb in words.verbs and following not in _SAME:
            cuts.append((found.start(), found.end()))
    pieces, begin = [], 0
    for start, end in sorted(cuts):
        if start >= begin:
            pieces.append(sentence[begin:start])
            begin = end
    return [*pieces, sentence[begin:]]


def _verb_and_next(rest: str) -> tuple[str, str]:
    first, second, *_ = [*_WORD.findall(rest[:80].lower()), "", ""]
    return first, second


def _is_order(piece: str, words: Words) -> bool:
    polite = _POLITE.match(piece)
    bare = piece[polite.end() :] if polite else piece
    first = _WORD.match(bare.lower())
    return first is not None and first[0] in words.verbs


def _leans(order: str) -> bool:
    """Tell whether an order speaks of what came before it."""
    return _BACK.search(order.lower()) is not None


def _part(order: str, material: Sequence[str], after: tuple[int, ...], words: Words) -> Part:
    low = f" {' '.join(_WORD.findall(order.lower()))} "
    many = _MANY.search(order.lower())
    each = any(f" {one} " in low for one in words.each)
    return Part(
        order=order,
        text="\n\n".join([order, *material]),
        after=after,
        each=each,
        items=int(many[1]) if many and each else 1,
    )
