"""A spec becomes ensembles: parameters checked, templates rendered, metadata added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from conductor.compiler.documents import SHARED, Reader
from conductor.compiler.fixes import rewritten
from conductor.compiler.parameters import check, fits
from conductor.compiler.problems import Word
from conductor.compiler.render import Renderer, mistakes, part_name, quoted
from conductor.compiler.schema import schema_problem
from conductor.compiler.source_checks import declared
from conductor.compiler.source_registry import RUBRIC, SpecDoc, TemplateDoc
from conductor.compiler.text import Parsed
from conductor.core.digest import digest
from conductor.core.finding import Finding, Level, Place
from conductor.core.rubric import Rubric

WRITTEN = "# Written by `conductor compile` from {source}: edit that file, not this one.\n"
_MAIN = "ensemble"


def source_of(text: str) -> str:
    """Name the file that a generated text was written from; empty for one that people write."""
    before, _, after = WRITTEN.partition("{source}")
    line = text.partition("\n")[0] + "\n"
    written = line.startswith(before) and line.endswith(after)
    return line.removeprefix(before).removesuffix(after) if written else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What a newer template would make of a spec that still asks for an older one."""

    file: str
    before: str
    after: str


@dataclass(slots=True)
class Rendering:
    """The templates of a workspace, and what its specs become by them."""

    reader: Reader
    classes: Sequence[str]
    tasks: Mapping[str, object]
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)
    templates: dict[str, TemplateDoc] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  # templates with a finding of their own
    unread: set[str] = field(default_factory=set)  # templates that are there and cannot be read
    upgrades: list[Upgrade] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)  # by template, what it renders
    scripts: dict[str, list[str]] = field(default_factory=dict)  # by template, its own
    _renderer: Renderer = field(init=False)

    def __post_init__(self) -> None:
        self._renderer = Renderer(self.reader.sources)

    def load(self) -> None:
        """Read every template.toml, and look at the templates' own mistakes."""
        for file in self.reader.names("templates/", "/template.toml"):
            read = self.reader.one(file, TemplateDoc)
            name = file.split("/")[1]
            if read is None:
                self.unread.add(name)
                continue
            parsed, doc = read
            self.templates[name] = doc
            self.files[name] = self.reader.names(f"templates/{name}/", ".yaml.j2")
            self.scripts[name] = self.reader.names(f"templates/{name}/scripts/", "")
            found = [*self._names(parsed, doc), *self._texts(name, parsed, doc)]
            self.reader.findings.extend(found)
            if any(one.level is Level.ERROR for one in found):
                self.broken.add(name)

    def rubric_parameters(self, template: str) -> list[str]:
        """Name the parameters of a template that are the name of a rubric."""
        doc = self.templates.get(template)
        return [name for name, one in doc.parameters.items() if one.kind == RUBRIC] if doc else []

    def texts_of(self, template: str) -> dict[str, str]:
        """Give the texts that a template is made of, with what is shared by several."""
        files = [*self.files[template], *self.reader.names(f"templates/{SHARED}/", ".j2")]
        return {file: self.reader.sources[file] for file in files}

    def render(self, name: str, parsed: Parsed, spec: SpecDoc) -> dict[str, str]:
        """Give the texts of a spec's ensembles by path; findings go to the reader."""
        doc = self.templates[spec.template]
        values, findings = check(doc, spec.parameters, self.classes, parsed)
        if spec.template not in self.broken:
            self.reader.findings.extend(findings)
        self.reader.findings.extend(_unusable(parsed, spec))
        if findings or spec.template in self.broken:
            return {}
        rubrics = {one: str(values[one]) for one in self.rubric_parameters(spec.template)}
        if not self.rubrics.keys() >= set(rubrics.values()):
            return {}  # it has a mistake, which is told where it stands
        values |= {one: self.rubrics[value] for one, value in rubrics.items()}
        judged = next((self.rubrics[value] for value in rubrics.values()), None)
        values |= {"name": name, "description": spec.description}
        values |= {"task": spec.task or "", "output": spec.output or doc.output}
        texts = {}
        for file in self.files[spec.template]:
            text = self._renderer.render(file, values)
            if isinstance(text, Finding):
                if text not in self.reader.findings:  # what is shared is rendered for each spec
                    self.reader.findings.append(text)
                return {}
            part = PurePosixPath(file).name.removesuffix(".yaml.j2")
            own = name if part == _MAIN else part_name(name, part)
            about = _about(spec, doc, name if part != _MAIN else "", judged)
            head = WRITTEN.format(source=f"registry/specs/{name}.toml")
            texts[f"registry/ensembles/{own}.yaml"] = head + text + about
        return self._pinned(parsed, spec, texts)

    def _pinned(self, parsed: Parsed, spec: SpecDoc, texts: dict[str, str]) -> dict[str, str]:
        """Keep what an older version rendered until the spec asks for the newer one."""
        version = self.templates[spec.template].version
        if version == spec.template_version:
            return texts
        at = parsed.at("template_version")
        if version < spec.template_version:
            message = f"template `{spec.template}` is at version {version} here"
            hint = f"write `template_version = {version}`, or bring the newer template"
            self.reader.find("template-version", message, at, hint)
            return texts
        message = f"template `{spec.template}` is at version {version} now"
        hint = f"look at the ensemble, then write `template_version = {version}`"
        fix = None
        there = {path: self.reader.sources.get(path, "") for path in texts}
        mark = _mark(spec)
        kept = all(mark in text for text in there.values())
        changed = [path for path in texts if _body(there[path]) != _body(texts[path])]
        if kept and not changed:
            message += ", which renders the same"
            hint = f"write `template_version = {version}`"
            fix = rewritten(parsed, ("template_version",), version)
        elif kept:
            message += ", which renders something else; the ensemble stays as it was"
            hint = f"look at the difference, then write `template_version = {version}` to take it"
            self.upgrades.extend(
                Upgrade(file=path, before=there[path], after=texts[path]) for path in changed
            )
        self.reader.findings.append(
            Finding(
                name="template-version",
                message=message,
                at=at,
                hint=hint,
                level=Level.WARNING,
                fix=fix,
            )
        )
        return there if kept else texts

    def _names(self, parsed: Parsed, doc: TemplateDoc) -> Iterator[Finding]:
        """Find task types that nobody has, and defaults that do not fit."""
        for index, task in enumerate(doc.tasks):
            if task not in self.tasks:
                path, message = ("tasks", index), f"unknown task type `{task}`"
                yield Word(parsed, path).not_among(self.tasks, "unknown-task", message)
        for name, one in doc.parameters.items():
            if one.default is None:
                continue
            if problem := fits(name, one, one.default, self.classes):
                at = parsed.at("parameters", name, "default")
                message = f"the default does not fit: {problem[0]}"
                yield Finding(name="parameter", message=message, at=at, hint=problem[1])

    def _texts(self, name: str, parsed: Parsed, doc: TemplateDoc) -> Iterator[Finding]:
        files = {file: self.reader.sources[file] for file in self.files[name]}
        if f"templates/{name}/{_MAIN}.yaml.j2" not in files:
            hint = f"write templates/{name}/{_MAIN}.yaml.j2"
            message = f"template `{name}` has no `{_MAIN}.yaml.j2`"
            yield Finding(name="missing-file", message=message, at=Place(parsed.file), hint=hint)
        shared = {
            file: self.reader.sources[file]
            for file in self.reader.names(f"templates/{SHARED}/", ".j2")
        }
        places = {one: parsed.at("parameters", one) for one in doc.parameters}
        yield from mistakes(files, shared, places)


