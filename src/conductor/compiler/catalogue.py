"""The registry: profiles from capability classes, ensembles from specs, and their digests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from conductor.compiler.doc import NAME
from conductor.compiler.documents import SHARED, Reader
from conductor.compiler.entry import Entry, index_text
from conductor.compiler.narrow import narrow
from conductor.compiler.problems import Word
from conductor.compiler.render import profile_name, quoted
from conductor.compiler.rendering import WRITTEN, Rendering
from conductor.compiler.schema import check_ensemble
from conductor.compiler.source_models import ModelsDoc
from conductor.compiler.source_registry import SpecDoc
from conductor.compiler.spots import Path
from conductor.compiler.text import Parsed, parse
from conductor.compiler.traced import traced
from conductor.core.closure import Shelf, agents_of, close
from conductor.core.execution import Document
from conductor.core.finding import Finding, Level, Place
from conductor.core.rubric import Rubric

_SPEC = re.compile(re.escape(WRITTEN).replace(r"\{source\}", r"registry/specs/(.+)\.toml"))


@dataclass(slots=True)
class Catalogue:
    """Builds the registry's files; `files` maps paths below registry/ to text."""

    reader: Reader
    models: ModelsDoc
    tasks: Mapping[str, object]
    rubrics: Mapping[str, Rubric]
    rubric_names: frozenset[str]  # also of those with a mistake
    ensemble_schema: str
    files: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    rendering: Rendering = field(init=False)
    documents: dict[str, Document] = field(default_factory=dict)

    def build(self) -> None:
        self._profiles()
        self.rendering = Rendering(
            self.reader, tuple(self.models.classes), self.tasks, self.rubrics
        )
        self.rendering.load()
        specs = dict(self._specs())
        for name, (parsed, spec) in specs.items():
            self._render(name, parsed, spec)
        by_hand = dict(self._by_hand(specs))
        shelf = self._shelf()
        for name, document in self.documents.items():
            own = by_hand.get(name)
            origin = (
                own.at("agents")
                if own
                else Place(f"registry/specs/{_spec_of(name, document)}.toml")
            )
            doc = specs[name][1] if name in specs else None
            self._enter(name, document, doc, shelf, origin)
        self.files["registry/index.json"] = index_text(self.entries)

    def broken(self) -> frozenset[str]:
        """Name the ensembles that are there and have a mistake, which is told where it stands."""
        files = [
            *self.reader.names("registry/specs/", ".toml"),
            *self.reader.names("registry/ensembles/", ".yaml"),
        ]
        return frozenset({PurePosixPath(file).stem for file in files} - self.documents.keys())

    def _profiles(self) -> None:
        for name, one in self.models.classes.items():
            profile = profile_name(name)
            self.files[f"registry/profiles/{profile}.yaml"] = (
                WRITTEN.format(source="policy/models.toml")
                + f"name: {quoted(profile)}\n"
                + f"description: {quoted(one.trusted_with)}\n"
                + f"timeout_seconds: {quoted(one.timeout_seconds)}\n"
            )

    def _specs(self) -> Iterator[tuple[str, tuple[Parsed, SpecDoc]]]:
        for file in self.reader.names("registry/specs/", ".toml"):
            name = PurePosixPath(file).stem
            if re.fullmatch(NAME, name) and (read := self.reader.one(file, SpecDoc)):
                yield name, read

    def _render(self, name: str, parsed: Parsed, spec: SpecDoc) -> None:
        if not self._known(parsed, spec):
            return
        for path, text in self.rendering.render(name, parsed, spec).items():
            if path in self.files:
                message = f"another spec renders {path} as well"
                self.reader.find("name-clash", message, Place(parsed.file), "rename one of the two")
                continue
            self.files[path] = text
            before = len(self.reader.findings)
            if document := self._accept(PurePosixPath(path).stem, path, text):
                self._scripts(spec.template, document.data)
            self._trace(spec.template, text, before)

    def _trace(self, template: str, text: str, before: int) -> None:
        """Tell once in the template what is wrong in all that it renders."""
        found = self.reader.findings[before:]
        if not any(one.level is Level.ERROR for one in found):
            return  # a remark is about what this spec asks for
        del self.reader.findings[before:]
        told = {(one.name, one.at) for one in self.reader.findings}
        for one in traced(found, text, self.rendering.texts_of(template)):
            if (one.name, one.at) not in told:
                told.add((one.name, one.at))
                self.reader.findings.append(one)

    def _known(self, parsed: Parsed, spec: SpecDoc) -> bool:
        """Find the names in a spec that nothing has."""
        if spec.template in self.rendering.unread:
            return False
        before = len(self.reader.findings)
        names: list[tuple[str, object, Collection[str], Path]] = [
            ("template", spec.template, self.rendering.templates, ("template",)),
            ("task", spec.task, self.tasks, ("task",)),
            ("rubric", spec.rubric, self.rubric_names, ("rubric",)),
        ]
        for name in self.rendering.rubric_parameters(spec.template):
            named = spec.parameters.get(name)
            names.append(("rubric", named, self.rubric_names, ("parameters", name)))
        for key, value, known, path in names:
            if value and value not in known:
                found = f"unknown-{key}", f"unknown {key} `{value}`"
                self.reader.findings.append(Word(parsed, path).not_among(known, *found))
        return len(self.reader.findings) == before

    def _scripts(self, template: str, ensemble: object) -> None:
        """Take the template's own scripts, and of the shared ones those that agents name."""
        folder = f"templates/{template}/scripts/"
        taken = {file: file.removeprefix(folder) for file in self.rendering.scripts[template]}
        for agent in agents_of(ensemble) if isinstance(ensemble, dict) else ():
            script = str(agent.get("script", "")).removeprefix("scripts/")
            if (shared := f"templates/{SHARED}/scripts/{script}") in self.reader.sources:
                taken.setdefault(shared, script)
        for file, script in taken.items():
            path, text = f"registry/scripts/{script}", self.reader.sources[file]
            text = WRITTEN.format(source=file) + text
            if self.files.setdefault(path, text) != text:
                message = f"another template has a script `{script}` that differs"
                hint = f"rename one of the two, or share it in templates/{SHARED}/scripts/"
                self.reader.find("script-clash", message, Place(file), hint)

    def _by_hand(self, specs: Mapping[str, object]) -> Iterator[tuple[str, Parsed]]:
        """Read the ensembles that no spec renders; one whose spec is gone is found."""
        files = self.reader.names("registry/specs/", ".toml")
        written = {PurePosixPath(file).stem for file in files}
        for file in self.reader.names("registry/ensembles/", ".yaml"):
            name, text = PurePosixPath(file).stem, self.reader.sources[file]
            if name in specs or file in self.files:
                continue
            if found := _SPEC.match(text):
                if found[1] in written and f"registry/ensembles/{found[1]}.yaml" not in self.files:
                    continue  # its spec has a mistake, which is found there
                hint = "delete it, or bring its spec back"
                self.reader.find("orphan", "no spec renders this ensemble", Place(file), hint)
            elif parsed := self._accept(name, file, text):
                yield name, parsed

    def _accept(self, name: str, path: str, text: str) -> Parsed | None:
        parsed = parse(path, text, for_engine=True)
        if isinstance(parsed, Finding):
            self.reader.findings.append(parsed)
            return None
        findings = check_ensemble(parsed, self.ensemble_schema)
        if isinstance(parsed.data, dict) and parsed.data.get("name", name) != name:
            message = f"the name `{parsed.data['name']}` differs from the file's"
            self.reader.find("name-differs", message, parsed.at("name"), f"write `name: {name}`")
        self.reader.findings.extend(findings)
        if findings or not isinstance(parsed.data, dict):
            return None
        self.documents[name] = parsed.data
        self.reader.findings.extend(narrow(parsed, parsed.data, self.models.classes))
        return parsed

    def _shelf(self) -> Shelf:
        texts = {**self.reader.sources, **self.files}
        profiles = {}
        for file, text in texts.items():
            if file.startswith("registry/profiles/") and file.endswith(".yaml"):
                parsed = parse(file, text, for_engine=True)
                if isinstance(parsed, Finding):
                    self.reader.findings.append(parsed)
                elif isinstance(parsed.data, dict):
                    profiles[str(parsed.data.get("name"))] = parsed.data
        scripts = {
            file.removeprefix("registry/"): text.encode()
            for file, text in texts.items()
            if file.startswith("registry/scripts/")
        }
        return Shelf(ensembles=self.documents, profiles=profiles, scripts=scripts)

    def _enter(
        self, name: str, document: Document, spec: SpecDoc | None, shelf: Shelf, at: Place
    ) -> None:
        closure = close(name, document, shelf)
        for gap in closure.gaps:
            message = f"`{gap.wanted_by}` needs the {gap.kind} `{gap.name}`, which is not there"
            hint = "add it to registry/, or rename it"
            self.reader.find(f"missing-{gap.kind}", message, at, hint)
        block = document.get("x-conductor")
        task = str(block.get("task", "")) if isinstance(block, dict) else ""
        self.entries.append(
            Entry(
                name=name,
                description=str(document.get("description") or ""),
                task=(spec.task or "") * spec.routed
                if spec
                else task
                if task in self.tasks
                else "",
                rubric=(spec.rubric or "") if spec else "",
                template=spec.template if spec else "",
                closure=closure,
            )
        )


def _spec_of(name: str, document: Document) -> str:
    """Name the spec that renders an ensemble: a part's is that of the whole."""
    block = document.get("x-conductor")
    return str(block.get("part_of", name)) if isinstance(block, dict) else name
