"""`lint`: from names, files and folders to subjects, and what the rules say about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from conductor.adapters import files, homes
from conductor.app.fingerprint import fingerprint
from conductor.app.tier_folder import ENSEMBLES, PROFILES, SCRIPTS, Opened, TierFolder
from conductor.compiler import problems
from conductor.compiler.render import profile_name
from conductor.compiler.source_models import ModelsDoc
from conductor.compiler.text import parse
from conductor.core.closure import Closure, Kind, close
from conductor.core.finding import Finding
from conductor.core.tier import Tier
from conductor.errors import SourceError
from conductor.lint.origin import Origin, Surroundings
from conductor.lint.report import Report
from conductor.lint.run import lint
from conductor.lint.subject import Form, Subject

_MODELS = "policy/models.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One ensemble, profile or script to look at, by its path below a folder."""

    folder: TierFolder
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Everything that a judgement depends on besides the files themselves."""

    tier: Tier  # the one asked for
    around: Surroundings
    destination: TierFolder | None  # whose files of the same name are compared
    today: str

    def report(self, targets: Iterable[Target]) -> Report:
        """Judge each target with all that it needs."""
        return lint(self.subjects(targets), self.tier, today=self.today)

    def subjects(self, targets: Iterable[Target]) -> list[Subject]:
        """Read each target with its closure; a file that two of them need is looked at once."""
        subjects: dict[tuple[str, str], Subject] = {}
        for target in targets:
            for subject in closure_subjects(target, self.around, self.destination):
                # A script may be run by two ensembles that declare different things for it.
                owner = subject.owner.file if subject.owner else ""
                subjects.setdefault((subject.file, owner), subject)
        return [*subjects.values()]


def judge(tier: Tier, *, origin: Origin | None, root: str | None, today: str) -> Judge:
    """Prepare to judge for a tier. `root` is the workspace whose policy holds."""
    return Judge(
        tier=tier,
        around=surroundings(root, origin),
        destination=TierFolder(homes.global_tier(), "") if tier is not Tier.LOCAL else None,
        today=today,
    )


def lint_targets(
    targets: Iterable[Target], tier: Tier, *, origin: Origin | None, root: str | None, today: str
) -> Report:
    """Judge targets once; `root` as for `judge`."""
    return judge(tier, origin=origin, root=root, today=today).report(targets)


def surroundings(root: str | None, origin: Origin | None) -> Surroundings:
    """Say what the policy of a workspace, or else the packaged one, takes for granted."""
    base = root if root and Path(f"{root}/{_MODELS}").exists() else files.packaged()
    parsed = parse(_MODELS, files.read_text(f"{base}/{_MODELS}"))
    document = [parsed] if isinstance(parsed, Finding) else problems.read(ModelsDoc, parsed)
    if isinstance(document, list):
        first = document[0]
        raise SourceError(first.message, at=str(first.at), hint=first.hint)
    return Surroundings(
        standard=frozenset(profile_name(name) for name in document.classes),
        origin=origin,
        target_billion=document.parameters.target_billion,
        limit_billion=document.parameters.limit_billion,
    )


def origin_of(folder: str) -> Origin:
    """Read the fingerprint of the project around a folder: its repository, or the folder."""
    here = Path(folder).resolve()
    top = next((one for one in (here, *here.parents) if (one / ".git").exists()), here)
    return fingerprint(str(top))


def closure_subjects(
    target: Target, around: Surroundings, there: TierFolder | None = None
) -> Iterator[Subject]:
    """Give a file and, for an ensemble, everything in its closure.

    `there` is the destination, whose files of the same name are compared.
    """
    folder, path = target.folder, target.path
    form = _form(folder, path)
    opened = folder.yaml(path) if form is Form.ENSEMBLE else None
    if opened is None:
        yield from _single(folder, path, form, around)
        return
    stem = PurePosixPath(path.removeprefix(f"{ENSEMBLES}/")).with_suffix("").as_posix()
    closure = close(stem, opened.read.data, folder.shelf)
    around = replace(
        around,
        profiles={one.name: folder.shelf.profiles[one.name] for one in closure.of(Kind.PROFILE)},
        destination=_destination(closure, there),
    )
    for member in closure.of(Kind.ENSEMBLE):
        of = path if member.name == stem else f"{ENSEMBLES}/{member.name}.yaml"
        yield from _ensemble(folder, of, member.name, around)
    for member in closure.of(Kind.PROFILE):
        yield from _single(folder, folder.profile_paths[member.name], Form.PROFILE, around)


def _form(folder: TierFolder, path: str) -> Form:
    """Say what a file is by its place in a tier; by its content where it stands alone."""
    known = {ENSEMBLES: Form.ENSEMBLE, PROFILES: Form.PROFILE, SCRIPTS: Form.SCRIPT}
    if form := known.get(path.partition("/")[0]):
        return form
    if not path.endswith((".yaml", ".yml")):
        return Form.SCRIPT
    opened = folder.yaml(path)
    text = opened.read.text if opened else ""
    return Form.ENSEMBLE if re.search(r"^agents:", text, re.MULTILINE) else Form.PROFILE


def _ensemble(folder: TierFolder, path: str, name: str, around: Surroundings) -> Iterator[Subject]:
    """Give one ensemble with the scripts that its own agents run."""
    opened = folder.yaml(path)
    if opened is None:
        return
    data = opened.read.data
    closure = close(name, data, folder.shelf)
    below = [close(one.name, folder.shelf.ensembles[one.name], folder.shelf)
             for one in closure.of(Kind.ENSEMBLE) if one.name != name]  # fmt: skip
    gaps = set(closure.gaps).difference(*(one.gaps for one in below))
    references = {one.name for one in (*closure.of(Kind.SCRIPT), *closure.of(Kind.FILE))}
    references -= {one.name for other in below for one in other.of(Kind.SCRIPT)}
    scripts = {reference: folder.script(reference) for reference in sorted(references)}
    wanted = {gap.name: folder.script(gap.name) for gap in gaps if gap.kind is Kind.SCRIPT}
    escapes = [one.escape for one in (opened, *scripts.values(), *wanted.values()) if one]
    owner = replace(
        _subject(folder, opened, Form.ENSEMBLE, around),
        escapes=tuple(escape for escape in escapes if escape),
        gaps=tuple(sorted(gap for gap in gaps if not wanted.get(gap.name))),
        digests={(str(one.kind), one.name): one.digest for one in closure.members},
    )
    yield owner
    for script in scripts.values():
        if script and not script.escape:
            yield replace(_subject(folder, script, Form.SCRIPT, around), owner=owner)


def _single(folder: TierFolder, path: str, form: Form, around: Surroundings) -> Iterator[Subject]:
    opened = folder.script(path) if form is Form.SCRIPT else folder.yaml(path)
    if opened is None:
        raise SourceError("there is no such file", at=f"{folder.shown}{path}")
    escapes = (opened.escape,) if opened.escape else ()
    yield replace(_subject(folder, opened, form, around), escapes=escapes)


def _subject(folder: TierFolder, opened: Opened, form: Form, around: Surroundings) -> Subject:
    read = opened.read
    text = opened.content.decode("utf-8", "replace") if form is Form.SCRIPT else read.text
    return Subject(
        form=form,
        file=f"{folder.shown}{opened.path}",
        text=text,
        data=read.data,
        places=read.places,
        spans=read.spans,
        aliases=read.aliases,
        written_out=read.written_out,
        troubles=read.troubles,
        around=replace(around, neighbours=folder.siblings(opened.path)),
    )


def _destination(closure: Closure, there: TierFolder | None) -> dict[tuple[str, str], str] | None:
    """Digest what the destination has under the names of a closure."""
    if there is None or not Path(there.root).is_dir():
        return None
    keys = {Kind.PROFILE: "model_profile", Kind.SCRIPT: "script", Kind.ENSEMBLE: "ensemble"}
    ours = [{keys[one.kind]: one.name} for one in closure.members if one.kind in keys]
    theirs = close("", {"agents": ours}, there.shelf)
    return {(str(one.kind), one.name): one.digest for one in theirs.members if one.name}
