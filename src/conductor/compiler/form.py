"""What a new ensemble needs from its author: a template's parameters as questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import tomli_w

from conductor.compiler.doc import NAME
from conductor.compiler.documents import Reader, Sources
from conductor.compiler.parameters import fits
from conductor.compiler.problems import nearest
from conductor.compiler.source import ModelsDoc, TasksDoc
from conductor.compiler.source_registry import ParameterDoc, TemplateDoc
from conductor.errors import UsageError

_DIRECTIVE = "#:schema ../../schemas/spec.json\n"

Values = dict[str, object]  # by question; agents are a table of name -> instruction


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    name: str
    kind: str  # text, agents, class, integer or task
    text: str
    help: str = ""
    default: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one template, in the order to ask them."""

    template: str
    doc: TemplateDoc
    tasks: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        suits = next((task for task in self.doc.tasks if task in self.tasks), None)
        return (
            Question(name="description", kind="text", text="What does the ensemble do?"),
            Question(
                name="task",
                kind="task",
                text="For which task type?",
                default=suits,
                choices=self.tasks,
            ),
            *(self._question(name, one) for name, one in self.doc.parameters.items()),
        )

    def value(self, name: str, text: str) -> object:
        """Turn an answer into the value that the question wants."""
        parameter = self.doc.parameters.get(name)
        if parameter and parameter.kind == "integer" and re.fullmatch(r"-?\d{1,9}", text):
            return int(text)
        return text

    def problem(self, name: str, value: object) -> str:
        """Say what is wrong with a value; empty when it fits."""
        if name == "task":
            known = value in self.tasks
            return "" if known else f"no task type `{value}`: {nearest(str(value), self.tasks)}"
        if name == "description":
            return "" if str(value).strip() else "say in one sentence what it does"
        found = fits(name, self.doc.parameters[name], value, self.classes)
        return f"{found[0]}: {found[1]}" if found else ""

    def complete(self, given: Mapping[str, object]) -> tuple[Values, list[str]]:
        """Fill in defaults; the second part names what is still missing."""
        names = [question.name for question in self.questions]
        for name in given:
            if name not in names:
                hint = nearest(name, names)
                raise UsageError(f"template `{self.template}` has no parameter `{name}`", hint=hint)
        values: Values = {}
        for question in self.questions:
            value = given.get(question.name, question.default)
            if value is not None:
                values[question.name] = (
                    self.value(question.name, value) if isinstance(value, str) else value
                )
        return values, [name for name in names if name not in values]

    def spec(self, values: Mapping[str, object]) -> str:
        """Write the spec's TOML text."""
        given = {name: values[name] for name in self.doc.parameters}
        document = {
            "format": 1,
            "template": self.template,
            "template_version": self.doc.version,
            "description": values["description"],
            "task": values["task"],
            "parameters": given,
        }
        return _DIRECTIVE + tomli_w.dumps(document)

    def _question(self, name: str, parameter: ParameterDoc) -> Question:
        default = parameter.default
        return Question(
            name=name,
            kind=parameter.kind,
            text=parameter.question,
            help=parameter.help,
            default=None if default is None else str(default),
            choices=self.classes if parameter.kind == "class" else (),
        )


def form(sources: Sources, template: str) -> Form:
    """Read the form of a template; raises UsageError when there is none of that name."""
    reader = Reader(sources)
    known = [file.split("/")[1] for file in reader.names("templates/", "/template.toml")]
    if template not in known:
        raise UsageError(f"there is no template `{template}`", hint=nearest(template, known))
    doc = reader.one(f"templates/{template}/template.toml", TemplateDoc)
    tasks = reader.one("policy/tasks.toml", TasksDoc)
    models = reader.one("policy/models.toml", ModelsDoc)
    if doc is None or tasks is None or models is None:
        first = reader.findings[0]
        raise UsageError(first.message, at=str(first.at), hint=first.hint)
    return Form(template, doc[1], tuple(tasks[1].tasks), tuple(models[1].classes))


def valid_name(name: str) -> bool:
    """Tell whether a name may become a path."""
    return bool(re.fullmatch(NAME, name))
