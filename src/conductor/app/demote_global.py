"""Demoting from tier global: what leaves it is kept, and can be put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from conductor.adapters import homes
from conductor.adapters.tree import Tree, locked
from conductor.app import trash
from conductor.app.collect import ensemble_path, folder_of
from conductor.app.library import users_of
from conductor.app.manifest import Promoted, read, read_manifest, write_manifest
from conductor.app.marking import content, marked
from conductor.app.project import Project
from conductor.app.tier_folder import ENSEMBLES
from conductor.app.trash import Trashed
from conductor.compiler.problems import nearest
from conductor.core.demotion import Act, Demotion, Wish
from conductor.core.deprecation import path_of
from conductor.core.digest import digest_bytes
from conductor.core.entries import Context, Promotion
from conductor.core.tier import Tier
from conductor.errors import OutsideError, UsageError

_RESTORED = "restored"


def plan(wish: Wish, at: str, then: Mapping[str, Any] | None = None) -> Demotion:
    """Plan; nothing is written. Raises UsageError for what is not there.

    `then` is the document of a plan that may have been carried out but for its record.
    """
    tree = Tree(homes.global_tier())
    made = Demotion(wish=wish, place=tree.root, at=at)
    if wish.act is Act.REMOVE:
        return _removal(tree, made, then)
    return marked(folder_of("", Tier.GLOBAL), made)


def _removal(tree: Tree, made: Demotion, then: Mapping[str, Any] | None) -> Demotion:
    name, manifest = made.ensemble, read_manifest(tree)
    entry = manifest.get(name)
    if entry is None and then is not None and (over := _carried_out(tree, made, then)):
        return over
    if entry is None:
        raise UsageError(
            f"conductor promoted no `{name}` to tier global",
            hint=nearest(name, [*manifest]) if manifest else "conductor status",
        )
    own, mark = ensemble_path(name), path_of(name)
    parts = {PurePosixPath(path).stem for path in entry.files if path.startswith(f"{ENSEMBLES}/")}
    users = users_of(folder_of("", Tier.GLOBAL), (parts - set(manifest)) | {name})
    there = {path: _digest(tree, path) for path in entry.files}
    kept = {path: users[path] for path in entry.files if users.get(path) and path != own}
    leaving = sorted(
        (path for path in entry.files if path not in kept and there[path]),
        key=lambda path: (path != own, path),
    )
    marks = {mark: digest} if (digest := _digest(tree, mark)) else {}
    return replace(
        made,
        promoted=entry.plan,
        removed={path: entry.files[path] for path in leaving} | marks,
        kept=kept,
        gone=tuple(path for path in entry.files if not there[path]),
        changed=tuple(path for path in leaving if there[path] != entry.files[path]),
        needed_by=users.get(own, ()),
    )


def _carried_out(tree: Tree, made: Demotion, then: Mapping[str, Any]) -> Demotion | None:
    """Give an earlier plan of which nothing is left to do in the tier; None for any other."""
    removed = {str(path): str(digest) for path, digest in then["removed"].items()}
    before = trash.read(trash.folder_for(made.ensemble, str(then["promoted"])))
    if before is None or any(_digest(tree, path) for path in removed):
        return None
    kept = {str(path): () for path in then["kept"]}
    return replace(made, promoted=str(then["promoted"]), removed=removed, kept=kept)


def carry_out(demotion: Demotion) -> str:
    """Do what was planned; gives where the files are kept, or the tier's folder."""
    tree = Tree(demotion.place)
    if demotion.wish.act is Act.DEPRECATE:
        tree.write(path_of(demotion.ensemble), content(demotion))
        return tree.root
    if demotion.wish.act is Act.RENEW:
        tree.remove(path_of(demotion.ensemble))
        return tree.root
    manifest = read_manifest(tree)
    if demotion.ensemble not in manifest:
        return trash.folder_for(demotion.ensemble, demotion.promoted)
    contents = {path: read(tree, path) or b"" for path in demotion.removed}
    trashed = _kept(demotion, manifest[demotion.ensemble])
    trash.put(trashed, contents)
    for path in demotion.removed:
        tree.remove(path)
    write_manifest(tree, {key: one for key, one in manifest.items() if key != trashed.ensemble})
    return trashed.folder


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
    with locked(f"{homes.state()}/promotion.lock", "a promotion"):
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
        _note_restored(project, trashed)
        trash.forget(trashed)


def _kept(demotion: Demotion, entry: Promoted) -> Trashed:
    """Say what goes into the trash, with what an interrupted attempt put there already."""
    folder = trash.folder_for(demotion.ensemble, demotion.promoted)
    before = trash.read(folder)
    new = Trashed(
        folder=folder,
        ensemble=demotion.ensemble,
        at=demotion.at,
        reason=demotion.wish.reason,
        entry=entry,
        removed=demotion.removed,
    )
    return replace(new, removed={**before.removed, **new.removed}) if before else new


def _digest(tree: Tree, path: str) -> str:
    data = read(tree, path)
    return "" if data is None else digest_bytes(data)


def _note_restored(project: Project, trashed: Trashed) -> None:
    noted = project.ledger.entries(Promotion, ensemble=trashed.ensemble)
    if any(one.act == _RESTORED and one.at > trashed.at for one in noted):
        return  # by the attempt that was interrupted
    project.ledger.add(
        Promotion(
            id=project.new_id(),
            at=project.now(),
            context=Context(ensemble=trashed.ensemble, text_digest=trashed.entry.text_digest),
            act=_RESTORED,
            from_tier=str(Tier.LOCAL),
            to_tier=str(Tier.GLOBAL),
            plan=trashed.entry.plan,
            place=trashed.folder,
        )
    )
