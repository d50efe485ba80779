"""`status`: what is in tier global, against the workspaces that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from conductor.adapters import homes, inside
from conductor.adapters.tree import Tree
from conductor.app import trash
from conductor.app.collect import collect, ensemble_path, folder_of
from conductor.app.lint import Target, judge
from conductor.app.manifest import Promoted, read_manifest
from conductor.app.settings import Upstream, read_settings
from conductor.compiler.problems import nearest
from conductor.core.digest import digest_bytes
from conductor.core.drift import Drift, drift, whole
from conductor.core.tier import Tier
from conductor.errors import ConductorError, UsageError
from conductor.lint.catalogue import rule
from conductor.lint.rule import Verdict
from conductor.lint.waivers import Waiver, problem, waivers

if TYPE_CHECKING:
    from conductor.app.library_status import InLibrary, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A waiver in the ensemble; `problem` says why it does not count, empty when it does."""

    waiver: Waiver
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One ensemble, here and in tier global."""

    name: str
    drift: Drift
    files: Mapping[str, Drift]  # by path in the tier
    workspace: str = ""  # that it was promoted from; empty: conductor did not
    at: str = ""  # when
    problem: str = ""  # why the files here cannot be compared
    waivers: tuple[Held, ...] = ()
    restorable: bool = False  # it was demoted, and is kept
    library: InLibrary | None = None  # None: the library is not known here

    @property
    def asks(self) -> bool:
        """Whether somebody should look at it."""
        drifts = {self.drift, self.library.drift if self.library else Drift.SAME}
        quiet = drifts <= {Drift.SAME, Drift.LOCAL}
        return not quiet or any(one.problem for one in self.waivers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What there is; `library` is None when this workspace knows no library."""

    states: tuple[State, ...]
    library: Seen | None


def status(root: str | None, name: str, today: str, *, fetch: bool = False) -> Status:
    """Compare one ensemble, or with an empty name all of them; raises UsageError for an unknown.

    `root` is the workspace here; `today` is the ISO date that waivers end by. With `fetch` the
    library is looked at again, else as it was seen last.
    """
    settings = read_settings(root).library if root else Upstream(section="library")
    if fetch and not settings.remote:
        raise UsageError(
            "this workspace names no library",
            hint='write `remote = "…"` under [library] in conductor.toml',
        )
    manifest = read_manifest(Tree(homes.global_tier()))
    theirs = _names(folder_of("", Tier.GLOBAL).ensembles())
    ours = _names(folder_of(root, Tier.LOCAL).ensembles()) if root else set()
    seen = _library(settings, {*manifest, *theirs}, fetch=fetch)
    in_library = (seen.ensembles or {}) if seen else {}
    known = sorted({*manifest, *theirs, *ours, *in_library})
    if name and name not in known:
        hint = nearest(name, known) if known else "conductor ensembles list"
        raise UsageError(f"there is no ensemble `{name}` here or in tier global", hint=hint)
    states = tuple(
        replace(
            _state(root if one in ours else None, one, manifest.get(one), today),
            library=in_library.get(one),
        )
        for one in ([name] if name else known)
    )
    return Status(states=states, library=seen)


def _library(settings: Upstream, names: set[str], *, fetch: bool) -> Seen | None:
    if not settings.remote:
        return None
    from conductor.app.library_status import look  # git costs a quarter of a second

    return look(settings, names, fetch=fetch)


def _state(root: str | None, name: str, entry: Promoted | None, today: str) -> State:
    home = root or _origin(entry, name)
    problem, here = "", {}
    if home:
        try:
            found = collect(home, name, Tier.LOCAL)
            here = {path: digest_bytes(data) for path, data in found.contents.items()}
        except ConductorError as error:
            problem = f"{error.at}: {error.message}" if error.at else error.message
    base = entry.files if entry else {}
    there = {path: _digest(path) for path in {*here, *base, ensemble_path(name)}}
    compared = {
        path: drift(here.get(path, ""), there[path], base.get(path, ""))
        for path in sorted(there)
        if here.get(path) or there[path]
    }
    return State(
        name=name,
        drift=_overall(compared, ensemble_path(name), problem),
        files=compared,
        workspace=entry.workspace if entry else "",
        at=entry.at if entry else "",
        problem=problem,
        waivers=tuple(_waivers(home, name, today)) if home and not problem else (),
        restorable=trash.latest(name) is not None,
    )


def _overall(compared: Mapping[str, Drift], own: str, problem: str) -> Drift:
    """Call what cannot be read on this side another content than what is there."""
    if problem:
        return Drift.DIVERGED if own in compared else Drift.LOCAL
    return whole(compared, own)


def _origin(entry: Promoted | None, name: str) -> str | None:
    """Find the other workspace that an ensemble was promoted from, while it still has it."""
    if entry is None:
        return None
    path = Path(entry.workspace, ".llm-orc", ensemble_path(name))
    return entry.workspace if path.is_file() else None


def _waivers(home: str, name: str, today: str) -> Iterator[Held]:
    """List what somebody let stand, with what ended and what is about nothing any more."""
    folder = folder_of(home, Tier.LOCAL)
    target = Target(folder=folder, path=ensemble_path(name))
    opened = folder.yaml(target.path)
    if opened is None or "waivers" not in opened.read.text:
        return
    judging = judge(Tier.LIBRARY, origin=None, root=None, today=today)
    (subject, *_) = judging.subjects([target])
    met = {
        (one.rule.name, one.field, one.match)
        for one in judging.report([target]).judgements
        if one.verdict is Verdict.WAIVED
    }
    for one in waivers(subject):
        known = rule(one.rule)
        idle = known is None or (known.name, one.at, one.match) not in met
        yield Held(
            waiver=one,
            problem=problem(one, today) or ("is about nothing that is found here" if idle else ""),
        )


def _digest(path: str) -> str:
    try:
        data = inside.read(homes.global_tier(), path)
    except (inside.Escapes, OSError):
        return "unreadable"
    return "" if data is None else digest_bytes(data)


def _names(paths: list[str]) -> set[str]:
    return {PurePosixPath(path).stem for path in paths if path.count("/") == 1}