def _unusable(parsed: Parsed, spec: SpecDoc) -> Iterator[Finding]:
    """Find a schema of the output that is none: every run would be turned down."""
    schema = spec.checks.json_schema if spec.checks else None
    if schema and (problem := schema_problem(schema)):
        at = parsed.at("checks", "json_schema")
        message, hint = "`json_schema` is no JSON Schema", problem
        yield Finding(name="json-schema", message=message, at=at, hint=hint)


def _about(spec: SpecDoc, template: TemplateDoc, part_of: str, judged: Rubric | None) -> str:
    """Write what conductor knows about the ensemble; the engine ignores this block."""
    limits = spec.limits.model_dump(exclude_defaults=True)
    targets = [
        name
        for key, one in template.parameters.items()
        if one.kind == "ensembles"
        for name in _texts_of(spec.parameters.get(key))
    ]
    facts: dict[str, object] = {
        "template": spec.template,
        "template_version": template.version,
        "spec": _identity(spec),
        "part_of": part_of,
        "task" if spec.routed else "task_type": spec.task,
        "output": spec.output or template.output,
        "version": spec.version,
        "license": spec.license,
        "authors": spec.authors,
        "applies_to": spec.applies_to,
        "limits": limits,
        "checks": {} if part_of else declared(template.checks, spec.checks),
        "known_failures": spec.known_failures,
        "dispatch_targets": targets,
        "judges": {"rubric": judged.name, "revision": judged.revision} if judged else {},
    }
    if part_of:
        facts |= {"task": "", "task_type": spec.task}
    lines = [f"  {key}: {quoted(value)}\n" for key, value in facts.items() if value]
    task = f"default_task: {quoted(spec.default_task)}\n" if spec.default_task else ""
    return task + "x-conductor:\n" + "".join(lines)


def _identity(spec: SpecDoc) -> str:
    """Digest what the spec says, so that an old result is known as its own.

    What it leaves out does not count: a key that specs may have one day changes no digest.
    """
    return digest(spec.model_dump(exclude={"template_version"}, exclude_unset=True))[:23]


def _mark(spec: SpecDoc) -> str:
    return f"  spec: {quoted(_identity(spec))}\n"


def _body(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "template_version:" not in line)


def _texts_of(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
