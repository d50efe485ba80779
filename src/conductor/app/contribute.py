"""A contribution to the library as a plan: its commit is made, and nobody outside knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conductor.app.collect import Collected, collect, ensemble_path, shelf_of
from conductor.app.ensembles import bindings
from conductor.app.library import tier_at, users_of
from conductor.app.offering import Offer, offered
from conductor.app.prepared import Prepared, evidence
from conductor.app.project import Project
from conductor.app.readiness import Examined, examine
from conductor.app.record import models_of
from conductor.app.run import with_embedded
from conductor.app.script_report import report
from conductor.app.sworn import sworn
from conductor.app.terms import terms
from conductor.app.tier_folder import SCRIPTS, TierFolder
from conductor.app.upstream import OpenUpstream, open_upstream
from conductor.core.closure import agents_of, close
from conductor.core.digest import digest_bytes
from conductor.core.plan import Change, Plan, PlannedFile
from conductor.core.statement import path_of
from conductor.core.tier import Tier
from conductor.core.version import following, proposed
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
    library = open_upstream(project.settings.library)
    found = collect(project.root, name, Tier.GLOBAL)
    branch = library.branch(name)
    there = branch.head()
    base = library.base_for(there, then)
    planned = _files(library, base, found)
    conflicts = tuple(one.path for one in planned if one.change is Change.CONFLICT)
    examined = examine(project, name, Tier.LIBRARY, conflicts=conflicts)
    done = all(one.change is Change.SAME for one in planned)
    contents = dict(examined.found.contents)
    outward = None
    if examined.readiness.ready and not done:
        facts, contents = _record(project, examined, planned, contents)
        planned = facts.files
        offer = Offer(
            title=pull_request.title(facts),
            summary=pull_request.summary(facts),
            body=pull_request.body(facts),
            trailers=_trailers(facts, contents),
            files=contents,
        )
        outward = offered(library, branch, offer, base=base, at=at, ours=(name, Tier.LIBRARY))
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


def _files(library: OpenUpstream, base: str, found: Collected) -> tuple[PlannedFile, ...]:
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
    used: Mapping[str, tuple[str, ...]] = {}
    if differing:
        with tier_at(library.mirror, base) as tier:
            used = users_of(tier, {found.name})
            _refuse_same_version(tier, found)
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
        data = found.contents[path]
        planned.append(
            replace(_planned(path, data, change), does=report(path, data, there.get(path)))
        )
    return tuple(planned)


def _refuse_same_version(tier: TierFolder, found: Collected) -> None:
    """Raise UsageError when the library has other content under the same version."""
    there = tier.yaml(ensemble_path(found.name))
    if there is None or there.escape:
        return
    digest = close(found.name, there.read.data, shelf_of(tier)).text_digest
    version = _version(found.loaded.document)
    if version and version == _version(there.read.data) and digest != found.closure.text_digest:
        step = proposed(there.read.data, found.loaded.document)
        why = f" ({_few(step.because)})" if step.because else ""
        raise UsageError(
            f"version `{version}` of `{found.name}` is in the library with other content",
            hint=f"give it another `version`, at least `{following(version, step.step)}`{why}, and"
            f" `conductor promote {found.name} --to global` again",
        )


def _few(reasons: tuple[str, ...]) -> str:
    more = f" and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}"


def _version(document: Mapping[str, Any]) -> str:
    block = document.get("x-conductor")
    return str(block.get("version") or "") if isinstance(block, dict) else ""


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
        version=_version(document),
        license=str(block.get("license") or ""),
        authors=tuple(map(str, authors)) if isinstance(authors, list) else (),
        task=found.loaded.task,
        agents=len(agents_of(document)),
    )


def _trailers(facts: Facts, contents: Mapping[str, bytes]) -> dict[str, str]:
    return {
        "Conductor-Closure": facts.readiness.text_digest,
        "Conductor-Evidence": f"{facts.evidence} {digest_bytes(contents[facts.evidence])}",
        "Conductor-Policy": facts.policy,
        "Conductor-From": str(Tier.GLOBAL),
    }
