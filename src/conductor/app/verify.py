"""`library verify`: a maintainer's check of a contribution, from the commit alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from conductor.adapters import clock, files, inside
from conductor.adapters.git import Entry, Mirror, repository_around
from conductor.adapters.git.commits import merge_base, message_of
from conductor.adapters.git.signed import ALLOWED, signature_of
from conductor.app.build import bundle_text, workspace_of
from conductor.app.collect import shelf_of
from conductor.app.library import EVIDENCE, STATUS, path_of_member, safe_path, tier_at
from conductor.app.lint import Target, lint_targets, surroundings
from conductor.app.readiness import IN_THE_WAY
from conductor.app.revisions import mirror_of
from conductor.app.terms import terms
from conductor.app.tier_folder import ENSEMBLES, TierFolder
from conductor.core import verification
from conductor.core.claim import read_claim
from conductor.core.closure import close
from conductor.core.deprecation import read_deprecation
from conductor.core.digest import digest_bytes
from conductor.core.finding import Finding, Level, Place, failed, in_order
from conductor.core.library_index import INDEX
from conductor.core.outward import trailers
from conductor.core.promotion import Gate
from conductor.core.statement import path_of
from conductor.core.tier import Tier
from conductor.core.verification import Seen
from conductor.errors import UsageError
from conductor.lint.rule import Verdict
from conductor.lint.run import lint
from conductor.lint.subject import Form, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was looked at, and where it differs from what it claims to be."""

    top: str
    commit: str
    base: str  # empty: the library as a whole
    policy: str
    ensembles: Mapping[str, str]  # name -> text digest
    findings: tuple[Finding, ...]
    signature: str  # who signed the commit, in words; it fails nothing

    @property
    def failed(self) -> bool:
        return failed(self.findings)


def verify(folder: str, revision: str, base: str, terms_of: str = "") -> Verified:
    """Check a commit of the repository around `folder`; raises UsageError when there is none.

    With `base`, only what changed since the two parted. `terms_of` is a workspace whose policy
    holds; the packaged one does without it, because a clone has what the contribution brought.
    """
    top = repository_around(folder)
    if top is None:
        raise UsageError("this folder is in no git repository", hint="go to a clone of the library")
    mirror = mirror_of(top)
    start = mirror.fetch(top, base) if base else ""
    commit = mirror.fetch(top, revision)
    start = merge_base(mirror, start, commit) if start else ""
    root = workspace_of(terms_of) if terms_of else files.packaged()
    policy, gate = _policy(root)
    entries = {one.path: one for one in mirror.entries(commit)}
    before = {one.path: one for one in mirror.entries(start)} if start else {}
    changed = {path for path, one in entries.items() if before.get(path) != one}
    changed |= before.keys() - entries.keys()
    odd = [_odd(entries[path]) for path in sorted(changed & entries.keys())]
    found = [one for one in odd if one is not None]
    seen: dict[str, Seen] = {}
    if not found:
        with tier_at(mirror, commit) as tier:
            looked = [_look(tier, path, root) for path in tier.ensembles()]
            for one, judged in looked:
                broken = one.gaps and changed - entries.keys()  # by what was taken out
                if start and not broken and not changed & {one.path, *one.files, one.evidence}:
                    continue
                seen[one.name] = one
                found += [*judged, *_evidence(tier, one, policy, gate)]
            if not start or any(path.startswith(_NAMED) for path in changed):
                found += _statuses(tier)
        if start:
            found += _around(seen, changed)
            found += _trailers(mirror, commit, seen, entries)
    return Verified(
        top=top,
        commit=commit,
        base=start,
        policy=policy,
        ensembles={name: one.text_digest for name, one in seen.items()},
        findings=in_order(found),
        signature=_signature(mirror, commit, before if start else entries),
    )


def _signature(mirror: Mirror, commit: str, entries: Mapping[str, Entry]) -> str:
    """Hold the commit against the list that was there before it: it could bring its own."""
    listed = [one for path, one in entries.items() if path == ALLOWED]
    return signature_of(mirror, commit, mirror.read(listed, most=_MOST_BYTES).get(ALLOWED, b""))


def _policy(root: str) -> tuple[str, Gate]:
    sections = json.loads(bundle_text(root))
    return terms(sections), Gate(tier="library", **sections["promotion"]["library"])


