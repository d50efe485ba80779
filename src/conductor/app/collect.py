"""A closure with the bytes of its files, as one tier has it. No link leads out of the tier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from conductor.adapters import files, homes
from conductor.app.compile import ENGINE
from conductor.app.ensembles import Loaded, with_closure
from conductor.app.lazily import Lazily
from conductor.app.tier_folder import ENSEMBLES, Opened, TierFolder
from conductor.compiler.problems import nearest
from conductor.core.closure import Closure, Gap, Kind, Member, Shelf, close
from conductor.core.names import device
from conductor.core.tier import Tier
from conductor.errors import SourceError, UsageError

# What may be promoted is what every file system, shell and branch name agrees about.
_NAME = re.compile(r"(?!.*--)[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What an ensemble needs; `contents` has the bytes by their path in a tier, sorted."""

    loaded: Loaded
    folder: TierFolder
    contents: Mapping[str, bytes]

    @property
    def name(self) -> str:
        return self.loaded.name

    @property
    def closure(self) -> Closure:
        return self.loaded.closure


def collect(root: str, name: str, tier: Tier) -> Collected:
    """Collect from tier local or global; raises UsageError when it is not there.

    Raises SourceError for a link, for what is no regular file and for what cannot be read. Gaps
    are in the closure.
    """
    check_name(name)
    folder = folder_of(root, tier)
    path = ensemble_path(name)
    opened = folder.yaml(path)
    if opened is None:
        raise UsageError(
            f"there is no ensemble `{name}` in tier {tier}", hint=_hint(folder, name, tier)
        )
    document = _readable(folder, opened).read.data
    shelf = shelf_of(folder)
    closure = close(name, document, shelf)
    for gap in closure.gaps:
        if there := _in_the_way(folder, gap):
            _readable(folder, there)
    found = [_readable(folder, one) for member in closure.members if (one := _file(folder, member))]
    return Collected(
        loaded=with_closure(name, document, closure, shelf),
        folder=folder,
        contents={one.path: one.content for one in sorted(found, key=lambda one: one.path)},
    )


def check_name(name: str) -> None:
    """Raise UsageError for what may not become a path."""
    if not _NAME.fullmatch(name) or device(name):
        raise UsageError(
            f"`{name}` cannot be promoted under this name",
            hint="use 1 to 64 of a-z, 0-9 and single hyphens",
        )


def folder_of(root: str, tier: Tier) -> TierFolder:
    """Open the folder of tier local or global; `root` is the workspace's."""
    if tier is Tier.LOCAL:
        return TierFolder(f"{root}/{ENGINE}", f"{ENGINE}/", alone=True)
    return TierFolder(homes.global_tier(), f"{homes.global_tier()}/", alone=True)


def shelf_of(folder: TierFolder) -> Shelf:
    """Give what closures are made of, digested as runs digest it."""
    return Shelf(
        ensembles=folder.shelf.ensembles,
        profiles=folder.shelf.profiles,
        scripts=Lazily(lambda reference: _script(folder, reference)),
    )


def ensemble_path(name: str) -> str:
    return f"{ENSEMBLES}/{name}.yaml"


def _script(folder: TierFolder, reference: str) -> bytes | None:
    opened = folder.script(reference)
    if opened is None or opened.escape:
        return None
    # With the line ends that a run reads, so that the digests are those of its evidence.
    return files.decoded(opened.content, f"{folder.shown}{opened.path}").encode()


def _file(folder: TierFolder, member: Member) -> Opened | None:
    if member.kind is Kind.ENSEMBLE:
        return folder.yaml(ensemble_path(member.name))
    if member.kind is Kind.PROFILE:
        return folder.yaml(folder.profile_paths[member.name])
    return folder.script(member.name)


def _in_the_way(folder: TierFolder, gap: Gap) -> Opened | None:
    """Open what stands where a gap is: a link is there, and still is nothing that one may read."""
    if gap.kind is Kind.PROFILE:
        return None
    return (
        folder.yaml(ensemble_path(gap.name))
        if gap.kind is Kind.ENSEMBLE
        else folder.script(gap.name)
    )


def _readable(folder: TierFolder, opened: Opened) -> Opened:
    at = f"{folder.shown}{opened.path}"
    if opened.escape:
        raise SourceError(opened.escape, at=at, hint="put a copy in its place")
    if opened.read.troubles:
        first = opened.read.troubles[0]
        raise SourceError(first.message, at=str(first.at), hint=first.hint)
    return opened


def _hint(folder: TierFolder, name: str, tier: Tier) -> str:
    if tier is Tier.GLOBAL:
        return f"conductor promote {name} --to global"
    known = [
        path.removeprefix(f"{ENSEMBLES}/").removesuffix(".yaml") for path in folder.ensembles()
    ]
    return nearest(name, known) if known else "conductor new-ensemble"
