"""A contribution to the library as a plan: its commit is made, and nobody outside knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conductor.adapters.git.commits import person, write_commit
from conductor.app.collect import Collected, collect, ensemble_path
from conductor.app.ensembles import bindings
from conductor.app.journal import plans
from conductor.app.library import OpenLibrary, open_library, tier_at, users
from conductor.app.prepared import Prepared, evidence
from conductor.app.project import Project
from conductor.app.proposing import pull_request_of, way_to
from conductor.app.readiness import Examined, examine
from conductor.app.record import models_of
from conductor.app.run import with_embedded
from conductor.app.sworn import sworn
from conductor.app.terms import terms
from conductor.app.tier_folder import SCRIPTS
from conductor.core.closure import agents_of
from conductor.core.digest import digest_bytes
from conductor.core.outward import Outward, message
from conductor.core.plan import Change, Plan, PlannedFile
from conductor.core.statement import path_of
from conductor.core.tier import Tier
from conductor.errors import UsageError
from conductor.formats import pull_request
from conductor.formats.pull_request import About, Facts
from conductor.lint.capabilities import capabilities

_MOST_BYTES = 50_000_000


def plan_contribution(
    project: Project, name: str, at: str, then: Mapping[str, Any] | None = None
) -> Prepared:
    """Plan; `then` is the document of an earlier plan that may be carried on.

    Raises UsageError with what stands in the way outside: somebody else's commits, a pull request
    that was closed.
    """
    library = open_library(project.settings.library)
    found = collect(project.root, name, Tier.GLOBAL)
    branch = library.branch(name)
    there = branch.head()
    base = _base(library, there, then)
    planned = _files(library, base, found)
    conflicts = tuple(one.path for one in planned if one.change is Change.CONFLICT)
    examined = examine(project, name, Tier.LIBRARY, conflicts=conflicts)
    done = all(one.change is Change.SAME for one in planned)
    contents = dict(examined.found.contents)
    outward = None
    if examined.readiness.ready and not done:
        if there:
            refuse_foreign(name, there, branch.name)
        facts, contents = _record(project, examined, planned, contents)
        planned = facts.files
        outward = _outward(library, base, facts, contents, at, there=there)
    plan = Plan(
        ensemble=name,
        source=examined.source,
        target=Tier.LIBRARY,
        destination=library.settings.remote,
        at=at,
        policy=project.judging.revision,
        readiness=examined.readiness,
        evidence=evidence(examined.counted),
        files=planned,
        done=done,
        outward=outward,
    )
    return Prepared(plan=plan, examined=examined, contents=contents)


def refuse_foreign(name: str, commit: str, branch: str) -> None:
    """Raise UsageError when a branch is at a commit that no plan of this person made."""
    ours = {
        str(plan["outward"]["commit"]) for plan in plans(name, Tier.LIBRARY) if "outward" in plan
    }
    if commit not in ours:
        raise UsageError(
            f"the branch `{branch}` holds commit {commit[:12]}, which conductor did not make",
            hint="look at it; delete the branch, or name another under `[library] branch`",
        )


def _base(library: OpenLibrary, there: str, then: Mapping[str, Any] | None) -> str:
    """Stay on the base of an earlier plan while its commit is what the branch holds."""
    earlier = (then or {}).get("outward") or {}
    if there and earlier.get("commit") == there and library.mirror.has(str(earlier["base_commit"])):
        return str(earlier["base_commit"])
    return library.commit


def _files(library: OpenLibrary, base: str, found: Collected) -> tuple[PlannedFile, ...]:
    """Compare with the library. What only this ensemble uses there may be replaced."""
    entries = {one.path: one for one in library.mirror.entries(base)}
    odd = [path for path in found.contents if path in entries and not entries[path].is_file]
    if odd:
        raise UsageError(
            f"`{odd[0]}` is no regular file in the library", hint="tell its maintainers"
        )
    there = library.mirror.read(
        [entries[path] for path in found.contents if path in entries], most=_MOST_BYTES
    )
    differing = {path for path, data in there.items() if data != found.contents[path]}
    used: Mapping[str, str] = {}
    if differing:
        with tier_at(library.mirror, base) as tier:
            used = users(tier, besides=found.name)
    own = ensemble_path(found.name)
    is_there = own in entries
    planned = []
    for path in sorted(found.contents, key=lambda path: (path == own, path)):
        if path not in there:
            change = Change.ADD
        elif path not in differing:
            change = Change.SAME
        else:
            change = Change.REPLACE if is_there and path not in used else Change.CONFLICT
        planned.append(_planned(path, found.contents[path], change))
    return tuple(planned)


def _planned(path: str, data: bytes, change: Change) -> PlannedFile:
    return PlannedFile(path=path, digest=digest_bytes(data), bytes=len(data), change=change)


def _record(
    project: Project,
    examined: Examined,
    planned: tuple[PlannedFile, ...],
    contents: Mapping[str, bytes],
) -> tuple[Facts, dict[str, bytes]]:
    """Gather what is told about the ensemble, and add the statement of its evidence."""
    found = examined.found
    bound = with_embedded(project, bindings(found.loaded, project.settings))
    models = dict(models_of(bound))
    path = path_of(found.name, found.closure.text_digest)
    statement = sworn(project, examined, models)
    own = ensemble_path(found.name)
    facts = Facts(
        about=_about(found),
        readiness=examined.readiness,
        counted=examined.counted,
        assessed=examined.assessed,
        models=models,
        scripts={
            script: capabilities(script, data.decode("utf-8", "replace"))
            for script, data in contents.items()
            if script.startswith(f"{SCRIPTS}/")
        },
        files=(*planned, _planned(path, statement, Change.ADD)),
        evidence=path,
        policy=terms(project.sections),
        update=any(one.path == own and one.change is not Change.ADD for one in planned),
    )
    return facts, {**contents, path: statement}


def _about(found: Collected) -> About:
    document = found.loaded.document
    block = document.get("x-conductor")
    block = block if isinstance(block, dict) else {}
    authors = block.get("authors")
    return About(
        name=found.name,
        description=str(document.get("description") or ""),
        version=str(block.get("version") or ""),
        license=str(block.get("license") or ""),
        authors=tuple(map(str, authors)) if isinstance(authors, list) else (),
        task=found.loaded.task,
        agents=len(agents_of(document)),
    )


def _outward(
    library: OpenLibrary,
    base: str,
    facts: Facts,
    contents: Mapping[str, bytes],
    at: str,
    *,
    there: str,
) -> Outward:
    """Make the commit, and find the way that it can be handed over."""
    title = pull_request.title(facts)
    commit = write_commit(
        library.mirror,
        base,
        contents,
        author=person(library.mirror),
        at=at,
        message=message(title, pull_request.summary(facts), _trailers(facts, contents)),
    )
    branch = library.branch(facts.about.name)
    rung, forge = way_to(library, branch, commit, there=there)
    if forge:
        pull_request_of(forge, library, branch.name)  # raises where a person closed one
    return Outward(
        remote=library.settings.remote,
        base=library.base,
        base_commit=base,
        push_to=branch.address,
        branch=branch.name,
        commit=commit,
        repository=str(library.repository or ""),
        rung=rung,
        title=title,
        body=pull_request.body(facts),
    )


def _trailers(facts: Facts, contents: Mapping[str, bytes]) -> dict[str, str]:
    return {
        "Conductor-Closure": facts.readiness.text_digest,
        "Conductor-Evidence": f"{facts.evidence} {digest_bytes(contents[facts.evidence])}",
        "Conductor-Policy": facts.policy,
        "Conductor-From": str(Tier.GLOBAL),
    }
