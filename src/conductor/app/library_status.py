"""What is in tier global, against the library as our mirror has it: nobody is contacted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from conductor.app.collect import collect, ensemble_path
from conductor.app.journal import plans
from conductor.app.library import EVIDENCE, STATUS
from conductor.app.revisions import mirror_of, place_of
from conductor.app.settings import Upstream
from conductor.app.tier_folder import ENSEMBLES
from conductor.app.upstream import open_upstream
from conductor.core.deprecation import Deprecation, path_of, read_deprecation
from conductor.core.digest import digest_bytes
from conductor.core.drift import Drift, drift, whole
from conductor.core.tier import Tier
from conductor.errors import ConductorError

_MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class InLibrary:
    """One ensemble of tier global, or one that was contributed, against the library."""

    drift: Drift  # LOCAL: the library does not have it
    files: Mapping[str, Drift]
    deprecated: Deprecation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The library as it was seen last; without a `commit`, conductor never looked."""

    commit: str = ""
    ensembles: Mapping[str, InLibrary] | None = None
    others: int = 0  # ensembles that are in the library and nothing of this machine's


def look(settings: Upstream, names: Iterable[str], *, fetch: bool) -> Seen | None:
    """Compare ensembles with the library; None when the workspace knows none.

    With `fetch` the library is asked first: raises what `open_upstream` does.
    """
    if not settings.remote:
        return None
    if fetch:
        open_upstream(settings)
    if not Path(place_of(settings.remote)).is_dir():
        return Seen()
    mirror = mirror_of(settings.remote)
    commit = mirror.seen(settings.base)
    if not commit:
        return Seen()
    entries = {one.path: one for one in mirror.entries(commit)}
    there = {PurePosixPath(path).stem for path in entries if path.startswith(f"{ENSEMBLES}/")}
    mine = {name: (_here(name), _contributed(name)) for name in {*names} | _ours(there)}
    wanted = {path for here, before in mine.values() for path in (*here, *before)}
    wanted |= {path_of(name) for name in mine}
    contents = mirror.read([entries[path] for path in wanted if path in entries], most=_MOST_BYTES)
    return Seen(
        commit=commit,
        ensembles={name: _compared(name, *sides, contents) for name, sides in mine.items()},
        others=len(there - mine.keys()),
    )


def _compared(
    name: str,
    here: Mapping[str, str],
    before: Mapping[str, frozenset[str]],
    contents: Mapping[str, bytes],
) -> InLibrary:
    """Compare file by file; `before` has every digest that was ever contributed for a path."""
    own, compared = ensemble_path(name), {}
    for path in sorted({*here, *before, own}):
        mine, theirs = here.get(path, ""), ""
        if path in contents:
            theirs = digest_bytes(contents[path])
        known = before.get(path, frozenset())
        base = next((one for one in (theirs, mine) if one and one in known), "")
        if mine or theirs:
            compared[path] = drift(mine, theirs, base)
    return InLibrary(
        drift=whole(compared, own), files=compared, deprecated=_deprecation(name, contents)
    )


def _here(name: str) -> dict[str, str]:
    try:
        found = collect("", name, Tier.GLOBAL)
    except ConductorError:
        return {}  # it is not there, or the other half of `status` says what is wrong with it
    return {path: digest_bytes(data) for path, data in found.contents.items()}


def _ours(there: Iterable[str]) -> set[str]:
    return {name for name in there if plans(name, Tier.LIBRARY)}


def _contributed(name: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for plan in plans(name, Tier.LIBRARY):
        for path, digest in plan["files"].items():
            if not path.startswith((f"{EVIDENCE}/", f"{STATUS}/")):
                found.setdefault(path, set()).add(digest)
    return {path: frozenset(digests) for path, digests in found.items()}


def _deprecation(name: str, contents: Mapping[str, bytes]) -> Deprecation | None:
    path = path_of(name)
    try:
        return read_deprecation(path, contents[path]) if path in contents else None
    except ValueError:
        return None  # `library verify` tells its maintainers
