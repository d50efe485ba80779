"""`promote`: a plan from what is there now, and its application. In between stands the yes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from conductor.adapters import homes
from conductor.adapters.tree import Tree, locked
from conductor.app.collect import Collected, collect, ensemble_path
from conductor.app.journal import Journal, unfinished
from conductor.app.manifest import Promoted, change_of, read, read_manifest, write_manifest
from conductor.app.project import Project
from conductor.app.readiness import Examined, examine, gate_of
from conductor.core.digest import digest_bytes
from conductor.core.gates import Counted
from conductor.core.plan import Change, Plan, PlannedFile, differences
from conductor.core.tier import Tier
from conductor.errors import OutsideError, UsageError

SIGNATURES = "conductor-plan"  # the namespace of a person's signature over a plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A plan with the bytes that it speaks of."""

    plan: Plan
    examined: Examined
    contents: Mapping[str, bytes]
    resumed: bool = False  # an earlier application of this very plan did not come to its end


def prepare(project: Project, name: str, target: Tier, *, at: str = "") -> Prepared:
    """Plan; nothing is written anywhere. `at` makes a plan of the past again.

    An application that was interrupted is planned again as it was, where nothing changed since.
    """
    if at:
        return _plan(project, name, target, at)
    opened = unfinished(name, target)
    if opened is not None:
        again = _plan(project, name, target, str(opened["at"]))
        if again.plan.document() == opened:
            return replace(again, resumed=True)
    return _plan(project, name, target, project.now())


def from_text(project: Project, text: str, name: str, target: Tier) -> Prepared:
    """Make a plan that was written down again; raises UsageError when it no longer holds."""
    try:
        document = json.loads(text)["plan"]
        at, of = str(document["at"]), (document["ensemble"], document["to"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError("this is no plan", hint="write one with `--plan-out FILE`") from error
    if of != (name, str(target)):
        raise UsageError(f"this plan is about `{of[0]}` to {of[1]}")
    prepared = prepare(project, name, target, at=at)
    if stale := differences(document, prepared.plan.document()):
        raise UsageError(
            f"the plan is stale: {', '.join(stale)} changed since",
            hint="make a new one: `--plan-out FILE`",
        )
    if Journal(prepared.plan).closed:
        raise UsageError(
            "this plan was carried out already", hint="make a new one: `--plan-out FILE`"
        )
    return prepared


def plan_text(plan: Plan) -> str:
    """Give the file that `--plan-out` writes and that a person may sign."""
    content = {"format": 1, "digest": plan.digest, "plan": plan.document()}
    return json.dumps(content, indent=1) + "\n"


def wants_signature(project: Project, target: Tier) -> bool:
    """Tell whether the policy takes nothing but a signature for this tier."""
    return gate_of(project, target).signature


def signed_by(text: str, signature: str) -> str:
    """Name the person whose signature over the text of a plan stands for their yes."""
    from conductor.adapters.signatures import signer

    data = text.encode()
    allowed = f"{homes.config()}/allowed_signers"
    return signer(data, signature, namespace=SIGNATURES, allowed=allowed)


def apply(prepared: Prepared, workspace: str, *, consent: str) -> None:
    """Carry the plan out and look at the result; `consent` is what the person said.

    Raises OutsideError when the destination is not what the plan saw, or not what was written.
    """
    plan = prepared.plan
    with locked(f"{homes.state()}/promotion.lock", "a promotion"):
        journal = Journal(plan)
        journal.note("opened", plan=plan.document(), consent=consent, resumed=prepared.resumed)
        tree = Tree(plan.destination)
        _write(tree, prepared)
        _verify(tree, plan)
        entry = Promoted(
            workspace=workspace,
            at=plan.at,
            plan=plan.digest,
            text_digest=plan.readiness.text_digest,
            files={one.path: one.digest for one in plan.files},
        )
        write_manifest(tree, {**read_manifest(tree), plan.ensemble: entry})
        journal.close()


def _plan(project: Project, name: str, target: Tier, at: str) -> Prepared:
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


def evidence(counted: Counted) -> dict[str, object]:
    """Give the counts that a plan and a contribution show; no inputs, outputs or paths."""
    return {
        "judge": counted.judge,
        "good": counted.good,
        "acceptable": counted.acceptable,
        "poor": counted.poor,
        "distinct_inputs": counted.inputs,
    }


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
        planned.append(PlannedFile(path=path, digest=digest, bytes=len(data), change=change))
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
