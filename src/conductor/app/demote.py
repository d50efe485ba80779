"""`demote`: the way back out of tier global. What leaves it is kept, and can be put back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePosixPath

from conductor.adapters import homes
from conductor.adapters.tree import Tree, locked
from conductor.app import trash
from conductor.app.collect import ensemble_path, folder_of
from conductor.app.manifest import Promoted, read, read_manifest, write_manifest
from conductor.app.project import Project
from conductor.app.trash import Trashed
from conductor.compiler.problems import nearest
from conductor.core.closure import Kind, close
from conductor.core.demotion import Demotion
from conductor.core.digest import digest_bytes
from conductor.core.entries import Consent, Context, Promotion
from conductor.core.tier import Tier
from conductor.errors import OutsideError, UsageError

_LOCK = "a promotion"
_ENSEMBLES = "ensembles/"


def plan(name: str, tier: Tier) -> Demotion:
    """Plan; nothing is written. Raises UsageError for what conductor did not promote there."""
    if tier is Tier.LIBRARY:
        raise UsageError(
            "conductor does not take anything out of a library yet",
            hint=f"open a pull request that removes {ensemble_path(name)}",
        )
    tree = Tree(homes.global_tier())
    manifest = read_manifest(tree)
    entry = manifest.get(name)
    if entry is None:
        raise UsageError(
            f"conductor promoted no `{name}` to tier global",
            hint=nearest(name, [*manifest]) if manifest else "conductor status",
        )
    own = ensemble_path(name)
    parts = {PurePosixPath(path).stem for path in entry.files if path.startswith(_ENSEMBLES)}
    users = _users((parts - set(manifest)) | {name})
    there = {path: _digest(tree, path) for path in entry.files}
    kept = {path: users[path] for path in entry.files if users.get(path)}
    kept.pop(own, None)
    leaving = [path for path in entry.files if path not in kept and there[path]]
    return Demotion(
        ensemble=name,
        tier=tier,
        place=tree.root,
        promoted=entry.plan,
        removed={
            path: entry.files[path] for path in sorted(leaving, key=lambda one: (one != own, one))
        },
        kept=kept,
        gone=tuple(path for path in entry.files if not there[path]),
        changed=tuple(path for path in leaving if there[path] != entry.files[path]),
        needed_by=users.get(own, ()),
    )


def apply(project: Project, demotion: Demotion, *, reason: str) -> Trashed:
    """Carry out what a person said yes to; interrupted, the same command finishes it.

    Raises OutsideError when the tier is not what the plan saw.
    """
    with locked(f"{homes.state()}/promotion.lock", _LOCK):
        tree = Tree(demotion.place)
        manifest = read_manifest(tree)
        if plan(demotion.ensemble, demotion.tier) != demotion:
            raise OutsideError("the tier changed after the plan was made", hint="plan again")
        contents = {path: read(tree, path) or b"" for path in demotion.removed}
        trashed = _kept(project, demotion, manifest[demotion.ensemble], reason)
        trash.put(trashed, contents)
        for path in demotion.removed:
            tree.remove(path)
        write_manifest(tree, {key: one for key, one in manifest.items() if key != trashed.ensemble})
        _note(project, trashed, "demoted", demotion.digest)
    return trashed


def restorable(name: str) -> Trashed:
    """Find what can be put back; raises UsageError when nothing can."""
    trashed = trash.latest(name)
    if trashed is None:
        raise UsageError(
            f"no demoted `{name}` is kept", hint=f"conductor promote {name} --to global"
        )
    return trashed


def restore(project: Project, trashed: Trashed) -> None:
    """Put back what was demoted, as it was; raises OutsideError where something else stands."""
    with locked(f"{homes.state()}/promotion.lock", _LOCK):
        tree = Tree(homes.global_tier())
        manifest = read_manifest(tree)
        for path, digest in trashed.removed.items():
            there = _digest(tree, path)
            if there not in {"", digest}:
                raise OutsideError(
                    "something else stands there now",
                    at=f"{tree.root}/{path}",
                    hint="move it away, then try again",
                )
        for path in reversed([*trashed.removed]):  # the ensemble last: with it the rest is used
            tree.write(path, trashed.content(path))
        write_manifest(tree, {**manifest, trashed.ensemble: trashed.entry})
        _note(project, trashed, "restored", trashed.entry.plan)
        trash.forget(trashed)


def consented(project: Project, name: str, digest: str, *, granted: bool) -> None:
    """Append a person's answer to the ledger."""
    project.ledger.add(
        Consent(
            id=project.new_id(),
            at=project.now(),
            context=Context(ensemble=name),
            subject="demotion",
            digest=digest,
            granted=granted,
            way="terminal",
        )
    )


def _kept(project: Project, demotion: Demotion, entry: Promoted, reason: str) -> Trashed:
    """Say what goes into the trash, with what an interrupted attempt put there already."""
    folder = trash.folder_for(demotion.ensemble, demotion.promoted)
    before = trash.read(folder)
    new = Trashed(
        folder=folder,
        ensemble=demotion.ensemble,
        at=project.now(),
        reason=reason,
        entry=entry,
        removed=demotion.removed,
    )
    return replace(new, removed={**before.removed, **new.removed}) if before else new


def _users(leaving: set[str]) -> dict[str, tuple[str, ...]]:
    """Say for each file of the tier which ensembles need it besides those that leave."""
    folder = folder_of("", Tier.GLOBAL)
    users: dict[str, set[str]] = {}
    for path in folder.ensembles():
        stem = PurePosixPath(path).stem
        opened = folder.yaml(path)
        if stem in leaving or opened is None or opened.escape:
            continue
        for one in close(stem, opened.read.data, folder.shelf).members:
            if one.kind is Kind.ENSEMBLE:
                needed = ensemble_path(one.name)
            elif one.kind is Kind.PROFILE:
                needed = folder.profile_paths[one.name]
            else:
                found = folder.script(one.name)
                needed = found.path if found else one.name
            users.setdefault(needed, set()).add(stem)
    return {path: tuple(sorted(names)) for path, names in users.items()}


def _digest(tree: Tree, path: str) -> str:
    data = read(tree, path)
    return "" if data is None else digest_bytes(data)


def _note(project: Project, trashed: Trashed, act: str, digest: str) -> None:
    tiers = ("global", "local") if act == "demoted" else ("local", "global")
    project.ledger.add(
        Promotion(
            id=project.new_id(),
            at=project.now(),
            context=Context(ensemble=trashed.ensemble, text_digest=trashed.entry.text_digest),
            act=act,
            from_tier=tiers[0],
            to_tier=tiers[1],
            plan=digest,
            place=trashed.folder,
            detail=json.dumps({"reason": trashed.reason}),
        )
    )
