"""`promote`: a plan from what is there now, and its application. In between stands the yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conductor.adapters import homes
from conductor.adapters.tree import Tree, locked
from conductor.app.collect import Collected, check_name, collect, ensemble_path
from conductor.app.journal import Journal, unfinished
from conductor.app.manifest import Promoted, change_of, read, read_manifest, write_manifest
from conductor.app.plans import document_in, none_such, still_holds
from conductor.app.prepared import CarriedOut, Prepared, evidence
from conductor.app.project import Project
from conductor.app.promotions import note_promotion
from conductor.app.readiness import examine
from conductor.app.script_report import report
from conductor.core.digest import digest_bytes
from conductor.core.plan import Change, Plan, PlannedFile
from conductor.core.tier import Tier
from conductor.errors import OutsideError, UsageError


def prepare(
    project: Project, name: str, target: Tier, *, then: Mapping[str, Any] | None = None
) -> Prepared:
    """Plan; nothing is written outside our own caches. `then` is a plan to be made again.

    An application that was interrupted is planned again as it was, where nothing changed since.
    """
    check_name(name)  # before it is part of any path
    if then is not None:
        return _plan(project, name, target, str(then["at"]), then)
    opened = unfinished(name, target)
    if opened is not None:
        again = _plan(project, name, target, str(opened["at"]), opened)
        if again.plan.document() == opened:
            return replace(again, resumed=True)
    return _plan(project, name, target, project.now(), None)


def from_text(project: Project, text: str, name: str, target: Tier) -> Prepared:
    """Make a plan that was written down again; raises UsageError when it no longer holds."""
    document = document_in(text)
    of = (document.get("ensemble"), document.get("to"))
    if None in of:
        raise none_such()
    if of != (name, str(target)):
        raise UsageError(f"this plan is about `{of[0]}` to {of[1]}")
    prepared = prepare(project, name, target, then=document)
    still_holds(document, prepared.plan, closed=_journal(prepared.plan).closed)
    return prepared


def _journal(plan: Plan) -> Journal:
    return Journal(plan.ensemble, str(plan.target), plan.digest)


def apply(project: Project, prepared: Prepared, *, consent: str) -> CarriedOut:
    """Carry the plan out and look at the result.

    `consent` is what the person said. Raises OutsideError when the destination is not what the
    plan saw, or not what was written.
    """
    plan = prepared.plan
    with locked(f"{homes.state()}/promotion.lock", "a promotion"):
        journal = _journal(plan)
        journal.note("opened", plan=plan.document(), consent=consent, resumed=prepared.resumed)
        if plan.outward is None:
            _to_folder(project, prepared)
            carried = CarriedOut(place=plan.destination)
        else:
            from conductor.app.hand_over import hand_over  # git costs a quarter of a second

            carried = hand_over(project, project.settings.library, plan.outward, journal)
        note_promotion(project, plan, place=carried.place)
        journal.close()
    return carried


def _to_folder(project: Project, prepared: Prepared) -> None:
    plan = prepared.plan
    tree = Tree(plan.destination)
    _write(tree, prepared)
    _verify(tree, plan)
    entry = Promoted(
        workspace=project.root,
        at=plan.at,
        plan=plan.digest,
        text_digest=plan.readiness.text_digest,
        files={one.path: one.digest for one in plan.files},
    )
    write_manifest(tree, {**read_manifest(tree), plan.ensemble: entry})


def _plan(
    project: Project, name: str, target: Tier, at: str, then: Mapping[str, Any] | None
) -> Prepared:
    if target is Tier.LIBRARY:
        from conductor.app.contribute import plan_contribution  # git costs a quarter of a second

        return plan_contribution(project, name, at, then)
    found = collect(project.root, name, Tier.LOCAL)
    destination = homes.global_tier()
    manifest = read_manifest(Tree(destination))
    planned = _files(Tree(destination), manifest, found)
    conflicts = tuple(one.path for one in planned if one.change is Change.CONFLICT)
    examined = examine(project, name, target, conflicts=conflicts)
    plan = Plan(
        ensemble=name,
        source=examined.source,
        target=target,
        destination=destination,
        at=at,
        policy=project.judging.revision,
        readiness=examined.readiness,
        evidence=evidence(examined.counted),
        files=planned,
        done=name in manifest and all(one.change is Change.SAME for one in planned),
    )
    return Prepared(plan=plan, examined=examined, contents=examined.found.contents)


def _files(
    tree: Tree, manifest: Mapping[str, Promoted], found: Collected
) -> tuple[PlannedFile, ...]:
    """Compare with the destination. The ensemble comes last: with it the rest is used."""
    own = ensemble_path(found.name)
    planned = []
    for path in sorted(found.contents, key=lambda path: (path == own, path)):
        data = found.contents[path]
        digest = digest_bytes(data)
        change = change_of(tree, manifest, found.name, path, digest)
        does = report(path, data, read(tree, path))
        planned.append(
            PlannedFile(path=path, digest=digest, bytes=len(data), change=change, does=does)
        )
    return tuple(planned)


def _write(tree: Tree, prepared: Prepared) -> None:
    manifest = read_manifest(tree)
    for one in prepared.plan.files:
        now = change_of(tree, manifest, prepared.plan.ensemble, one.path, one.digest)
        if now is Change.CONFLICT:
            raise OutsideError(
                "the file was changed after the plan was made",
                at=f"{tree.root}/{one.path}",
                hint="look at it, then plan again",
            )
        if now is not Change.SAME:
            tree.write(one.path, prepared.contents[one.path])


def _verify(tree: Tree, plan: Plan) -> None:
    for one in plan.files:
        data = read(tree, one.path)
        if data is None or digest_bytes(data) != one.digest:
            raise OutsideError(
                "the file is not what was written",
                at=f"{tree.root}/{one.path}",
                hint="another program works in this folder; run the same command again",
            )
