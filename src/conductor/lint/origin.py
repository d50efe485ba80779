"""Where an ensemble comes from and where it is to go: what makes a suspicion a certainty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from conductor.lint.words import words

_SEPARATORS = re.compile(r"[\s_.-]+")
# One word, or several with capitals: `Pay Hub` is a name, "pay hub" need not be one.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+| [A-Z][A-Za-z0-9]*){0,9}")
_SHORTEST = 4  # letters of a name that can be told from a syllable
_SHORTEST_BRAND = 6  # letters of a part of one; shorter ones are words too often

# Names of projects that are also words of every prompt; to find them would be to cry wolf.
_COMMON = words(
    """
    agent analysis answer application archive assistant audit backend base basic bill billing book
    build chain chat check class classify client cloud code command common compare compiler config
    contract control convert core count create dashboard data database decision default demo deploy
    desk develop device diff digest document domain draft editor email engine ensemble error event
    evaluation example experiment export extract fact feature field file filter finance flow form
    format framework frontend function gateway general generate git global graph group guide hello
    help history home host image import index info input insight inspect invoice issue item job
    journal json kernel label language learn ledger lesson letter level library license line link
    lint list load local log loop mail main make manage manual market markdown media meeting memo
    memory message method metric mind mobile mock model module monitor network news note notebook
    notes number object office open order output owner package page paper parse parser pattern
    payment person plan platform play plugin point policy portal post prepare present print process
    product profile program project prompt proposal public python query question queue quick read
    reader record reference register release remote render repo report request research resource
    response result review risk role root route router rule run runner sample sandbox schedule
    schema scratch script search section security sentence server service session setting setup
    share shop simple site sketch small social software source space spec staff stage standard
    start state statement status step storage store story stream studio study style subject
    suggestion summarize summary support swarm system table tag task team template term test text
    theme thing ticket time title token tool topic track train transfer translate transport tree
    tutorial type update user util utility value version video view voice watch weather web word
    work worker workflow workshop workspace write writer
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The fingerprint of the project that an ensemble was made in."""

    names: frozenset[str] = frozenset()  # of repository, owner, packages, hosts; as written
    people: frozenset[str] = frozenset()  # author names, and the user's
    files: frozenset[str] = frozenset()  # relative, with forward slashes
    symbols: frozenset[str] = frozenset()  # identifiers of two parts or more


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a rule may ask beyond the file in front of it."""

    profiles: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # by name
    standard: frozenset[str] = frozenset()  # logical profiles, bound on each machine
    neighbours: frozenset[str] = frozenset()  # names of the files beside it, with itself
    origin: Origin | None = None
    # What the destination holds: (kind, name) -> digest; None when it was not looked at.
    destination: Mapping[tuple[str, str], str] | None = None
    target_billion: float = 7.0
    limit_billion: float = 12.0


def squeezed(name: str) -> str:
    """Take case and separators away, so that `Pay-Hub`, `pay_hub` and `PayHub` are one."""
    return _SEPARATORS.sub("", name).lower()


def telling(name: str) -> bool:
    """Tell whether a project's name stands for that project and for nothing else."""
    return len(squeezed(name)) >= _SHORTEST and not _plain(name)


def _plain(name: str) -> bool:
    short = squeezed(name)
    stem = re.sub(r"(?:ies|es|s|ing|ed|er)$", "", short)
    return bool({short, stem, f"{stem}e", f"{stem}y"} & _COMMON)


@cache
def brands(names: frozenset[str]) -> frozenset[str]:
    """Give what is left of names without their plain words: `ledgerly` of `ledgerly-app`.

    A part that is left can be a word all the same; what is found by it is a suspicion.
    """
    left = set()
    for name in names:
        parts = [part for part in _SEPARATORS.split(name) if part]
        rare = [part for part in parts if not _plain(part)]
        if len(rare) == 1 < len(parts) and len(rare[0]) >= _SHORTEST_BRAND:
            left.add(rare[0])
    return frozenset(left)


def named(text: str, names: frozenset[str]) -> list[tuple[int, str]]:
    """Find where a text names one of `names` in any of its spellings: (offset, as written).

    A name is also found as a part of a longer one: `ledgerly.rates`, `pay_hub_client`.
    """
    wanted = _wanted(names)
    flat = squeezed(text)
    if not any(name in flat for name in wanted):
        return []
    return [
        (word.start() + start, word[0][start:end])
        for word in _WORD.finditer(text)
        if (found := _part(word[0], wanted))
        for start, end in [found]
    ]


@cache
def _wanted(names: frozenset[str]) -> frozenset[str]:
    return frozenset(squeezed(name) for name in names if telling(name))


def _part(word: str, wanted: frozenset[str]) -> tuple[int, int] | None:
    """Find the longest run of a word's parts that is a wanted name."""
    if squeezed(word) in wanted:
        return 0, len(word)
    parts = [(one.start(), one.end()) for one in _PART.finditer(word)]
    runs = sorted(
        ((start, end) for n, (start, _) in enumerate(parts) for _, end in parts[n:]),
        key=lambda run: run[0] - run[1],
    )
    return next((run for run in runs if squeezed(word[slice(*run)]) in wanted), None)


_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")
