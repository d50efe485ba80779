"""Patterns of signals: a subset of regular expressions that cannot be slow.

The time a pattern takes is bounded by the length of the text times a constant, because nothing
repeats without a limit, no repetition stands in another, and the ways in which a pattern can be
tried at one place are counted here. It also must hold a literal, so that it is compiled only for
texts that have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from conductor.core.signal import Pattern

# The parser of `re` itself, so that what is checked is what runs. It is not public: its names
# have been the same since Python 3.11, and a test goes through all that is used here.
_parser: Any = import_module("re._parser")

MAX_WAYS = 256  # in which a pattern may be tried at one place
MAX_LENGTH = 300  # characters of a pattern
_LITERAL = 3  # characters that the prefilter needs

_ONE_CHARACTER = {"LITERAL", "NOT_LITERAL", "ANY", "IN", "CATEGORY"}
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT"}
_REFUSED = {
    "GROUPREF": "a pattern cannot refer back to a group",
    "GROUPREF_EXISTS": "a pattern cannot refer back to a group",
    "ASSERT": "a pattern cannot look ahead or behind",
    "ASSERT_NOT": "a pattern cannot look ahead or behind",
    "ATOMIC_GROUP": "a pattern cannot have atomic groups",
    "POSSESSIVE_REPEAT": "a pattern cannot have possessive repetitions",
}


class Slow(Exception):
    """The pattern is outside the subset; the message is a sentence for people."""


def checked(pattern: str) -> Pattern:
    """Give the pattern with the literals of which a text needs one; raises Slow."""
    if len(pattern) > MAX_LENGTH:
        raise Slow(f"the pattern has {len(pattern)} characters, up to {MAX_LENGTH} are read")
    try:
        tree = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise Slow(f"the pattern is not valid: {str(error).lower()}") from error
    if tree.state.flags & ~re.UNICODE.value:
        raise Slow("a pattern cannot set flags: it always sees the text in lower case")
    ways = _ways(tree)
    if ways > MAX_WAYS:
        raise Slow(f"the pattern can be tried in {ways} ways at one place, {MAX_WAYS} are allowed")
    needed = _needed(tree)
    if not needed or min(map(len, needed)) < _LITERAL:
        raise Slow(f"the pattern needs a word of {_LITERAL} letters that no match is without")
    return pattern, tuple(sorted(needed))


def _ways(tree: Iterable[Any]) -> int:
    """Count the paths through a sequence: an upper bound of what backtracking can try."""
    ways = 1
    for operation, argument in tree:
        ways *= _ways_of(str(operation), argument)
    return ways


def _ways_of(name: str, argument: Any) -> int:
    if name in _REFUSED:
        raise Slow(_REFUSED[name])
    if name == "LITERAL" and chr(argument) != chr(argument).lower():
        raise Slow(f"`{chr(argument)}` never matches: a pattern sees the text in lower case")
    if name == "BRANCH":
        return _ways_of_branches([list(branch) for branch in argument[1]])
    if name == "SUBPATTERN":
        return _ways(argument[3])
    if name in _REPEATS:
        low, high, body = argument
        return _ways_of_repeat(low, high, list(body))
    return 1


def _ways_of_branches(branches: list[list[Any]]) -> int:
    """Alternatives that begin with different characters exclude each other."""
    ways = [_ways(branch) for branch in branches]
    firsts = [branch[0] for branch in branches if branch]
    different = len({argument for _, argument in firsts if isinstance(argument, int)})
    if different == len(firsts) and all(str(name) == "LITERAL" for name, _ in firsts):
        return max(ways) + len(branches) - len(firsts)
    return sum(ways)


def _ways_of_repeat(low: int, high: int, body: list[Any]) -> int:
    if high == _parser.MAXREPEAT:
        raise Slow("a repetition needs an upper limit: write `{0,40}`, not `*` or `+`")
    inside = _ways(body)
    if high <= 1:
        return 1 - low + inside
    if len(body) != 1 or str(body[0][0]) not in _ONE_CHARACTER:
        raise Slow("only one character, or one class of characters, can be repeated")
    return high - low + 1


def _needed(tree: Iterable[Any]) -> frozenset[str]:
    """Give texts of which every match has one; empty if there are no such texts."""
    runs: list[frozenset[str]] = []
    run = ""
    for operation, argument in [*tree, ("END", None)]:
        name = str(operation)
        if name == "LITERAL":
            run += chr(argument)
            continue
        runs.append(frozenset({run} if run else ()))
        run = ""
        if name == "SUBPATTERN":
            runs.append(_needed(argument[3]))
        elif name == "BRANCH":
            branches = [_needed(branch) for branch in argument[1]]
            runs.append(frozenset().union(*branches) if all(branches) else frozenset())
        elif name in _REPEATS and argument[0] > 0:
            runs.append(_needed(argument[2]))
    return max(runs, key=lambda one: min(map(len, one), default=0), default=frozenset())
