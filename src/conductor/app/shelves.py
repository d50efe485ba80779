"""Ensembles, profiles and scripts of all tiers, in the order in which the engine looks them up.

Files are summarised once: `.conductor/catalogue.json` remembers what stood in each, by its time
and size, because parsing a thousand of them takes seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from conductor.adapters import files, homes
from conductor.app.compile import ENGINE
from conductor.app.deprecations import deprecations
from conductor.compiler.text import parse
from conductor.core.deprecation import Deprecation
from conductor.core.execution import Document
from conductor.core.finding import Finding
from conductor.core.summary import (
    Summary,
    summarise,
)
from conductor.core.tier import Tier
from conductor.errors import ConductorError, OutsideError

CATALOGUE = f"{files.PRIVATE}/catalogue.json"
_FORMAT = 3  # of what is remembered
_LISTS = {"profiles", "scripts", "children", "providers"}
_AROUND = {"stamp", "kind"}  # what an entry has beside a summary
_PROFILE_KEYS = ("name", "provider", "model", "base_url", "fallback_model_profile")

Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of a tier, with `ensembles/`, `profiles/` and `scripts/` below it."""

    tier: Tier
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """What there is. `summaries` are in the engine's order: the first of a name is what runs."""

    homes: tuple[Home, ...]
    summaries: tuple[Summary, ...]
    profiles: Mapping[str, Document]  # the keys that say where one runs

    def script(self, reference: str) -> bool:
        """Tell whether some tier has the script."""
        return any(files.changed_at(f"{home.folder}/{reference}") for home in self.homes)


def homes_of(root: str | None) -> tuple[Home, ...]:
    """List the tiers as the engine looks through them; without a workspace there is no local."""
    local = (Home(Tier.LOCAL, f"{root}/{ENGINE}"),) if root else ()
    return (
        *local,
        Home(Tier.LIBRARY, homes.library_tier(root)),
        Home(Tier.GLOBAL, homes.global_tier()),
    )


def read_shelves(root: str | None) -> Shelves:
    """Summarise every tier; a file that cannot be read is listed with its problem."""
    known = _remembered(root)
    found: dict[str, Entry] = {}
    places = homes_of(root)
    for home in places:
        for kind in ("ensembles", "profiles"):
            for path, stamp in files.stamps(home.folder, kind).items():
                if path.endswith((".yaml", ".yml")):
                    full = f"{home.folder}/{path}"
                    entry = known.get(full, {})
                    if entry.get("stamp") != stamp:
                        entry = {"stamp": stamp, "kind": kind, **_read(home, full, kind)}
                    found[full] = entry
    if root and found != known:
        _remember(root, found)
    return Shelves(
        homes=places,
        summaries=tuple(_summaries(found, f"{root}/", deprecations(root))),
        profiles=_profiles(found, places),
    )


def _summaries(
    found: Mapping[str, Entry], below: str, deprecated: Mapping[str, Deprecation]
) -> Iterator[Summary]:
    """Give summaries in order, marking those whose name an earlier one has; broken ones hide none.

    What is empty stands in no entry. A file `below` the workspace is named from there.
    """
    seen: set[str] = set()
    for path, entry in found.items():
        if entry.get("kind") != "ensembles":
            continue
        kept: Any = {key: value for key, value in entry.items() if key not in _AROUND}
        for key in _LISTS & kept.keys():
            kept[key] = tuple(kept[key])
        shadowed = kept["name"] in seen
        one = Summary(
            **kept,
            file=path.removeprefix(below),
            shadowed=shadowed,
            deprecated=deprecated.get(kept["name"]),
        )
        yield one
        if not one.problem:
            seen.add(one.name)


def _profiles(found: Mapping[str, Entry], places: tuple[Home, ...]) -> dict[str, Document]:
    """Collect profiles by the name they carry; local comes before global, the library is last."""
    order = (Tier.LOCAL, Tier.GLOBAL, Tier.LIBRARY)
    profiles: dict[str, Document] = {}
    for home in sorted(places, key=lambda home: order.index(home.tier)):
        for path, entry in found.items():
            if path.startswith(f"{home.folder}/profiles/") and isinstance(entry.get("name"), str):
                profiles.setdefault(str(entry["name"]), entry)
    return profiles


def _read(home: Home, path: str, kind: str) -> Entry:
    """Read one file into what is remembered of it."""
    document: Document = {}
    problem = ""
    try:
        parsed = parse(path, files.read_text(path), for_engine=True)
    except ConductorError as error:
        problem = error.message
    else:
        if isinstance(parsed, Finding):
            problem = f"line {parsed.at.line}: {parsed.message}"
        elif isinstance(parsed.data, dict):
            document = parsed.data
        else:
            problem = "it holds no mapping"
    if kind == "profiles":
        return {key: document[key] for key in _PROFILE_KEYS if key in document}
    summary = summarise(document, tier=home.tier, file="")
    name = summary.name or PurePosixPath(path).stem
    entry = asdict(replace(summary, name=name, problem=problem))
    return {key: value for key, value in entry.items() if value}


def _remembered(root: str | None) -> dict[str, Entry]:
    """Read what is remembered; anything damaged or of another form is forgotten."""
    text = files.read_if_there(f"{root}/{CATALOGUE}") if root else None
    try:
        document = json.loads(text) if text else {}
        if document.get("format") != _FORMAT:
            return {}
        return {str(path): dict(entry) for path, entry in document["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _remember(root: str, found: Mapping[str, Entry]) -> None:
    try:
        text = json.dumps({"format": _FORMAT, "files": found})
        files.write_atomically(f"{root}/{CATALOGUE}", text)
    except OutsideError:
        return  # a read-only workspace is only slower
