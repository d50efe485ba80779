"""What a new ensemble needs from its author: a template's parameters as questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import tomli_w

from conductor.compiler.doc import NAME
from conductor.compiler.documents import Reader, Sources
from conductor.compiler.parameters import DRAFT_CHECKS, fits
from conductor.compiler.problems import nearest
from conductor.compiler.render import profile_name
from conductor.compiler.rubrics import document
from conductor.compiler.source import TasksDoc
from conductor.compiler.source_judging import RubricDoc
from conductor.compiler.source_models import ModelsDoc
from conductor.compiler.source_registry import RUBRIC, ParameterDoc, TemplateDoc
from conductor.core.names import device
from conductor.core.rubric import Rubric, rubric_from
from conductor.errors import UsageError

_DIRECTIVE = "#:schema ../../schemas/spec.json\n\n"  # laid out as `fmt` does it

_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}

_FITTING: Mapping[type, object] = {int: 1, bool: True}  # a value that no check refuses; else a text
_ROW: Mapping[str, object] = {"groups": {"field": "text: x"}}

Values = dict[str, object]  # by question; agents are a table of name -> instruction


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    name: str
    kind: str  # of the parameter, or `task`
    text: str
    help: str = ""
    example: str = ""
    default: object = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one template, in the order to ask them."""

    template: str
    doc: TemplateDoc
    tasks: tuple[str, ...]
    classes: tuple[str, ...]
    windows: Mapping[str, int]  # by logical profile, in tokens
    rubrics: Mapping[str, Rubric]

    @property
    def questions(self) -> tuple[Question, ...]:
        suits = next((task for task in self.doc.tasks if task in self.tasks), None)
        return (
            Question(name="description", kind="text", text="What does the ensemble do?"),
            Question(
                name="task",
                kind="task",
                text="For which task type?",
                default=suits or ("" if not self.doc.tasks else None),
                choices=self.tasks,
            ),
            *(self._question(name, one) for name, one in self.doc.parameters.items()),
        )

    def value(self, name: str, text: str) -> object:
        """Turn an answer into the value that the question wants."""
        parameter = self.doc.parameters.get(name)
        kind = parameter.kind if parameter else "text"
        if kind == "integer" and re.fullmatch(r"-?\d{1,9}", text):
            return int(text)
        if kind == "boolean" and text in _BOOLEANS:
            return _BOOLEANS[text]
        if kind == "ensembles":
            return [one.strip() for one in text.split(",") if one.strip()]
        return text

    def row(self, name: str, row: str, text: str) -> object:
        """Turn an answer about one row of a table into its value."""
        kind = DRAFT_CHECKS.get(row) if self.doc.parameters[name].kind == "checks" else str
        if kind is int and re.fullmatch(r"\d{1,9}", text):
            return int(text)
        if kind is bool and text in _BOOLEANS:
            return _BOOLEANS[text]
        return text

    def row_problem(self, name: str, row: str, value: object) -> str:
        """Say what is wrong with one row of a table, whatever the number of rows."""
        alone = self.doc.parameters[name].model_copy(update={"min": None})
        found = fits(name, alone, {row: value}, self.classes)
        return f"{found[0]}: {found[1]}" if found else ""

    def row_name_problem(self, name: str, row: str) -> str:
        """Say what is wrong with the name of a row, before anybody is asked for its value."""
        kind = self.doc.parameters[name].kind
        fitting = _FITTING.get(DRAFT_CHECKS.get(row, str)) if kind == "checks" else _ROW.get(kind)
        return self.row_problem(name, row, fitting or "x")

    def problem(self, name: str, value: object) -> str:
        """Say what is wrong with a value; empty when it fits."""
        if name == "task":
            known = value in self.tasks or (value == "" and not self.doc.tasks)
            return "" if known else f"no task type `{value}`: {nearest(str(value), self.tasks)}"
        if name == "description":
            return "" if str(value).strip() else "say in one sentence what it does"
        parameter = self.doc.parameters[name]
        if parameter.kind == RUBRIC and value not in self.rubrics:
            return f"there is no rubric `{value}`: {nearest(str(value), tuple(self.rubrics))}"
        found = fits(name, parameter, value, self.classes)
        return f"{found[0]}: {found[1]}" if found else ""

    def complete(self, given: Mapping[str, object]) -> tuple[Values, list[str]]:
        """Fill in defaults; the second part names what is still missing."""
        names = [question.name for question in self.questions]
        for name in given:
            if name not in names:
                hint = nearest(name, names)
                raise UsageError(f"template `{self.template}` has no parameter `{name}`", hint=hint)
        values: Values = {}
        given = {name: self._rows(name, value) for name, value in given.items()}
        for question in self.questions:
            value = given.get(question.name, question.default)
            if value is not None:
                values[question.name] = (
                    self.value(question.name, value) if isinstance(value, str) else value
                )
        return values, [name for name in names if name not in values]

    def _rows(self, name: str, value: object) -> object:
        """Read the texts of a table from the command line as what its rows hold."""
        parameter = self.doc.parameters.get(name)
        if parameter and parameter.kind == "examples" and isinstance(value, dict):
            return list(value.values())  # their names only tell them apart
        if parameter and parameter.kind == "checks" and isinstance(value, dict):
            return {
                row: self.row(name, row, one) if isinstance(one, str) else one
                for row, one in value.items()
            }
        return value

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
        if not values["task"]:
            del document["task"]
        return _DIRECTIVE + tomli_w.dumps(document)

    def _question(self, name: str, parameter: ParameterDoc) -> Question:
        named = {"class": self.classes, RUBRIC: tuple(self.rubrics)}
        return Question(
            name=name,
            kind=parameter.kind,
            text=parameter.question,
            help=parameter.help,
            example=parameter.example,
            default=parameter.default,
            choices=named.get(parameter.kind, tuple(parameter.choices)),
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
    classes = models[1].classes
    read = (reader.one(file, RubricDoc) for file in reader.names("policy/rubrics/", ".yaml"))
    rubrics = {one.name: rubric_from(document(one)) for _, one in filter(None, read)}
    windows = {profile_name(name): one.context_tokens for name, one in classes.items()}
    return Form(template, doc[1], tuple(tasks[1].tasks), tuple(classes), windows, rubrics)


def templates(sources: Sources) -> dict[str, str]:
    """List the templates with their descriptions."""
    reader = Reader(sources)
    read = (
        (file.split("/")[1], reader.one(file, TemplateDoc))
        for file in reader.names("templates/", "/template.toml")
    )
    return {name: found[1].description for name, found in read if found}


def valid_name(name: str) -> bool:
    """Tell whether a name may become a path, on any machine."""
    return bool(re.fullmatch(NAME, name)) and not device(name)
