"""The registry: profiles from capability classes, ensembles from specs, and their digests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from conductor.compiler.doc import NAME
from conductor.compiler.documents import Reader
from conductor.compiler.parameters import check
from conductor.compiler.problems import nearest
from conductor.compiler.render import profile_name, quoted, render
from conductor.compiler.schema import check_ensemble
from conductor.compiler.source import ModelsDoc
from conductor.compiler.source_registry import SpecDoc, TemplateDoc
from conductor.compiler.text import Parsed, parse
from conductor.core.closure import Closure, Shelf, close
from conductor.core.execution import Document
from conductor.core.finding import Finding, Level, Place

WRITTEN = "# Written by `conductor compile` from {source}: edit that file, not this one.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An ensemble of the registry: what it is for, and the digest of its closure."""

    name: str
    description: str
    task: str
    rubric: str
    template: str  # empty: written by hand
    closure: Closure


@dataclass(slots=True)
class Catalogue:
    """Builds the registry's files; `files` maps paths below registry/ to text."""

    reader: Reader
    models: ModelsDoc
    tasks: Mapping[str, object]
    rubrics: frozenset[str]
    ensemble_schema: str
    files: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    templates: dict[str, TemplateDoc] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)

    def build(self) -> None:
        self._profiles()
        self._templates()
        specs = dict(self._specs())
        for name, (parsed, spec) in specs.items():
            self._render(name, parsed, spec)
        by_hand = dict(self._by_hand(specs))
        shelf = self._shelf()
        for name, document in self.documents.items():
            doc = specs[name][1] if name in specs else None
            self._enter(name, document, doc, shelf, by_hand.get(name))
        self.files["registry/index.json"] = self._index()

    def _profiles(self) -> None:
        for name, one in self.models.classes.items():
            profile = profile_name(name)
            self.files[f"registry/profiles/{profile}.yaml"] = (
                WRITTEN.format(source="policy/models.toml")
                + f"name: {quoted(profile)}\n"
                + f"description: {quoted(one.trusted_with)}\n"
                + f"timeout_seconds: {quoted(one.timeout_seconds)}\n"
            )

    def _templates(self) -> None:
        for file in self.reader.names("templates/", "/template.toml"):
            read = self.reader.one(file, TemplateDoc)
            if read is None:
                continue
            parsed, doc = read
            for index, task in enumerate(doc.tasks):
                if task not in self.tasks:
                    message = f"unknown task type `{task}`"
                    at = parsed.at("tasks", index)
                    self._find("unknown-task", message, at, nearest(task, self.tasks))
            self.templates[file.split("/")[1]] = doc

    def _specs(self) -> Iterator[tuple[str, tuple[Parsed, SpecDoc]]]:
        for file in self.reader.names("registry/specs/", ".toml"):
            name = PurePosixPath(file).stem
            if re.fullmatch(NAME, name) and (read := self.reader.one(file, SpecDoc)):
                yield name, read

    def _render(self, name: str, parsed: Parsed, spec: SpecDoc) -> None:
        if not self._known(parsed, spec):
            return
        template = self.templates[spec.template]
        classes = list(self.models.classes)
        values, findings = check(template, spec.parameters, classes, parsed.at)
        self.reader.findings.extend(findings)
        if findings:
            return
        if template.version != spec.template_version:
            message = f"template `{spec.template}` is at version {template.version} now"
            at = parsed.at("template_version")
            hint = "look at the rendered ensemble, then write the new version here"
            self._find("template-version", message, at, hint, Level.WARNING)
        source = f"templates/{spec.template}/ensemble.yaml.j2"
        values |= {"name": name, "description": spec.description, "task": spec.task}
        values |= {"template_version": template.version, "output": spec.output}
        text = render(source, self.reader.sources.get(source, ""), values)
        if isinstance(text, Finding):
            self.reader.findings.append(text)
            return
        self._scripts(spec.template)
        path = f"registry/ensembles/{name}.yaml"
        self.files[path] = WRITTEN.format(source=f"registry/specs/{name}.toml") + text
        self._accept(name, path, self.files[path])

    def _known(self, parsed: Parsed, spec: SpecDoc) -> bool:
        """Find the names in a spec that nothing has."""
        before = len(self.reader.findings)
        names = (
            ("template", spec.template, self.templates),
            ("task", spec.task, self.tasks),
            ("rubric", spec.rubric, self.rubrics),
        )
        for key, value, known in names:
            if value not in known:
                at = parsed.at(key)
                self._find(f"unknown-{key}", f"unknown {key} `{value}`", at, nearest(value, known))
        return len(self.reader.findings) == before

    def _scripts(self, template: str) -> None:
        folder = f"templates/{template}/scripts/"
        for file in self.reader.names(folder, ""):
            path = f"registry/scripts/{file.removeprefix(folder)}"
            self.files[path] = WRITTEN.format(source=file) + self.reader.sources[file]

    def _by_hand(self, specs: Mapping[str, object]) -> Iterator[tuple[str, Parsed]]:
        """Read the ensembles that no spec renders; one whose spec is gone is found."""
        for file in self.reader.names("registry/ensembles/", ".yaml"):
            name, text = PurePosixPath(file).stem, self.reader.sources[file]
            if name in specs:
                continue
            if text.startswith(WRITTEN.partition("{")[0]):
                hint = "delete it, or bring its spec back"
                self._find("orphan", "the spec of this ensemble is gone", Place(file), hint)
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
            self._find("name-differs", message, parsed.at("name"), f"write `name: {name}`")
        self.reader.findings.extend(findings)
        if findings or not isinstance(parsed.data, dict):
            return None
        self.documents[name] = parsed.data
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
        self, name: str, document: Document, spec: SpecDoc | None, shelf: Shelf, own: Parsed | None
    ) -> None:
        closure = close(name, document, shelf)
        at = own.at("agents") if own else Place(f"registry/specs/{name}.toml")
        for gap in closure.gaps:
            message = f"`{gap.wanted_by}` needs the {gap.kind} `{gap.name}`, which is not there"
            self._find(f"missing-{gap.kind}", message, at, "add it to registry/, or rename it")
        block = document.get("x-conductor")
        task = str(block.get("task", "")) if isinstance(block, dict) else ""
        self.entries.append(
            Entry(
                name=name,
                description=str(document.get("description") or ""),
                task=spec.task if spec else task if task in self.tasks else "",
                rubric=spec.rubric if spec else "output",
                template=spec.template if spec else "",
                closure=closure,
            )
        )

    def _index(self) -> str:
        rows = [
            {
                "name": entry.name,
                "description": entry.description,
                "task": entry.task,
                "template": entry.template,
                "text_digest": entry.closure.text_digest,
            }
            for entry in sorted(self.entries, key=lambda entry: entry.name)
        ]
        index = {"format": 1, "ensembles": rows}
        return json.dumps(index, indent=2, ensure_ascii=False) + "\n"

    def _find(
        self, name: str, message: str, at: Place, hint: str, level: Level = Level.ERROR
    ) -> None:
        self.reader.findings.append(
            Finding(name=name, message=message, at=at, hint=hint, level=level)
        )