def _odd(entry: Entry) -> Finding | None:
    """Refuse what is no plain file with a plain path, before anything is laid out."""
    if entry.is_file and safe_path(entry.path):
        return None
    what = "leads out of the library" if entry.is_file else f"is no file (mode {entry.mode})"
    return Finding(
        name="no-plain-file",
        message=f"`{entry.path}` {what}",
        at=Place(entry.path),
        hint="take it out; a contribution has regular files only",
    )


def _look(tier: TierFolder, path: str, root: str) -> tuple[Seen, list[Finding]]:
    name = path.removeprefix(f"{ENSEMBLES}/").rpartition(".")[0]
    opened = tier.yaml(path)
    document = opened.read.data if opened else {}
    closure = close(name, document, shelf_of(tier))
    paths = {path_of_member(tier, one) for one in closure.members} - {""}
    report = lint_targets(
        [Target(folder=tier, path=path)], Tier.LIBRARY, origin=None, root=root, today=_today()
    )
    shown = [one for one in report.shown if one.rule.name != IN_THE_WAY]
    evidence = path_of(name, closure.text_digest)
    there = files.list_files(tier.root, f"{EVIDENCE}/{name}")
    return Seen(
        name=name,
        path=path,
        text_digest=closure.text_digest,
        gaps=closure.gaps,
        files={one: digest_bytes(_bytes(tier, one)) for one in sorted(paths)},
        evidence=evidence,
        others=tuple(one for one in there if one != evidence),
        waived=tuple(one.rule.code for one in shown if one.verdict is Verdict.WAIVED),
    ), [
        one.finding
        for one in shown
        if one.verdict is Verdict.FAIL and one.finding.level is Level.ERROR
    ]


def _evidence(tier: TierFolder, seen: Seen, policy: str, gate: Gate) -> Iterator[Finding]:
    yield from verification.incomplete(seen)
    data = inside.read(tier.root, seen.evidence)
    if data is None:
        yield verification.missing(seen)
        return
    try:
        claim = read_claim(data)
    except ValueError as error:
        yield verification.unreadable(seen.evidence, str(error))
        return
    yield from verification.differences(seen, claim, gate, policy)
    subject = Subject(
        form=Form.EVIDENCE,
        file=seen.evidence,
        text=data.decode("utf-8", "replace"),
        data=json.loads(data),
        around=surroundings(None, None),
    )
    yield from lint([subject], Tier.LIBRARY, today=_today()).findings


def _statuses(tier: TierFolder) -> Iterator[Finding]:
    """Name what is deprecated and not there, and what replaces it and is not there."""
    known = {PurePosixPath(path).stem for path in tier.ensembles()}
    for path in files.list_files(tier.root, STATUS):
        try:
            one = read_deprecation(path, _bytes(tier, path))
        except ValueError as error:
            yield verification.unfit_status(path, f"the status cannot be read: {error}")
            continue
        for name in {one.ensemble, one.replaced_by} - known - {""}:
            yield verification.unfit_status(path, f"it names `{name}`, which is not in the library")


def _around(seen: Mapping[str, Seen], changed: set[str]) -> Iterator[Finding]:
    """Name what a contribution changes beside its ensembles; without one, anything may change."""
    expected = {path for one in seen.values() for path in (one.path, one.evidence, *one.files)}
    for path in sorted(changed - expected) if seen else ():
        generated = path == INDEX
        yield Finding(
            name="beside-the-contribution",
            message=f"`{path}` is changed as well, and belongs to no ensemble of the contribution",
            at=Place(path),
            hint="it is generated after merging: leave it out"
            if generated
            else "propose it by itself, so that each is judged by its own rules",
            level=Level.ERROR if not path.startswith(f"{EVIDENCE}/") else Level.NOTE,
        )


def _trailers(
    mirror: Mirror, commit: str, seen: Mapping[str, Seen], entries: Mapping[str, Entry]
) -> Iterator[Finding]:
    told = trailers(message_of(mirror, commit))
    wanted = [one for path, one in entries.items() if path.startswith(f"{EVIDENCE}/")]
    contents = mirror.read(wanted, most=_MOST_BYTES) if told else {}
    digests = {path: digest_bytes(data) for path, data in contents.items()}
    yield from verification.told_by_the_commit(told, seen, digests)


_MOST_BYTES = 50_000_000
_NAMED = (f"{STATUS}/", f"{ENSEMBLES}/")  # where a status and what it names stand


def _bytes(tier: TierFolder, path: str) -> bytes:
    return inside.read(tier.root, path) or b""


def _today() -> str:
    return clock.now()[:10]
